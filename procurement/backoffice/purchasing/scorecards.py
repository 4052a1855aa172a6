"""Scorecards: how suppliers kept their word, beside each other and down to the order lines behind each figure."""

from collections.abc import Iterator
from datetime import date

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from procurement.backoffice.purchasing import section
from procurement.documents.scorecard import render_scorecard
from procurement.exchange.export import Cell
from procurement.kernel.clock import utc_now
from procurement.kernel.errors import NotFound
from procurement.kernel.money import Rate
from procurement.purchasing.queries.scorecard import scorecards, supplier_scorecard
from procurement.purchasing.queries.scorecard_paper import scorecard_content
from procurement.purchasing.queries.scorecard_papers import papers_of
from procurement.purchasing.terms.scorecard import (
    OF_PAPERS,
    ClaimTold,
    Figure,
    InvoiceTold,
    Judged,
    Period,
    Scorecard,
    TheirPapers,
)
from procurement.sourcing.queries import supplier_page
from procurement.web.filters import today
from procurement.web.listing import (
    attachment,
    export,
    export_urls,
    one_of,
    this_url,
    wanted_format,
)
from procurement.web.transactions import read

bp = section.door("scorecards", __name__, "/suppliers")

HEADER = (
    "supplier",
    "name",
    "lines",
    "on_time_percent",
    "in_full_percent",
    "on_time_in_full_percent",
    "rejected_percent",
    "lead_time_promised_days",
    "lead_time_measured_days",
    "lead_time_spread_days",
    "price_drift_percent",
    "claims",
    "claimed",
    "invoices",
    "invoices_differed_percent",
    "invoiced_too_much",
)
CLAIM_HEADER = ("claim", "made_on", "receipt", "status", "asked", "agreed", "currency")
INVOICE_HEADER = (
    "invoice",
    "their_number",
    "invoiced_on",
    "status",
    "gross",
    "too_much",
    "currency",
    "differences",
)
LINE_HEADER = (
    "order",
    "line",
    "product",
    "pack",
    "placed_on",
    "due_on",
    "last_came_on",
    "packs_ordered",
    "packs_taken",
    "packs_refused",
    "on_time",
    "in_full",
    "days_late",
    "unit_price",
    "currency",
)
FIGURES = {
    Figure.LATE: ("Late", "Every line came in time"),
    Figure.SHORT: ("Not in full", "Every line came in full"),
    Figure.MISSED: ("Not on time in full", "Every line came on time and in full"),
    Figure.REJECTED: ("Refused", "Nothing was refused"),
    Figure.CLAIMED: ("Claims", "Nothing was claimed"),
    Figure.INVOICED_WRONG: ("Invoices that differed", "Every invoice was as agreed"),
}
SHOWN = 200  # lines on the page; the file has all of them


@bp.get("/scorecards")
def index() -> Response | str:
    period = _period()
    with read() as session:
        cards = scorecards(session, period, at=utc_now())
    if wanted_format():
        return export("scorecards", HEADER, (_cells(card) for card in cards))
    return render_template(
        "backoffice/purchasing/scorecards.html", cards=cards, period=period, files=export_urls()
    )


@bp.get("/<code>/scorecard")
def show(code: str) -> Response | str:
    period, figure = _period(), one_of(Figure, "figure")
    with read() as session:
        supplier = supplier_page(session, code)
        card, lines = supplier_scorecard(session, code, period, at=utc_now())
        papers = papers_of(session, period, supplier=code).get(code, TheirPapers())
    chosen = [line for line in lines if figure is None or line.counts_for(figure)]
    if wanted_format():
        return _file(f"scorecard-{code}", figure, chosen, papers)
    views = [
        {
            "label": "All lines",
            "url": this_url(figure=None),
            "active": figure is None,
            "count": len(lines),
        }
    ]
    views += [
        {
            "label": label,
            "url": this_url(figure=one.value),
            "active": figure is one,
            "count": _count(one, lines, papers),
        }
        for one, (label, _) in FIGURES.items()
    ]
    return render_template(
        "backoffice/purchasing/scorecard.html",
        supplier=supplier,
        card=card,
        claims=papers.claims if figure is Figure.CLAIMED else (),
        invoices=papers.differing if figure is Figure.INVOICED_WRONG else (),
        lines=chosen[:SHOWN],
        more=max(0, len(chosen) - SHOWN),
        nothing=FIGURES[figure][1] if figure else "Nothing was due in these days",
        views=views,
        period=period,
        files=export_urls(),
        pdf=url_for(".pdf", code=code, since=period.since, until=period.until),
    )


