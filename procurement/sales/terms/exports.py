"""Rows of what is handed on to be invoiced."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from procurement.kernel.money import Money, Rate, TaxRate, UnitPrice
from procurement.kernel.quantity import Quantity
from procurement.kernel.tax_categories import TaxCategory


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    """So many packs of an ordered line; a part of a case that came back has decimals. Amounts are rounded once."""

    position: int
    sku: str
    name: str
    pack: str
    size: Quantity  # of a pack
    gtin: str
    packs: Decimal
    price: UnitPrice
    discount: Rate
    tax_code: str
    tax: TaxRate
    category: TaxCategory
    why_untaxed: str  # in the customer's language, for what needs a reason
    at_list: Money
    net: Money


@dataclass(frozen=True, slots=True)
class InvoiceTax:
    """All lines of one code, rate and category together."""

    code: str
    rate: TaxRate
    category: TaxCategory
    net: Money
    tax: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceDraft:
    """What somebody else's program makes an invoice or a credit note of: one shipment, or one return."""

    shipment_id: int | None
    return_id: int | None
    number: str
    of_shipment: str  # of a credit note: the shipment its goods came with
    on: date
    order: str
    customer_ref: str
    customer: str
    customer_name: str
    bill_to: tuple[str, ...]
    vat_id: str  # of the EU where one of theirs made a line untaxed, else the first
    peppol_id: str  # "0088:7300010000001"; empty: a mail address will do
    email: str
    contact: str
    deliver_to: tuple[str, ...]
    deliver_country: str  # ISO 3166, where it is known
    payment_terms: str
    currency: str
    lines: tuple[InvoiceLine, ...]
    taxes: tuple[InvoiceTax, ...]
    net: Money
    tax: Money
    gross: Money

    @property
    def is_credit(self) -> bool:
        return self.return_id is not None


@dataclass(frozen=True, slots=True)
class ExportRow:
    """A batch in a list."""

    number: str
    made_at: datetime
    made_by: str
    items: int


@dataclass(frozen=True, slots=True)
class ExportItemRow:
    number: str
    is_credit: bool
    customer_name: str
    net: Money
    tax: Money
    gross: Money
    has_ubl: bool
    why: str


@dataclass(frozen=True, slots=True)
class ExportPage:
    head: ExportRow
    items: tuple[ExportItemRow, ...]


@dataclass(frozen=True, slots=True)
class Exportable:
    """How much waits to be handed on."""

    shipments: int
    returns: int

    @property
    def is_nothing(self) -> bool:
        return not (self.shipments or self.returns)
