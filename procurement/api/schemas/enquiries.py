"""Enquiries: what is asked, what is written back, what comes of it."""

from datetime import timedelta
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field

from procurement.api.schemas.values import (
    Body,
    Code,
    Line,
    ListQuery,
    Moment,
    MoneyOut,
    Name,
    Packs,
    PriceIn,
    Prose,
    Shape,
)
from procurement.documents.languages import LANGUAGES
from procurement.sales.operations.enquiries import CONSENT, AskedProduct, LeaveMessage
from procurement.sales.queries.enquiries import EnquiryLineRow, EnquiryPage
from procurement.sales.queries.inbox import EnquiryRow
from procurement.sales.queries.threads import ThreadRow
from procurement.sales.terms import CustomerKind, EnquiryStatus, InboxView, LossReason, Writer


class AskedBody(Body):
    """A product somebody asks about; its SKU alone will do."""

    product: Code
    pack: Code | None = None
    packs: Packs | None = None
    target_price: PriceIn | None = Field(default=None, description="What a pack should cost")

    def asked(self) -> AskedProduct:
        target = self.target_price.price() if self.target_price else None
        return AskedProduct(self.product, self.pack, self.packs, target)


def _asked(value: object) -> object:
    return {"product": value} if isinstance(value, str) else value


class EnquiryBody(Body):
    name: Name
    email: Name
    kind: CustomerKind
    message: Prose
    company: Line = ""
    phone: Line = ""
    products: list[Annotated[AskedBody, BeforeValidator(_asked)]] = Field(
        default_factory=list, max_length=200, examples=[["ALM-500"]]
    )
    language: str = Field(
        default="", max_length=2, description=f"The sender's: {', '.join(LANGUAGES)}, or none"
    )
    consent: bool = Field(default=False, description=f"The sender agreed to: “{CONSENT}”")

    def command(self) -> LeaveMessage:
        return LeaveMessage(
            name=self.name,
            email=self.email,
            kind=self.kind,
            message=self.message,
            company=self.company,
            phone=self.phone,
            products=tuple(one.asked() for one in self.products),
            consent=CONSENT if self.consent else "",
            language=self.language,
        )


class AskedShape(Shape):
    product: str
    pack: str | None
    packs: int | None
    target_price: MoneyOut | None = Field(description="What a pack should cost, if they said so")

    @classmethod
    def of(cls, line: EnquiryLineRow) -> Self:
        return cls(
            product=line.product,
            pack=line.pack,
            packs=line.packs,
            target_price=MoneyOut.of(line.target) if line.target else None,
        )


class EnquiryRowShape(Shape):
    number: str
    status: EnquiryStatus
    kind: CustomerKind
    name: str
    company: str
    email: str
    received_at: Moment
    answered_at: Moment | None = Field(description="For the first time")
    seconds_to_first_answer: int | None = Field(description="By the clock on the wall")
    waiting_since: Moment | None = Field(
        description="Since when the sender waits for a word of ours"
    )
    assigned_to: str | None = Field(description="Whose it is, by name")
    lost_reason: LossReason | None

    @classmethod
    def of(cls, row: EnquiryRow) -> Self:
        return cls(**_told(row), assigned_to=row.assigned_to)


def _told(enquiry: EnquiryRow | EnquiryPage) -> dict[str, Any]:
    """What the list and the page tell alike."""
    waited = enquiry.first_answer
    return {
        "number": enquiry.number,
        "status": enquiry.status,
        "kind": enquiry.kind,
        "name": enquiry.name,
        "company": enquiry.company,
        "email": enquiry.email,
        "received_at": enquiry.received_at,
        "answered_at": enquiry.answered_at,
        "seconds_to_first_answer": None if waited is None else waited // timedelta(seconds=1),
        "waiting_since": enquiry.waiting_since,
        "lost_reason": enquiry.lost_reason,
    }


class MessageShape(Shape):
    """One message below an enquiry."""

    at: Moment
    by: Writer
    author: str
    body: str

    @classmethod
    def of(cls, row: ThreadRow) -> Self:
        return cls(at=row.at, by=row.writer, author=row.author, body=row.body)


class EnquiryShape(EnquiryRowShape):
    phone: str
    message: str
    language: str = Field(description="The sender's, as far as it is known; else empty")
    products: list[AskedShape]
    customer: str | None
    quotes: list[str]
    lost_note: str
    thread: list[MessageShape] = Field(description="What was written since, oldest first")

    @classmethod
    def page(cls, page: EnquiryPage) -> Self:
        return cls(
            **_told(page),
            assigned_to=page.assigned_name,
            phone=page.phone,
            message=page.message,
            language=page.language,
            products=[AskedShape.of(one) for one in page.lines],
            customer=page.customer,
            quotes=[quote.number for quote in page.quotes],
            lost_note=page.lost_note,
            thread=[MessageShape.of(one) for one in page.thread],
        )


class ReceivedShape(Shape):
    """What a visitor hears of their message: its number."""

    number: str
    status: EnquiryStatus
    received_at: Moment


class EnquiryQuery(ListQuery):
    status: EnquiryStatus | None = None
    customer: str | None = Field(default=None, max_length=64)
    text: str = Field(default="", max_length=200, description="Words of the message or its sender")
    view: InboxView | None = Field(
        default=None, description="Those that wait for a word of ours, one's own, or nobody's"
    )


class AssignBody(Body):
    assigned_to: Line = Field(
        default="", description="The mail address of somebody who sells; empty: nobody"
    )


class AnswerBody(Body):
    answer: Prose


class LoseBody(Body):
    reason: LossReason
    note: Prose = ""


class QuoteEnquiryBody(Body):
    customer: Code | None = Field(
        default=None, description="Default: whose it is, else a new customer"
    )
