"""Words and rows of how placed orders were changed."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from procurement.kernel.money import Money, UnitPrice


class RevisionStatus(StrEnum):
    PROPOSED = "proposed"  # costs more: waits for approval
    SENT = "sent"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class ChangeKind(StrEnum):
    CHANGED = "changed"
    ADDED = "added"
    CLOSED = "closed"  # what has not come is no longer ordered


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRow:
    """What a revision does to one line; packs of 0 are none."""

    kind: ChangeKind
    position: int
    product: str
    name: str
    pack: str
    packs_before: int
    packs_after: int
    price_before: UnitPrice
    price_after: UnitPrice
    wanted_before: date | None
    wanted_after: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionRow:
    """A revision as an order's page shows it; 0 is the order as it was placed."""

    number: int | None
    status: RevisionStatus
    why: str
    due_on: date | None
    proposed_at: datetime
    proposed_by: str
    proposed_by_id: int | None
    decided_at: datetime | None
    decided_by: str | None
    refused_why: str
    before: Money
    after: Money
    has_paper: bool
    changes: tuple[ChangeRow, ...]

    @property
    def label(self) -> str:
        if self.number is None:
            return "not sent"
        return f"R{self.number}" if self.number else "As placed"


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """A change of an order that waits for somebody's approval."""

    order: str
    supplier_name: str
    proposed_by: str
    before: Money
    after: Money
