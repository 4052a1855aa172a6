"""Win and loss: what came of the quotes issued in a period. A fixed number of statements, whatever there is of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select, true

from procurement.catalogue.models import Family, Product
from procurement.kernel.actor import Actor
from procurement.kernel.clock import end_of_day, start_of_day, today_in
from procurement.kernel.db import ReadSession
from procurement.kernel.errors import Invalid
from procurement.kernel.money import Money, minor_digits
from procurement.kernel.permissions import Permission
from procurement.sales.models import Quote, QuoteAnswer, QuoteLine
from procurement.sales.queries.inbox import times_to_answer
from procurement.sales.rules.outcomes import (
    BANDS,
    OUTCOMES,
    Counted,
    Outcome,
    Tally,
    band_of,
    tallies,
    tally,
)
from procurement.sales.rules.validity import status_on
from procurement.sales.rules.waiting import AnswerTimes
from procurement.sales.terms import LOSS_WORDS, LineChoice, LineKind, LossReason, QuoteStatus
from procurement.settings.queries import get_company

LONGEST = timedelta(days=5 * 366)
NOT_SAID, RAN_OUT, NO_FAMILY = "Not said", "Ran out without an answer", "Other products"


@dataclass(frozen=True, slots=True)
class OutcomeFilter:
    """Quotes issued on these days, in one currency; None: the company's, and the last twelve months."""

    since: date | None = None
    until: date | None = None
    currency: str | None = None
    person: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WinLoss:
    """The figures, each by another word; `currencies` and `people` are what can be chosen."""

    since: date
    until: date
    currency: str
    total: Tally
    months: tuple[Tally, ...]
    people: tuple[Tally, ...]
    families: tuple[Tally, ...]
    reasons: tuple[Tally, ...]  # of what was lost
    bands: tuple[Tally, ...]
    answers: AnswerTimes  # to enquiries received in the period
    currencies: tuple[str, ...] = ()
    everybody: tuple[str, ...] = field(default=())

    @property
    def parts(self) -> tuple[tuple[str, tuple[Tally, ...]], ...]:
        return (
            ("Month", self.months),
            ("Salesperson", self.people),
            ("Product family", self.families),
            ("Discount", self.bands),
            ("Reason", self.reasons),
        )


@dataclass(frozen=True, slots=True)
class _Quote:
    id: int
    person: str
    month: str
    reason: str
    counted: Counted


def win_and_loss(
    session: ReadSession, wanted: OutcomeFilter, *, actor: Actor, at: datetime
) -> WinLoss:
    """What came of the quotes issued in the period, the newest revision of each."""
    actor.require(Permission.SEE_SALES)
    company = get_company(session)
    today = today_in(company.time_zone, at)
    until = wanted.until or today
    since = wanted.since or date(until.year - 1, until.month, 1)
    if not since <= until or until - since > LONGEST:
        raise Invalid("From a day to a later one, five years at most.", field="since")
    currency = wanted.currency or company.currency
    begin, end = start_of_day(since, company.time_zone), end_of_day(until, company.time_zone)
    within = and_(
        Quote.issued_at.between(begin, end), Quote.status.in_([*OUTCOMES]), Quote.issued_at <= at
    )
    chosen = _choices(session, within)
    if wanted.currency and wanted.currency not in {currency for currency, _ in chosen}:
        chosen.add((wanted.currency, ""))
    condition = and_(within, Quote.currency == currency, _drafted_by(wanted.person))
    quotes = _quotes(session, condition, today, company.time_zone)
    lost = [one for one in quotes if one.counted.outcome is Outcome.LOST]
    return WinLoss(
        since=since,
        until=until,
        currency=currency,
        total=tally("All", [one.counted for one in quotes], currency),
        months=tallies(
            ((one.month, one.counted) for one in quotes), currency, lambda one: one.label
        ),
        people=tallies(((one.person, one.counted) for one in quotes), currency),
        families=_families(session, condition, quotes, currency),
        reasons=tallies(
            ((one.reason, one.counted) for one in lost),
            currency,
            lambda one: (-one.lost, -one.lost_value.minor, one.label),
        ),
        bands=_bands(session, condition, quotes, currency),
        answers=times_to_answer(session, since=begin, until=end, actor=actor),
        currencies=tuple(sorted({currency for currency, _ in chosen} | {company.currency})),
        everybody=tuple(sorted({name for _, name in chosen if name})),
    )


