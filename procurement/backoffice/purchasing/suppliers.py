"""Suppliers and what they sell."""

from collections.abc import Iterable, Iterator
from enum import StrEnum

from flask import render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import FormField

from procurement.backoffice.purchasing import section
from procurement.backoffice.purchasing.supplier_days import days_shown
from procurement.exchange.export import Cell
from procurement.kernel.clock import utc_now
from procurement.kernel.errors import Conflict, Invalid, NotFound
from procurement.kernel.paging import PageRequest, all_rows
from procurement.kernel.permissions import Permission
from procurement.purchasing.queries.orders import OrderFilter, orders
from procurement.purchasing.queries.scorecard import supplier_scorecard
from procurement.purchasing.terms.scorecard import Period
from procurement.settings.queries import currencies
from procurement.sourcing.operations.suppliers import (
    NewPriceBreak,
    SaveSupplier,
    SaveSupplierItem,
    save_supplier,
    save_supplier_item,
)
from procurement.sourcing.queries import supplier_page, suppliers
from procurement.sourcing.queries.certificates import certificates
from procurement.sourcing.queries.price_files import price_files, price_history
from procurement.sourcing.rules.items import (
    MAX_GUARANTEED_DAYS,
    MAX_LEAD_TIME_DAYS,
    MAX_PACKS,
)
from procurement.sourcing.terms import (
    BreakScheme,
    PriceChange,
    Standing,
    SupplierItemRow,
    SupplierPage,
    SupplierRow,
)
from procurement.web.fields import (
    ChoiceField,
    CodeField,
    EmailField,
    MoneyField,
    PriceField,
    ProseField,
    TextField,
    TickField,
    WholeNumberField,
)
from procurement.web.filters import today
from procurement.web.forms import (
    BaseForm,
    LineForm,
    LineList,
    redirect_with_flash,
    render_form,
)
from procurement.web.identity import current_actor
from procurement.web.listing import (
    export,
    export_urls,
    next_url,
    one_of,
    page_request,
    search_text,
    wanted_format,
)
from procurement.web.transactions import read, write

bp = section.door("suppliers", __name__, "/suppliers")

HEADER = ("code", "name", "currency", "email", "phone", "contact", "items", "active")
ITEM_HEADER = (
    "supplier",
    "product",
    "code",
    "pack",
    "moq",
    "multiple",
    "lead_time_days",
    "from_packs",
    "unit_price",
    "currency",
    "preferred",
    "active",
    "break_scheme",
    "guaranteed_days",
    "blocked",
)


class Shown(StrEnum):
    """Which suppliers the list shows."""

    ACTIVE = "active"
    INACTIVE = "inactive"


class SupplierForm(BaseForm):
    code = CodeField("Code")
    name = TextField("Name")
    currency = ChoiceField("Currency")
    email = EmailField("Mail for orders", required=False)
    phone = TextField("Telephone", required=False)
    contact = TextField("Contact", required=False)
    address = ProseField("Address", required=False)
    note = ProseField("Note for ourselves", required=False)
    peppol_id = TextField("Peppol address", required=False, most=60)
    wants_ubl = TickField("Send orders as UBL too")
    standing = ChoiceField(
        "How gladly we buy here",
        choices=[
            (Standing.PREFERRED.value, "Preferred: first, when it costs about the same"),
            (Standing.NORMAL.value, "As any other"),
            (Standing.BLOCKED.value, "Blocked: nothing is ordered here"),
        ],
        default=Standing.NORMAL.value,
    )
    minimum_order = MoneyField("Least order", required=False)
    freight_charge = MoneyField("Freight of a delivery", required=False)
    free_freight_from = MoneyField("No freight from", required=False)
    active = TickField("We buy here", default=True)

    def to_command(self, *, is_new: bool) -> SaveSupplier:
        return SaveSupplier(
            code=self.code.data,
            name=self.name.data,
            currency=self.currency.data,
            email=self.email.data,
            phone=self.phone.data,
            contact=self.contact.data,
            address=self.address.data,
            note=self.note.data,
            peppol_id=self.peppol_id.data,
            wants_ubl=self.wants_ubl.data,
            standing=Standing(self.standing.data),
            minimum_order=self.minimum_order.data,
            freight_charge=self.freight_charge.data,
            free_freight_from=self.free_freight_from.data,
            active=self.active.data,
            is_new=is_new,
        )


class PriceBreakForm(LineForm):
    from_packs = WholeNumberField("From packs", least=1, most=MAX_PACKS)
    unit_price = PriceField("Price of a pack")


