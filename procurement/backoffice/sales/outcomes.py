"""Win and loss: what came of the quotes, by month, person, product family, discount and reason."""

from collections.abc import Iterator
from datetime import date

from flask import render_template, request
from werkzeug.wrappers import Response

from procurement.backoffice.sales.doors import outcomes_door as bp
from procurement.backoffice.sales.navigation import sales_tabs
from procurement.exchange.export import Cell
from procurement.kernel.clock import utc_now
from procurement.kernel.errors import Invalid, NotFound
from procurement.sales.queries.outcomes import OutcomeFilter, WinLoss, win_and_loss
from procurement.web.identity import current_actor
from procurement.web.listing import export, export_urls, wanted_format
from procurement.web.transactions import read

HEADER = (
    "by",
    "name",
    "won",
    "lost",
    "open",
    "won_percent",
    "won_net",
    "lost_net",
    "open_net",
    "currency",
    "median_days_to_answer",
)


@bp.get("/")
def index() -> str | Response:
    wanted = OutcomeFilter(
        since=_day("since"),
        until=_day("until"),
        currency=request.args.get("currency", "")[:3] or None,
        person=request.args.get("person", "")[:200],
    )
    try:
        with read() as session:
            told = win_and_loss(session, wanted, actor=current_actor(), at=utc_now())
    except Invalid as error:
        raise NotFound(error.message) from error
    if wanted_format():
        return export("win-and-loss", HEADER, _exported(told))
    return render_template(
        "backoffice/sales/outcomes.html",
        tabs=sales_tabs("outcomes"),
        told=told,
        person=wanted.person,
        people=[(name, name) for name in told.everybody],
        currencies=[(code, code) for code in told.currencies],
        exports=export_urls(),
    )


def _day(name: str) -> date | None:
    """A day of the address; nothing typed is none, and what is no day is a page that is not there."""
    written = request.args.get(name, "")
    if not written:
        return None
    try:
        day = date.fromisoformat(written)
    except ValueError:
        raise NotFound("There is no such day.") from None
    if not 1990 <= day.year <= 2199:
        raise NotFound("There is no such day.")
    return day


def _exported(told: WinLoss) -> Iterator[tuple[Cell, ...]]:
    for by, rows in (("All", (told.total,)), *told.parts):
        for row in rows:
            yield (
                by,
                row.label,
                row.won,
                row.lost,
                row.open,
                row.rate.percent if row.rate else "",
                row.won_value.decimal,
                row.lost_value.decimal,
                row.open_value.decimal,
                told.currency,
                row.median.days if row.median is not None else None,
            )
