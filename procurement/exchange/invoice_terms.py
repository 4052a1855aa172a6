"""An invoice as a file says it, whatever its format."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

_FREIGHT_CODES = frozenset({"FC", "DL", "SAA", "ABK"})  # UNTDID 7161: freight, delivery, shipping
_FREIGHT = re.compile(
    r"freight|shipping|delivery|carriage|postage|transport|fracht|versand|porto|livraison",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceOnFileLine:
    """A line in the supplier's words; `price` is net, for `price_for` of what the quantity counts."""

    number: str
    order: str
    order_line: str
    code: str
    sku: str
    gtin: str
    name: str
    quantity: Decimal
    unit_code: str
    price: Decimal | None
    price_for: Decimal
    net: Decimal | None
    tax_percent: Decimal | None

    @property
    def called(self) -> str:
        return self.name or self.code or self.sku or self.gtin or "goods without a name"


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceOnFile:
    """The whole, also of a credit note; charges and what is `taken_off` are of the document, not of its lines."""

    number: str
    invoiced_on: date | None
    due_on: date | None
    currency: str
    seller: str
    order: str
    lines: tuple[InvoiceOnFileLine, ...]
    freight: Decimal
    other: Decimal
    other_words: str
    taken_off: Decimal
    net: Decimal | None
    tax: Decimal | None
    gross: Decimal | None
    is_credit: bool = False
    credits: str = ""  # the supplier's number of the invoice that a credit note is about
    says: str = ""  # notes and references, in which our own numbers may stand


def is_freight(code: str, reason: str) -> bool:
    """Whether a charge is for bringing the goods."""
    return code in _FREIGHT_CODES or bool(_FREIGHT.search(reason))
