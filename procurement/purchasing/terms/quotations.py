"""Words and rows of requests for quotation."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from procurement.kernel.money import Money, UnitPrice
from procurement.kernel.quantity import Pack, Quantity


class RequestStatus(StrEnum):
    DRAFT = "draft"
    SENT = "sent"
    ANSWERED = "answered"  # by every supplier that was asked
    AWARDED = "awarded"  # draft orders are made
    CLOSED = "closed"  # nothing came of it
    CANCELLED = "cancelled"  # before it was sent


# Answers come in, and lines can be awarded.
WAITING = frozenset({RequestStatus.SENT, RequestStatus.ANSWERED})


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestRow:
    """A request for quotation in a list."""

    number: str
    status: RequestStatus
    title: str
    answer_by: date
    lines: int
    asked: int
    answered: int
    drafted_at: datetime
    drafted_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestLineRow:
    """So many packs of a product are wanted."""

    position: int
    product: str
    product_name: str
    pack: str
    pack_value: Pack
    packs: int
    wanted_by: date | None

    @property
    def quantity(self) -> Quantity:
        return self.pack_value.of(self.packs)


@dataclass(frozen=True, slots=True)
class OfferedBreak:
    """From so many packs, so much a pack."""

    from_packs: int
    price: UnitPrice


@dataclass(frozen=True, slots=True, kw_only=True)
class BidRow:
    """What a supplier answers to one line; `price` None: no bid.

    `packs` of its pack cover what is wanted. `unit_cost` is what a litre, kilogram or piece then costs in the
    company's currency; None where no rate is known.
    """

    position: int
    price: UnitPrice | None
    pack: str
    pack_value: Pack | None
    packs: int
    moq: int
    lead_time_days: int
    breaks: tuple[OfferedBreak, ...]
    remark: str
    net: Money | None
    unit_cost: Decimal | None
    is_cheapest: bool = False
    is_fastest: bool = False
    awarded: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationRow:
    """A supplier that was asked, with its answer."""

    supplier: str
    supplier_name: str
    email: str
    currency: str
    mailed_at: datetime | None
    answered_at: datetime | None
    answered_by: str
    is_late: bool
    declined: bool
    valid_until: date | None
    remark: str
    bids: tuple[BidRow, ...]
    order: str | None  # drafted by the award

    def bid(self, position: int) -> BidRow | None:
        return next((bid for bid in self.bids if bid.position == position), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestPage:
    """Everything the page of a request shows."""

    number: str
    status: RequestStatus
    version: int
    title: str
    note: str
    answer_by: date
    deliver_to: str | None
    deliver_to_name: str | None
    currency: str  # the company's, in which answers are compared
    drafted_at: datetime
    drafted_by: str
    sent_at: datetime | None
    decided_at: datetime | None
    decided_by: str
    lines: tuple[RequestLineRow, ...]
    invitations: tuple[InvitationRow, ...]

    @property
    def answered(self) -> int:
        return sum(one.answered_at is not None for one in self.invitations)


@dataclass(frozen=True, slots=True, kw_only=True)
class PackChoice:
    """A pack of a product that can be offered."""

    code: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateRequest:
    """What one supplier sees behind its link: the request and its own answer, nobody else's."""

    number: str
    title: str
    note: str
    company: str
    supplier: str
    supplier_name: str
    currency: str
    answer_by: date
    deliver_to: str
    is_open: bool  # it can still be answered here
    outcome: str  # why not, in words
    lines: tuple[RequestLineRow, ...]
    packs: dict[str, tuple[PackChoice, ...]]  # by product
    answer: InvitationRow
