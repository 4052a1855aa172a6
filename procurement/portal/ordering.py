"""The basket becomes an order: where to, when, under which number, how it is paid."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from flask import request, url_for
from werkzeug.wrappers import Response
from wtforms import FormField, HiddenField

from procurement.kernel.clock import utc_now
from procurement.kernel.errors import DomainError, Invalid, NotFound
from procurement.kernel.money import Money
from procurement.planning.queries.shop import pack_badges
from procurement.planning.rules.badges import Badge, Stock
from procurement.portal.dividing import WishForm, address_key, divide, name_rows
from procurement.portal.door import bp
from procurement.portal.lines import Line, lines_of
from procurement.portal.prices import price_book_for
from procurement.portal.seller import current_basket
from procurement.sales.operations.placing import PlaceOrder, place_orders, preview_order
from procurement.sales.operations.wanting import Wish
from procurement.sales.queries.agreements import is_waiting
from procurement.sales.queries.baskets import basket_rows
from procurement.sales.queries.buyers import powers_of
from procurement.sales.queries.credit import own_credit
from procurement.sales.queries.own_orders import DeliveryAddress, own_addresses
from procurement.sales.queries.shop import shop
from procurement.sales.terms.orders import Payment
from procurement.web.doors import Audience, open_to
from procurement.web.fields import ChoiceField, DateField, ProseField, TextField
from procurement.web.filters import today
from procurement.web.forms import BaseForm, LineList, redirect_with_flash, render_form
from procurement.web.identity import current_actor
from procurement.web.transactions import read, write

ELSEWHERE = "elsewhere"
COLLECT = "collect"
PAYMENTS = [
    (Payment.ON_ACCOUNT.value, "On account, after the invoice"),
    (Payment.PREPAID.value, "In advance: we ship when it is paid"),
]


class PlaceForm(BaseForm):
    other_addresses: list[tuple[str, str]]

    lines = LineList(FormField(WishForm), least=0, spare=0)
    address = ChoiceField("Deliver to", required=False)
    deliver_to = ProseField("Another address", required=False, most=1_000)
    wanted_on = DateField("Wanted on", required=False)
    customer_ref = TextField("Your own order number", required=False, most=60)
    payment = ChoiceField("Payment", PAYMENTS)
    note = ProseField("Anything we should know", required=False, most=2_000)
    key = HiddenField()
    total = HiddenField()  # as it was shown: "123.45 EUR"

    @property
    def wishes(self) -> dict[tuple[str, str], list[Wish]]:
        found: dict[tuple[str, str], list[Wish]] = {}
        for entry in self.lines.entries:
            wish = entry.form.to_wish(self.address.data)
            found.setdefault(entry.form.key, []).append(wish)
        return found

    def to_command(self) -> PlaceOrder:
        chosen = self.address.data or ""
        if chosen == ELSEWHERE and not self.deliver_to.data:
            raise Invalid("Write where it goes.", field="deliver_to")
        return PlaceOrder(
            wishes=self.wishes,
            key=str(self.key.data or uuid.uuid4().hex)[:64],
            address=address_key(chosen),
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
    with read() as session:
        rows = basket_rows(session, current_basket())
    if divide(form.lines, request.form, rows) or "reckon" in request.form:
        return _page(form, status=200)
    if not form.validate():
        return _page(form)
    try:
        with write() as session:
            made = place_orders(session, form.to_command(), actor=current_actor(), at=utc_now())
            numbers = [one.number for one in made]
            waits = is_waiting(session, made[0].id)
    except NotFound:
        raise
    except DomainError as error:
        form.blame(error)
        return _page(form)
    if len(numbers) > 1:
        words = "wait for a colleague, who has been asked by mail" if waits else "are with us"
        said = f"Thank you. {', '.join(numbers)} {words}, one for each address."
        return redirect_with_flash(url_for(".orders"), said)
    words = "waits for a colleague, who has been asked by mail" if waits else "is with us"
    return redirect_with_flash(
        url_for(".order_page", number=numbers[0]), f"Thank you. {numbers[0]} {words}."
    )


def _page(form: PlaceForm, *, status: int | None = None) -> Response:
    actor, at, packs = current_actor(), utc_now(), current_basket()
    with read() as session:
        lines = lines_of(basket_rows(session, packs), price_book_for(session, set(packs), actor))
        collect = form.address.data == COLLECT
        wishes = form.wishes if form.is_sent else {}
        preview = preview_order(session, actor=actor, at=at, collect=collect, wishes=wishes)
        badges = pack_badges(session, {line.row.product_id for line in lines}, at=at)
        credit = own_credit(session, actor=actor)
        asks_colleague = not powers_of(session, actor).covers(preview.gross)
    _offer(form)
    if not form.is_sent:
        form.lines.process(
            None, [{"product": one.row.product, "pack": one.row.pack} for one in lines]
        )
    name_rows(form.lines, lines, badges, form.other_addresses)
    form.total.data = str(preview.gross)
    asks_us = credit.with_order(preview.gross).is_over if preview.gross.minor else False
    return render_form(
        "portal/checkout.html",
        form,
        status=status,
        lines=lines,
        leaves_on=_leaves_on(lines, badges),
        wished=any(wishes != [Wish()] for wishes in form.wishes.values()),
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
        *((str(one.id), ", ".join(one.lines.splitlines())) for one in addresses),
        *([(COLLECT, "Nowhere: we fetch it from you")] if may_collect else []),
        (ELSEWHERE, "Another address, written below"),
    ]
    form.other_addresses = _other_addresses(addresses)
    for entry in form.lines.entries:
        entry.form.address.choices = form.other_addresses
    if not form.is_sent:
        usual = next((str(one.id) for one in addresses if one.is_usual), ELSEWHERE)
        form.address.data = usual


def _other_addresses(addresses: Sequence[DeliveryAddress]) -> list[tuple[str, str]]:
    words = [(str(one.id), ", ".join(one.lines.splitlines())) for one in addresses]
    return [("", "with everything else"), *words]


def _leaves_on(lines: Sequence[Line], badges: Mapping[int, Badge]) -> date | None:
    """The first day on which all of it can be there; None where that is not known."""
    days = []
    for line in lines:
        badge = badges.get(line.row.pack_id)
        if not line.row.is_goods or badge is None:
            continue
        if badge.stock is Stock.IN or (badge.stock is Stock.LOW and badge.packs >= line.row.packs):
            days.append(today())
        elif badge.stock is Stock.DUE and badge.due_on:
            days.append(badge.due_on)
        elif badge.stock is Stock.TO_ORDER:
            days.append(today() + timedelta(days=badge.days))
        else:
            return None
    return max(days, default=None)


def _shown(written: object) -> Money | None:
    """What the page said it comes to; whoever sends none is not held to it."""
    amount, _, currency = str(written or "").partition(" ")
    try:
        return Money.parse(amount, currency)
    except ValueError:
        return None