class ItemForm(BaseForm):
    product = TextField("Product", description="Its SKU.")
    pack = TextField("Pack", required=False, description="Its code; empty means the sales pack.")
    code = TextField("Their code", required=False, most=64)
    moq = WholeNumberField("At least", least=1, most=MAX_PACKS, default=1)
    multiple = WholeNumberField("In multiples of", least=1, most=MAX_PACKS, default=1)
    lead_time_days = WholeNumberField("Lead time", most=MAX_LEAD_TIME_DAYS, default=7)
    scheme = ChoiceField(
        "A lower price is for",
        choices=[
            (BreakScheme.ALL_UNITS.value, "every pack of the order"),
            (BreakScheme.INCREMENTAL.value, "only the packs from there on"),
        ],
        default=BreakScheme.ALL_UNITS.value,
    )
    guaranteed_days = WholeNumberField(
        "Shelf life they promise", least=1, most=MAX_GUARANTEED_DAYS, required=False
    )
    preferred = TickField("Buy it here first")
    blocked = TickField("Never propose it")
    active = TickField("They sell it", default=True)
    price_breaks = LineList(FormField(PriceBreakForm), "Prices", spare=3, least=0)

    def to_command(self, supplier: str) -> SaveSupplierItem:
        return SaveSupplierItem(
            supplier=supplier,
            product=self.product.data,
            pack=self.pack.data or None,
            code=self.code.data or self.product.data,
            moq=self.moq.data,
            multiple=self.multiple.data,
            lead_time_days=self.lead_time_days.data,
            scheme=BreakScheme(self.scheme.data),
            guaranteed_days=self.guaranteed_days.data,
            preferred=self.preferred.data,
            blocked=self.blocked.data,
            active=self.active.data,
            price_breaks=tuple(
                NewPriceBreak(entry.form.from_packs.data, entry.form.unit_price.data.amount)
                for entry in self.price_breaks.entries
            ),
        )


@bp.get("")
def index() -> Response | str:
    text, shown = search_text(), one_of(Shown, "shown")
    active = None if shown is None else shown is Shown.ACTIVE
    with read() as session:
        if wanted_format():
            rows = all_rows(lambda paging: suppliers(session, paging, text=text, active=active))
            return export("suppliers", HEADER, _cells(rows))
        page = suppliers(session, page_request(), text=text, active=active)
    return render_template(
        "backoffice/purchasing/suppliers.html",
        page=page,
        text=text,
        shown=shown.value if shown else "",
        next_url=next_url(page),
        files=export_urls(),
    )


@bp.get("/<code>")
def show(code: str) -> Response | str:
    with read() as session:
        supplier = supplier_page(session, code)
        if wanted_format():
            return export(f"items-{code}", ITEM_HEADER, _item_cells(supplier.items))
        latest = orders(session, OrderFilter(supplier=code), PageRequest(5))
        papers = certificates(session, at=utc_now(), supplier=code)
        files = price_files(session, PageRequest(3), supplier=code)
        card, _ = supplier_scorecard(session, code, Period.year_to(today()), at=utc_now())
    return render_template(
        "backoffice/purchasing/supplier.html",
        supplier=supplier,
        orders=latest.items,
        days=days_shown(supplier, utc_now()),
        card=card,
        papers=papers,
        price_files=files.items,
        files=export_urls(),
    )


@bp.get("/new")
def new() -> Response:
    current_actor().require(Permission.EDIT_SUPPLIERS)
    return _page(SupplierForm())


@bp.post("")
def create() -> Response:
    return _save(None)


@bp.get("/<code>/edit")
def edit(code: str) -> Response:
    current_actor().require(Permission.EDIT_SUPPLIERS)
    with read() as session:
        supplier = supplier_page(session, code)
    terms = supplier.terms
    form = SupplierForm(
        obj=supplier,
        standing=terms.standing.value,
        minimum_order=terms.minimum if terms.minimum.minor else None,
        freight_charge=terms.freight if terms.freight.minor else None,
        free_freight_from=terms.free_from,
    )
    return _page(form, supplier)


@bp.post("/<code>/edit")
def change(code: str) -> Response:
    with read() as session:
        supplier = supplier_page(session, code)
    return _save(supplier)


@bp.get("/<code>/items/new")
def new_item(code: str) -> Response:
    current_actor().require(Permission.EDIT_SUPPLIERS)
    with read() as session:
        supplier = supplier_page(session, code)
    return _item_page(ItemForm(), supplier)


