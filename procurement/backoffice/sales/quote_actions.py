"""What one does with a quote from its page: revise, answer for the customer, withdraw."""

from flask import request, url_for
from werkzeug.wrappers import Response

from procurement.backoffice.sales.doors import quotes_door as bp
from procurement.kernel.clock import utc_now
from procurement.kernel.errors import Conflict, Invalid
from procurement.sales.operations.answering import (
    Answer,
    accept_quote,
    cancel_quote,
    decline_quote,
)
from procurement.sales.operations.copying import (
    CopyQuote,
    copy_quote,
    drop_template,
    save_template,
)
from procurement.sales.operations.issuing import revise_quote
from procurement.sales.terms import LossReason
from procurement.web.forms import redirect_with_flash
from procurement.web.identity import current_actor
from procurement.web.transactions import write


def _back(number: str, said: str, *, category: str = "ok") -> Response:
    return redirect_with_flash(url_for(".show", number=number), said, category=category)


@bp.post("/<number>/revise")
def revise(number: str) -> Response:
    try:
        with write() as session:
            quote = revise_quote(session, number, actor=current_actor(), at=utc_now())
    except (Conflict, Invalid) as error:
        return _back(number, error.message, category="error")
    return _back(number, f"Revision {quote.revision} begun. What the customer has stays valid.")


@bp.post("/<number>/copy")
def copy(number: str) -> Response:
    """Another draft with the same lines, for the same customer or another."""
    command = CopyQuote(number=number, customer=request.form.get("customer") or None)
    try:
        with write() as session:
            quote = copy_quote(session, command, actor=current_actor(), at=utc_now())
    except (Conflict, Invalid) as error:
        return _back(number, error.message, category="error")
    return _back(quote.number, f"{quote.number} begun with the lines of {number}.")


@bp.post("/<number>/template")
def keep_template(number: str) -> Response:
    name = request.form.get("name", "")
    try:
        with write() as session:
            template = save_template(session, number, name, actor=current_actor(), at=utc_now())
    except (Conflict, Invalid) as error:
        return _back(number, error.message, category="error")
    return _back(number, f"Template “{template.name}” kept. New quotes can begin with it.")


@bp.post("/templates/<int:template>/drop")
def forget_template(template: int) -> Response:
    try:
        with write() as session:
            drop_template(session, template, actor=current_actor(), at=utc_now())
    except Conflict as error:
        return redirect_with_flash(url_for(".create"), error.message, category="error")
    return redirect_with_flash(url_for(".create"), "Template dropped; quotes begun from it stay.")


@bp.post("/<number>/accept")
def accept(number: str) -> Response:
    answer = Answer(name=request.form.get("name", ""), note=request.form.get("note", ""))
    try:
        with write() as session:
            accept_quote(session, number, answer, actor=current_actor(), at=utc_now())
    except (Conflict, Invalid) as error:
        return _back(number, error.message, category="error")
    return _back(number, f"{number} accepted.")


def _why(written: str) -> LossReason | None:
    return next((reason for reason in LossReason if reason.value == written), None)


@bp.post("/<number>/decline")
def decline(number: str) -> Response:
    answer = Answer(
        name=request.form.get("name", ""),
        reason=request.form.get("note", "") or request.form.get("reason", ""),
        why=_why(request.form.get("why", "")),
    )
    try:
        with write() as session:
            decline_quote(session, number, answer, actor=current_actor(), at=utc_now())
    except (Conflict, Invalid) as error:
        return _back(number, error.message, category="error")
    return _back(number, f"{number} declined.")


@bp.post("/<number>/cancel")
def cancel(number: str) -> Response:
    try:
        with write() as session:
            cancel_quote(
                session,
                number,
                request.form.get("why", ""),
                actor=current_actor(),
                at=utc_now(),
            )
    except (Conflict, Invalid) as error:
        return _back(number, error.message, category="error")
    return _back(number, f"{number} withdrawn.")
