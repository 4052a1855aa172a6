"""Transfers: asked for or drafted, carried with one tap, sent, or cancelled; what arrives has pages of its own."""

from typing import Any

from flask import render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import FormField

from procurement.backoffice.stock.scanning import by_camera, remembering, scan_in, scanned
from procurement.backoffice.stock.transfer_scan import Added, added
from procurement.kernel.clock import utc_now
from procurement.kernel.errors import DomainError
from procurement.kernel.paging import all_rows
from procurement.kernel.permissions import Permission
from procurement.kernel.quantity import Unit
from procurement.stock.operations.arrivals import send_transfer
from procurement.stock.operations.transfers import (
    DraftTransfer,
    TransferItem,
    cancel_transfer,
    complete_transfer,
    draft_transfer,
    pick_transfer,
    request_transfer,
)
from procurement.stock.queries.places import places
from procurement.stock.queries.rooms import Stockable, stockable
from procurement.stock.queries.transfers import (
    TransferFilter,
    TransferRow,
    transfer_page,
    transfers,
)
from procurement.stock.terms import Place, TransferStatus
from procurement.web.doors import Audience, Door
from procurement.web.fields import ChoiceField, CodeField, ProseField, QuantityField
from procurement.web.filters import show_moment
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
    wanted_format,
)
from procurement.web.transactions import read, write

bp = Door("transfers", __name__, audience=Audience.STAFF, url_prefix="/transfers")

_WORDS = {
    TransferStatus.REQUESTED: "Asked for",
    TransferStatus.IN_TRANSIT: "Under way",
    TransferStatus.PARTLY_ARRIVED: "Partly arrived",
}
HEADER = ("Number", "Status", "From", "To", "Lines", "Drafted", "By", "Sent", "Done")


class TransferLineForm(LineForm):
    """A product and how much of it; the unit follows from the SKU typed in the same row."""

    units: dict[str, Unit] = {}  # noqa: RUF012 (each form gets a class of its own, see _form_class)

    product = CodeField("Product (SKU)")
    quantity = QuantityField("Quantity")
    lot = CodeField("Lot or bottle", required=False)

    def process(self, formdata: Any = None, *arguments: Any, **more: Any) -> None:
        typed = formdata.get(self.product.name, "").strip() if formdata else ""
        self.quantity.unit = self.units.get(typed, Unit.PIECE)
        super().process(formdata, *arguments, **more)


class TransferForm(BaseForm):
    source = ChoiceField("From")
    destination = ChoiceField("To")
    note = ProseField("Note", required=False, most=500)
    lines: LineList  # of TransferLineForm, in the class made for one page

    def to_command(self) -> DraftTransfer:
        items = tuple(
            TransferItem(
                entry.form.product.data, entry.form.quantity.data, entry.form.lot.data or None
            )
            for entry in self.lines.entries
        )
        return DraftTransfer(
            self.source.data, self.destination.data, items, note=self.note.data or ""
        )


def _form_class(rooms: list[Place], products: list[Stockable]) -> type[TransferForm]:
    units = {product.sku: product.unit for product in products}
    line: Any = type("TransferLineForm", (TransferLineForm,), {"units": units})
    choices = [(place.code, place.name) for place in rooms]
    return type(
        "TransferForm",
        (TransferForm,),
        {
            "source": ChoiceField("From", choices),
            "destination": ChoiceField("To", choices),
            "lines": LineList(FormField(line), "Lines", spare=3),
        },
    )


@bp.get("/")
def index() -> str | Response:
    current_actor().require(Permission.SEE_STOCK)
    status = one_of(TransferStatus)
    wanted = TransferFilter(frozenset({status}) if status else frozenset())
    with read() as session:
        if wanted_format():
            rows = all_rows(lambda paging: transfers(session, paging, wanted))
            return export("transfers", HEADER, [_cells(row) for row in rows])
        page = transfers(session, page_request(), wanted)
    return render_template(
        "backoffice/stock/transfers.html",
        page=page,
        status=status,
        statuses=[(s.value, _WORDS.get(s, s.value.capitalize())) for s in TransferStatus],
        next_url=next_url(page),
        exports=export_urls(),
        may_move=current_actor().may(Permission.MOVE_STOCK),
    )


