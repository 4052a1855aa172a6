"""Which status a sales order has by what its lines have shipped, and its statuses in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from procurement.sales.errors import WrongStatus
from procurement.sales.terms.orders import (
    ORDER_TRANSITIONS,
    CustomerReturnReason,
    SalesOrderStatus,
)

# Statuses in the words of a sentence.
ORDER_WORDS = {
    SalesOrderStatus.DRAFT: "a draft",
    SalesOrderStatus.CONFIRMED: "confirmed",
    SalesOrderStatus.PARTIALLY_SHIPPED: "partly shipped",
    SalesOrderStatus.SHIPPED: "shipped",
    SalesOrderStatus.CLOSED_SHORT: "closed short",
    SalesOrderStatus.CANCELLED: "cancelled",
}
RETURN_WORDS = {
    CustomerReturnReason.DAMAGED: "Damaged",
    CustomerReturnReason.WRONG_GOODS: "Not what was ordered",
    CustomerReturnReason.TOO_MANY: "Too many",
    CustomerReturnReason.NOT_WANTED: "No longer wanted",
    CustomerReturnReason.QUALITY: "Not as it should be",
    CustomerReturnReason.RECALLED: "Recalled",
    CustomerReturnReason.OTHER: "Another reason",
}


@dataclass(frozen=True, slots=True)
class LineProgress:
    """Packs of one line."""

    packs: int
    shipped: int
    closed: bool


def status_by_lines(lines: Sequence[LineProgress]) -> SalesOrderStatus:
    """The status of an order that was confirmed."""
    if any(not line.closed and line.shipped < line.packs for line in lines):
        any_shipped = any(line.shipped for line in lines)
        return SalesOrderStatus.PARTIALLY_SHIPPED if any_shipped else SalesOrderStatus.CONFIRMED
    is_short = any(line.shipped < line.packs for line in lines)
    return SalesOrderStatus.CLOSED_SHORT if is_short else SalesOrderStatus.SHIPPED


def require_order_transition(
    number: str, before: SalesOrderStatus, after: SalesOrderStatus
) -> None:
    if after not in ORDER_TRANSITIONS[before]:
        raise WrongStatus(
            f"{number} is {ORDER_WORDS[before]}; it cannot become {ORDER_WORDS[after]}."
        )
