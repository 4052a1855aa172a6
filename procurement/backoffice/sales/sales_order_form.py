"""A sales order that no quote went before, and changing a draft."""

from typing import Any

from flask import url_for
from werkzeug.wrappers import Response
from wtforms import FormField, HiddenField

from procurement.backoffice.sales.doors import sales_orders_door as bp
from procurement.kernel.clock import utc_now
from procurement.kernel.db import ReadSession
from procurement.kernel.errors import Conflict, Invalid
from procurement.kernel.paging import all_rows
from procurement.kernel.permissions import Permission
from procurement.sales.operations.order_lines import OrderedLine
from procurement.sales.operations.sales_orders import (
    ChangeSalesOrder,
    Delivering,
    DraftSalesOrder,
    change_sales_order,
    draft_sales_order,
)
from procurement.sales.queries.accepted import joinable
from procurement.sales.queries.customers import CustomerFilter, customer_page, customers
from procurement.sales.queries.sales_orders import sales_order_page
from procurement.sales.terms.orders import SalesOrderPage
from procurement.stock.queries.places import sites
from procurement.stock.queries.rooms import stockable
from procurement.web.fields import (
    ChoiceField,
    CodeField,
    DateField,
    PriceField,
    ProseField,
    TextField,
    WholeNumberField,
)
from procurement.web.forms import BaseForm, LineForm, LineList, redirect_with_flash, render_form
from procurement.web.identity import current_actor
from procurement.web.transactions import read, write


class DeliveringForm(BaseForm):
    site = ChoiceField("Ships from")
    wanted_on = DateField("Wanted on", required=False)
    customer_ref = TextField("The customer's order number", required=False, most=200)
    deliver_to = ProseField("Deliver to", required=False, most=2000)
    note_to_customer = ProseField("Note to the customer", required=False, most=2000)
    note_to_us = ProseField("Note for whoever packs it", required=False, most=2000)

    def delivering(self, *, usual_address: bool) -> Delivering:
        """An address left empty is the customer's usual one when the order is made, and none afterwards."""
        address = self.deliver_to.data or ""
        return Delivering(
            site=self.site.data,
            deliver_to=None if usual_address and not address else address,
            wanted_on=self.wanted_on.data,
            customer_ref=self.customer_ref.data or "",
            note_to_customer=self.note_to_customer.data or "",
            note_to_us=self.note_to_us.data or "",
        )


class PacksForm(LineForm):
    position = HiddenField()
    packs = WholeNumberField("Packs")


class OrderedForm(LineForm):
    product = CodeField("Product")
    pack = CodeField("Pack", required=False)
    packs = WholeNumberField("Packs", least=1)
    unit_price = PriceField("Price of a pack", required=False)


class ChangeForm(DeliveringForm):
    version = HiddenField()
    lines = LineList(FormField(PacksForm), spare=0)
    add_lines = LineList(FormField(OrderedForm), spare=2, least=0)
    join_quotes = ChoiceField("Bring in an accepted quote", required=False)


class NewOrderForm(DeliveringForm):
    customer = ChoiceField("Customer")
    lines = LineList(FormField(OrderedForm), spare=4)


@bp.route("/new", methods=["GET", "POST"])
def create() -> Response:
    actor = current_actor()
    actor.require(Permission.SELL)
    form = NewOrderForm.from_request()
    with read() as session:
        known = all_rows(
            lambda paging: customers(session, CustomerFilter(active=True), paging, actor=actor)
        )
        form.customer.choices = [
            ("", "Choose one"),
            *((row.code, f"{row.name} ({row.code})") for row in known),
        ]
        form.site.choices = _sites(session)
        if form.is_sent and form.customer.data in {row.code for row in known}:
            currency = customer_page(session, form.customer.data, actor=actor).currency
            for entry in form.lines.entries:
                entry.form.unit_price.currency = currency
        products = stockable(session)
    if form.is_sent and form.validate():
        command = DraftSalesOrder(
            customer=form.customer.data,
            lines=tuple(_ordered(entry.form) for entry in form.lines.entries),
            delivering=form.delivering(usual_address=True),
        )
        try:
            with write() as session:
                made = draft_sales_order(session, command, actor=actor, at=utc_now())
                number = made.number
        except (Conflict, Invalid) as error:
            form.blame(error)
        else:
            url = url_for(".show", number=number)
            return redirect_with_flash(url, f"{number} drafted: look it over and confirm it.")
    return render_form("backoffice/sales/sales_order_new.html", form, products=products)


@bp.route("/<number>/edit", methods=["GET", "POST"])
def edit(number: str) -> Response:
    actor = current_actor()
    actor.require(Permission.SELL)
    with read() as session:
        order = sales_order_page(session, number, actor=actor)
        offered, products = _sites(session), stockable(session)
        others = joinable(session, order.customer, order.currency)
    form = ChangeForm.from_request(data=_data(order))
    form.site.choices = offered
    form.join_quotes.choices = [("", "None"), *((one, one) for one in others)]
    for entry in form.add_lines.entries:
        entry.form.unit_price.currency = order.currency
    if form.is_sent and form.validate():
        packs = {
            position: entry.form.packs.data
            for entry in form.lines.entries
            if (position := _number(entry.form.position.data)) is not None
        }
        command = ChangeSalesOrder(
            number=number,
            version=_number(form.version.data),
            packs=packs,
            delivering=form.delivering(usual_address=False),
            added=tuple(_ordered(entry.form) for entry in form.add_lines.entries),
            joined=(form.join_quotes.data,) if form.join_quotes.data else (),
        )
        try:
            with write() as session:
                change_sales_order(session, command, actor=actor, at=utc_now())
        except (Conflict, Invalid) as error:
            form.blame(error)
        else:
            return redirect_with_flash(url_for(".show", number=number), f"{number} is saved.")
    return render_form(
        "backoffice/sales/sales_order_edit.html",
        form,
        order=order,
        lines={str(line.position): line for line in order.lines},
        products=products,
    )


def _number(written: object) -> int | None:
    """What a hidden field holds; somebody may have written anything into it."""
    text = str(written)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _ordered(row: Any) -> OrderedLine:
    return OrderedLine(
        product=row.product.data,
        packs=row.packs.data,
        pack=row.pack.data or None,
        price=row.unit_price.data,
    )


def _data(order: SalesOrderPage) -> dict[str, Any]:
    return {
        "site": order.site,
        "wanted_on": order.wanted_on,
        "customer_ref": order.customer_ref,
        "deliver_to": order.deliver_to,
        "note_to_customer": order.note_to_customer,
        "note_to_us": order.note_to_us,
        "version": order.version,
        "lines": [{"position": line.position, "packs": line.packs} for line in order.lines],
    }


def _sites(session: ReadSession) -> list[tuple[str, str]]:
    return [(site.code, site.name) for site in sites(session)]
