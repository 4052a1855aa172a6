"""Writing an order and changing a draft, line by line."""

from flask import request, url_for
from werkzeug.wrappers import Response
from wtforms import FormField

from procurement.backoffice.purchasing.orders import bp
from procurement.kernel.clock import utc_now
from procurement.kernel.db import ReadSession
from procurement.kernel.errors import Conflict, Invalid
from procurement.kernel.permissions import Permission
from procurement.purchasing.operations.lines import NewOrderLine
from procurement.purchasing.operations.ordering import (
    ChangeOrder,
    DraftOrder,
    change_order,
    draft_order,
)
from procurement.purchasing.queries.cost_centres import cost_centre_choices
from procurement.purchasing.queries.orders import order_page
from procurement.purchasing.terms import OrderPage
from procurement.sourcing.queries import supplier_choices, supplier_page
from procurement.sourcing.terms import SupplierItemRow
from procurement.stock.queries.places import places
from procurement.stock.terms import LocationKind
from procurement.web.fields import (
    ChoiceField,
    DateField,
    MoneyField,
    PriceField,
    ProseField,
    TextField,
    WholeNumberField,
)
from procurement.web.forms import (
    BaseForm,
    LineForm,
    LineList,
    redirect_with_flash,
    render_form,
)
from procurement.web.identity import current_actor
from procurement.web.transactions import read, write

__all__ = ["bp"]  # the orders' door, with the pages below


class OrderLineForm(LineForm):
    product = TextField("Product")
    pack = TextField("Pack", required=False)
    packs = WholeNumberField("Packs", least=1)
    unit_price = PriceField("Price of a pack", required=False)
    wanted_by = DateField("Wanted by", required=False)

    def to_line(self) -> NewOrderLine:
        price = self.unit_price.data
        return NewOrderLine(
            product=self.product.data,
            pack=self.pack.data or None,
            packs=self.packs.data,
            unit_price=price.amount if price else None,
            wanted_by=self.wanted_by.data,
        )


class OrderForm(BaseForm):
    supplier = ChoiceField("Supplier")
    deliver_to = ChoiceField("Deliver to", required=False)
    note_to_supplier = ProseField("Note to the supplier", required=False)
    note_to_us = ProseField("Note for ourselves", required=False)
    cost_centre = ChoiceField("Cost centre", required=False)
    freight = MoneyField("Freight", required=False)
    version = WholeNumberField("Version", required=False)
    lines = LineList(FormField(OrderLineForm), spare=3)

    def new_lines(self) -> tuple[NewOrderLine, ...]:
        return tuple(entry.form.to_line() for entry in self.lines.entries)


@bp.get("/new")
def new() -> Response:
    current_actor().require(Permission.DRAFT_ORDERS)
    form = OrderForm.from_request()
    return _page(form, supplier=request.args.get("supplier"))


@bp.post("")
def create() -> Response:
    form = OrderForm.from_request()
    with read() as session:
        _offer_choices(session, form)
    if form.validate():
        command = DraftOrder(
            supplier=form.supplier.data,
            deliver_to=form.deliver_to.data or None,
            note_to_supplier=form.note_to_supplier.data,
            note_to_us=form.note_to_us.data,
            freight=form.freight.data,
            cost_centre=form.cost_centre.data or None,
            lines=form.new_lines(),
        )
        try:
            with write() as session:
                order = draft_order(session, command, actor=current_actor(), at=utc_now())
        except (Conflict, Invalid) as error:
            form.blame(error)
        else:
            url = url_for(".show", number=order.number)
            return redirect_with_flash(url, f"{order.number} is drafted.")
    return _page(form, supplier=form.supplier.data)


@bp.get("/<number>/edit")
def edit(number: str) -> Response:
    current_actor().require(Permission.DRAFT_ORDERS)
    with read() as session:
        order = order_page(session, number)
    return _page(OrderForm(data=_as_data(order)), supplier=order.supplier, order=order)


@bp.post("/<number>/edit")
def change(number: str) -> Response:
    form = OrderForm.from_request()
    with read() as session:
        order = order_page(session, number)
        _offer_choices(session, form)
    form.supplier.data = order.supplier
    form.supplier.raw_data = [order.supplier]
    if form.validate():
        command = ChangeOrder(
            number=number,
            version=form.version.data,
            deliver_to=form.deliver_to.data or None,
            note_to_supplier=form.note_to_supplier.data,
            note_to_us=form.note_to_us.data,
            freight=form.freight.data,
            cost_centre=form.cost_centre.data or None,
            lines=form.new_lines(),
        )
        try:
            with write() as session:
                change_order(session, command, actor=current_actor(), at=utc_now())
        except (Conflict, Invalid) as error:
            form.blame(error)
        else:
            return redirect_with_flash(url_for(".show", number=number), f"{number} is saved.")
    return _page(form, supplier=order.supplier, order=order)


def _page(form: OrderForm, *, supplier: str | None, order: OrderPage | None = None) -> Response:
    items: tuple[SupplierItemRow, ...] = ()
    currency = ""
    with read() as session:
        _offer_choices(session, form)
        if supplier and any(code == supplier for code, _ in supplier_choices(session)):
            page = supplier_page(session, supplier)
            items, currency = tuple(i for i in page.items if i.active), page.currency
    form.freight.currency = currency or form.freight.currency
    for entry in form.lines.entries:
        entry.form.unit_price.currency = currency or entry.form.unit_price.currency
    return render_form(
        "backoffice/purchasing/order_form.html",
        form,
        order=order,
        items=items,
        currency=currency,
        names={item.product: item.product_name for item in items},
        offers=[_offer(item) for item in items],
    )


def _offer(item: SupplierItemRow) -> dict[str, str]:
    """What the script beside the lines knows of an item: its breaks as "1:84.00 10:79.50"."""
    breaks = " ".join(f"{step.from_packs}:{step.price.amount}" for step in item.price_breaks)
    return {
        "product": item.product,
        "pack": item.pack,
        "label": f"{item.product_name}, {item.pack_value.name} ({item.pack})",
        "breaks": breaks,
        "scheme": item.scheme.value,
        "moq": str(item.moq),
        "multiple": str(item.multiple),
    }


def _offer_choices(session: ReadSession, form: OrderForm) -> None:
    form.supplier.choices = supplier_choices(session)
    form.cost_centre.choices = cost_centre_choices(session, "none")
    form.deliver_to.choices = [
        ("", "The first storeroom"),
        *(
            (place.code, f"{place.name}, {place.site}")
            for place in places(session)
            if place.kind in {LocationKind.STOREROOM, LocationKind.TREATMENT_ROOM}
        ),
    ]


def _as_data(order: OrderPage) -> dict[str, object]:
    return {
        "supplier": order.supplier,
        "deliver_to": order.deliver_to,
        "note_to_supplier": order.note_to_supplier,
        "note_to_us": order.note_to_us,
        "version": order.version,
        "cost_centre": order.cost_centre or "",
        "freight": order.freight if order.freight_agreed else None,
        "lines": [
            {
                "product": line.product,
                "pack": line.pack,
                "packs": line.packs,
                # Left to the supplier's breaks, it follows the quantity.
                "unit_price": None if line.is_on_file and not line.blanket else line.price,
                "wanted_by": line.wanted_by,
            }
            for line in order.lines
        ],
    }
