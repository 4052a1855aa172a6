"""Questions about a quote: asked behind its link or by the customer's buyer, answered by mail; both stay with it."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.accounts.models import User
from procurement.audit.operations import record
from procurement.documents.languages import words_for
from procurement.kernel import text
from procurement.kernel.actor import Actor
from procurement.kernel.errors import Invalid
from procurement.kernel.permissions import Permission
from procurement.outbox.operations import NewMail, put_mail
from procurement.sales.models import Contact, Customer, Quote, ThreadMessage
from procurement.sales.operations.answering import quote_behind
from procurement.sales.operations.enquiries import TWICE
from procurement.sales.operations.issuing import link_of
from procurement.sales.operations.threads import mark_quote_answered
from procurement.sales.queries.quotes import no_such_quote, revisions_for_update
from procurement.sales.rules.speaking import label_said, paper_locale
from procurement.sales.terms import QuoteStatus, Writer
from procurement.settings.queries import get_company


def ask_by_link(
    session: Session, token: str, name: str, words: str, *, at: datetime, came_from: str = ""
) -> Quote:
    """A question from behind the link; whoever drafted the quote hears of it by mail."""
    quote = quote_behind(session, token)
    asker = Actor(id=None, name=text.name(name, "name"))
    return _ask(session, quote, words, asker, at=at, came_from=came_from)


def ask_about_quote(
    session: Session, number: str, words: str, *, actor: Actor, at: datetime
) -> Quote:
    """The same from the customer's own buyer, about the newest revision they were sent."""
    actor.require(Permission.BUY)
    revisions = revisions_for_update(session, number)
    actor.require_customer(revisions[0].customer_id)
    sent = [one for one in revisions if one.issued_at is not None]
    if not sent:
        raise no_such_quote()
    return _ask(session, sent[-1], words, actor, at=at)


def _ask(
    session: Session,
    quote: Quote,
    words: str,
    asker: Actor,
    *,
    at: datetime,
    came_from: str = "",
) -> Quote:
    author = asker.name[:200]
    body = text.prose(words, "question")
    if not body:
        raise Invalid("Please write your question.", field="question")
    last = session.scalars(
        select(ThreadMessage)
        .where(ThreadMessage.quote_id == quote.id)
        .order_by(ThreadMessage.id.desc())
        .limit(1)
    ).one_or_none()
    if last and last.writer is Writer.CUSTOMER and last.body == body and at - last.at < TWICE:
        return quote
    session.add(
        ThreadMessage(
            quote_id=quote.id,
            at=at,
            writer=Writer.CUSTOMER,
            author=author,
            body=body,
            came_from=came_from[:100],
        )
    )
    record(session, "ask about quote", quote.label, body[:200], actor=asker, at=at)
    person = session.get(User, quote.drafted_by_id) if quote.drafted_by_id else None
    recipient = person.email if person and person.active else get_company(session).email
    if recipient:
        subject = f"{quote.label}: {author} asks"[:200]
        put_mail(session, NewMail(recipient, subject, body, quote.number), at=at)
    return quote


def answer_question(
    session: Session, number: str, words: str, *, actor: Actor, at: datetime, public_url: str
) -> str:
    """Answer by mail, with the link while it works; says to which address it went."""
    actor.require(Permission.SELL)
    revisions = revisions_for_update(session, number)
    sent = [one for one in revisions if one.issued_at is not None]
    body = text.prose(words, "answer")
    if not body:
        raise Invalid("Please write an answer.", field="answer")
    if not sent:
        raise Invalid("The customer has not been sent this quote yet.", field="answer")
    quote = sent[-1]
    recipient = _mail_of(session, quote)
    if not recipient:
        raise Invalid("The customer has no mail address.", field="answer")
    company = get_company(session)
    parts = [body, f"{actor.name}\n{company.name}"]
    if quote.status is QuoteStatus.ISSUED and quote.link_token and quote.link_ended_at is None:
        parts.append(link_of(public_url, quote.link_token))
    said = words_for(paper_locale(_locale_of(session, quote), company.locale))
    subject = f"{label_said(quote.number, quote.revision, said)}, {company.name}"[:200]
    mail = put_mail(session, NewMail(recipient, subject, "\n\n".join(parts), number), at=at)
    session.flush()  # the thread points at its mail
    mark_quote_answered(session, at, quote_ids=[one.id for one in revisions])
    session.add(
        ThreadMessage(
            quote_id=quote.id,
            at=at,
            writer=Writer.US,
            author=actor.name[:200],
            body=body,
            outbox_id=mail.id,
        )
    )
    record(session, "answer question", quote.label, body[:200], actor=actor, at=at)
    return recipient


def _locale_of(session: Session, quote: Quote) -> str:
    return quote.locale or session.get_one(Customer, quote.customer_id).locale


def _mail_of(session: Session, quote: Quote) -> str:
    contact = session.get(Contact, quote.contact_id) if quote.contact_id else None
    return (contact.email if contact else "") or session.get_one(Customer, quote.customer_id).email
