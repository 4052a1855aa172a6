"""What something costs somebody on a day, and why."""

from datetime import date

from flask import request
from werkzeug.wrappers import Response

from procurement.backoffice.sales.doors import price_check_door as bp
from procurement.backoffice.sales.navigation import sales_tabs
from procurement.kernel.actor import Actor
from procurement.kernel.clock import today_in, utc_now
from procurement.kernel.db import ReadSession
from procurement.kernel.errors import DomainError, Invalid
from procurement.kernel.paging import all_rows
from procurement.sales.queries.customers import CustomerFilter, customers
from procurement.sales.queries.finding import NotUnderstood, understand
from procurement.sales.queries.why import MOST_PACKS, PriceAnswer, PriceAsked, price_answer
from procurement.settings.queries import get_company
from procurement.web.fields import ChoiceField, CodeField, DateField, TextField, WholeNumberField
from procurement.web.forms import BaseForm, render_form
from procurement.web.identity import current_actor
from procurement.web.transactions import read


class PriceForm(BaseForm):
    product = TextField("Product", most=200)
    pack = CodeField("Pack", required=False)
    packs = WholeNumberField("Packs", required=False, least=1, most=MOST_PACKS)
    customer = ChoiceField("Customer", required=False)
    on = DateField("On", required=False)

    def offer(self, session: ReadSession, actor: Actor) -> None:
        known = all_rows(lambda paging: customers(session, CustomerFilter(), paging, actor=actor))
        self.customer.choices = [("", "Somebody without a list")] + [
            (row.code, f"{row.name} ({row.code})") for row in known
        ]


@bp.get("/")
def show() -> Response:
    """Asked by the address, so that an answer can be sent to a colleague."""
    actor, form = current_actor(), PriceForm(request.args)
    answer: PriceAnswer | None = None
    with read() as session:
        form.offer(session, actor)
        if request.args.get("product") and form.validate():
            try:
                on = form.on.data or today_in(get_company(session).time_zone, utc_now())
                answer = price_answer(session, _asked(session, form, on, actor), on, actor=actor)
            except DomainError as error:
                form.blame(error)
    return render_form(
        "backoffice/sales/price_check.html",
        form,
        tabs=sales_tabs("price_check"),
        answer=answer,
    )


def _asked(session: ReadSession, form: PriceForm, on: date, actor: Actor) -> PriceAsked:
    """The product as it was typed, pasted or scanned; the pack of its barcode where none is named."""
    written = form.product.data
    meant = understand(session, {written}, on, actor=actor)[written]
    if isinstance(meant, NotUnderstood):
        raise Invalid(meant.why, field="product")
    return PriceAsked(
        product=meant.sku,
        packs=form.packs.data or 1,
        pack=form.pack.data or meant.pack,
        customer=form.customer.data or None,
    )
