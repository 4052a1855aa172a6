"""What is done at a shelf: use in a treatment, move, write off, take in opening stock, set levels."""

import uuid
from abc import abstractmethod
from typing import Any

from flask import redirect, request, url_for
from werkzeug.wrappers import Response
from wtforms import HiddenField

from procurement.kernel.clock import utc_now
from procurement.kernel.errors import DomainError, NotFound
from procurement.kernel.permissions import Permission
from procurement.kernel.quantity import Quantity, Unit
from procurement.stock.operations.posting import PostStock, StockMove, post_stock
from procurement.stock.operations.stocking import (
    SetStockingRule,
    drop_stocking_rule,
    set_stocking_rules,
)
from procurement.stock.queries.places import places
from procurement.stock.queries.rooms import ShelfLine, shelf_of, stockable
from procurement.stock.terms import Cause, Place, Posted, Reason
from procurement.web.counted import CountedForm
from procurement.web.doors import Audience, Door
from procurement.web.fields import ChoiceField, CodeField, DateField, ProseField, QuantityField
from procurement.web.filters import show_quantity
from procurement.web.forms import BaseForm, redirect_with_flash, render_form
from procurement.web.identity import current_actor
from procurement.web.transactions import read, write

bp = Door("shelf_work", __name__, audience=Audience.STAFF, url_prefix="/rooms")


CAUSES = {
    Cause.PAST_DATE: "Past its date",
    Cause.DAMAGED: "Broken or spilled",
    Cause.SPOILT: "Spoilt",
    Cause.LOST: "Lost",
    Cause.RECALLED: "Recalled",
    Cause.OTHER: "Something else",
}


# What one treatment usually takes; a start, changed with one tap.
_USUAL = {
    Unit.ML: Quantity(30_000, Unit.ML),
    Unit.G: Quantity(20_000, Unit.G),
    Unit.PIECE: Quantity(1, Unit.PIECE),
}


class _ShelfForm(CountedForm):
    once = HiddenField()  # a double tap posts once
    quantity = QuantityField("How much")
    lot = ChoiceField("From which lot", required=False)
    note = ProseField("Note", required=False, most=500)

    def prepare(self, line: ShelfLine) -> None:
        """Count in the product's unit, and offer its lots."""
        first = (
            f"The one to be used first: {line.first}" if line.first else "The one to be used first"
        )
        self.lot.choices = [("", first)] + [
            (
                lot.number,
                f"{lot.number}, {show_quantity(lot.on_hand)}{', held' if lot.is_held else ''}",
            )
            for lot in line.lots
        ]

    def move(self, line: ShelfLine, source: str, destination: str) -> StockMove:
        return StockMove(line.sku, source, destination, self.quantity.data, self.lot.data or None)

    @abstractmethod
    def to_command(self, line: ShelfLine, source: str) -> PostStock:
        """What is to be posted at this shelf."""


class UseForm(_ShelfForm):
    def to_command(self, line: ShelfLine, source: str) -> PostStock:
        return PostStock(
            Reason.CONSUMPTION,
            (self.move(line, source, "CONSUMED"),),
            note=self.note.data,
            idempotency_key=self.once.data or None,
        )


class MoveForm(_ShelfForm):
    destination = ChoiceField("Where to")

    def to_command(self, line: ShelfLine, source: str) -> PostStock:
        return PostStock(
            Reason.TRANSFER,
            (self.move(line, source, self.destination.data),),
            note=self.note.data,
            idempotency_key=self.once.data or None,
        )


class WriteOffForm(_ShelfForm):
    cause = ChoiceField("Why", [(cause.value, label) for cause, label in CAUSES.items()])

    def to_command(self, line: ShelfLine, source: str) -> PostStock:
        return PostStock(
            Reason.WRITE_OFF,
            (self.move(line, source, "ADJUSTMENT"),),
            note=self.note.data,
            cause=Cause(self.cause.data),
            idempotency_key=self.once.data or None,
        )


_WORK: dict[str, tuple[type[_ShelfForm], str, Permission]] = {
    "use": (UseForm, "Used", Permission.USE_STOCK),
    "move": (MoveForm, "Moved", Permission.MOVE_STOCK),
    "write-off": (WriteOffForm, "Written off", Permission.WRITE_OFF_STOCK),
}


@bp.route("/<code>/<any(use, move, 'write-off'):work>/<path:sku>", methods=["GET", "POST"])
def work(code: str, work: str, sku: str) -> Response:
    form_class, done, permission = _WORK[work]
    current_actor().require(permission)
    with read() as session:
        shelf = shelf_of(session, code, at=utc_now())
        others = [place for place in places(session) if place.code != code]
    line = shelf.line(sku)
    form = form_class.from_request(
        unit=line.on_hand.unit, data={"once": uuid.uuid4().hex, "quantity": _usual(line)}
    )
    _prepare(form, line, others)
    if request.method == "POST" and form.validate():
        try:
            with write() as session:
                command = form.to_command(line, code)
                posted = post_stock(session, command, actor=current_actor(), at=utc_now())
        except DomainError as error:
            _blame(form, error)
        else:
            text = f"{done}: {show_quantity(form.quantity.data)} of {line.name}."
            return redirect_with_flash(url_for("rooms.show", code=code), text, undo=_undo(posted))
    return render_form("backoffice/stock/work.html", form, shelf=shelf, line=line, work=work)


