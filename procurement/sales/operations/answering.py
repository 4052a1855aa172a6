"""What ends an offer: the customer accepts or declines, its time runs out, or it is withdrawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.audit.operations import record
from procurement.kernel import text
from procurement.kernel.actor import Actor
from procurement.kernel.clock import today_in
from procurement.kernel.errors import Forbidden, Invalid
from procurement.kernel.money import Money
from procurement.kernel.permissions import Permission
from procurement.outbox.operations import NewMail, put_mail
from procurement.sales.errors import QuoteExpired
from procurement.sales.models import Quote
from procurement.sales.queries.quotes import (
    no_such_quote,
    number_of_link,
    revisions_for_update,
)
from procurement.sales.rules.validity import is_past
from procurement.sales.terms import QuoteStatus
from procurement.settings.queries import get_company
from procurement.settings.terms import CompanyProfile


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Who answers, and from which address. `options` are positions of optional lines they want as well."""

    name: str
    note: str = ""
    reason: str = ""  # when declining
    came_from: str = ""
    options: tuple[int, ...] = ()


def accept_quote(
    session: Session, number: str, answer: Answer, *, actor: Actor, at: datetime
) -> Quote:
    """Accept what is with the customer: by the customer's own buyer, or by staff on their behalf."""
    quote = _with_customer(session, number, actor)
    return _accept(session, quote, answer, actor=actor, at=at)


def decline_quote(
    session: Session, number: str, answer: Answer, *, actor: Actor, at: datetime
) -> Quote:
    quote = _with_customer(session, number, actor)
    return _decline(session, quote, answer, actor=actor, at=at)


def accept_by_link(session: Session, token: str, answer: Answer, *, at: datetime) -> Quote:
    """Whoever holds the private link may answer; the name they type is kept."""
    quote = _behind(session, token)
    return _accept(session, quote, answer, actor=_holder(answer), at=at)


def decline_by_link(session: Session, token: str, answer: Answer, *, at: datetime) -> Quote:
    quote = _behind(session, token)
    return _decline(session, quote, answer, actor=_holder(answer), at=at)


def cancel_quote(
    session: Session, number: str, why: str = "", *, actor: Actor, at: datetime
) -> Quote:
    """Withdraw the newest revision that is a draft or with the customer."""
    actor.require(Permission.SELL)
    revisions = revisions_for_update(session, number)
    open_ = [q for q in revisions if q.status in {QuoteStatus.DRAFT, QuoteStatus.ISSUED}]
    quote = open_[-1] if open_ else revisions[-1]
    _require_standing(quote, get_company(session), at)
    quote.move_to(QuoteStatus.CANCELLED, by=actor.name[:200], at=at)
    record(session, "cancel quote", quote.label, text.prose(why, "why"), actor=actor, at=at)
    return quote


def expire_quotes(session: Session, *, actor: Actor, at: datetime) -> int:
    """Write down what every reader already computes: issued quotes past their last valid day have expired."""
    actor.require(Permission.SELL)
    today = today_in(get_company(session).time_zone, at)
    overdue = session.scalars(
        select(Quote)
        .where(Quote.status == QuoteStatus.ISSUED, Quote.valid_until < today)
        .order_by(Quote.id)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    ).all()
    for quote in overdue:
        quote.move_to(QuoteStatus.EXPIRED, by=actor.name[:200], at=at)
        record(session, "expire quote", quote.label, actor=actor, at=at)
    return len(overdue)


def _with_customer(session: Session, number: str, actor: Actor) -> Quote:
    """The revision that is with the customer; somebody else's is not there at all."""
    if not (actor.may(Permission.SELL) or actor.may(Permission.BUY)):
        raise Forbidden(f"{actor.name} may not answer for a customer.")
    revisions = revisions_for_update(session, number)
    actor.require_customer(revisions[0].customer_id)
    return _open_one(revisions, seen_by_staff=actor.may(Permission.SEE_SALES))


