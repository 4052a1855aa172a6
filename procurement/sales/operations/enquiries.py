"""Enquiries come in: from the public form, from a buyer's basket, and once more by the thread's private link."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.accounts.models import User
from procurement.audit.operations import record
from procurement.catalogue.terms import ProductStatus
from procurement.documents.languages import LANGUAGES
from procurement.kernel import text
from procurement.kernel.actor import PUBLIC, Actor
from procurement.kernel.clock import today_in
from procurement.kernel.errors import FieldError, Invalid
from procurement.kernel.money import UnitPrice
from procurement.kernel.permissions import Permission
from procurement.kernel.secrets import new_token
from procurement.kernel.serial import Series, next_number
from procurement.outbox.operations import NewMail, put_mail
from procurement.sales.models import Customer, Enquiry, EnquiryLine, Quote, ThreadMessage
from procurement.sales.operations.customers import email_address
from procurement.sales.operations.lines import MOST_PACKS
from procurement.sales.queries.enquiries import enquiry_behind
from procurement.sales.queries.offers import offered_products
from procurement.sales.terms import CustomerKind, EnquiryStatus, Writer
from procurement.settings.queries import get_company

MOST_LINES = 200
TWICE = timedelta(minutes=10)  # the same words within these are one message
CONSENT = "You may keep what I wrote here to answer me."


@dataclass(frozen=True, slots=True)
class AskedProduct:
    """A product somebody asks about; how much of it, and what a pack should cost, if they say so."""

    product: str
    pack: str | None = None
    packs: int | None = None
    target: UnitPrice | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveMessage:
    """What a visitor of the public site writes. `consent` are the words they agreed to."""

    name: str
    email: str
    kind: CustomerKind
    message: str
    company: str = ""
    phone: str = ""
    products: tuple[AskedProduct, ...] = ()
    consent: str = ""
    language: str = ""  # of those papers are written in; empty: nobody knows


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
    if command.language and command.language not in LANGUAGES:
        raise Invalid(f"One of {', '.join(LANGUAGES)}.", field="language")
    enquiry = Enquiry(
        kind=command.kind,
        name=text.name(command.name, "name"),
        email=email_address(command.email, "email", required=True)[:200],
        phone=text.optional_line(command.phone, "phone"),
        company=text.optional_line(command.company, "company"),
        message=message,
        language=command.language,
        consented_at=at if command.consent else None,
        consent=text.prose(command.consent, "consent"),
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
        kind=customer.kind,
        name=actor.name[:200],
        email=_address_of(session, actor) or customer.email[:200],
        phone=customer.phone,
        company=customer.name,
        message=text.prose(command.message, "message"),
        customer_id=customer.id,
    )
    return _take_in(session, enquiry, command.lines, "lines", actor=actor, at=at)


def ask_us(session: Session, message: str, *, actor: Actor, at: datetime) -> Enquiry:
    """A buyer writes to us about something that is no product: a thread like any other."""
    actor.require(Permission.BUY)
    customer = session.get(Customer, actor.customer_id) if actor.customer_id else None
    if customer is None:
        raise Invalid("Your account is not tied to a customer yet; please write to us.")
    enquiry = Enquiry(
        kind=customer.kind,
        name=actor.name[:200],
        email=_address_of(session, actor) or customer.email[:200],
        phone=customer.phone,
        company=customer.name,
        message=text.prose(message, "message"),
        customer_id=customer.id,
    )
    return _take_in(session, enquiry, (), "lines", actor=actor, at=at)


def write_again(
    session: Session, token: str, words: str, *, at: datetime, came_from: str = ""
) -> Enquiry:
    """The sender writes on, by the thread's private link. What had been given up is open again."""
    enquiry = enquiry_behind(session, token)
    body = text.prose(words, "message")
    if not body:
        raise Invalid("Please write a few words.", field="message")
    last = session.scalars(
        select(ThreadMessage)
        .where(ThreadMessage.enquiry_id == enquiry.id)
        .order_by(ThreadMessage.id.desc())
        .limit(1)
    ).one_or_none()
    if last and last.writer is Writer.CUSTOMER and last.body == body and at - last.at < TWICE:
        return enquiry
    session.add(
        ThreadMessage(
            enquiry_id=enquiry.id,
            at=at,
            writer=Writer.CUSTOMER,
            author=enquiry.name,
            body=body,
            came_from=came_from[:100],
        )
    )
    reopen(session, enquiry)
    enquiry.waiting_since = enquiry.waiting_since or at
    record(session, "write again", enquiry.number, enquiry.name, actor=PUBLIC, at=at)
    _tell(session, enquiry, "wrote again", body, at)
    return enquiry


