"""The basket becomes an order: where to, when, under which number, how it is paid."""

import uuid

from flask import url_for
from werkzeug.wrappers import Response
from wtforms import HiddenField

from procurement.kernel.clock import utc_now
from procurement.kernel.errors import DomainError, Invalid, NotFound
from procurement.kernel.money import Money
from procurement.portal.door import bp
from procurement.portal.lines import lines_of
from procurement.portal.prices import price_book_for
from procurement.portal.seller import current_basket
from procurement.sales.operations.placing import PlaceOrder, place_order, preview_order
from procurement.sales.queries.agreements import is_waiting
from procurement.sales.queries.baskets import basket_rows
from procurement.sales.queries.buyers import powers_of
from procurement.sales.queries.credit import own_credit
from procurement.sales.queries.own_orders import own_addresses
from procurement.sales.queries.shop import shop
from procurement.sales.terms.orders import Payment
from procurement.web.doors import Audience, open_to
from procurement.web.fields import ChoiceField, DateField, ProseField, TextField
from procurement.web.forms import BaseForm, redirect_with_flash, render_form
from procurement.web.identity import current_actor
from procurement.web.transactions import read, write

ELSEWHERE = "elsewhere"
COLLECT = "collect"
PAYMENTS = [
    (Payment.ON_ACCOUNT.value, "On account, after the invoice"),
    (Payment.PREPAID.value, "In advance: we ship when it is paid"),
]


class PlaceForm(BaseForm):
    address = ChoiceField("Deliver to", required=False)
    deliver_to = ProseField("Another address", required=False, most=1_000)
    wanted_on = DateField("Wanted on", required=False)
    customer_ref = TextField("Your own order number", required=False, most=60)
    payment = ChoiceField("Payment", PAYMENTS)
    note = ProseField("Anything we should know", required=False, most=2_000)
    key = HiddenField()
    total = HiddenField()  # as it was shown: "123.45 EUR"

    def to_command(self) -> PlaceOrder:
        chosen = self.address.data or ""
        if chosen == ELSEWHERE and not self.deliver_to.data:
            raise Invalid("Write where it goes.", field="deliver_to")
        return PlaceOrder(
            key=str(self.key.data or uuid.uuid4().hex)[:64],
            address=int(chosen) if chosen.isdigit() else None,
            deliver_to=self.deliver_to.data if chosen in {"", ELSEWHERE} else "",
            collect=chosen == COLLECT,
            wanted_on=self.wanted_on.data,
            customer_ref=self.customer_ref.data or "",
            note=self.note.data or "",
            payment=Payment(self.payment.data),
            total=_shown(self.total.data),
        )


@bp.get("/basket/order")
@open_to(Audience.BUYER)
def checkout() -> Response:
    return _page(PlaceForm(data={"key": uuid.uuid4().hex, "payment": Payment.ON_ACCOUNT.value}))


@bp.post("/basket/order")
@open_to(Audience.BUYER)
def order() -> Response:
    form = PlaceForm.from_request()
    _offer(form)
    if not form.validate():
        return _page(form)
    try:
        with write() as session:
            made = place_order(session, form.to_command(), actor=current_actor(), at=utc_now())
            number, waits = made.number, is_waiting(session, made.id)
    except NotFound:
        raise
    except DomainError as error:
        form.blame(error)
        return _page(form)
    words = "waits for a colleague, who has been asked by mail" if waits else "is with us"
    return redirect_with_flash(
        url_for(".order_page", number=number), f"Thank you. {number} {words}."
    )


def _page(form: PlaceForm) -> Response:
    actor, at, packs = current_actor(), utc_now(), current_basket()
    with read() as session:
        lines = lines_of(basket_rows(session, packs), price_book_for(session, set(packs), actor))
        collect = form.address.data == COLLECT
        preview = preview_order(session, actor=actor, at=at, collect=collect)
        credit = own_credit(session, actor=actor)
        asks_colleague = not powers_of(session, actor).covers(preview.gross)
    _offer(form)
    form.total.data = str(preview.gross)
    asks_us = credit.with_order(preview.gross).is_over if preview.gross.minor else False
    return render_form(
        "portal/checkout.html",
        form,
        lines=lines,
        preview=preview,
        credit=credit,
        asks_us=asks_us,
        asks_colleague=asks_colleague,
    )


def _offer(form: PlaceForm) -> None:
    with read() as session:
        addresses = own_addresses(session, actor=current_actor())
        may_collect = shop(session).may_collect
    form.address.choices = [
        *((str(one.index), ", ".join(one.lines.splitlines())) for one in addresses),
        *([(COLLECT, "Nowhere: we fetch it from you")] if may_collect else []),
        (ELSEWHERE, "Another address, written below"),
    ]
    if not form.is_sent:
        usual = next((str(one.index) for one in addresses if one.is_usual), ELSEWHERE)
        form.address.data = usual


def _shown(written: object) -> Money | None:
    """What the page said it comes to; whoever sends none is not held to it."""
    amount, _, currency = str(written or "").partition(" ")
    try:
        return Money.parse(amount, currency)
    except ValueError:
        return None