@bp.get("/<code>/scorecard.pdf")
def pdf(code: str) -> Response:
    period = _period()
    with read() as session:
        content = scorecard_content(session, code, period, at=utc_now())
    paper = render_scorecard(content)
    return attachment(paper, f"scorecard-{code}.pdf", "application/pdf", inline=True)


def _count(figure: Figure, lines: list[Judged], papers: TheirPapers) -> int:
    if figure is Figure.CLAIMED:
        return len(papers.claims)
    if figure is Figure.INVOICED_WRONG:
        return len(papers.differing)
    return sum(line.counts_for(figure) for line in lines)


def _file(name: str, figure: Figure | None, lines: list[Judged], papers: TheirPapers) -> Response:
    """The documents behind the figure that is open."""
    if figure not in OF_PAPERS:
        return export(name, LINE_HEADER, _line_cells(lines))
    if figure is Figure.CLAIMED:
        return export(f"{name}-claims", CLAIM_HEADER, map(_claim_cells, papers.claims))
    return export(f"{name}-invoices", INVOICE_HEADER, map(_invoice_cells, papers.differing))


def _claim_cells(one: ClaimTold) -> tuple[Cell, ...]:
    agreed = one.agreed.decimal if one.agreed else None
    head = (one.number, one.made_on, one.receipt, str(one.status))
    return (*head, one.asked.decimal, agreed, one.asked.currency)


def _invoice_cells(one: InvoiceTold) -> tuple[Cell, ...]:
    head = (one.number, one.supplier_number, one.invoiced_on, str(one.status))
    sums = (one.gross.decimal, one.too_much.decimal, one.gross.currency)
    return (*head, *sums, "; ".join(one.differences))


def _period() -> Period:
    """`?since=` and `?until=`; a year to today where nothing is said."""
    until = _day("until", today())
    usual = Period.year_to(until)
    return Period(_day("since", usual.since), until)


def _day(name: str, usual: date) -> date:
    written = request.args.get(name, "")
    if not written:
        return usual
    try:
        day = date.fromisoformat(written)
    except ValueError as error:
        raise NotFound("Write the day as 2026-11-27.") from error
    if not 1990 <= day.year <= 2199:
        raise NotFound("There are no orders of that year.")
    return day


def _percent(rate: Rate | None) -> str | None:
    return None if rate is None else rate.percent


def _cells(card: Scorecard) -> tuple[Cell, ...]:
    lead = card.lead_time
    return (
        card.supplier,
        card.supplier_name,
        card.lines,
        _percent(card.on_time),
        _percent(card.in_full),
        _percent(card.otif),
        _percent(card.rejected),
        lead.promised if lead else None,
        lead.measured if lead else None,
        lead.spread if lead else None,
        _percent(card.drift.change) if card.drift else None,
        card.claims,
        card.claimed.decimal if card.claimed else None,
        card.invoices,
        _percent(card.invoiced_wrong),
        card.too_much.decimal if card.too_much else None,
    )


def _line_cells(lines: list[Judged]) -> Iterator[tuple[Cell, ...]]:
    for one in lines:
        line = one.line
        yield (
            line.order,
            line.position,
            line.product,
            line.pack,
            line.placed_on,
            line.due_on,
            line.arrivals[-1].on if line.arrivals else None,
            line.packs,
            one.taken,
            one.refused,
            "yes" if one.on_time else "no",
            "yes" if one.in_full else "no",
            one.days_late,
            line.price.decimal,
            line.price.currency,
        )