def reopen(session: Session, enquiry: Enquiry) -> None:
    """Back to where it was before it was given up: quoted, answered or new."""
    if enquiry.status is not EnquiryStatus.LOST:
        return
    quoted = is_quoted(session, enquiry)
    answered = EnquiryStatus.ANSWERED if enquiry.answered_at else EnquiryStatus.NEW
    enquiry.status = EnquiryStatus.QUOTED if quoted else answered
    enquiry.lost_at = enquiry.lost_reason = None
    enquiry.lost_note = ""
    if enquiry.answered_at is None:
        enquiry.waiting_since = enquiry.received_at


def is_quoted(session: Session, enquiry: Enquiry) -> bool:
    found = session.scalar(select(Quote.id).where(Quote.enquiry_id == enquiry.id).limit(1))
    return found is not None


def _take_in(
    session: Session,
    enquiry: Enquiry,
    asked: Sequence[AskedProduct],
    field: str,
    *,
    actor: Actor,
    at: datetime,
) -> Enquiry:
    lines = _lines(session, asked, field)
    enquiry.digest = _digest(enquiry, asked)
    if sent := _sent_just_now(session, enquiry.digest, at):
        return sent
    company = get_company(session)
    number = next_number(session, Series.ENQUIRY, today_in(company.time_zone, at))
    # The series is locked now: of two that came at once, the second finds the first here.
    if sent := _sent_just_now(session, enquiry.digest, at):
        return sent
    enquiry.number = number
    enquiry.status = EnquiryStatus.NEW
    enquiry.lines = lines
    enquiry.received_at = enquiry.waiting_since = at
    enquiry.link_token = new_token()
    session.add(enquiry)
    record(session, "receive enquiry", enquiry.number, enquiry.name, actor=actor, at=at)
    _tell(session, enquiry, "wrote", enquiry.message, at)
    return enquiry


def _digest(enquiry: Enquiry, asked: Sequence[AskedProduct]) -> str:
    said = (enquiry.email.casefold(), enquiry.name, enquiry.message, *map(str, asked))
    return hashlib.sha256("\0".join(said).encode()).hexdigest()


def _sent_just_now(session: Session, digest: str, at: datetime) -> Enquiry | None:
    return session.scalars(
        select(Enquiry)
        .where(Enquiry.digest == digest, Enquiry.received_at > at - TWICE)
        .order_by(Enquiry.id)
        .limit(1)
    ).one_or_none()


def _tell(session: Session, enquiry: Enquiry, what: str, words: str, at: datetime) -> None:
    """Whose it is hears of it by mail; while it is nobody's, or theirs who has left, the company does."""
    person = session.get(User, enquiry.assigned_to_id) if enquiry.assigned_to_id else None
    recipient = person.email if person and person.active else get_company(session).email
    if not recipient:
        return
    sender = enquiry.company or enquiry.name
    body = f"{enquiry.name} <{enquiry.email}>\n\n{words}".strip()
    subject = f"{enquiry.number}: {sender} {what}"
    put_mail(session, NewMail(recipient, subject[:200], body, enquiry.number), at=at)


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
                    target_e4=line.target.e4 if line.target else None,
                    target_currency=line.target.currency if line.target else None,
                )
            )
    if errors:
        raise Invalid.of(errors)
    return lines


def _address_of(session: Session, actor: Actor) -> str:
    """The buyer's own address: an answer goes to who asked."""
    user = session.get(User, actor.id) if actor.id is not None else None
    return user.email[:200] if user else ""
