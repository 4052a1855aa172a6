"""Stock counts for whoever answers for them: which there are, one of them as it goes on, its differences, its end."""

from datetime import date

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from procurement.kernel.actor import Actor
from procurement.kernel.clock import utc_now
from procurement.kernel.errors import NotFound
from procurement.kernel.money import Money
from procurement.kernel.paging import all_rows
from procurement.kernel.permissions import Permission
from procurement.stock.errors import CountRunning
from procurement.stock.operations.counting.closing import (
    PostCount,
    cancel_count,
    post_count,
    submit_count,
)
from procurement.stock.operations.counting.deciding import (
    Choice,
    DecideLine,
    count_rest_as_zero,
    decide_line,
    leave_out,
    say_causes,
)
from procurement.stock.operations.counting.starting import StartCount, start_count
from procurement.stock.queries.counting.counts import CountRow, count_of, counts
from procurement.stock.queries.counting.plan import PlanRow, count_plan
from procurement.stock.queries.counting.review import CountLine, count_lines, late_entries
from procurement.stock.queries.counting.summary import summary_of
from procurement.stock.queries.places import places
from procurement.stock.terms import CountCause, CountStatus
from procurement.web.doors import Audience, Door
from procurement.web.filters import show_moment
from procurement.web.forms import redirect_with_flash
from procurement.web.identity import current_actor
from procurement.web.listing import (
    export,
    export_urls,
    next_url,
    one_of,
    page_request,
    wanted_format,
)
from procurement.web.transactions import read, write

bp = Door("counts", __name__, audience=Audience.STAFF, url_prefix="/counts")

MOST_SHOWN = 200  # of each part of a count; the rest is in its file
HEADER = ("Number", "Status", "Room", "Lines", "Counted", "Started", "By", "Closed")
LINES_HEADER = (
    "Line", "SKU", "Product", "Lot", "Use by", "Counted", "Expected", "Difference", "Unit",
    "Value", "Currency", "Cause", "Conflict",
)  # fmt: skip
PLAN_HEADER = ("Room", "Site", "Products", "A due", "B due", "C due", "Last count", "Next due")


@bp.get("/")
def index() -> str | Response:
    actor = current_actor()
    actor.require(Permission.SEE_STOCK)
    status = one_of(CountStatus)
    location = request.args.get("location") or None
    with read() as session:
        if wanted_format():
            rows = all_rows(lambda p: counts(session, p, status=status, location=location))
            return export("counts", HEADER, [_cells(row) for row in rows])
        page = counts(session, page_request(), status=status, location=location)
        rooms = places(session)
    return render_template(
        "backoffice/stock/counts.html",
        page=page,
        status=status,
        location=location,
        rooms=[(place.code, place.name) for place in rooms],
        statuses=[(s.value, s.value.capitalize()) for s in CountStatus],
        next_url=next_url(page),
        exports=export_urls(),
        may_count=actor.may(Permission.COUNT_STOCK),
    )


def _cells(row: CountRow) -> tuple[str | int | None, ...]:
    started, closed = show_moment(row.started_at), show_moment(row.closed_at)
    return (
        row.number, row.status, row.place.name, row.lines, row.counted, started, row.started_by, closed,
    )  # fmt: skip


@bp.get("/plan")
def plan() -> str | Response:
    actor = current_actor()
    actor.require(Permission.SEE_STOCK)
    with read() as session:
        rows = count_plan(session, at=utc_now(), site=request.args.get("site") or None)
    if wanted_format():
        return export("count-plan", PLAN_HEADER, [_plan_cells(row) for row in rows])
    return render_template(
        "backoffice/stock/count_plan.html",
        rows=rows,
        due=sum(1 for row in rows if row.all_due),
        exports=export_urls(),
        may_count=actor.may(Permission.COUNT_STOCK),
    )


def _plan_cells(row: PlanRow) -> tuple[str | int | date | None, ...]:
    return (
        row.place.name, row.place.site, row.products, *row.due.values(), row.last, row.next_due,
    )  # fmt: skip


@bp.post("/start")
def start() -> Response:
    """From Today, the list or the plan. A room that is being counted leads to its count; `shelf` leads to the shelf."""
    form = request.form
    page = "counting.show" if "shelf" in form else ".show"
    location = form.get("location", "")
    command = StartCount(location, blind="blind" in form, due_only="due_only" in form)
    try:
        with write() as session:
            number = start_count(session, command, actor=current_actor(), at=utc_now()).number
    except CountRunning as error:
        number = error.number
        if not number:
            raise
        return redirect_with_flash(url_for(page, number=number), error.message)
    return redirect(url_for(page, number=number), 303)


