"""Blanket orders: what was agreed, what is left, and calling some of it off."""

from functools import partial

from flask import render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import FormField

from procurement.backoffice.purchasing import section
from procurement.backoffice.purchasing.order_form import OrderLineForm
from procurement.exchange.export import Cell
from procurement.kernel.clock import utc_now
from procurement.kernel.errors import DomainError
from procurement.kernel.paging import all_rows
from procurement.kernel.permissions import Permission
from procurement.purchasing.operations.agreed_changes import (
    ChangeBlanket,
    ChangedLine,
    change_blanket,
)
from procurement.purchasing.operations.blankets import (
    AgreeBlanket,
    CallOff,
    CallOffLine,
    agree_blanket,
    call_off,
    close_blanket,
)
from procurement.purchasing.queries.blankets import blanket_list, blanket_page
from procurement.purchasing.terms import BlanketPage, BlanketRow
from procurement.sourcing.queries import supplier_choices, supplier_page
from procurement.web.fields import (
    ChoiceField,
    DateField,
    PriceField,
    ProseField,
    TextField,
    WholeNumberField,
)
from procurement.web.filters import today
from procurement.web.forms import BaseForm, LineForm, LineList, redirect_with_flash, render_form
from procurement.web.identity import current_actor
from procurement.web.listing import export, export_urls, next_url, page_request, wanted_format
from procurement.web.transactions import read, write

bp = section.door("blankets", __name__, "/blanket-orders")

HEADER = (
    "number",
    "name",
    "supplier",
    "valid_from",
    "valid_until",
    "packs",
    "drawn",
    "closed",
)


class BlanketForm(BaseForm):
    supplier = ChoiceField("Supplier")
    name = TextField("Name", required=False, description="The supplier's number of it, say.")
    valid_from = DateField("From")
    valid_until = DateField("Until", description="The last day an order is placed on it.")
    note = ProseField("Note", required=False, most=2000)
    lines = LineList(FormField(OrderLineForm), spare=3)

    def to_command(self) -> AgreeBlanket:
        return AgreeBlanket(
            supplier=self.supplier.data,
            name=self.name.data,
            valid_from=self.valid_from.data,
            valid_until=self.valid_until.data,
            note=self.note.data,
            lines=tuple(entry.form.to_line() for entry in self.lines.entries),
        )


class CallOffLineForm(LineForm):
    position = WholeNumberField("Line", least=1)
    packs = WholeNumberField("Packs", required=False)


class CallOffForm(BaseForm):
    lines = LineList(FormField(CallOffLineForm), spare=0, least=0)

    def to_command(self, number: str) -> CallOff:
        rows = [entry.form for entry in self.lines.entries]
        return CallOff(
            number=number,
            lines=tuple(
                CallOffLine(row.position.data, row.packs.data) for row in rows if row.packs.data
            ),
        )


class ChangedLineForm(LineForm):
    position = WholeNumberField("Line", least=1)
    packs = WholeNumberField("Packs", least=1)
    unit_price = PriceField("Price of a pack")


class ChangeForm(BaseForm):
    valid_from = DateField("From")
    valid_until = DateField("Until", description="The last day an order is placed on it.")
    why = TextField("Why", most=200)
    revision = WholeNumberField("Revision")
    lines = LineList(FormField(ChangedLineForm), spare=0)

    def to_command(self, number: str) -> ChangeBlanket:
        rows = [entry.form for entry in self.lines.entries]
        return ChangeBlanket(
            number=number,
            why=self.why.data,
            valid_from=self.valid_from.data,
            valid_until=self.valid_until.data,
            revision=self.revision.data,
            lines=tuple(
                ChangedLine(
                    position=row.position.data, packs=row.packs.data, unit_price=row.unit_price.data
                )
                for row in rows
            ),
        )


@bp.get("")
def index() -> Response | str:
    with read() as session:
        if wanted_format():
            rows = all_rows(lambda paging: blanket_list(session, paging))
            return export("blanket-orders", HEADER, [_cells(row) for row in rows])
        page = blanket_list(session, page_request())
    return render_template(
        "backoffice/purchasing/blankets.html",
        rows=page.items,
        next_url=next_url(page),
        exports_of=export_urls(),
    )


