"""One enquiry: what was asked, what was written since, what came of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.accounts.models import User
from procurement.catalogue.models import Pack, Product
from procurement.catalogue.terms import ProductStatus
from procurement.kernel.actor import Actor
from procurement.kernel.db import ReadSession
from procurement.kernel.errors import NotFound
from procurement.kernel.money import UnitPrice
from procurement.kernel.permissions import Permission
from procurement.kernel.text import is_storable
from procurement.sales.models import Customer, Enquiry, EnquiryLine, Quote, ThreadMessage
from procurement.sales.queries.customers import customer_by_email
from procurement.sales.queries.threads import ThreadRow, thread_of
from procurement.sales.terms import CustomerKind, EnquiryStatus, LossReason, QuoteStatus


@dataclass(frozen=True, slots=True)
class EnquiryLineRow:
    """A product somebody asks about; `target` is what a pack should cost."""

    product: str
    product_name: str
    pack: str | None
    pack_name: str | None
    packs: int | None
    target: UnitPrice | None
    is_offered: bool


@dataclass(frozen=True, slots=True)
class LinkedDocument:
    """A quote made from the enquiry."""

    number: str
    revision: int
    status: QuoteStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class EnquiryPage:
    """One enquiry with its products, what was written since, its quotes, and whose it may be."""

    number: str
    status: EnquiryStatus
    kind: CustomerKind
    name: str
    company: str
    email: str
    phone: str
    message: str
    language: str  # what the sender's browser asked for; empty where nobody knows
    received_at: datetime
    consented_at: datetime | None
    consent: str  # the words agreed to
    answered_at: datetime | None
    waiting_since: datetime | None
    assigned_to: str | None  # whose it is: mail address and name
    assigned_name: str | None
    lost_at: datetime | None
    lost_reason: LossReason | None
    lost_note: str
    link_token: str | None
    customer: str | None
    customer_name: str | None
    likely_customer: str | None  # writes from the same address
    likely_customer_name: str | None
    lines: tuple[EnquiryLineRow, ...]
    thread: tuple[ThreadRow, ...]
    quotes: tuple[LinkedDocument, ...]

    @property
    def is_open(self) -> bool:
        return self.status is not EnquiryStatus.LOST

    @property
    def first_answer(self) -> timedelta | None:
        """How long the sender waited for our first word, by the clock on the wall."""
        return self.answered_at - self.received_at if self.answered_at else None


def enquiry_page(session: ReadSession, number: str, *, actor: Actor) -> EnquiryPage:
    actor.require(Permission.SEE_SALES)
    found = session.execute(
        select(Enquiry, Customer.code, Customer.name, User.email, User.name)
        .outerjoin(Customer, Customer.id == Enquiry.customer_id)
        .outerjoin(User, User.id == Enquiry.assigned_to_id)
        .where(Enquiry.number == number)
    ).one_or_none()
    if found is None:
        raise no_such_enquiry()
    enquiry, code, name, assigned_to, assigned_name = found
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
        language=enquiry.language,
        received_at=enquiry.received_at,
        consented_at=enquiry.consented_at,
        consent=enquiry.consent,
        answered_at=enquiry.answered_at,
        waiting_since=enquiry.waiting_since,
        assigned_to=assigned_to,
        assigned_name=assigned_name,
        lost_at=enquiry.lost_at,
        lost_reason=enquiry.lost_reason,
        lost_note=enquiry.lost_note,
        link_token=enquiry.link_token,
        customer=code,
        customer_name=name,
        likely_customer=likely.code if likely else None,
        likely_customer_name=likely.name if likely else None,
        lines=tuple(enquiry_lines(session, enquiry.id)),
        thread=thread_of(session, ThreadMessage.enquiry_id == enquiry.id),
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
            target=_target(line),
            is_offered=status is ProductStatus.ACTIVE,
        )
        for line, sku, name, status, pack, pack_name in rows
    ]


def asked_in(session: ReadSession, number: str) -> tuple[EnquiryLineRow, ...]:
    """What an enquiry asks for, beside the quote that is drafted from it."""
    found = session.scalar(select(Enquiry.id).where(Enquiry.number == number))
    return tuple(enquiry_lines(session, found)) if found else ()


def _target(line: EnquiryLine) -> UnitPrice | None:
    if line.target_e4 is None or line.target_currency is None:
        return None
    return UnitPrice(line.target_e4, line.target_currency)


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


def enquiry_behind(session: Session, token: str) -> Enquiry:
    """The enquiry a private link leads to, locked to be changed."""
    enquiry = None
    if is_storable(token):
        enquiry = session.scalar(
            select(Enquiry)
            .where(Enquiry.link_token == token)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    if enquiry is None:
        raise no_such_enquiry()
    return enquiry


@dataclass(frozen=True, slots=True)
class LinkedThread:
    """An enquiry as its sender sees it: their words, ours, and the products."""

    number: str
    name: str
    message: str
    received_at: datetime
    is_open: bool
    locale: str  # the customer's, or the language it was written in; empty where nobody knows
    lines: tuple[EnquiryLineRow, ...]
    thread: tuple[ThreadRow, ...]


def linked_thread(session: ReadSession, token: str) -> LinkedThread:
    """What stands behind the sender's private link; a link nobody made leads nowhere."""
    enquiry = None
    if is_storable(token):
        enquiry = session.scalar(select(Enquiry).where(Enquiry.link_token == token))
    if enquiry is None:
        raise no_such_enquiry()
    return LinkedThread(
        number=enquiry.number,
        name=enquiry.name,
        message=enquiry.message,
        received_at=enquiry.received_at,
        is_open=enquiry.status is not EnquiryStatus.LOST,
        locale=locale_of(session, enquiry),
        lines=tuple(enquiry_lines(session, enquiry.id)),
        thread=thread_of(session, ThreadMessage.enquiry_id == enquiry.id),
    )


def locale_of(session: ReadSession, enquiry: Enquiry) -> str:
    """Of the customer it came from; where that is nobody yet, the language it was written in, or empty."""
    customer = enquiry.customer_id
    found = session.scalar(select(Customer.locale).where(Customer.id == customer))
    return found or enquiry.language


def no_such_enquiry() -> NotFound:
    return NotFound("There is no such enquiry.")
