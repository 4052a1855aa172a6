"""Searches a buyer keeps: what each finds, and how much of it is new since they last looked."""

from flask import render_template, url_for
from werkzeug.wrappers import Response

from procurement.kernel.clock import utc_now
from procurement.kernel.errors import DomainError
from procurement.planning.queries.shop import count_kept
from procurement.portal.door import bp
from procurement.portal.filtering import kept_query, read_query, wanted_of
from procurement.sales.operations.shop import forget_search, open_search, save_search
from procurement.sales.queries.shop import saved_searches
from procurement.web.doors import Audience, open_to
from procurement.web.fields import TextField
from procurement.web.forms import BaseForm, redirect_with_flash
from procurement.web.identity import current_actor
from procurement.web.transactions import read, write


class SearchForm(BaseForm):
    name = TextField("Name", most=200)
    query = TextField("Search", most=2_000)


@bp.get("/account/searches")
@open_to(Audience.BUYER)
def searches() -> str:
    with read() as session:
        kept = saved_searches(session, actor=current_actor())
        wanted = {one.id: (wanted_of(read_query(one.query)), one.seen_at) for one in kept}
        counts = count_kept(session, wanted, at=utc_now())
    rows = [(one, *counts[one.id], url_for(".open_kept", search_id=one.id)) for one in kept]
    return render_template("portal/searches.html", rows=rows)


@bp.post("/account/searches")
@open_to(Audience.BUYER)
def keep_search() -> Response:
    form = SearchForm.from_request()
    query = kept_query(read_query(form.query.data or ""))
    back = f"{url_for('.catalogue')}?{query}" if query else url_for(".catalogue")
    if not form.validate():
        errors = [*form.name.errors, *form.query.errors]
        return redirect_with_flash(back, " ".join(map(str, errors)), category="error")
    try:
        with write() as session:
            save_search(session, form.name.data, query, actor=current_actor(), at=utc_now())
    except DomainError as error:
        return redirect_with_flash(back, error.message, category="error")
    return redirect_with_flash(url_for(".searches"), f"{form.name.data} is kept.")


@bp.post("/account/searches/<int:search_id>/open")
@open_to(Audience.BUYER)
def open_kept(search_id: int) -> Response:
    """Looking is a change: from now on what is there is not new any more."""
    with write() as session:
        found = open_search(session, search_id, actor=current_actor(), at=utc_now())
    return Response(status=303, headers={"Location": f"{url_for('.catalogue')}?{found.query}"})


@bp.post("/account/searches/<int:search_id>/delete")
@open_to(Audience.BUYER)
def forget_kept(search_id: int) -> Response:
    with write() as session:
        forget_search(session, search_id, actor=current_actor())
    return redirect_with_flash(url_for(".searches"), "The search is gone.")
