"""Closed books: up to which day nothing is posted any more, and by whom that was said."""

from datetime import date, timedelta

from flask import url_for
from werkzeug.wrappers import Response

from procurement.kernel.clock import utc_now
from procurement.kernel.errors import DomainError, NotFound
from procurement.kernel.permissions import Permission
from procurement.stock.operations.periods import close_books, reopen_books
from procurement.stock.queries.periods import closings
from procurement.web.doors import Audience, Door
from procurement.web.fields import DateField
from procurement.web.filters import show_date, show_moment, today
from procurement.web.forms import BaseForm, redirect_with_flash, render_form
from procurement.web.identity import current_actor
from procurement.web.listing import export, export_urls, wanted_format
from procurement.web.transactions import read, write

bp = Door("periods", __name__, audience=Audience.STAFF, url_prefix="/periods")


class CloseForm(BaseForm):
    last_day = DateField("Last day that is closed")


@bp.get("/")
def index() -> Response:
    current_actor().require(Permission.SEE_STOCK)
    if wanted_format():
        with read() as session:
            rows = closings(session)
        return export(
            "closed-books",
            ("Closed up to", "When", "By"),
            [(row.last_day, show_moment(row.closed_at), row.closed_by) for row in rows],
        )
    end_of_last_month = today().replace(day=1) - timedelta(days=1)
    return _page(CloseForm(data={"last_day": end_of_last_month}))


@bp.post("/")
def close() -> Response:
    form = CloseForm.from_request()
    if form.validate():
        try:
            with write() as session:
                close_books(session, form.last_day.data, actor=current_actor(), at=utc_now())
        except DomainError as error:
            form.blame(error)
        else:
            day = show_date(form.last_day.data, year=True)
            return redirect_with_flash(url_for(".index"), f"The books are closed up to {day}.")
    return _page(form)


@bp.post("/<day>/reopen")
def reopen(day: str) -> Response:
    try:
        last_day = date.fromisoformat(day)
    except ValueError as error:
        raise NotFound("The books were not closed on such a day.") from error
    with write() as session:
        reopen_books(session, last_day, actor=current_actor(), at=utc_now())
    return redirect_with_flash(url_for(".index"), "The last closing is taken back.")


def _page(form: CloseForm) -> Response:
    with read() as session:
        rows = closings(session)
    return render_form(
        "backoffice/stock/periods.html",
        form,
        closings=rows,
        exports=export_urls(),
        may_close=current_actor().may(Permission.CLOSE_PERIODS),
    )
