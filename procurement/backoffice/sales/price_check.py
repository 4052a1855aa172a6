"""What something costs somebody on a day, and why."""

from flask import request
from werkzeug.wrappers import Response

from procurement.backoffice.sales.doors import price_check_door as bp
from procurement.backoffice.sales.navigation import sales_tabs
from procurement.kernel.clock import today_in, utc_now
from procurement.kernel.errors import DomainError
from procurement.sales.queries.why import PriceAnswer, PriceAsked, price_answer
from procurement.settings.queries import get_company
from procurement.web.fields import CodeField, DateField, WholeNumberField
from procurement.web.forms import BaseForm, render_form
from procurement.web.identity import current_actor
from procurement.web.transactions import read


class PriceForm(BaseForm):
    product = CodeField("Product")
    pack = CodeField("Pack", required=False)
    packs = WholeNumberField("Packs", required=False, least=1, most=1_000_000)
    customer = CodeField("Customer", required=False)
    on = DateField("On", required=False)


@bp.get("/")
def show() -> Response:
    """Asked by the address, so that an answer can be sent to a colleague."""
    form = PriceForm(request.args)
    answer: PriceAnswer | None = None
    asked = bool(request.args.get("product"))
    if asked and form.validate():
        question = PriceAsked(
            product=form.product.data,
            packs=form.packs.data or 1,
            pack=form.pack.data or None,
            customer=form.customer.data or None,
        )
        try:
            with read() as session:
                on = form.on.data or today_in(get_company(session).time_zone, utc_now())
                answer = price_answer(session, question, on, actor=current_actor())
        except DomainError as error:
            form.blame(error)
    return render_form(
        "backoffice/sales/price_check.html",
        form,
        tabs=sales_tabs("price_check"),
        answer=answer,
    )
