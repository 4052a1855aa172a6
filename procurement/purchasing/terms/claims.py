"""Words and rows of claims against suppliers."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from procurement.kernel.money import Money
from procurement.kernel.quantity import Pack
from procurement.purchasing.terms.receipts import Fault


class ClaimStatus(StrEnum):
    OPEN = "open"
    SENT = "sent"
    AGREED = "agreed"
    REJECTED = "rejected"
    SETTLED = "settled"
    WITHDRAWN = "withdrawn"


class Remedy(StrEnum):
    """What a supplier agreed to."""

    CREDIT = "credit"
    REPLACEMENT = "replacement"
    RETURN = "return"


CLAIM_TRANSITIONS: dict[ClaimStatus, frozenset[ClaimStatus]] = {
    ClaimStatus.OPEN: frozenset({ClaimStatus.SENT, ClaimStatus.WITHDRAWN}),
    ClaimStatus.SENT: frozenset(
        {ClaimStatus.AGREED, ClaimStatus.REJECTED, ClaimStatus.WITHDRAWN, ClaimStatus.SENT}
    ),
    ClaimStatus.AGREED: frozenset({ClaimStatus.SETTLED}),
    # A supplier who said no is asked again, or we leave it.
    ClaimStatus.REJECTED: frozenset({ClaimStatus.SENT, ClaimStatus.WITHDRAWN}),
    ClaimStatus.SETTLED: frozenset(),
    ClaimStatus.WITHDRAWN: frozenset(),
}

# A claim of one of these still wants something of somebody.
UNSETTLED = frozenset(
    {ClaimStatus.OPEN, ClaimStatus.SENT, ClaimStatus.AGREED, ClaimStatus.REJECTED}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimRow:
    """A claim in a list."""

    number: str
    status: ClaimStatus
    supplier: str
    supplier_name: str
    order: str
    receipt: str
    made_at: datetime
    made_by: str
    deadline: date
    lines: int
    asked: Money
    agreed: Money | None
    remedy: Remedy | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimLineRow:
    """So many packs of a delivery with something wrong."""

    position: int
    receipt_position: int
    product: str
    product_name: str
    supplier_code: str
    pack_value: Pack
    packs: int
    fault: Fault
    lot: str | None
    expires_on: date | None
    note: str
    asked: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimPage:
    """Everything the page of a claim shows."""

    head: ClaimRow
    version: int
    supplier_email: str
    currency: str
    delivery_note: str
    received_at: datetime
    note: str
    answer: str
    sent_at: datetime | None
    answered_at: datetime | None
    settled_at: datetime | None
    lines: tuple[ClaimLineRow, ...]
    photos: tuple[str, ...]  # SHA-256 of each
    returns: tuple[str, ...]  # numbers of the returns made for it
