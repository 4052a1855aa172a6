"""Words of purchasing that doors may see."""

from procurement.purchasing.terms.accepting import DeliveryRuleRow
from procurement.purchasing.terms.approvals import (
    ApprovalRow,
    ApprovalRuleRow,
    ApprovalState,
    ApproverRow,
)
from procurement.purchasing.terms.confirmations import (
    DIFFERENT,
    AnsweredBy,
    ConfirmationRow,
    ConfirmedLine,
    DifferentRow,
    LineAnswer,
    LinkRow,
    SupplierAnswer,
)
from procurement.purchasing.terms.orders import (
    OnOrder,
    OrderLineRow,
    OrderPage,
    OrderRow,
    OrderWorth,
    TaxSum,
    Totals,
)
from procurement.purchasing.terms.receipts import (
    Condition,
    Fault,
    ReceiptLineRow,
    ReceiptPage,
    ReceiptRow,
)
from procurement.purchasing.terms.revisions import (
    ChangeKind,
    ChangeRow,
    ProposalRow,
    RevisionRow,
    RevisionStatus,
)
from procurement.purchasing.terms.status import ON_THE_WAY, OPEN, TRANSITIONS, OrderStatus

__all__ = [
    "DIFFERENT",
    "ON_THE_WAY",
    "OPEN",
    "TRANSITIONS",
    "AnsweredBy",
    "ApprovalRow",
    "ApprovalRuleRow",
    "ApprovalState",
    "ApproverRow",
    "ChangeKind",
    "ChangeRow",
    "Condition",
    "ConfirmationRow",
    "ConfirmedLine",
    "DeliveryRuleRow",
    "DifferentRow",
    "Fault",
    "LineAnswer",
    "LinkRow",
    "OnOrder",
    "OrderLineRow",
    "OrderPage",
    "OrderRow",
    "OrderStatus",
    "OrderWorth",
    "ProposalRow",
    "ReceiptLineRow",
    "ReceiptPage",
    "ReceiptRow",
    "RevisionRow",
    "RevisionStatus",
    "SupplierAnswer",
    "TaxSum",
    "Totals",
]
