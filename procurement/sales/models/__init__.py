"""The tables of sales: customers, their prices, what they ask and what we offer."""

from procurement.sales.models.agreements import OrderAgreement
from procurement.sales.models.answers import QuoteAnswer
from procurement.sales.models.applications import ApplicationPaper, TradeApplication
from procurement.sales.models.approvals import (
    QuoteApproval,
    QuoteApprovalRule,
    QuoteRuleApprover,
)
from procurement.sales.models.baskets import BasketLine
from procurement.sales.models.batches import QuoteBatch, QuoteBatchLine
from procurement.sales.models.buyers import Buyer
from procurement.sales.models.customers import Address, Contact, Customer, CustomerGroup
from procurement.sales.models.enquiries import Enquiry, EnquiryLine
from procurement.sales.models.exports import InvoiceExport, InvoiceExportItem
from procurement.sales.models.interest import ProductViewed, SearchMade
from procurement.sales.models.leaving import Leaving
from procurement.sales.models.lists import SavedList, SavedListLine
from procurement.sales.models.mails import MailChoices
from procurement.sales.models.merging import CustomerAlias, CustomerNote
from procurement.sales.models.order_terms import OrderTermsRow
from procurement.sales.models.orders import (
    CustomerReturn,
    CustomerReturnLine,
    SalesOrder,
    SalesOrderLine,
    SalesReservation,
    Shipment,
    ShipmentLine,
)
from procurement.sales.models.own_codes import OwnCode
from procurement.sales.models.payments import PaymentEvent
from procurement.sales.models.price_rules import PriceRuleRow
from procurement.sales.models.prices import Price, PriceList
from procurement.sales.models.punchout import (
    CxmlMessage,
    PunchoutConnection,
    PunchoutOrder,
    PunchoutVisit,
)
from procurement.sales.models.quotes import Quote, QuoteLine, QuoteLineOffer
from procurement.sales.models.return_requests import (
    ReturnRequest,
    ReturnRequestLine,
    ReturnRequestPhoto,
)
from procurement.sales.models.shop import SavedSearch, Shop
from procurement.sales.models.tax_papers import CustomerTaxNumber, ExemptionCertificate
from procurement.sales.models.templates import QuoteTemplate, QuoteTemplateLine
from procurement.sales.models.threads import ThreadMessage

__all__ = [
    "Address",
    "ApplicationPaper",
    "BasketLine",
    "Buyer",
    "Contact",
    "Customer",
    "CustomerAlias",
    "CustomerGroup",
    "CustomerNote",
    "CustomerReturn",
    "CustomerReturnLine",
    "CustomerTaxNumber",
    "CxmlMessage",
    "Enquiry",
    "EnquiryLine",
    "ExemptionCertificate",
    "InvoiceExport",
    "InvoiceExportItem",
    "Leaving",
    "MailChoices",
    "OrderAgreement",
    "OrderTermsRow",
    "OwnCode",
    "PaymentEvent",
    "Price",
    "PriceList",
    "PriceRuleRow",
    "ProductViewed",
    "PunchoutConnection",
    "PunchoutOrder",
    "PunchoutVisit",
    "Quote",
    "QuoteAnswer",
    "QuoteApproval",
    "QuoteApprovalRule",
    "QuoteBatch",
    "QuoteBatchLine",
    "QuoteLine",
    "QuoteLineOffer",
    "QuoteRuleApprover",
    "QuoteTemplate",
    "QuoteTemplateLine",
    "ReturnRequest",
    "ReturnRequestLine",
    "ReturnRequestPhoto",
    "SalesOrder",
    "SalesOrderLine",
    "SalesReservation",
    "SavedList",
    "SavedListLine",
    "SavedSearch",
    "SearchMade",
    "Shipment",
    "ShipmentLine",
    "Shop",
    "ThreadMessage",
    "TradeApplication",
]
