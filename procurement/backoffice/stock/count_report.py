"""How right the counts were, and what went missing: a period, by room, product, cause or month; also as a file."""

from datetime import date, timedelta

from flask import render_template, request
from werkzeug.wrappers import Response

from procurement.kernel.clock import end_of_day
from procurement.kernel.errors import NotFound
from procurement.kernel.permissions import Permission
from procurement.stock.queries.counting.report import AccuracyRow, GroupedBy, accuracy
from procurement.web.company import current_company
from procurement.web.doors import Audience, Door
from procurement.web.filters import today
from procurement.web.identity import current_actor
from procurement.web.listing import export, export_urls, one_of, wanted_format
from procurement.web.transactions import read

bp = Door("count_report", __name__, audience=Audience.STAFF, url_prefix="/counts")

USUAL_DAYS = 90
HEADER = ("Group", "Lines counted", "Lines right", "Right %", "Missing", "Too much", "Currency")


@bp.get("/report")
def show() -> str | Response:
    current_actor().require_any(Permission.ADJUST_STOCK, Permission.SEE_PURCHASING)
    by = one_of(GroupedBy, "by") or GroupedBy.ROOM
    last = _day("until", today())
    first = _day("since", last - timedelta(days=USUAL_DAYS))
    zone = current_company().time_zone
    since, until = end_of_day(first - timedelta(days=1), zone), end_of_day(last, zone)
    with read() as session:
        report = accuracy(session, since=since, until=until, by=by)
    if wanted_format():
        return export("count-accuracy", HEADER, [_cells(row) for row in report.rows])
    return render_template(
        "backoffice/stock/count_report.html",
        report=report,
        by=by,
        groups=[(group.value, group.value.capitalize()) for group in GroupedBy],
        since=first,
        until=last,
        exports=export_urls(),
    )


def _cells(row: AccuracyRow) -> tuple[str | int, ...]:
    return (
        row.name,
        row.lines,
        row.right,
        row.percent,
        row.missing.amount,
        row.surplus.amount,
        row.missing.currency,
    )


def _day(name: str, usual: date) -> date:
    written = request.args.get(name, "")
    if not written:
        return usual
    try:
        day = date.fromisoformat(written)
    except ValueError as error:
        raise NotFound("Write the day as 2026-11-27.") from error
    if not 1900 <= day.year <= 2200:
        raise NotFound("There are no counts of that year.")
    return day
