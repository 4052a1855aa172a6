"""Words and rows of returns to suppliers."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from procurement.kernel.money import Money
from procurement.kernel.quantity import Quantity


class ReturnReason(StrEnum):
    """Why goods go back."""

    DAMAGED = "damaged"
    SHORT_DATED = "short_dated"
    WRONG_GOODS = "wrong_goods"
    EXPIRED = "expired"
    RECALLED = "recalled"
    SURPLUS = "surplus"  # fine, but more than we need
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnRow:
    """A return to a supplier in a list. `credit` is what we expect for it."""

    number: str
    supplier: str
    supplier_name: str
    location: str
    location_name: str
    reason: ReturnReason
    sent_at: datetime
    sent_by: str
    lines: int
    credit: Money | None
    claim: str | None
    credit_note: str | None  # ours, that answers it
    is_credit_due: bool  # the supplier still owes a credit note
    is_reversed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnLineRow:
    """So much of a lot that went back; `value` is what it cost us, where that is known."""

    position: int
    product: str
    product_name: str
    lot: str
    supplier_lot: str | None
    expires_on: date | None
    quantity: Quantity
    value: Money | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnPage:
    """Everything the page of a return shows."""

    head: ReturnRow
    note: str
    reversed_at: datetime | None
    reversed_by: str | None
    reversed_why: str
    has_paper: bool
    lines: tuple[ReturnLineRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Returnable:
    """A lot at a place with what of it is promised to nobody."""

    name: str  # SKU/NUMBER
    product_name: str
    lot: str
    expires_on: date | None
    status: str
    free: Quantity
    is_theirs: bool  # it came from this supplier
