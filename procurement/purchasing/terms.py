"""Words of purchasing that doors may see."""

from enum import StrEnum


class OrderStatus(StrEnum):
    DRAFT = "draft"
    APPROVED = "approved"
    PLACED = "placed"
    PARTIALLY_RECEIVED = "partially_received"
    RECEIVED = "received"
    CLOSED_SHORT = "closed_short"
    CANCELLED = "cancelled"


# What may follow what; everything else is refused.
TRANSITIONS: dict[OrderStatus, frozenset[OrderStatus]] = {
    OrderStatus.DRAFT: frozenset({OrderStatus.APPROVED, OrderStatus.CANCELLED}),
    OrderStatus.APPROVED: frozenset({OrderStatus.DRAFT, OrderStatus.PLACED, OrderStatus.CANCELLED}),
    OrderStatus.PLACED: frozenset(
        {
            OrderStatus.PARTIALLY_RECEIVED,
            OrderStatus.RECEIVED,
            OrderStatus.CLOSED_SHORT,
            OrderStatus.CANCELLED,
        }
    ),
    OrderStatus.PARTIALLY_RECEIVED: frozenset({OrderStatus.RECEIVED, OrderStatus.CLOSED_SHORT}),
    OrderStatus.RECEIVED: frozenset(),
    OrderStatus.CLOSED_SHORT: frozenset(),
    OrderStatus.CANCELLED: frozenset(),
}

# An order of one of these still brings goods: its outstanding lines count as on order.
OPEN = frozenset(
    {
        OrderStatus.DRAFT,
        OrderStatus.APPROVED,
        OrderStatus.PLACED,
        OrderStatus.PARTIALLY_RECEIVED,
    }
)


class Condition(StrEnum):
    """How a delivered pack arrived."""

    GOOD = "good"  # goes to its destination
    DOUBTFUL = "doubtful"  # goes to quarantine
    REFUSED = "refused"  # goes back with the driver; stays on order or is closed short
