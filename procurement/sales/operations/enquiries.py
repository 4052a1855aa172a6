"""Enquiries: from the public form, from a buyer's basket; answered, closed, or made into a quote."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.accounts.models import User
from procurement.audit.operations import record
from procurement.catalogue.terms import ProductStatus
from procurement.kernel import text
from procurement.kernel.actor import Actor
from procurement.kernel.clock import today_in
from procurement.kernel.errors import FieldError, Invalid
from procurement.kernel.permissions import Permission
from procurement.kernel.serial import Series, next_number
from procurement.outbox.operations import NewMail, put_mail
from procurement.sales.errors import WrongStatus
from procurement.sales.models import Customer, Enquiry, EnquiryLine, Quote
from procurement.sales.operations.customers import (
    ContactInput,
    SaveCustomer,
    create_customer,
    email_address,
)
from procurement.sales.operations.lines import MOST_PACKS, QuoteLineInput
from procurement.sales.operations.quoting import DraftQuote, draft_quote
from procurement.sales.queries.customers import customer_by_code
from procurement.sales.queries.enquiries import enquiry_for_update, enquiry_lines
from procurement.sales.queries.offers import offered_products
from procurement.sales.terms import CustomerKind, EnquiryStatus
from procurement.settings.queries import get_company

MOST_LINES = 200


@dataclass(frozen=True, slots=True)
class AskedProduct:
    """A product somebody asks about, and how much of it if they say so."""

    product: str
    pack: str | None = None
    packs: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveMessage:
    """What a visitor of the public site writes."""

    name: str
    email: str
    kind: CustomerKind
    message: str
    company: str = ""
    phone: str = ""
    products: tuple[AskedProduct, ...] = ()
    consent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestQuote:
    """What a signed-in buyer asks a quote for."""

    lines: tuple[AskedProduct, ...]
    message: str = ""


def leave_message(
    session: Session, command: LeaveMessage, *, actor: Actor, at: datetime
) -> Enquiry:
    """Take a message in from anybody. It lands in the sales inbox; the company hears of it by mail."""
    message = text.prose(command.message, "message")
    if not message and not command.products:
        raise Invalid("Please write a few words.", field="message")
    enquiry = Enquiry(
        status=EnquiryStatus.NEW,
        kind=command.kind,
        name=text.name(command.name, "name"),
        email=email_address(command.email, "email", required=True)[:200],
        phone=text.optional_line(command.phone, "phone"),
        company=text.optional_line(command.company, "company"),
        message=message,
        received_at=at,
        consented_at=at if command.consent else None,
    )
    return _take_in(session, enquiry, command.products, "products", actor=actor, at=at)


def request_quote(
    session: Session, command: RequestQuote, *, actor: Actor, at: datetime
) -> Enquiry:
    """A buyer asks for a quote of what is in their basket."""
    actor.require(Permission.BUY)
    customer = session.get(Customer, actor.customer_id) if actor.customer_id else None
    if customer is None:
        raise Invalid("Your account is not tied to a customer yet; please write to us.")
    if not command.lines:
        raise Invalid("There is nothing in the basket.", field="lines")
    enquiry = Enquiry(
        status=EnquiryStatus.NEW,
        kind=customer.kind,
        name=actor.name[:200],
        email=_address_of(session, actor) or customer.email[:200],
        phone=customer.phone,
        company=customer.name,
        message=text.prose(command.message, "message"),
        customer_id=customer.id,
        received_at=at,
    )
    return _take_in(session, enquiry, command.lines, "lines", actor=actor, at=at)


def answer_enquiry(
    session: Session, number: str, words: str, *, actor: Actor, at: datetime
) -> Enquiry:
    """Write back by mail; the enquiry counts as answered."""
    actor.require(Permission.SELL)
    enquiry = _open_enquiry(session, number)
    body = text.prose(words, "answer")
    if not body:
        raise Invalid("Please write an answer.", field="answer")
    if not enquiry.email:
        raise Invalid("There is no mail address to answer to.", field="answer")
    company = get_company(session)
    put_mail(
        session,
        NewMail(
            recipient=enquiry.email,
            subject=f"Your message to {company.name} ({number})",
            body=f"{body}\n\n{actor.name}\n{company.name}\n\n{_quoted(enquiry.message)}".strip(),
            reference=number,
        ),
        at=at,
    )
    if enquiry.status is EnquiryStatus.NEW:
        enquiry.status = EnquiryStatus.ANSWERED
    enquiry.answered_at = enquiry.answered_at or at
    record(session, "answer enquiry", number, body, actor=actor, at=at)
    return enquiry


def close_enquiry(session: Session, number: str, *, actor: Actor, at: datetime) -> Enquiry:
    """Put it away: nothing more will come of it."""
    actor.require(Permission.SELL)
    enquiry = _open_enquiry(session, number)
    enquiry.status = EnquiryStatus.CLOSED
    record(session, "close enquiry", number, actor=actor, at=at)
    return enquiry


def quote_enquiry(
    session: Session, number: str, *, actor: Actor, at: datetime, customer: str | None = None
) -> Quote:
    """Draft a quote of what was asked for; who is not a customer yet becomes one."""
    actor.require(Permission.SELL)
    enquiry = _open_enquiry(session, number)
    made = session.scalars(select(Quote.number).where(Quote.enquiry_id == enquiry.id)).first()
    if made:
        raise WrongStatus(f"{made} was drafted from this enquiry already.")
    code = _customer_of(session, enquiry, customer, actor=actor, at=at)
    lines = tuple(
        QuoteLineInput(product=line.product, pack=line.pack, packs=line.packs or 1)
        for line in enquiry_lines(session, enquiry.id)
        if line.is_offered
    )
    quote = draft_quote(
        session,
        DraftQuote(customer=code, lines=lines, ask_prices=True),
        actor=actor,
        at=at,
        enquiry=enquiry,
    )
    enquiry.status = EnquiryStatus.QUOTED
    return quote


def _take_in(
    session: Session,
    enquiry: Enquiry,
    asked: Sequence[AskedProduct],
    field: str,
    *,
    actor: Actor,
    at: datetime,
) -> Enquiry:
    enquiry.lines = _lines(session, asked, field)
    company = get_company(session)
    enquiry.number = next_number(session, Series.ENQUIRY, today_in(company.time_zone, at))
    session.add(enquiry)
    record(session, "receive enquiry", enquiry.number, enquiry.name, actor=actor, at=at)
    if company.email:
        sender = enquiry.company or enquiry.name
        body = f"{enquiry.name} <{enquiry.email}>\n\n{enquiry.message}".strip()
        subject = f"{enquiry.number}: {sender} wrote"
        put_mail(session, NewMail(company.email, subject[:200], body, enquiry.number), at=at)
    return enquiry


def _lines(session: Session, asked: Sequence[AskedProduct], field: str) -> list[EnquiryLine]:
    if len(asked) > MOST_LINES:
        raise Invalid(f"At most {MOST_LINES} products at a time.", field=field)
    products = offered_products(session, skus={line.product for line in asked})
    lines: list[EnquiryLine] = []
    errors: list[FieldError] = []
    for i, line in enumerate(asked):
        product = products.get(line.product)
        pack = product.pack(line.pack) if product else None
        if product is None or product.status is not ProductStatus.ACTIVE:
            errors.append(FieldError(f"{field}.{i}.product", "There is no such product."))
        elif pack is None and line.pack:
            errors.append(FieldError(f"{field}.{i}.pack", f"{product.sku} has no such pack."))
        elif line.packs is not None and not 1 <= line.packs <= MOST_PACKS:
            errors.append(FieldError(f"{field}.{i}.packs", f"From 1 to {MOST_PACKS:,} packs."))
        else:
            lines.append(
                EnquiryLine(
                    position=len(lines) + 1,
                    product_id=product.id,
                    pack_id=pack.id if pack else None,
                    packs=line.packs,
                )
            )
    if errors:
        raise Invalid.of(errors)
    return lines


def _open_enquiry(session: Session, number: str) -> Enquiry:
    enquiry = enquiry_for_update(session, number)
    if enquiry.status is EnquiryStatus.CLOSED:
        raise WrongStatus(f"{number} has been closed.")
    return enquiry


def _customer_of(
    session: Session, enquiry: Enquiry, code: str | None, *, actor: Actor, at: datetime
) -> str:
    """The customer it came from, the one somebody chose, or a new one made of what the message says."""
    if enquiry.customer_id is not None:
        return session.get_one(Customer, enquiry.customer_id).code
    if code:
        chosen = customer_by_code(session, code)
        if chosen is None:
            raise Invalid("There is no such customer.", field="customer")
        enquiry.customer_id = chosen.id
        return chosen.code
    made = create_customer(
        session,
        SaveCustomer(
            name=enquiry.company or enquiry.name,
            kind=enquiry.kind,
            email=enquiry.email,
            phone=enquiry.phone,
            contacts=(ContactInput(enquiry.name, "", enquiry.email, enquiry.phone),),
        ),
        actor=actor,
        at=at,
    )
    enquiry.customer_id = made.id
    return made.code


def _address_of(session: Session, actor: Actor) -> str:
    """The buyer's own address: an answer goes to who asked."""
    user = session.get(User, actor.id) if actor.id is not None else None
    return user.email[:200] if user else ""


def _quoted(message: str) -> str:
    return "\n".join(f"> {line}" for line in message.splitlines())
