"""Working the inbox: take an enquiry, answer it, make it a quote, or give it up for a reason."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.accounts.queries import people_who_may
from procurement.audit.operations import record
from procurement.documents.languages import answering_for
from procurement.kernel import text
from procurement.kernel.actor import Actor
from procurement.kernel.errors import Invalid
from procurement.kernel.permissions import Permission
from procurement.kernel.secrets import new_token
from procurement.outbox.operations import NewMail, put_mail
from procurement.sales.errors import WrongStatus
from procurement.sales.models import Customer, Enquiry, Quote, ThreadMessage
from procurement.sales.operations.customers import ContactInput, SaveCustomer, create_customer
from procurement.sales.operations.enquiries import reopen
from procurement.sales.operations.lines import QuoteLineInput
from procurement.sales.operations.quoting import DraftQuote, draft_quote
from procurement.sales.operations.threads import mark_answered
from procurement.sales.queries.customers import customer_by_code
from procurement.sales.queries.enquiries import enquiry_for_update, enquiry_lines, locale_of
from procurement.sales.rules.speaking import paper_locale
from procurement.sales.terms import LOSS_WORDS, EnquiryStatus, LossReason, Writer
from procurement.settings.queries import get_company


def assign_enquiry(
    session: Session, number: str, email: str | None, *, actor: Actor, at: datetime
) -> Enquiry:
    """Give it to somebody who sells, named by mail address, or to nobody; they hear of it by mail."""
    actor.require(Permission.SELL)
    enquiry = _open_enquiry(session, number)
    if not email:
        enquiry.assigned_to_id = None
        record(session, "assign enquiry", number, "to nobody", actor=actor, at=at)
        return enquiry
    found = [one for one in people_who_may(session, Permission.SELL) if one.email == email.lower()]
    if not found:
        raise Invalid("Choose somebody who sells.", field="assigned_to")
    person = found[0]
    if enquiry.assigned_to_id == person.id:
        return enquiry
    enquiry.assigned_to_id = person.id
    record(session, "assign enquiry", number, f"to {person.name}", actor=actor, at=at)
    if person.id != actor.id:
        sender = enquiry.company or enquiry.name
        subject = f"{number} from {sender} is yours"[:200]
        body = f"{actor.name} has given you {number}.\n\n{enquiry.name}:\n{enquiry.message}".strip()
        put_mail(session, NewMail(person.email, subject, body, number), at=at)
    return enquiry


def answer_enquiry(
    session: Session,
    number: str,
    words: str,
    *,
    actor: Actor,
    at: datetime,
    public_url: str = "",
) -> Enquiry:
    """Write back by mail; kept in the thread. Who answers what is nobody's takes it.

    `public_url` is how links begin: with it the mail says where the sender may write again.
    """
    actor.require(Permission.SELL)
    enquiry = _open_enquiry(session, number)
    body = text.prose(words, "answer")
    if not body:
        raise Invalid("Please write an answer.", field="answer")
    if not enquiry.email:
        raise Invalid("There is no mail address to answer to.", field="answer")
    enquiry.link_token = enquiry.link_token or new_token()
    mail = put_mail(session, _answer(session, enquiry, body, actor, public_url), at=at)
    session.flush()  # the thread points at its mail
    mark_answered(session, at, enquiry_id=enquiry.id)
    session.add(
        ThreadMessage(
            enquiry_id=enquiry.id,
            at=at,
            writer=Writer.US,
            author=actor.name[:200],
            body=body,
            outbox_id=mail.id,
        )
    )
    if enquiry.status is EnquiryStatus.NEW:
        enquiry.status = EnquiryStatus.ANSWERED
    enquiry.answered_at = enquiry.answered_at or at
    enquiry.waiting_since = None
    enquiry.assigned_to_id = enquiry.assigned_to_id or actor.id
    record(session, "answer enquiry", number, body, actor=actor, at=at)
    return enquiry


def lose_enquiry(
    session: Session, number: str, reason: LossReason, note: str = "", *, actor: Actor, at: datetime
) -> Enquiry:
    """Nothing will come of it, and why. The sender is not written to."""
    actor.require(Permission.SELL)
    enquiry = _open_enquiry(session, number)
    enquiry.status = EnquiryStatus.LOST
    enquiry.lost_at = at
    enquiry.lost_reason = reason
    enquiry.lost_note = text.prose(note, "note")
    enquiry.waiting_since = None
    mark_answered(session, at, enquiry_id=enquiry.id)
    said = ". ".join(filter(None, (LOSS_WORDS[reason], enquiry.lost_note)))
    record(session, "lose enquiry", number, said, actor=actor, at=at)
    return enquiry


def reopen_enquiry(session: Session, number: str, *, actor: Actor, at: datetime) -> Enquiry:
    """Take up again what had been given up."""
    actor.require(Permission.SELL)
    enquiry = enquiry_for_update(session, number)
    if enquiry.status is not EnquiryStatus.LOST:
        raise WrongStatus(f"{number} is open already.")
    reopen(session, enquiry)
    record(session, "reopen enquiry", number, actor=actor, at=at)
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
    enquiry.assigned_to_id = enquiry.assigned_to_id or actor.id
    return quote


def _open_enquiry(session: Session, number: str) -> Enquiry:
    enquiry = enquiry_for_update(session, number)
    if enquiry.status is EnquiryStatus.LOST:
        raise WrongStatus(f"{number} has been given up; open it again first.")
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
            locale=enquiry.language or "en",
            contacts=(ContactInput(enquiry.name, "", enquiry.email, enquiry.phone),),
        ),
        actor=actor,
        at=at,
    )
    enquiry.customer_id = made.id
    return made.code


def _answer(
    session: Session, enquiry: Enquiry, body: str, actor: Actor, public_url: str
) -> NewMail:
    company = get_company(session)
    say = answering_for(paper_locale(locale_of(session, enquiry), company.locale))
    parts = [body, f"{actor.name}\n{company.name}"]
    if public_url:
        link = f"{public_url.rstrip('/')}/m/{enquiry.link_token}"
        parts.append(f"{say.mail_write_again}\n{link}")
    if enquiry.message:
        parts.append("\n".join(f"> {line}" for line in enquiry.message.splitlines()))
    return NewMail(
        recipient=enquiry.email,
        subject=say.mail_subject.format(company=company.name, number=enquiry.number)[:200],
        body="\n\n".join(parts),
        reference=enquiry.number,
    )