def _drafted_by(person: str) -> ColumnElement[bool]:
    return Quote.drafted_by == person if person else true()


def _choices(session: ReadSession, within: ColumnElement[bool]) -> set[tuple[str, str]]:
    rows = session.execute(select(Quote.currency, Quote.drafted_by).where(within).distinct())
    return {(row.currency, row.drafted_by) for row in rows}


def _quotes(
    session: ReadSession, condition: ColumnElement[bool], today: date, zone: str
) -> list[_Quote]:
    rows = session.execute(
        select(
            Quote.id,
            Quote.status,
            Quote.valid_until,
            Quote.issued_at,
            Quote.answered_at,
            Quote.drafted_by,
            Quote.loss_reason,
            Quote.currency,
            func.coalesce(QuoteAnswer.net_minor, Quote.net_minor).label("net"),
        )
        .outerjoin(QuoteAnswer, QuoteAnswer.quote_id == Quote.id)
        .where(condition)
    )
    found = []
    for row in rows:
        status = status_on(row.status, row.valid_until, today)
        waited = row.answered_at - row.issued_at if row.answered_at else None
        found.append(
            _Quote(
                id=row.id,
                person=row.drafted_by,
                month=f"{today_in(zone, row.issued_at):%Y-%m}",
                reason=_reason(status, row.loss_reason),
                counted=Counted(OUTCOMES[status], Money(row.net, row.currency), waited),
            )
        )
    return found


def _reason(status: QuoteStatus, reason: LossReason | None) -> str:
    if reason:
        return LOSS_WORDS[reason]
    return RAN_OUT if status is QuoteStatus.EXPIRED else NOT_SAID


def _families(
    session: ReadSession,
    condition: ColumnElement[bool],
    quotes: Sequence[_Quote],
    currency: str,
) -> tuple[Tally, ...]:
    """By product family, a quote once in each of its own, with the value of those lines as offered."""
    by_id = {one.id: one for one in quotes}
    rows = session.execute(
        select(QuoteLine.quote_id, Family.name, func.sum(QuoteLine.net_minor).label("net"))
        .join(Quote, Quote.id == QuoteLine.quote_id)
        .join(Product, Product.id == QuoteLine.product_id)
        .outerjoin(Family, Family.id == Product.family_id)
        .where(condition, *_OFFERED)
        .group_by(QuoteLine.quote_id, Family.name)
    )
    return tallies(
        (
            (
                row.name or NO_FAMILY,
                Counted(
                    by_id[row.quote_id].counted.outcome,
                    Money(int(row.net), currency),
                    by_id[row.quote_id].counted.waited,
                ),
            )
            for row in rows
        ),
        currency,
    )


def _bands(
    session: ReadSession,
    condition: ColumnElement[bool],
    quotes: Sequence[_Quote],
    currency: str,
) -> tuple[Tally, ...]:
    """By how far the lines together stay below what they would cost without their discounts."""
    scale = 10 ** (4 - minor_digits(currency))
    rows = session.execute(
        select(
            QuoteLine.quote_id,
            func.sum(QuoteLine.price_e4 * QuoteLine.packs).label("asked"),
            func.sum(QuoteLine.net_minor).label("net"),
        )
        .join(Quote, Quote.id == QuoteLine.quote_id)
        .where(condition, *_OFFERED)
        .group_by(QuoteLine.quote_id)
    )
    bands = {row.quote_id: band_of(int(row.asked), int(row.net) * scale) for row in rows}
    order = [words for _, words in BANDS]
    return tallies(
        ((bands.get(one.id, order[0]), one.counted) for one in quotes),
        currency,
        lambda one: order.index(one.label),
    )


# The lines of the offer as we suggest it: no options, no samples, no words.
_OFFERED = (
    QuoteLine.kind == LineKind.PRODUCT,
    or_(QuoteLine.choice == LineChoice.INCLUDED, QuoteLine.chosen),
)
