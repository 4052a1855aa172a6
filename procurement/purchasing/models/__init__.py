"""The tables of purchasing: orders, and what came of them."""

from procurement.purchasing.models.approvals import ApprovalRule, OrderApproval, RuleApprover
from procurement.purchasing.models.confirmations import (
    OrderConfirmation,
    OrderConfirmationLine,
    OrderLink,
)
from procurement.purchasing.models.orders import PurchaseOrder, PurchaseOrderLine
from procurement.purchasing.models.papers import OrderPaper
from procurement.purchasing.models.receipts import GoodsReceipt, GoodsReceiptLine
from procurement.purchasing.models.revisions import OrderChange, OrderRevision

__all__ = [
    "ApprovalRule",
    "GoodsReceipt",
    "GoodsReceiptLine",
    "OrderApproval",
    "OrderChange",
    "OrderConfirmation",
    "OrderConfirmationLine",
    "OrderLink",
    "OrderPaper",
    "OrderRevision",
    "PurchaseOrder",
    "PurchaseOrderLine",
    "RuleApprover",
]