def _open_one(revisions: Sequence[Quote], *, seen_by_staff: bool) -> Quote:
    for quote in revisions:
        if quote.status is QuoteStatus.ISSUED:
            return quote
    newest = revisions[-1]
    if newest.issued_at is None and not seen_by_staff:
        raise no_such_quote()
    return newest


def _behind(session: Session, token: str) -> Quote:
    """The revision a link leads to, locked with its siblings."""
    found = number_of_link(session, token) if text.is_storable(token) else None
    if found is None:
        raise no_such_quote()
    number, revision = found
    return next(q for q in revisions_for_update(session, number) if q.revision == revision)


def _holder(answer: Answer) -> Actor:
    return Actor(id=None, name=answer.name.strip()[:200] or "Somebody with the link")


def _accept(session: Session, quote: Quote, answer: Answer, *, actor: Actor, at: datetime) -> Quote:
    company = get_company(session)
    _answer(quote, QuoteStatus.ACCEPTED, answer, company, at)
    wanted = _options(quote, answer.options)
    quote.answer_note = "\n".join(filter(None, (text.prose(answer.note, "note"), wanted)))
    detail = f"by {quote.answered_by}, for {Money(quote.gross_minor, quote.currency)}"
    record(session, "accept quote", quote.label, detail, actor=actor, at=at)
    _tell(session, quote, company, "accepted", quote.answer_note, at)
    return quote


def _decline(
    session: Session, quote: Quote, answer: Answer, *, actor: Actor, at: datetime
) -> Quote:
    company = get_company(session)
    _answer(quote, QuoteStatus.DECLINED, answer, company, at)
    quote.decline_reason = text.prose(answer.reason, "reason")
    record(session, "decline quote", quote.label, quote.decline_reason, actor=actor, at=at)
    _tell(session, quote, company, "declined", quote.decline_reason, at)
    return quote


def _answer(
    quote: Quote, status: QuoteStatus, answer: Answer, company: CompanyProfile, at: datetime
) -> None:
    name = text.name(answer.name, "name")
    _require_standing(quote, company, at)
    quote.move_to(status, by=name, at=at)
    quote.answered_at = at
    quote.answered_by = name
    quote.answered_from = answer.came_from[:100]


def _require_standing(quote: Quote, company: CompanyProfile, at: datetime) -> None:
    """An offer ends with its last valid day where the seller is, whether the sweep has come by or not."""
    if quote.status is QuoteStatus.ISSUED and is_past(quote.valid_until, company.time_zone, at):
        until = f"{quote.valid_until.day} {quote.valid_until:%B %Y}"
        raise QuoteExpired(f"{quote.label} stood until {until}; please ask for a new one.")
    if quote.status is QuoteStatus.EXPIRED:
        raise QuoteExpired(f"{quote.label} has expired; please ask for a new one.")


def _options(quote: Quote, positions: Sequence[int]) -> str:
    """Which optional lines are wanted as well, in words; anything else is no option of this quote."""
    optional = [line for line in quote.lines if line.optional]
    known = {line.position: f"O.{i}" for i, line in enumerate(optional, start=1)}
    for position in positions:
        if position not in known:
            raise Invalid("That is not an option of this quote.", field="options")
    wanted = [known[position] for position in sorted(set(positions))]
    return f"With option {', '.join(wanted)}." if wanted else ""


def _tell(
    session: Session, quote: Quote, company: CompanyProfile, what: str, said: str, at: datetime
) -> None:
    """The seller hears of it by mail, where the company has an address."""
    if not company.email:
        return
    total = Money(quote.gross_minor, quote.currency)
    body = f"{quote.answered_by} has {what} {quote.label}, for {total}."
    put_mail(
        session,
        NewMail(
            recipient=company.email,
            subject=f"{quote.label} {what} by {quote.answered_by}"[:200],
            body="\n\n".join(filter(None, (body, said))),
            reference=quote.number,
        ),
        at=at,
    )
