"""The states of a purchase order, and what may follow what."""

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
    # Back to placed, or open again, only by reversing a receipt.
    OrderStatus.PARTIALLY_RECEIVED: frozenset(
        {OrderStatus.RECEIVED, OrderStatus.CLOSED_SHORT, OrderStatus.PLACED}
    ),
    OrderStatus.RECEIVED: frozenset({OrderStatus.PARTIALLY_RECEIVED, OrderStatus.PLACED}),
    OrderStatus.CLOSED_SHORT: frozenset({OrderStatus.PARTIALLY_RECEIVED, OrderStatus.PLACED}),
    OrderStatus.CANCELLED: frozenset(),
}

# Goods of an order of one of these can arrive.
ON_THE_WAY = frozenset({OrderStatus.PLACED, OrderStatus.PARTIALLY_RECEIVED})

# An order of one of these still brings goods: its outstanding lines count as on order.
OPEN = frozenset(
    {
        OrderStatus.DRAFT,
        OrderStatus.APPROVED,
        OrderStatus.PLACED,
        OrderStatus.PARTIALLY_RECEIVED,
    }
)
