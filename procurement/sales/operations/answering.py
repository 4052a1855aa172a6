"""What ends an offer: the customer accepts or declines, its time runs out, or it is withdrawn.

An answer leaves a record that is never changed (`QuoteAnswer`): to which bytes it was given, what was chosen and what
that comes to, who gave it, when, and from where.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.accounts.models import User
from procurement.audit.operations import record
from procurement.files.models import StoredFile
from procurement.kernel import text
from procurement.kernel.actor import Actor
from procurement.kernel.clock import today_in
from procurement.kernel.errors import Forbidden, Invalid
from procurement.kernel.money import Money
from procurement.kernel.permissions import Permission
from procurement.outbox.operations import NewMail, put_mail
from procurement.sales.errors import LinkEnded, OtherTotal, QuoteExpired
from procurement.sales.models import Quote, QuoteAnswer
from procurement.sales.operations.telling import tell_accepted
from procurement.sales.queries.answers import chosen_totals, told_by
from procurement.sales.queries.quotes import (
    no_such_quote,
    number_of_link,
    revisions_for_update,
)
from procurement.sales.rules.proof import choices_text, digest, record_digest
from procurement.sales.rules.signing import drawn
from procurement.sales.rules.totals import Choice, QuoteTotals
from procurement.sales.rules.validity import is_past
from procurement.sales.terms import (
    LOSS_WORDS,
    AnswerKind,
    Channel,
    LineChoice,
    LossReason,
    QuoteStatus,
    SignatureKind,
)
from procurement.settings.queries import get_company
from procurement.settings.terms import CompanyProfile


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Who answers, and from which address. `options` are positions of optional lines they want as well.

    `shown` is the total they had before them, in minor units: when their choices come to another, they are asked again.
    """

    name: str
    note: str = ""
    reason: str = ""  # when declining, in their words
    why: LossReason | None = None
    came_from: str = ""
    user_agent: str = ""
    options: tuple[int, ...] = ()
    choices: tuple[Choice, ...] = ()
    signature: str = ""  # drawn: the d of an SVG path
    shown: int | None = None


def accept_quote(
    session: Session, number: str, answer: Answer, *, actor: Actor, at: datetime
) -> Quote:
    """Accept what is with the customer: by the customer's own buyer, or by staff on their behalf."""
    quote = _with_customer(session, number, actor)
    return _accept(session, quote, answer, _channel(actor), actor=actor, at=at)


def decline_quote(
    session: Session, number: str, answer: Answer, *, actor: Actor, at: datetime
) -> Quote:
    quote = _with_customer(session, number, actor)
    return _decline(session, quote, answer, _channel(actor), actor=actor, at=at)


def accept_by_link(session: Session, token: str, answer: Answer, *, at: datetime) -> Quote:
    """Whoever holds the private link may answer; the name they type is kept."""
    quote = quote_behind(session, token)
    return _accept(session, quote, answer, Channel.LINK, actor=_holder(answer), at=at)


def decline_by_link(session: Session, token: str, answer: Answer, *, at: datetime) -> Quote:
    quote = quote_behind(session, token)
    return _decline(session, quote, answer, Channel.LINK, actor=_holder(answer), at=at)


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


def quote_behind(session: Session, token: str) -> Quote:
    """The revision a link leads to, locked with its siblings; an ended link leads nowhere any more."""
    found = number_of_link(session, token) if text.is_storable(token) else None
    if found is None:
        raise no_such_quote()
    number, revision = found
    quote = next(q for q in revisions_for_update(session, number) if q.revision == revision)
    if quote.link_ended_at is not None:
        raise LinkEnded("This link is no longer in use.")
    return quote


def _channel(actor: Actor) -> Channel:
    return Channel.STAFF if actor.may(Permission.SELL) else Channel.ACCOUNT


def _holder(answer: Answer) -> Actor:
    return Actor(id=None, name=answer.name.strip()[:200] or "Somebody with the link")


def _accept(
    session: Session, quote: Quote, answer: Answer, channel: Channel, *, actor: Actor, at: datetime
) -> Quote:
    company = get_company(session)
    _answer(quote, QuoteStatus.ACCEPTED, answer, company, at)
    choices = _choices(quote, answer)
    totals = chosen_totals(session, quote, choices)
    total = Money(totals.gross, quote.currency)
    if answer.shown is not None and answer.shown != totals.gross:
        raise OtherTotal(total)
    wanted = _wanted(quote, choices)
    quote.answer_note = "\n".join(filter(None, (text.prose(answer.note, "note"), wanted)))
    _keep(session, quote, AnswerKind.ACCEPTED, channel, answer, choices, totals, actor=actor, at=at)
    record(session, "accept quote", quote.label, _detail(quote, total), actor=actor, at=at)
    tell_accepted(session, quote, company, total, at=at)
    _tell(session, quote, company, "accepted", total, quote.answer_note, at)
    return quote


