"""The basket becomes an order: where to, when, under which number, how it is paid."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from flask import url_for
from werkzeug.wrappers import Response
from wtforms import FormField, HiddenField

from procurement.kernel.clock import utc_now
from procurement.kernel.errors import DomainError, Invalid, NotFound
from procurement.kernel.money import Money
from procurement.planning.queries.shop import pack_badges
from procurement.planning.rules.badges import Badge, Stock
from procurement.portal.door import bp
from procurement.portal.lines import Line, lines_of
from procurement.portal.prices import price_book_for
from procurement.portal.seller import current_basket
from procurement.portal.stock_words import StockWords, stock_words
from procurement.sales.operations.placing import PlaceOrder, Wish, place_orders, preview_order
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
from procurement.web.forms import BaseForm, LineForm, LineList, redirect_with_flash, render_form
from procurement.web.identity import current_actor
from procurement.web.transactions import read, write

ELSEWHERE = "elsewhere"
COLLECT = "collect"
PAYMENTS = [
    (Payment.ON_ACCOUNT.value, "On account, after the invoice"),
    (Payment.PREPAID.value, "In advance: we ship when it is paid"),
]


class WishForm(LineForm):
    """When and where to one line goes; `name` is the product's, `stock` what there is of it, for the page."""

    product = TextField("Product", required=False, most=64)
    pack = TextField("Pack", required=False, most=64)
    wanted_on = DateField("On another day", required=False)
    address = ChoiceField("To another address", required=False)
    name = ""
    stock = StockWords("", "", "")

    def to_wish(self, main: str | None) -> Wish:
        """`main` is where everything else goes: what goes there too is no part of its own."""
        chosen = (self.address.data or "") if self.address.data != main else ""
        return Wish(self.wanted_on.data, _key(chosen))


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

    def name_lines(self, lines: Sequence[Line], badges: Mapping[int, Badge]) -> None:
        """A row for each line on a page just opened; its product and stock in words, always."""
        if not self.is_sent:
            rows = [{"product": line.row.product, "pack": line.row.pack} for line in lines]
            self.lines.process(None, rows)
        known = {(line.row.product, line.row.pack): line for line in lines}
        for entry in self.lines.entries:
            row = entry.form
            row.address.choices = self.other_addresses
            line = known.get((row.product.data, row.pack.data))
            if line is not None:
                row.name = f"{line.row.product_name}, {line.words}"
                row.stock = stock_words(badges.get(line.row.pack_id))

    @property
    def wishes(self) -> dict[tuple[str, str], Wish]:
        rows = [entry.form for entry in self.lines.entries]
        main = self.address.data
        return {(row.product.data, row.pack.data): row.to_wish(main) for row in rows}

    def to_command(self) -> PlaceOrder:
        chosen = self.address.data or ""
        if chosen == ELSEWHERE and not self.deliver_to.data:
            raise Invalid("Write where it goes.", field="deliver_to")
        return PlaceOrder(
            wishes=self.wishes,
            key=str(self.key.data or uuid.uuid4().hex)[:64],
            address=_key(chosen),
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


def _page(form: PlaceForm) -> Response:
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
    form.name_lines(lines, badges)
    form.total.data = str(preview.gross)
    asks_us = credit.with_order(preview.gross).is_over if preview.gross.minor else False
    return render_form(
        "portal/checkout.html",
        form,
        lines=lines,
        leaves_on=_leaves_on(lines, badges),
        wished=any(wish != Wish() for wish in form.wishes.values()),
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


def _key(chosen: str) -> int | None:
    """Of an address that was chosen; None for what is none. Asked of refused forms, too."""
    return int(chosen) if chosen.isascii() and chosen.isdigit() and len(chosen) < 16 else None


def _shown(written: object) -> Money | None:
    """What the page said it comes to; whoever sends none is not held to it."""
    amount, _, currency = str(written or "").partition(" ")
    try:
        return Money.parse(amount, currency)
    except ValueError:
        return None
