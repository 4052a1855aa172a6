"""The approval of a quote: its own page, for a phone in a corridor, and asking for it."""

from flask import request, url_for
from werkzeug.wrappers import Response

from procurement.backoffice.sales.doors import quotes_door as bp
from procurement.kernel.clock import utc_now
from procurement.kernel.errors import Conflict, DomainError, Forbidden
from procurement.kernel.permissions import Permission
from procurement.sales.operations.approving import approve_quote, ask_for_approval, send_quote_back
from procurement.sales.queries.approvals import quote_approval
from procurement.sales.queries.editing import line_figures, margin_of
from procurement.sales.queries.quotes import quote_page
from procurement.web.fields import ProseField, TextField
from procurement.web.forms import BaseForm, redirect_with_flash, render_form
from procurement.web.identity import current_actor
from procurement.web.transactions import read, write


class ReturnForm(BaseForm):
    why = ProseField("What should change", most=2_000)
    seen = TextField("Seen", required=False)


@bp.get("/<number>/approval")
def approval(number: str) -> Response:
    return _page(number, ReturnForm())


@bp.post("/<number>/ask")
def ask(number: str) -> Response:
    """Ask for what is stored; back to the quote."""
    try:
        with write() as session:
            ask_for_approval(
                session, number, request.form.get("note", ""), actor=current_actor(), at=utc_now()
            )
    except Conflict as error:
        return redirect_with_flash(url_for(".show", number=number), error.message, category="error")
    return redirect_with_flash(url_for(".show", number=number), f"{number} waits for approval.")


@bp.post("/<number>/approval/approve")
def approve(number: str) -> Response:
    seen = request.form.get("seen", "")
    try:
        with write() as session:
            approve_quote(session, number, seen, actor=current_actor(), at=utc_now())
    except (Conflict, Forbidden) as error:
        return redirect_with_flash(
            url_for(".approval", number=number), error.message, category="error"
        )
    return redirect_with_flash(url_for("today.show"), f"{number} approved.")


@bp.post("/<number>/approval/send-back")
def send_back(number: str) -> Response:
    form = ReturnForm.from_request()
    if form.validate():
        try:
            with write() as session:
                send_quote_back(session, number, form.why.data, actor=current_actor(), at=utc_now())
        except DomainError as error:
            form.blame(error)
        else:
            return redirect_with_flash(url_for("today.show"), f"{number} sent back.")
    return _page(number, form)


def _page(number: str, form: ReturnForm) -> Response:
    actor, at = current_actor(), utc_now()
    actor.require(Permission.SEE_SALES)
    actor.require(Permission.SEE_MARGIN)
    with read() as session:
        page = quote_page(session, number, actor=actor, at=at)
        state = quote_approval(session, number, actor=actor, at=at)
        figures = line_figures(session, page, actor=actor, at=at)
    return render_form(
        "backoffice/sales/approval.html",
        form,
        quote=page,
        state=state,
        figures=figures,
        margin=margin_of(figures, page.currency),
    )
