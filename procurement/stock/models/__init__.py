"""The tables of stock: places, lots, the ledger that speaks about them, and the documents that move goods."""

from procurement.stock.models.circulating import LinenRule, Tool, ToolCleaning
from procurement.stock.models.counts import (
    StockCount,
    StockCountCorrection,
    StockCountEntry,
    StockCountLine,
)
from procurement.stock.models.ledger import (
    Balance,
    Movement,
    Period,
    Posting,
    PostingPhoto,
    Reservation,
)
from procurement.stock.models.levels import StockingRule, TopUpRequest
from procurement.stock.models.lots import Lot
from procurement.stock.models.places import Location, Site
from procurement.stock.models.recalls import Recall, RecallItem, RecallLot
from procurement.stock.models.transfers import TopUpRun, Transfer, TransferLine, TransferWish

__all__ = [
    "Balance",
    "LinenRule",
    "Location",
    "Lot",
    "Movement",
    "Period",
    "Posting",
    "PostingPhoto",
    "Recall",
    "RecallItem",
    "RecallLot",
    "Reservation",
    "Site",
    "StockCount",
    "StockCountCorrection",
    "StockCountEntry",
    "StockCountLine",
    "StockingRule",
    "Tool",
    "ToolCleaning",
    "TopUpRequest",
    "TopUpRun",
    "Transfer",
    "TransferLine",
    "TransferWish",
]
