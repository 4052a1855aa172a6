"""Words of sales that doors may see."""

from enum import StrEnum


class CustomerKind(StrEnum):
    SPA_OWNER = "spa_owner"
    WELLNESS_CENTRE = "wellness_centre"
    INDIVIDUAL = "individual"


class AddressKind(StrEnum):
    BILLING = "billing"
    DELIVERY = "delivery"


class EnquiryStatus(StrEnum):
    NEW = "new"
    ANSWERED = "answered"
    QUOTED = "quoted"
    CLOSED = "closed"


class LineKind(StrEnum):
    """What a line of a quote is."""

    PRODUCT = "product"  # goods or a service, at a price
    TEXT = "text"  # words between the lines; no amount
    SAMPLE = "sample"  # goods given free: shipped, in no total


class LineChoice(StrEnum):
    """Whether a line is in the total."""

    INCLUDED = "included"
    OPTIONAL = "optional"  # outside the total until the customer chooses it
    ALTERNATIVE = "alternative"  # exactly one of its group is in the total


class QuoteStatus(StrEnum):
    DRAFT = "draft"
    ISSUED = "issued"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"
    CANCELLED = "cancelled"


# What may follow what; everything else is refused.
TRANSITIONS: dict[QuoteStatus, frozenset[QuoteStatus]] = {
    QuoteStatus.DRAFT: frozenset({QuoteStatus.ISSUED, QuoteStatus.CANCELLED}),
    QuoteStatus.ISSUED: frozenset(
        {
            QuoteStatus.ACCEPTED,
            QuoteStatus.DECLINED,
            QuoteStatus.EXPIRED,
            QuoteStatus.SUPERSEDED,
            QuoteStatus.CANCELLED,
        }
    ),
    QuoteStatus.ACCEPTED: frozenset(),
    QuoteStatus.DECLINED: frozenset({QuoteStatus.SUPERSEDED}),
    QuoteStatus.EXPIRED: frozenset({QuoteStatus.SUPERSEDED}),
    QuoteStatus.SUPERSEDED: frozenset(),
    QuoteStatus.CANCELLED: frozenset(),
}
