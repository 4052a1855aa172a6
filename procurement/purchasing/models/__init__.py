"""The tables of purchasing: orders, and what came of them."""

from procurement.purchasing.models.approvals import ApprovalRule, OrderApproval, RuleApprover
from procurement.purchasing.models.orders import PurchaseOrder, PurchaseOrderLine
from procurement.purchasing.models.receipts import GoodsReceipt, GoodsReceiptLine

__all__ = [
    "ApprovalRule",
    "GoodsReceipt",
    "GoodsReceiptLine",
    "OrderApproval",
    "PurchaseOrder",
    "PurchaseOrderLine",
    "RuleApprover",
]
