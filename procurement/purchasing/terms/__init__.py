"""Words of purchasing that doors may see."""

from procurement.purchasing.terms.approvals import (
    ApprovalRow,
    ApprovalRuleRow,
    ApprovalState,
    ApproverRow,
)
from procurement.purchasing.terms.orders import (
    OnOrder,
    OrderLineRow,
    OrderPage,
    OrderRow,
    TaxSum,
    Totals,
)
from procurement.purchasing.terms.receipts import Condition, ReceiptLineRow, ReceiptPage, ReceiptRow
from procurement.purchasing.terms.status import ON_THE_WAY, OPEN, TRANSITIONS, OrderStatus

__all__ = [
    "ON_THE_WAY",
    "OPEN",
    "TRANSITIONS",
    "ApprovalRow",
    "ApprovalRuleRow",
    "ApprovalState",
    "ApproverRow",
    "Condition",
    "OnOrder",
    "OrderLineRow",
    "OrderPage",
    "OrderRow",
    "OrderStatus",
    "ReceiptLineRow",
    "ReceiptPage",
    "ReceiptRow",
    "TaxSum",
    "Totals",
]
