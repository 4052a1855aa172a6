"""Words and rows of what suppliers answer to an order."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class SupplierAnswer(StrEnum):
    """What a supplier has said, to an order or to one of its lines."""

    ACKNOWLEDGED = "acknowledged"  # it has arrived; nothing is promised yet
    ACCEPTED = "accepted"
    CHANGED = "changed"  # another quantity or another date
    REFUSED = "refused"


class AnsweredBy(StrEnum):
    """How the answer reached us."""

    CLERK = "clerk"  # somebody of ours was told
    LINK = "link"  # they opened the order's private link
    ORDER_RESPONSE = "order_response"  # a file of their program


@dataclass(frozen=True, slots=True)
class LineAnswer:
    """What the supplier says of one line. None: as ordered. No packs: the line is refused."""

    position: int
    packs: int | None = None
    due_on: date | None = None
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmedLine:
    """A line of a confirmation as it is shown, beside what was asked for."""

    position: int
    name: str
    answer: SupplierAnswer
    packs_asked: int
    packs: int
    asked_for: date | None
    due_on: date | None
    remark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmationRow:
    """One answer of a supplier."""

    id: int
    order: str
    revision: int
    answer: SupplierAnswer
    answered_by: AnsweredBy
    said_by: str
    recorded_at: datetime
    recorded_by: str  # empty when the supplier did it alone
    message: str
    document: str  # of theirs
    supplier_order: str  # the number they gave the order
    noted_at: datetime | None
    noted_by: str
    lines: tuple[ConfirmedLine, ...]

    @property
    def differences(self) -> tuple[ConfirmedLine, ...]:
        return tuple(line for line in self.lines if line.answer is not SupplierAnswer.ACCEPTED)

    @property
    def wants_a_look(self) -> bool:
        return self.noted_at is None and self.answer in DIFFERENT


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferentRow:
    """An order whose supplier answered otherwise than was asked, and nobody has looked at it."""

    order: str
    supplier_name: str
    answer: SupplierAnswer
    said_by: str
    recorded_at: datetime
    differences: int
    due_on: date | None


@dataclass(frozen=True, slots=True)
class LinkRow:
    """A private link of an order, without its secret; opened by whoever was not signed in."""

    made_at: datetime
    expires_on: date
    revoked_at: datetime | None
    revision: int
    first_opened_at: datetime | None
    last_opened_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnansweredRow:
    """An order that its supplier has not answered since it was issued last."""

    order: str
    supplier_name: str
    issued_at: datetime
    opened_at: datetime | None  # when it was looked at last, as it was issued last


DIFFERENT = frozenset({SupplierAnswer.CHANGED, SupplierAnswer.REFUSED})
