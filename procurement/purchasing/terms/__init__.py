"""Words of purchasing that doors may see."""

from procurement.purchasing.terms.accepting import DeliveryRuleRow
from procurement.purchasing.terms.approvals import (
    ApprovalRow,
    ApprovalRuleRow,
    ApprovalState,
    ApproverRow,
)
from procurement.purchasing.terms.attachments import AttachmentRow
from procurement.purchasing.terms.backorders import BackorderRow, SupplierBackorders
from procurement.purchasing.terms.blankets import (
    AgreedPrice,
    BlanketLineRow,
    BlanketPage,
    BlanketRevisionRow,
    BlanketRow,
    CallOffRow,
)
from procurement.purchasing.terms.budgets import BudgetPeriod, BudgetRow, Overrun
from procurement.purchasing.terms.claims import (
    CLAIM_TRANSITIONS,
    UNSETTLED,
    ClaimLineRow,
    ClaimPage,
    ClaimRow,
    ClaimStatus,
    Remedy,
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
    UnansweredRow,
)
from procurement.purchasing.terms.cost_centres import CostCentreRow
from procurement.purchasing.terms.orders import (
    OnOrder,
    OrderLineRow,
    OrderPage,
    OrderRow,
    OrderWorth,
    TaxSum,
    Totals,
    UnitCost,
)
from procurement.purchasing.terms.receipts import (
    Condition,
    Fault,
    ReceiptLineRow,
    ReceiptPage,
    ReceiptRow,
)
from procurement.purchasing.terms.returns import (
    Returnable,
    ReturnLineRow,
    ReturnPage,
    ReturnReason,
    ReturnRow,
)
from procurement.purchasing.terms.revisions import (
    ChangeKind,
    ChangeRow,
    ProposalRow,
    RevisionRow,
    RevisionStatus,
)
from procurement.purchasing.terms.status import ON_THE_WAY, OPEN, TRANSITIONS, OrderStatus
from procurement.purchasing.terms.templates import (
    Every,
    StandingRow,
    TemplateLineRow,
    TemplatePage,
    TemplateRow,
)

__all__ = [
    "CLAIM_TRANSITIONS",
    "DIFFERENT",
    "ON_THE_WAY",
    "OPEN",
    "TRANSITIONS",
    "UNSETTLED",
    "AgreedPrice",
    "AnsweredBy",
    "ApprovalRow",
    "ApprovalRuleRow",
    "ApprovalState",
    "ApproverRow",
    "AttachmentRow",
    "BackorderRow",
    "BlanketLineRow",
    "BlanketPage",
    "BlanketRevisionRow",
    "BlanketRow",
    "BudgetPeriod",
    "BudgetRow",
    "CallOffRow",
    "ChangeKind",
    "ChangeRow",
    "ClaimLineRow",
    "ClaimPage",
    "ClaimRow",
    "ClaimStatus",
    "Condition",
    "ConfirmationRow",
    "ConfirmedLine",
    "CostCentreRow",
    "DeliveryRuleRow",
    "DifferentRow",
    "Every",
    "Fault",
    "LineAnswer",
    "LinkRow",
    "OnOrder",
    "OrderLineRow",
    "OrderPage",
    "OrderRow",
    "OrderStatus",
    "OrderWorth",
    "Overrun",
    "ProposalRow",
    "ReceiptLineRow",
    "ReceiptPage",
    "ReceiptRow",
    "Remedy",
    "ReturnLineRow",
    "ReturnPage",
    "ReturnReason",
    "ReturnRow",
    "Returnable",
    "RevisionRow",
    "RevisionStatus",
    "StandingRow",
    "SupplierAnswer",
    "SupplierBackorders",
    "TaxSum",
    "TemplateLineRow",
    "TemplatePage",
    "TemplateRow",
    "Totals",
    "UnansweredRow",
    "UnitCost",
]