@bp.get("/new")
def new() -> Response:
    current_actor().require(Permission.APPROVE_ORDERS)
    form = BlanketForm(data={"valid_from": today()})
    return _form(form, supplier=request.args.get("supplier"))


@bp.post("")
def create() -> Response:
    form = BlanketForm.from_request()
    with read() as session:
        form.supplier.choices = supplier_choices(session)
    if form.validate():
        try:
            with write() as session:
                blanket = agree_blanket(
                    session, form.to_command(), actor=current_actor(), at=utc_now()
                )
        except DomainError as error:
            form.blame(error)
        else:
            url = url_for(".show", number=blanket.number)
            return redirect_with_flash(url, f"{blanket.number} is agreed.")
    return _form(form, supplier=form.supplier.data)


@bp.get("/<number>")
def show(number: str) -> Response:
    with read() as session:
        page = blanket_page(session, number)
    data = {"lines": [{"position": line.position, "packs": None} for line in page.lines]}
    return _page(CallOffForm(data=data), page)


@bp.post("/<number>/call-off")
def call(number: str) -> Response:
    form = CallOffForm.from_request()
    with read() as session:
        page = blanket_page(session, number)
    if form.validate():
        try:
            with write() as session:
                order = call_off(
                    session, form.to_command(number), actor=current_actor(), at=utc_now()
                )
                drafted = order.number
        except DomainError as error:
            form.blame(error)
        else:
            url = url_for("purchase_orders.show", number=drafted)
            return redirect_with_flash(url, f"{drafted} is drafted.")
    return _page(form, page)


@bp.get("/<number>/change")
def edit(number: str) -> Response:
    current_actor().require(Permission.APPROVE_ORDERS)
    with read() as session:
        page = blanket_page(session, number)
    form = ChangeForm(
        data={
            "valid_from": page.row.valid_from,
            "valid_until": page.row.valid_until,
            "revision": page.revision,
            "lines": [
                {"position": line.position, "packs": line.packs, "unit_price": line.price}
                for line in page.lines
            ],
        }
    )
    return _change_page(form, page)


@bp.post("/<number>/change")
def change(number: str) -> Response:
    form = ChangeForm.from_request()
    with read() as session:
        page = blanket_page(session, number)
    for entry in form.lines.entries:
        entry.form.unit_price.currency = page.currency
    if form.validate():
        try:
            with write() as session:
                change_blanket(
                    session, form.to_command(number), actor=current_actor(), at=utc_now()
                )
        except DomainError as error:
            form.blame(error)
        else:
            return redirect_with_flash(url_for(".show", number=number), f"{number} is changed.")
    return _change_page(form, page)


@bp.post("/<number>/close")
def close(number: str) -> Response:
    run = partial(close_blanket, number=number, actor=current_actor(), at=utc_now())
    return section.act(url_for(".show", number=number), f"{number} is closed.", run)


def _form(form: BlanketForm, *, supplier: str | None) -> Response:
    with read() as session:
        choices = supplier_choices(session)
        known = supplier and any(code == supplier for code, _ in choices)
        page = supplier_page(session, str(supplier)) if known else None
    form.supplier.choices = [("", ""), *choices]
    if page and not form.supplier.data:
        form.supplier.data = page.code
    for entry in form.lines.entries:
        entry.form.unit_price.currency = page.currency if page else "EUR"
    return render_form(
        "backoffice/purchasing/blanket_form.html",
        form,
        items=tuple(item for item in page.items if item.active) if page else (),
        currency=page.currency if page else "",
    )


def _change_page(form: ChangeForm, page: BlanketPage) -> Response:
    for entry in form.lines.entries:
        entry.form.unit_price.currency = page.currency
    return render_form(
        "backoffice/purchasing/blanket_change.html",
        form,
        page=page,
        rows=list(zip(page.lines, form.lines.entries, strict=False)),
    )


def _page(form: CallOffForm, page: BlanketPage) -> Response:
    return render_form(
        "backoffice/purchasing/blanket.html",
        form,
        page=page,
        rows=list(zip(page.lines, form.lines.entries, strict=False)),
        holds=page.row.holds_on(today()),
    )


def _cells(row: BlanketRow) -> tuple[Cell, ...]:
    return (
        row.number,
        row.name,
        row.supplier,
        row.valid_from,
        row.valid_until,
        row.packs,
        row.drawn,
        str(row.closed).lower(),
    )
