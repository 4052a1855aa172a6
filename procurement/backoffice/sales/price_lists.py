"""Price lists: the list of them, one with its prices, its head, and prices one by one or pasted."""

import re
from dataclasses import replace

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from procurement.backoffice.sales.doors import price_lists_door as bp
from procurement.backoffice.sales.navigation import sales_tabs
from procurement.exchange.export import Cell
from procurement.kernel.clock import utc_now
from procurement.kernel.errors import DomainError, Invalid
from procurement.kernel.money import UnitPrice
from procurement.kernel.paging import all_rows
from procurement.kernel.permissions import Permission
from procurement.sales.operations.price_lists import (
    MOST_PACKS,
    PriceInput,
    SavePriceList,
    change_price_list,
    create_price_list,
    set_prices,
)
from procurement.sales.queries.groups import group_choices
from procurement.sales.queries.price_lists import (
    PriceListRow,
    price_list_page,
    price_lists,
    prices_of,
)
from procurement.settings.queries import currencies
from procurement.web.fields import (
    ChoiceField,
    CodeField,
    DateField,
    ProseField,
    TextField,
    TickField,
    WholeNumberField,
    plain_figure,
)
from procurement.web.forms import BaseForm, redirect_with_flash, render_form
from procurement.web.identity import current_actor
from procurement.web.listing import (
    export,
    export_urls,
    next_url,
    page_request,
    search_text,
    wanted_format,
)
from procurement.web.transactions import read, write

LISTS_HEADER = ("Code", "Name", "Currency", "From", "Until", "Default", "Prices", "Customers")
HEADER = ("Product", "Name", "Pack", "From packs", "Price", "Currency")
_LINE = re.compile(
    r"(?P<sku>[^\s;]+)[\s;]+(?:(?P<pack>[^\s;]+)[\s;]+)?(?:(?P<packs>[0-9]{1,7})[\s;]+)?(?P<price>\S+)"
)
MOST_LINES = 500


class PriceListForm(BaseForm):
    code = CodeField("Code")
    name = TextField("Name")
    currency = ChoiceField("Currency")
    valid_from = DateField("From", required=False)
    valid_until = DateField("Until, that day included", required=False)
    is_default = TickField("Default list of its currency")
    group = ChoiceField("For the customers of", required=False)
    version = WholeNumberField("Version", required=False, most=10**9)

    def to_command(self) -> SavePriceList:
        return SavePriceList(
            code=self.code.data,
            name=self.name.data,
            currency=self.currency.data,
            valid_from=self.valid_from.data,
            valid_until=self.valid_until.data,
            is_default=self.is_default.data,
            group=self.group.data or None,
            version=self.version.data,
        )

    def to_new(self) -> SavePriceList:
        """Not ticked says nothing of a new list: the first one of its currency becomes the default."""
        return replace(self.to_command(), is_default=self.is_default.data or None)


class PricesForm(BaseForm):
    prices = ProseField("Set prices", most=50_000)

    def to_inputs(self, currency: str) -> list[PriceInput]:
        written = [line for line in self.prices.data.splitlines() if line.strip()]
        if len(written) > MOST_LINES:
            raise Invalid(f"At most {MOST_LINES} lines at a time, please.", field="prices")
        return [_parse(line.strip(), i, currency) for i, line in enumerate(written, start=1)]


def _parse(line: str, number: int, currency: str) -> PriceInput:
    """SKU, pack, from how many packs, price; a minus for the price takes it away."""
    found = _LINE.fullmatch(line)
    if found is None:
        raise Invalid(f"Line {number}: code, pack, from packs, price, please.", field="prices")
    price = None
    if found["price"] not in {"-", "–"}:  # noqa: RUF001 (an en dash is what spreadsheets make of it)
        try:
            price = UnitPrice.parse(plain_figure(found["price"]), currency)
        except ValueError as error:
            raise Invalid(f"Line {number}: {error}", field="prices") from error
    pack, packs = found["pack"], int(found["packs"] or 1)
    if pack and pack.isdigit() and not found["packs"]:
        packs, pack = int(pack[:9]), None  # "ALM-500 6 135.60" names no pack
    if not 1 <= packs <= MOST_PACKS:
        raise Invalid(f"Line {number}: from 1 to {MOST_PACKS:,} packs.", field="prices")
    return PriceInput(found["sku"], price, pack, packs)