def _cells(row: TransferRow) -> tuple[str | int | None, ...]:
    return (
        row.number,
        row.status,
        row.source,
        row.destination,
        row.lines,
        show_moment(row.drafted_at),
        row.drafted_by,
        show_moment(row.sent_at),
        show_moment(row.done_at),
    )


@bp.route("/new", methods=["GET", "POST"])
def create() -> Response:
    actor = current_actor()
    actor.require_any(Permission.USE_STOCK, Permission.MOVE_STOCK)
    with read() as session:
        rooms, products = places(session), stockable(session)
    form_class = _form_class(rooms, products)
    if (text := scan_in(request.form)) == "":  # Enter in another field
        return _page(form_class(formdata=request.form), products, status=200)
    if text:
        camera = by_camera(request.form)
        found = scanned(text, kept=camera)
        told = added(request.form, found)
        page = _page(form_class(formdata=told.sent), products, told=told)
        return remembering(page, found, typed=not camera)
    form = form_class.from_request()
    if request.method == "POST" and form.validate():
        asks = request.form.get("do") == "request"
        step = request_transfer if asks else draft_transfer
        try:
            with write() as session:
                transfer = step(session, form.to_command(), actor=actor, at=utc_now())
        except DomainError as error:
            form.blame(_renamed(error))
        else:
            text = "is asked for." if asks else "is ready to be carried."
            return redirect_with_flash(
                url_for(".show", number=transfer.number), f"{transfer.number} {text}"
            )
    return _page(form, products)


def _page(
    form: TransferForm,
    products: list[Stockable],
    *,
    status: int | None = None,
    told: Added | None = None,
) -> Response:
    return render_form(
        "backoffice/stock/transfer_new.html",
        form,
        status=200 if told else status,
        products=products,
        told=told,
        may_move=current_actor().may(Permission.MOVE_STOCK),
    )


def _renamed(error: DomainError) -> DomainError:
    """The operation says "from" and "to"; those are words Python keeps, so the form has others."""
    words = {"from": "source", "to": "destination"}
    error.field = words.get(error.field, error.field)
    return error


@bp.get("/<number>")
def show(number: str) -> str:
    actor = current_actor()
    actor.require(Permission.SEE_STOCK)
    with read() as session:
        page = transfer_page(session, number)
    return render_template(
        "backoffice/stock/transfer.html", page=page, may_move=actor.may(Permission.MOVE_STOCK)
    )


@bp.post("/<number>/pick")
def pick(number: str) -> Response:
    with write() as session:
        pick_transfer(session, number, actor=current_actor(), at=utc_now())
    return redirect_with_flash(
        url_for(".show", number=number), f"{number} is picked and reserved; it can be carried."
    )


@bp.post("/<number>/send")
def send(number: str) -> Response:
    with write() as session:
        send_transfer(session, number, actor=current_actor(), at=utc_now())
    return redirect_with_flash(
        url_for(".show", number=number), f"{number} is under way, until somebody takes it in."
    )


@bp.post("/<number>/carry")
def carry(number: str) -> Response:
    with write() as session:
        complete_transfer(session, number, actor=current_actor(), at=utc_now())
    return redirect_with_flash(url_for(".show", number=number), f"{number} is carried.")


@bp.post("/<number>/cancel")
def cancel(number: str) -> Response:
    with write() as session:
        cancel_transfer(session, number, actor=current_actor(), at=utc_now())
    return redirect_with_flash(
        url_for(".show", number=number), f"{number} is cancelled; its goods are free again."
    )
