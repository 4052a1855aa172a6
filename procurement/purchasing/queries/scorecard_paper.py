"""A supplier's scorecard as its paper says it."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import select

from procurement.documents.scorecard_content import (
    ScorecardContent,
    ScorecardFigure,
    ScorecardPart,
    ScorecardRow,
)
from procurement.kernel.clock import today_in
from procurement.kernel.db import ReadSession
from procurement.kernel.errors import NotFound
from procurement.kernel.money import Money, Rate
from procurement.purchasing.queries.papers import address_of
from procurement.purchasing.queries.scorecard import supplier_scorecard
from procurement.purchasing.queries.scorecard_papers import papers_of
from procurement.purchasing.terms.scorecard import Judged, Period, Scorecard, TheirPapers
from procurement.settings.queries import get_company, letterhead
from procurement.sourcing.models import Supplier

PRINTED = 60  # of each kind; the file has all
EXPLAINED = (
    "An order line counts once its day is past, or nothing more will come of it. It is on time when nothing of it came "
    "after the day the order was due, in full when as many packs were taken as ordered. Refused packs are counted "
    "against all that were brought. Prices compare the last order of a pack with its first in these days. "
    "Claims are those made, invoices those dated in these days; one counts when it differed above the tolerance."
)


def scorecard_content(
    session: ReadSession, code: str, period: Period, *, at: datetime
) -> ScorecardContent:
    """NotFound where nothing was ordered in the time."""
    card, lines = supplier_scorecard(session, code, period, at=at)
    if card is None:
        raise NotFound("Nothing was ordered there in these days.")
    company = get_company(session)
    papers = papers_of(session, period, supplier=code).get(code, TheirPapers())
    return ScorecardContent(
        letterhead=letterhead(session, company),
        supplier=address_of(session.scalars(select(Supplier).where(Supplier.code == code)).one()),
        since=period.since,
        until=period.until,
        made_on=today_in(company.time_zone, at),
        figures=tuple(_figures(card)),
        parts=(
            _part("Order lines that were late, short or refused", _broken(lines)),
            _part("Claims", _claims(papers)),
            _part("Invoices that differed", _invoices(papers)),
        ),
        explained=EXPLAINED,
        locale=company.locale,
    )


def _figures(card: Scorecard) -> Iterator[ScorecardFigure]:
    lines = f"of {_many(card.lines, 'order line')}"
    yield ScorecardFigure("On time", _percent(card.on_time), lines)
    yield ScorecardFigure("In full", _percent(card.in_full), lines)
    yield ScorecardFigure("On time in full", _percent(card.otif), lines)
    yield ScorecardFigure(
        "Packs refused", _percent(card.rejected), "of all packs that were brought"
    )
    if lead := card.lead_time:
        promised = f"promised {lead.promised}, spread {lead.spread}"
        yield ScorecardFigure("Lead time", f"{lead.measured} days", promised)
    if card.drift:
        sign = "+" if card.drift.change.basis_points > 0 else ""
        bought = f"{_many(card.drift.products, 'pack')} bought more than once"
        yield ScorecardFigure("Prices", sign + _percent(card.drift.change), bought)
    yield ScorecardFigure("Claims", str(card.claims), _asked(card.claimed))
    differ = f"of {_many(card.invoices, 'invoice')}" + (
        f", {card.too_much} too much" if card.too_much else ""
    )
    yield ScorecardFigure("Invoices that differed", _percent(card.invoiced_wrong), differ)


def _broken(lines: Sequence[Judged]) -> list[ScorecardRow]:
    return [
        ScorecardRow(
            one.line.product_name,
            f"{one.line.order}, line {one.line.position}",
            one.line.due_on,
            _verdict(one),
        )
        for one in lines
        if not one.otif or one.refused
    ]


def _verdict(one: Judged) -> str:
    words = []
    if one.days_late:
        words.append(f"{_many(one.days_late, 'day')} late")
    elif not one.on_time:
        words.append("nothing came")
    if not one.in_full:
        words.append(f"{one.taken} of {one.line.packs} packs")
    if one.refused:
        words.append(f"{one.refused} refused")
    return ", ".join(words)


def _claims(papers: TheirPapers) -> list[ScorecardRow]:
    return [
        ScorecardRow(
            one.number,
            f"delivery {one.receipt}",
            one.made_on,
            f"{one.asked} asked" + (f", {one.agreed} agreed" if one.agreed else ""),
        )
        for one in papers.claims
    ]


def _invoices(papers: TheirPapers) -> list[ScorecardRow]:
    return [
        ScorecardRow(
            one.number,
            f"their {one.supplier_number}",
            one.invoiced_on,
            "; ".join(one.differences),
        )
        for one in papers.differing
    ]


def _part(title: str, rows: list[ScorecardRow]) -> ScorecardPart:
    return ScorecardPart(title, tuple(rows[:PRINTED]), max(0, len(rows) - PRINTED))


def _many(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def _percent(rate: Rate | None) -> str:
    return "none yet" if rate is None else f"{rate.percent} %"


def _asked(claimed: Money | None) -> str:
    return f"{claimed} asked" if claimed else ""