@bp.get("/")
def index() -> str | Response:
    actor = current_actor()
    text = search_text()
    with read() as session:
        if wanted_format():
            rows = all_rows(lambda paging: price_lists(session, paging, actor=actor, text=text))
            return export("price-lists", LISTS_HEADER, [_exported(row) for row in rows])
        page = price_lists(session, page_request(), actor=actor, text=text)
    return render_template(
        "backoffice/sales/price_lists.html",
        tabs=sales_tabs("price_lists"),
        page=page,
        text=text,
        next=next_url(page),
        exports_of=export_urls(),
        may_edit=actor.may(Permission.EDIT_PRICES),
    )


def _exported(row: PriceListRow) -> tuple[Cell, ...]:
    dates = (row.validity.from_, row.validity.until)
    return (
        row.code,
        row.name,
        row.currency,
        *dates,
        str(row.is_default).lower(),
        row.prices,
        row.customers,
    )


@bp.route("/new", methods=["GET", "POST"])
def create() -> Response:
    actor = current_actor()
    actor.require(Permission.EDIT_PRICES)
    form = PriceListForm.from_request()
    _offer(form)
    if form.is_sent and form.validate():
        try:
            with write() as session:
                made = create_price_list(session, form.to_new(), actor=actor, at=utc_now())
        except DomainError as error:
            form.blame(error)
        else:
            return redirect_with_flash(url_for(".show", code=made.code), f"{made.name} saved.")
    return render_form("backoffice/sales/price_list_form.html", form, price_list=None)


@bp.route("/<path:code>/edit", methods=["GET", "POST"])
def edit(code: str) -> Response:
    actor = current_actor()
    actor.require(Permission.EDIT_PRICES)
    with read() as session:
        price_list = price_list_page(session, code, actor=actor)
    sent = request.method == "POST"
    form = PriceListForm.from_request() if sent else PriceListForm(obj=price_list)
    _offer(form)
    if form.is_sent and form.validate():
        try:
            with write() as session:
                change_price_list(session, form.to_command(), actor=actor, at=utc_now())
        except DomainError as error:
            form.blame(error)
        else:
            return redirect_with_flash(url_for(".show", code=code), f"{form.name.data} saved.")
    return render_form("backoffice/sales/price_list_form.html", form, price_list=price_list)


@bp.route("/<path:code>", methods=["GET", "POST"])
def show(code: str) -> Response:
    """The prices of a list; what is typed below them is set."""
    actor = current_actor()
    form = PricesForm.from_request() if request.method == "POST" else PricesForm()
    text = search_text()
    with read() as session:
        price_list = price_list_page(session, code, actor=actor)
        if wanted_format():
            every = all_rows(
                lambda paging: prices_of(session, code, paging, actor=actor, text=text)
            )
            rows = [
                (p.sku, p.product_name, p.pack, p.from_packs, p.price.decimal, p.price.currency)
                for p in every
            ]
            return export(f"prices-{code}", HEADER, rows)
    if form.is_sent and form.validate():
        try:
            wanted = form.to_inputs(price_list.currency)
            with write() as session:
                set_prices(session, code, wanted, actor=actor, at=utc_now())
        except DomainError as error:
            form.blame(error)
        else:
            said = f"{len(wanted)} {'price' if len(wanted) == 1 else 'prices'} set."
            return redirect_with_flash(url_for(".show", code=code), said)
    with read() as session:
        page = prices_of(session, code, page_request(), actor=actor, text=text)
    return render_form(
        "backoffice/sales/price_list.html",
        form,
        price_list=price_list,
        page=page,
        text=text,
        next=next_url(page),
        exports=export_urls(),
        may_edit=actor.may(Permission.EDIT_PRICES),
    )


def _offer(form: PriceListForm) -> None:
    with read() as session:
        form.currency.choices = [(code, code) for code in currencies(session)]
        form.group.choices = [("", "nobody in particular"), *group_choices(session)]
