"""Rows of what stays outstanding."""

from dataclasses import dataclass
from datetime import date, datetime

from procurement.kernel.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class BackorderRow:
    """A line of an order of which packs are still to come though some came, or though its day is over."""

    supplier: str
    supplier_name: str
    order: str
    position: int
    product: str
    product_name: str
    pack_name: str
    packs: int  # outstanding
    ordered: int
    value: Money  # of the outstanding ones
    due_on: date | None
    days_late: int
    last_delivery: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierBackorders:
    """One supplier's outstanding lines, and the credit we expect of them."""

    supplier: str
    supplier_name: str
    claimed: Money | None  # asked or agreed by claims that were sent
    returned: Money | None  # for goods sent back without a claim
    lines: tuple[BackorderRow, ...]


@dataclass(frozen=True, slots=True)
class BackorderPage:
    """Some of the outstanding lines by supplier, how many there are in all and how many are late, and the cursor."""

    suppliers: tuple[SupplierBackorders, ...]
    lines: int
    late: int
    next: str | None
