"""Which status an order has by what its lines have received."""

from collections.abc import Sequence
from dataclasses import dataclass

from procurement.purchasing.errors import WrongStatus
from procurement.purchasing.terms import TRANSITIONS, OrderStatus

# Statuses in the words of a sentence.
WORDS = {
    OrderStatus.DRAFT: "a draft",
    OrderStatus.APPROVED: "approved",
    OrderStatus.PLACED: "placed",
    OrderStatus.PARTIALLY_RECEIVED: "partly received",
    OrderStatus.RECEIVED: "received",
    OrderStatus.CLOSED_SHORT: "closed short",
    OrderStatus.CANCELLED: "cancelled",
}


@dataclass(frozen=True, slots=True)
class Progress:
    """Packs of one line."""

    packs: int
    received: int
    closed: bool


def status_by_lines(lines: Sequence[Progress]) -> OrderStatus:
    """The status of an order that was placed."""
    if any(not line.closed and line.received < line.packs for line in lines):
        any_received = any(line.received for line in lines)
        return OrderStatus.PARTIALLY_RECEIVED if any_received else OrderStatus.PLACED
    is_short = any(line.received < line.packs for line in lines)
    return OrderStatus.CLOSED_SHORT if is_short else OrderStatus.RECEIVED


def require_transition(number: str, before: OrderStatus, after: OrderStatus) -> None:
    if after not in TRANSITIONS[before]:
        raise WrongStatus(f"{number} is {WORDS[before]}; it cannot become {WORDS[after]}.")
