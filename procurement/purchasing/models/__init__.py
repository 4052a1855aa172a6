"""The tables of purchasing: orders, and what came of them."""

from procurement.purchasing.models.accepting import DeliveryRule
from procurement.purchasing.models.approvals import ApprovalRule, OrderApproval, RuleApprover
from procurement.purchasing.models.attachments import OrderAttachment
from procurement.purchasing.models.blankets import BlanketLine, BlanketOrder, BlanketRevision
from procurement.purchasing.models.budgets import Budget
from procurement.purchasing.models.claims import Claim, ClaimLine
from procurement.purchasing.models.confirmations import (
    OrderConfirmation,
    OrderConfirmationLine,
    OrderLink,
)
from procurement.purchasing.models.cost_centres import CostCentre
from procurement.purchasing.models.invoices import (
    InvoiceRules,
    SupplierInvoice,
    SupplierInvoiceDifference,
    SupplierInvoiceLine,
    SupplierInvoiceTerms,
)
from procurement.purchasing.models.orders import PurchaseOrder, PurchaseOrderLine
from procurement.purchasing.models.papers import OrderPaper
from procurement.purchasing.models.quotations import (
    Bid,
    BidBreak,
    Invitation,
    RequestForQuotation,
    RequestLine,
)
from procurement.purchasing.models.receipts import GoodsReceipt, GoodsReceiptLine, GoodsReceiptPhoto
from procurement.purchasing.models.returns import SupplierReturn, SupplierReturnLine
from procurement.purchasing.models.revisions import OrderChange, OrderRevision
from procurement.purchasing.models.templates import (
    OrderTemplate,
    OrderTemplateLine,
    StandingOrder,
)

__all__ = [
    "ApprovalRule",
    "Bid",
    "BidBreak",
    "BlanketLine",
    "BlanketOrder",
    "BlanketRevision",
    "Budget",
    "Claim",
    "ClaimLine",
    "CostCentre",
    "DeliveryRule",
    "GoodsReceipt",
    "GoodsReceiptLine",
    "GoodsReceiptPhoto",
    "Invitation",
    "InvoiceRules",
    "OrderApproval",
    "OrderAttachment",
    "OrderChange",
    "OrderConfirmation",
    "OrderConfirmationLine",
    "OrderLink",
    "OrderPaper",
    "OrderRevision",
    "OrderTemplate",
    "OrderTemplateLine",
    "PurchaseOrder",
    "PurchaseOrderLine",
    "RequestForQuotation",
    "RequestLine",
    "RuleApprover",
    "StandingOrder",
    "SupplierInvoice",
    "SupplierInvoiceDifference",
    "SupplierInvoiceLine",
    "SupplierInvoiceTerms",
    "SupplierReturn",
    "SupplierReturnLine",
]