def _usual(line: ShelfLine) -> Quantity:
    usual = _USUAL[line.on_hand.unit]
    return min(usual, line.available) if line.available.steps else usual


def _prepare(form: _ShelfForm, line: ShelfLine, others: list[Place]) -> None:
    form.prepare(line)
    if isinstance(form, MoveForm):
        form.destination.choices = [(place.code, place.name) for place in others]


def _blame(form: BaseForm, error: DomainError) -> None:
    """The operation speaks of moves; this form has one, so its words lose the number."""
    for found in error.errors:
        field = found.field.rpartition(".")[2]
        if field in form:
            form[field].errors = [*form[field].errors, found.message]
        else:
            form.form_errors.append(found.message)
    if not error.errors:
        form.form_errors.append(error.message)


def _undo(posted: Posted) -> dict[str, Any] | None:
    if not current_actor().may(Permission.ADJUST_STOCK):
        return None
    return {"undo": url_for("postings.reverse", ref=posted.ref), "undo_label": "Undo"}


class OpeningForm(BaseForm):
    """Any product: its unit follows from the SKU typed."""

    def process(  # type: ignore[override] # one keyword more than WTForms knows
        self,
        formdata: Any = None,
        *arguments: Any,
        units: dict[str, Unit] | None = None,
        **more: Any,
    ) -> None:
        typed = formdata.get("product", "").strip() if formdata else ""
        self.quantity.unit = (units or {}).get(typed, Unit.PIECE)
        super().process(formdata, *arguments, **more)

    product = CodeField("Product (SKU)")
    quantity = QuantityField("How much is there")
    lot = CodeField("Lot, as printed on it", required=False)
    expires_on = DateField("Expires on", required=False)


@bp.route("/<code>/opening", methods=["GET", "POST"])
def opening(code: str) -> Response:
    """Stock that was there before the ledger began."""
    actor = current_actor()
    actor.require(Permission.ADJUST_STOCK)
    with read() as session:
        shelf = shelf_of(session, code, at=utc_now())
        products = stockable(session)
    form = OpeningForm.from_request(units={product.sku: product.unit for product in products})
    if request.method == "POST" and form.validate():
        move = StockMove(
            form.product.data,
            "OPENING",
            code,
            form.quantity.data,
            form.lot.data or None,
            form.expires_on.data,
        )
        try:
            with write() as session:
                post_stock(session, PostStock(Reason.OPENING, (move,)), actor=actor, at=utc_now())
        except DomainError as error:
            _blame(form, error)
        else:
            return redirect_with_flash(url_for("rooms.show", code=code), "Taken in.")
    return render_form("backoffice/stock/opening.html", form, shelf=shelf, products=products)


class LevelsForm(CountedForm):
    par_level = QuantityField("Par level", zero=True)
    reorder_point = QuantityField("Reorder point", zero=True)


@bp.route("/<code>/levels/<path:sku>", methods=["GET", "POST"])
def levels(code: str, sku: str) -> Response:
    """What the room should hold of a product."""
    actor = current_actor()
    actor.require(Permission.EDIT_LOCATIONS)
    with read() as session:
        shelf = shelf_of(session, code, at=utc_now())
        product = next((p for p in stockable(session) if p.sku == sku), None)
    if product is None:
        raise NotFound(f"There is no product {sku}.")
    line = next((found for found in shelf.lines if found.sku == sku), None)
    form = LevelsForm.from_request(unit=product.unit, obj=line)
    if request.method == "POST" and form.validate():
        rule = SetStockingRule(code, sku, form.par_level.data, form.reorder_point.data)
        try:
            with write() as session:
                set_stocking_rules(session, [rule], actor=actor)
        except DomainError as error:
            form.blame(error)
        else:
            return redirect_with_flash(
                url_for("rooms.show", code=code), f"Levels of {product.name} saved."
            )
    return render_form(
        "backoffice/stock/levels.html", form, shelf=shelf, product=product, line=line
    )


@bp.post("/<code>/levels/<path:sku>/drop")
def drop_level(code: str, sku: str) -> Response:
    with write() as session:
        drop_stocking_rule(session, code, sku, actor=current_actor())
    return redirect_with_flash(url_for("rooms.show", code=code), "The room no longer needs it.")


@bp.get("/<code>/levels")
def new_level(code: str) -> Response:
    """The room page's little form sends the SKU whose level is to be set."""
    sku = request.args.get("product", "").strip()
    if not sku:
        return redirect(url_for("rooms.show", code=code), 303)
    return redirect(url_for(".levels", code=code, sku=sku), 303)
