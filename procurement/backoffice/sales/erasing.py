"""A person at a customer's is forgotten: they asked by mail or by telephone."""

from flask import url_for
from werkzeug.wrappers import Response

from procurement.backoffice.sales.doors import customers_door as bp
from procurement.kernel.clock import utc_now
from procurement.sales.operations.leaving import erase_buyer
from procurement.web.forms import redirect_with_flash
from procurement.web.identity import current_actor
from procurement.web.transactions import write


@bp.post("/<code>/people/<email>/erase")
def erase(code: str, email: str) -> Response:
    with write() as session:
        erase_buyer(session, email, customer=code, actor=current_actor(), at=utc_now())
    return redirect_with_flash(url_for(".show", code=code), "They are forgotten.")
