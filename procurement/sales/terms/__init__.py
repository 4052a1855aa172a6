"""Words of sales that doors may see."""

from dataclasses import dataclass
from enum import StrEnum

# Why a line is taxed as most are; pages need not say it at every line.
USUAL_TAX = "Our usual tax"


class CustomerKind(StrEnum):
    SPA_OWNER = "spa_owner"
    WELLNESS_CENTRE = "wellness_centre"
    INDIVIDUAL = "individual"


class AddressKind(StrEnum):
    BILLING = "billing"
    DELIVERY = "delivery"


class DeliveryTerm(StrEnum):
    """Incoterms 2020 (ICC publication 723): any means of transport first, then by sea."""

    EXW = "EXW"
    FCA = "FCA"
    CPT = "CPT"
    CIP = "CIP"
    DAP = "DAP"
    DPU = "DPU"
    DDP = "DDP"
    FAS = "FAS"
    FOB = "FOB"
    CFR = "CFR"
    CIF = "CIF"


class ApprovalStatus(StrEnum):
    """Of a quote that a rule asks somebody to agree to."""

    WAITING = "waiting"
    APPROVED = "approved"
    RETURNED = "returned"


class EnquiryStatus(StrEnum):
    NEW = "new"
    ANSWERED = "answered"
    QUOTED = "quoted"
    LOST = "lost"


class InboxView(StrEnum):
    """Which enquiries somebody looks at."""

    WAITING = "waiting"  # for a word of ours
    MINE = "mine"  # open and given to the asking person
    UNASSIGNED = "unassigned"  # open and nobody's


class LossReason(StrEnum):
    """Why an enquiry or a quote came to nothing."""

    PRICE = "price"
    COMPETITOR = "competitor"
    TIMING = "timing"
    DELIVERY = "delivery"
    NOT_OFFERED = "not_offered"
    NO_REPLY = "no_reply"
    NO_BUSINESS = "no_business"  # spam, a duplicate, a letter for somebody else: no loss
    OTHER = "other"


LOSS_WORDS: dict[LossReason, str] = {
    LossReason.PRICE: "Too expensive",
    LossReason.COMPETITOR: "Bought from somebody else",
    LossReason.TIMING: "Not now",
    LossReason.DELIVERY: "Delivery takes too long",
    LossReason.NOT_OFFERED: "Not what they need",
    LossReason.NO_REPLY: "No reply",
    LossReason.NO_BUSINESS: "Spam, twice, or not for sales",
    LossReason.OTHER: "Another reason",
}


class AnswerKind(StrEnum):
    """What a customer said to a quote."""

    ACCEPTED = "accepted"
    DECLINED = "declined"


class Channel(StrEnum):
    """How an answer reached us."""

    LINK = "link"  # the private one
    ACCOUNT = "account"  # signed in as the customer's buyer
    STAFF = "staff"  # told to us, noted by one of us


class SignatureKind(StrEnum):
    TYPED = "typed"  # the name
    DRAWN = "drawn"
    TOLD = "told"


class Fault(StrEnum):
    """What of an answer's record does not agree any more; its words stand in `documents/languages`."""

    PDF = "pdf"
    CONTENT = "content"
    TOTAL = "total"
    RECORD = "record"


class Writer(StrEnum):
    """Who wrote a message of a thread."""

    CUSTOMER = "customer"
    US = "us"


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


@dataclass(frozen=True, slots=True)
class PaperLook:
    """How one quote differs: the language of its paper (empty: the customer's), a cover or not (None: as always)."""

    locale: str = ""
    cover: bool | None = None


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
