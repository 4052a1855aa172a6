"""The sales inbox: enquiries in a list, one with what came of it, how many wait."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from procurement.catalogue.models import Pack, Product
from procurement.catalogue.terms import ProductStatus
from procurement.kernel.actor import Actor
from procurement.kernel.db import ReadSession
from procurement.kernel.errors import NotFound
from procurement.kernel.paging import Page, PageRequest
from procurement.kernel.permissions import Permission
from procurement.kernel.text import containing, fold, is_storable
from procurement.outbox.models import Message, MessageStatus
from procurement.sales.models import Customer, Enquiry, EnquiryLine, Quote
from procurement.sales.queries.customers import customer_by_email
from procurement.sales.terms import CustomerKind, EnquiryStatus, QuoteStatus


@dataclass(frozen=True, slots=True)
class EnquiryRow:
    """An enquiry in the inbox; `excerpt` is how the message begins."""

    number: str
    status: EnquiryStatus
    kind: CustomerKind
    name: str
    company: str
    email: str
    excerpt: str
    products: int
    received_at: datetime
    answered_at: datetime | None
    key: int


@dataclass(frozen=True, slots=True)
class EnquiryLineRow:
    """A product somebody asks about."""

    product: str
    product_name: str
    pack: str | None
    pack_name: str | None
    packs: int | None
    is_offered: bool


@dataclass(frozen=True, slots=True)
class SentMail:
    """A mail about an enquiry."""

    at: datetime
    recipient: str
    subject: str
    body: str
    status: MessageStatus


@dataclass(frozen=True, slots=True)
class LinkedDocument:
    """A quote made from the enquiry."""

    number: str
    revision: int
    status: QuoteStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class EnquiryPage:
    """One enquiry with its products, the mails about it, its quotes, and whose it may be."""

    number: str
    status: EnquiryStatus
    kind: CustomerKind
    name: str
    company: str
    email: str
    phone: str
    message: str
    received_at: datetime
    consented_at: datetime | None
    answered_at: datetime | None
    customer: str | None
    customer_name: str | None
    likely_customer: str | None  # writes from the same address
    likely_customer_name: str | None
    lines: tuple[EnquiryLineRow, ...]
    mails: tuple[SentMail, ...]
    quotes: tuple[LinkedDocument, ...]

    @property
    def is_open(self) -> bool:
        return self.status is not EnquiryStatus.CLOSED


@dataclass(frozen=True, slots=True)
class InboxCounts:
    """How many enquiries are in each state."""

    new: int = 0
    answered: int = 0
    quoted: int = 0
    closed: int = 0


def enquiries(
    session: ReadSession,
    page: PageRequest,
    *,
    actor: Actor,
    status: EnquiryStatus | None = None,
    text: str = "",
    customer: str | None = None,
) -> Page[EnquiryRow]:
    """The inbox, the newest first."""
    actor.require(Permission.SEE_SALES)
    products = (
        select(func.count())
        .select_from(EnquiryLine)
        .where(EnquiryLine.enquiry_id == Enquiry.id)
        .scalar_subquery()
    )
    query = (
        select(Enquiry, products)
        .where(*_narrowed(status, text, customer))
        .order_by(Enquiry.id.desc())
        .limit(page.limit + 1)
    )
    if after := page.key(int):
        query = query.where(Enquiry.id < after[0])
    rows = [_row(enquiry, count) for enquiry, count in session.execute(query)]
    return page.page(rows, lambda row: (row.key,))


def _narrowed(
    status: EnquiryStatus | None, text: str, customer: str | None
) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if status:
        conditions.append(Enquiry.status == status)
    if customer:
        conditions.append(
            Enquiry.customer_id.in_(select(Customer.id).where(Customer.code == customer))
        )
    for word in fold(text).split():
        pattern = containing(word)
        columns = (Enquiry.number, Enquiry.name, Enquiry.company, Enquiry.email, Enquiry.message)
        conditions.append(or_(*(func.lower(c).like(pattern, escape="\\") for c in columns)))
    return conditions


def _row(enquiry: Enquiry, products: int) -> EnquiryRow:
    words = " ".join(enquiry.message.split())
    return EnquiryRow(
        number=enquiry.number,
        status=enquiry.status,
        kind=enquiry.kind,
        name=enquiry.name,
        company=enquiry.company,
        email=enquiry.email,
        excerpt=words if len(words) <= 140 else words[:139].rstrip() + "…",
        products=products,
        received_at=enquiry.received_at,
        answered_at=enquiry.answered_at,
        key=enquiry.id,
    )


def inbox_counts(session: ReadSession, *, actor: Actor) -> InboxCounts:
    actor.require(Permission.SEE_SALES)
    rows = session.execute(select(Enquiry.status, func.count()).group_by(Enquiry.status))
    return InboxCounts(**{status.value: count for status, count in rows})


def enquiry_page(session: ReadSession, number: str, *, actor: Actor) -> EnquiryPage:
    actor.require(Permission.SEE_SALES)
    found = session.execute(
        select(Enquiry, Customer.code, Customer.name)
        .outerjoin(Customer, Customer.id == Enquiry.customer_id)
        .where(Enquiry.number == number)
    ).one_or_none()
    if found is None:
        raise no_such_enquiry()
    enquiry, code, name = found
    likely = customer_by_email(session, enquiry.email) if code is None else None
    return EnquiryPage(
        number=enquiry.number,
        status=enquiry.status,
        kind=enquiry.kind,
        name=enquiry.name,
        company=enquiry.company,
        email=enquiry.email,
        phone=enquiry.phone,
        message=enquiry.message,
        received_at=enquiry.received_at,
        consented_at=enquiry.consented_at,
        answered_at=enquiry.answered_at,
        customer=code,
        customer_name=name,
        likely_customer=likely.code if likely else None,
        likely_customer_name=likely.name if likely else None,
        lines=tuple(enquiry_lines(session, enquiry.id)),
        mails=_mails(session, enquiry),
        quotes=_quotes(session, enquiry.id),
    )


def enquiry_lines(session: ReadSession, enquiry_id: int) -> list[EnquiryLineRow]:
    rows = session.execute(
        select(
            EnquiryLine,
            Product.sku,
            Product.name.label("product_name"),
            Product.status,
            Pack.code,
            Pack.name.label("pack_name"),
        )
        .join(Product, Product.id == EnquiryLine.product_id)
        .outerjoin(Pack, Pack.id == EnquiryLine.pack_id)
        .where(EnquiryLine.enquiry_id == enquiry_id)
        .order_by(EnquiryLine.position)
    )
    return [
        EnquiryLineRow(
            product=sku,
            product_name=name,
            pack=pack,
            pack_name=pack_name,
            packs=line.packs,
            is_offered=status is ProductStatus.ACTIVE,
        )
        for line, sku, name, status, pack, pack_name in rows
    ]


def _mails(session: ReadSession, enquiry: Enquiry) -> tuple[SentMail, ...]:
    """What was written to the sender; the notice to ourselves is left out."""
    rows = session.scalars(
        select(Message)
        .where(Message.reference == enquiry.number, Message.recipient == enquiry.email)
        .order_by(Message.created_at, Message.id)
    )
    return tuple(SentMail(m.created_at, m.recipient, m.subject, m.body, m.status) for m in rows)


def _quotes(session: ReadSession, enquiry_id: int) -> tuple[LinkedDocument, ...]:
    rows = session.scalars(
        select(Quote).where(Quote.enquiry_id == enquiry_id).order_by(Quote.id.desc())
    )
    return tuple(LinkedDocument(q.number, q.revision, q.status) for q in rows)


def enquiry_for_update(session: Session, number: str) -> Enquiry:
    enquiry = None
    if is_storable(number):
        enquiry = session.scalar(
            select(Enquiry)
            .where(Enquiry.number == number)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    if enquiry is None:
        raise no_such_enquiry()
    return enquiry


def no_such_enquiry() -> NotFound:
    return NotFound("There is no such enquiry.")