@bp.get("/<code>/items/<product>/<pack>")
def edit_item(code: str, product: str, pack: str) -> Response:
    current_actor().require(Permission.EDIT_SUPPLIERS)
    with read() as session:
        supplier = supplier_page(session, code)
    for item in supplier.items:
        if (item.product, item.pack) == (product, pack):
            return _item_page(ItemForm(data=_item_data(item)), supplier, item)
    raise NotFound(f"{supplier.name} sells no {product} in {pack}.")


@bp.post("/<code>/items")
def save_item(code: str) -> Response:
    form = ItemForm.from_request()
    with read() as session:
        supplier = supplier_page(session, code)
    if form.validate():
        try:
            with write() as session:
                save_supplier_item(
                    session, form.to_command(code), actor=current_actor(), at=utc_now()
                )
        except (Conflict, Invalid) as error:
            form.blame(error)
        else:
            url = url_for(".show", code=code)
            return redirect_with_flash(url, f"{form.product.data} is saved.")
    return _item_page(form, supplier)


def _save(supplier: SupplierPage | None) -> Response:
    form = SupplierForm.from_request()
    _offer_currencies(form)
    _set_currency(form)
    if supplier:  # a code is given once: it stands in addresses and on papers
        form.code.data, form.code.raw_data = supplier.code, [supplier.code]
    if form.validate():
        command = form.to_command(is_new=supplier is None)
        try:
            with write() as session:
                save_supplier(session, command, actor=current_actor(), at=utc_now())
        except (Conflict, Invalid) as error:
            form.blame(error)
        else:
            url = url_for(".show", code=command.code)
            return redirect_with_flash(url, f"{command.name} is saved.")
    return _page(form, supplier)


def _page(form: SupplierForm, supplier: SupplierPage | None = None) -> Response:
    _offer_currencies(form)
    return render_form("backoffice/purchasing/supplier_form.html", form, supplier=supplier)


def _set_currency(form: SupplierForm) -> None:
    """Sums are read in the currency chosen beside them."""
    for field in (form.minimum_order, form.freight_charge, form.free_freight_from):
        field.currency = form.currency.data


def _offer_currencies(form: SupplierForm) -> None:
    with read() as session:
        offered = currencies(session)
    if form.currency.data and request.method == "GET" and form.currency.data not in offered:
        offered.append(form.currency.data)
    form.currency.choices = [(code, code) for code in offered]


def _item_page(
    form: ItemForm, supplier: SupplierPage, item: SupplierItemRow | None = None
) -> Response:
    for entry in form.price_breaks.entries:
        entry.form.unit_price.currency = supplier.currency
    history: tuple[PriceChange, ...] = ()
    if item is not None:
        with read() as session:
            history = price_history(session, supplier.code, item.product, item.pack)
    return render_form(
        "backoffice/purchasing/supplier_item_form.html",
        form,
        supplier=supplier,
        item=item,
        history=history,
    )


def _item_data(item: SupplierItemRow) -> dict[str, object]:
    return {
        "product": item.product,
        "pack": item.pack,
        "code": item.code,
        "moq": item.moq,
        "multiple": item.multiple,
        "lead_time_days": item.lead_time_days,
        "scheme": item.scheme.value,
        "guaranteed_days": item.guaranteed_days,
        "preferred": item.preferred,
        "blocked": item.blocked,
        "active": item.active,
        "price_breaks": [
            {"from_packs": step.from_packs, "unit_price": step.price} for step in item.price_breaks
        ],
    }


def _cells(rows: Iterable[SupplierRow]) -> Iterator[tuple[Cell, ...]]:
    for row in rows:
        yield (
            row.code,
            row.name,
            row.currency,
            row.email,
            row.phone,
            row.contact,
            row.items,
            "yes" if row.active else "no",
        )


def _item_cells(rows: tuple[SupplierItemRow, ...]) -> Iterator[tuple[Cell, ...]]:
    """A row for each price break, as the contract of imports has it."""
    for row in rows:
        for step in row.price_breaks or (None,):
            yield (
                row.supplier,
                row.product,
                row.code,
                row.pack,
                row.moq,
                row.multiple,
                row.lead_time_days,
                step.from_packs if step else None,
                step.price.decimal if step else None,
                step.price.currency if step else None,
                "yes" if row.preferred else "no",
                "yes" if row.active else "no",
                row.scheme.value,
                row.guaranteed_days,
                "yes" if row.blocked else "no",
            )
