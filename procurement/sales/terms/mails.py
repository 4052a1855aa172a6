"""What buyers are told by mail, as far as they may choose: mails about signing in, and answers, always go."""

from dataclasses import dataclass
from enum import StrEnum


class Topic(StrEnum):
    ORDER_RECEIVED = "order_received"
    ORDER_CONFIRMED = "order_confirmed"
    ORDER_SHIPPED = "order_shipped"
    QUOTE_SENT = "quote_sent"
    QUOTE_ENDS = "quote_ends"
    COLLEAGUE_ASKS = "colleague_asks"


TOPIC_WORDS: dict[Topic, tuple[str, str]] = {
    Topic.ORDER_RECEIVED: ("We have your order", "Also when you accept a quote."),
    Topic.ORDER_CONFIRMED: ("Your order is confirmed", "With the confirmation as a PDF."),
    Topic.ORDER_SHIPPED: ("Your order is on its way", "With carrier, number and delivery note."),
    Topic.QUOTE_SENT: ("We send you a quote", "With the quote as a PDF."),
    Topic.QUOTE_ENDS: ("A quote ends soon", "Once, a few days before."),
    Topic.COLLEAGUE_ASKS: (
        "A colleague asks you to agree to an order",
        "While nobody else would hear of it, these come anyhow.",
    ),
}


@dataclass(frozen=True, slots=True)
class MailChoicesRow:
    """What somebody is told by mail."""

    name: str
    email: str
    wanted: frozenset[Topic]