def _decline(
    session: Session, quote: Quote, answer: Answer, channel: Channel, *, actor: Actor, at: datetime
) -> Quote:
    company = get_company(session)
    _answer(quote, QuoteStatus.DECLINED, answer, company, at)
    said = text.prose(answer.reason, "reason")
    why = LOSS_WORDS[answer.why] if answer.why else ""
    quote.decline_reason = ". ".join(filter(None, (why, said)))
    quote.loss_reason = answer.why
    totals = chosen_totals(session, quote, ())
    _keep(session, quote, AnswerKind.DECLINED, channel, answer, (), totals, actor=actor, at=at)
    record(session, "decline quote", quote.label, quote.decline_reason, actor=actor, at=at)
    total = Money(quote.gross_minor, quote.currency)
    _tell(session, quote, company, "declined", total, quote.decline_reason, at)
    return quote


def _detail(quote: Quote, total: Money) -> str:
    return f"by {quote.answered_by}, for {total}"


def _keep(  # noqa: PLR0913 (everything that is proved)
    session: Session,
    quote: Quote,
    kind: AnswerKind,
    channel: Channel,
    answer: Answer,
    choices: tuple[Choice, ...],
    totals: QuoteTotals,
    *,
    actor: Actor,
    at: datetime,
) -> None:
    """The record that proves the answer, with a digest over all of it."""
    signature = drawn(answer.signature) if kind is AnswerKind.ACCEPTED else ""
    typed = SignatureKind.TOLD if channel is Channel.STAFF else SignatureKind.TYPED
    kept = QuoteAnswer(
        quote_id=quote.id,
        kind=kind,
        channel=channel,
        at=at,
        name=quote.answered_by,
        note=text.prose(answer.note or answer.reason, "note"),
        reason=quote.loss_reason if kind is AnswerKind.DECLINED else None,
        came_from=quote.answered_from,
        user_agent=_plain(answer.user_agent),
        actor_id=actor.id,
        choices=choices_text(choices),
        currency=quote.currency,
        net_minor=totals.net,
        tax_minor=totals.tax,
        gross_minor=totals.gross,
        signature_kind=SignatureKind.DRAWN if signature else typed,
        signature=signature,
        content_sha256=digest(
            session.scalar(select(Quote.content).where(Quote.id == quote.id)) or ""
        ),
        pdf_sha256=session.scalar(select(StoredFile.sha256).where(StoredFile.id == quote.pdf_id))
        or "",
    )
    kept.record_sha256 = record_digest(told_by(kept, quote.label))
    session.add(kept)


def _plain(user_agent: str) -> str:
    """What a browser says of itself, cut and without marks that cannot be kept."""
    return "".join(mark for mark in user_agent[:300] if mark.isprintable())


def _choices(quote: Quote, answer: Answer) -> tuple[Choice, ...]:
    """The choices and the options, each once; an option that is none is refused here."""
    optional = {line.position for line in quote.lines if line.optional}
    chosen = {one.position: one for one in answer.choices}
    if len(chosen) != len(answer.choices):
        raise Invalid("A line was chosen twice.", field="choices")
    for position in answer.options:
        if position not in optional:
            raise Invalid("That is not an option of this quote.", field="options")
        chosen.setdefault(position, Choice(position))
    return tuple(chosen[position] for position in sorted(chosen))


def _wanted(quote: Quote, choices: Sequence[Choice]) -> str:
    """What is wanted otherwise than we suggest, in the numbers of the paper."""
    numbers: dict[int, str] = {}
    counts = {"O": 0, "A": 0}
    for line in quote.lines:
        if line.choice is LineChoice.INCLUDED or line.chosen:
            continue
        letter = "O" if line.optional else "A"
        counts[letter] += 1
        numbers[line.position] = f"{letter}.{counts[letter]}"
    lines = {line.position: line for line in quote.lines}
    words = []
    for one in choices:
        number = numbers.get(one.position)
        kind = {"O": "option ", "A": "alternative "}[number[0]] if number else "line "
        packs = one.packs if one.packs != lines[one.position].packs else None
        if number or packs:
            many = f" ({packs:,} packs)" if packs else ""
            words.append(f"{kind}{number or one.position}{many}")
    return f"With {', '.join(words)}." if words else ""


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


def _tell(
    session: Session,
    quote: Quote,
    company: CompanyProfile,
    what: str,
    total: Money,
    said: str,
    at: datetime,
) -> None:
    """Whoever drafted it hears of it by mail, else the company."""
    person = session.get(User, quote.drafted_by_id) if quote.drafted_by_id else None
    recipient = person.email if person and person.active else company.email
    if not recipient:
        return
    body = f"{quote.answered_by} has {what} {quote.label}, for {total}."
    put_mail(
        session,
        NewMail(
            recipient=recipient,
            subject=f"{quote.label} {what} by {quote.answered_by}"[:200],
            body="\n\n".join(filter(None, (body, said))),
            reference=quote.number,
        ),
        at=at,
    )