@bp.get("/<number>")
def show(number: str) -> str | Response:
    actor = current_actor()
    actor.require(Permission.SEE_STOCK)
    with read() as session:
        count = count_of(session, number)
        lines = count_lines(session, count)
        late = late_entries(session, count)
    tells = not count.blind or count.status is not CountStatus.OPEN
    if wanted_format():
        if not tells:
            raise NotFound("A blind count has its file once it is handed in.")
        cells = [_line_cells(line, sees_cost=_sees_cost(actor)) for line in lines]
        return export(f"count-{number}", LINES_HEADER, cells)
    return render_template(
        "backoffice/stock/count.html",
        count=count,
        summary=summary_of(count, lines),
        tells=tells,
        late=late,
        most=MOST_SHOWN,
        causes=[(cause.value, cause.value.capitalize()) for cause in CountCause],
        exports=export_urls() if tells else {},
        may_count=actor.may(Permission.COUNT_STOCK),
        may_adjust=actor.may(Permission.ADJUST_STOCK),
        sees_cost=_sees_cost(actor),
        approval=Money(count.approval_minor, count.currency),
    )


def _sees_cost(actor: Actor) -> bool:
    """What goods cost is for those who buy, and those who answer for differences."""
    return actor.may(Permission.ADJUST_STOCK) or actor.may(Permission.SEE_PURCHASING)


def _line_cells(line: CountLine, *, sees_cost: bool) -> tuple[str | int | date | None, ...]:
    return (
        line.position,
        line.product,
        line.product_name,
        line.lot or line.supplier_lot,
        line.use_by,
        line.counted.amount if line.counted else None,
        line.expected.amount if line.expected else None,
        line.difference.amount if line.difference else None,
        line.unit,
        line.value.amount if line.value and sees_cost else None,
        line.value.currency if line.value and sees_cost else None,
        line.cause,
        line.conflict,
    )


@bp.post("/<number>/lines/<int:line>")
def decide(number: str, line: int) -> Response:
    """The button says what holds: "take UUID", "add", "leave" (out) or "put" (in again)."""
    actor, at = current_actor(), utc_now()
    verb, _, uid = request.form.get("do", "").partition(" ")
    with write() as session:
        if verb in {"leave", "put"}:
            leave_out(session, number, line, out=verb == "leave", actor=actor, at=at)
        else:
            choice = Choice.ADD if verb == "add" else Choice.TAKE
            seen = tuple(request.form.get("seen", "").split())
            command = DecideLine(number, line, choice, seen, uid or None)
            decide_line(session, command, actor=actor, at=at)
    return redirect_with_flash(url_for(".show", number=number), "That is decided.")


@bp.post("/<number>/causes")
def causes(number: str) -> Response:
    said = {
        int(name.removeprefix("cause-")): _cause(value)
        for name, value in request.form.items()
        if name.removeprefix("cause-").isdecimal() and len(name) < 16
    }
    with write() as session:
        say_causes(session, number, said, actor=current_actor(), at=utc_now())
    return redirect_with_flash(url_for(".show", number=number), "The causes are saved.")


def _cause(value: str) -> CountCause | None:
    try:
        return CountCause(value) if value else None
    except ValueError as error:
        raise NotFound("There is no such cause.") from error


@bp.post("/<number>/zero")
def zero(number: str) -> Response:
    with write() as session:
        lines = count_rest_as_zero(session, number, actor=current_actor(), at=utc_now())
    words = "1 line is" if lines == 1 else f"{lines} lines are"
    return redirect_with_flash(url_for(".show", number=number), f"{words} counted as zero.")


@bp.post("/<number>/submit")
def submit(number: str) -> Response:
    with write() as session:
        submit_count(session, number, actor=current_actor(), at=utc_now())
    return redirect_with_flash(url_for(".show", number=number), f"{number} is handed in.")


@bp.post("/<number>/post")
def post(number: str) -> Response:
    written = request.form.get("seen", "")
    seen = int(written) if written.isascii() and written.isdigit() and len(written) < 9 else None
    with write() as session:
        posted = post_count(session, PostCount(number, seen), actor=current_actor(), at=utc_now())
    text = f"{number} is posted." if posted else f"{number} is posted; everything was right."
    return redirect_with_flash(url_for(".show", number=number), text)


@bp.post("/<number>/cancel")
def cancel(number: str) -> Response:
    with write() as session:
        cancel_count(session, number, actor=current_actor(), at=utc_now())
    return redirect_with_flash(url_for(".index"), f"{number} is cancelled; nothing was posted.")
