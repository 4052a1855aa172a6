"""An opened bottle on its own: what is left in it, where it goes, what broke; its story, and taking a step back."""

import uuid
from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import HiddenField

from procurement.backoffice.stock.board import back_page
from procurement.backoffice.stock.taps import carry_out, key_of, undo_of
from procurement.files.operations.pictures import MOST_BYTES
from procurement.kernel.clock import utc_now
from procurement.kernel.db import Session
from procurement.kernel.errors import DomainError, Forbidden, Unavailable
from procurement.kernel.permissions import Permission
from procurement.kernel.quantity import Quantity, Unit
from procurement.stock.operations.containers.finishing import DiscardContainer, discard_container
from procurement.stock.operations.containers.moving import MoveContainer, move_container
from procurement.stock.operations.containers.opening import correct_opening_day
from procurement.stock.operations.containers.undoing import take_back
from procurement.stock.operations.containers.using import ReadContainer, read_container
from procurement.stock.operations.photos import attach_photo
from procurement.stock.operations.posting import PostStock, StockMove, post_stock
from procurement.stock.queries.board import OpenRow, open_container_row
from procurement.stock.queries.container_list import ContainerState, container
from procurement.stock.queries.places import places
from procurement.stock.queries.rooms import ShelfLine, shelf_of
from procurement.stock.rules.amounts import Reading
from procurement.stock.terms import Cause, Done, LocationKind, Reason, Told
from procurement.web.doors import Audience, Door
from procurement.web.fields import (
    ChoiceField,
    DateField,
    ProseField,
    QuantityField,
    TextField,
    UploadField,
    plain_figure,
    typed_quantity,
)
from procurement.web.filters import show_date, show_quantity
from procurement.web.forms import BaseForm, redirect_with_flash, render_form
from procurement.web.identity import current_actor
from procurement.web.transactions import read, write

bp = Door("bottles", __name__, audience=Audience.STAFF)

DAMAGES = (
    (Cause.DAMAGED, "Broken or spilled"),
    (Cause.SPOILT, "Spoilt"),
    (Cause.PAST_DATE, "Past its date"),
    (Cause.LOST, "Lost"),
    (Cause.OTHER, "Something else"),
)


def row_of(number: str) -> OpenRow:
    current_actor().require(Permission.SEE_STOCK)
    with read() as session:
        return open_container_row(session, number, at=utc_now())


def _back(row: OpenRow) -> str:
    return back_page(url_for("rooms.show", code=row.location, thing=f"bottle {row.number}"))


class OnceForm(BaseForm):
    once = HiddenField()  # a double tap does it once


# -- moving


@bp.route("/rooms/<code>/move/<any(bottle, product):kind>/<path:name>", methods=["GET", "POST"])
def move(code: str, kind: str, name: str) -> Response:
    """One button for each place; for sealed stock the page that also asks how much."""
    if kind == "product":
        return redirect(url_for("shelf_work.work", code=code, work="move", sku=name), 303)
    current_actor().require(Permission.MOVE_STOCK)
    row = row_of(name)
    form = OnceForm.from_request(data={"once": uuid.uuid4().hex})
    if request.method == "POST":
        to = request.form.get("to", "")
        try:
            done = carry_out(
                lambda session, key: move_container(
                    session,
                    MoveContainer(name, to, key or None),
                    actor=current_actor(),
                    at=utc_now(),
                ),
                key_of("move", name, to),
            )
        except DomainError as error:
            form.blame(error)
        else:
            back = url_for("rooms.show", code=code)
            return redirect_with_flash(
                back, f"{row.product_name} moved.", undo=undo_of(done, back) if done else None
            )
    with read() as session:
        found = [place for place in places(session) if place.code != row.location]
    others = sorted(
        (place for place in found if place.kind is not LocationKind.IN_TRANSIT),
        key=lambda place: place.site != row.site,
    )
    return render_form("backoffice/stock/bottle_move.html", form, row=row, places=others)


# -- damaged


class DamagedForm(OnceForm):
    quantity = QuantityField("How much is lost")
    cause = ChoiceField("What happened", [(cause.value, label) for cause, label in DAMAGES])
    photo = UploadField("A picture of it", most_bytes=MOST_BYTES, required=False)
    note = ProseField("Note", required=False, most=500)

    def process(  # type: ignore[override] # one keyword more than WTForms knows
        self, *arguments: Any, unit: Unit = Unit.PIECE, **more: Any
    ) -> None:
        self.quantity.unit = unit
        super().process(*arguments, **more)


@bp.route("/rooms/<code>/damaged/<any(bottle, product):kind>/<path:name>", methods=["GET", "POST"])
def damaged(code: str, kind: str, name: str) -> Response:
    """What broke, with a picture, is written off."""
    actor = current_actor()
    actor.require(Permission.WRITE_OFF_STOCK)
    if kind == "bottle":
        row = row_of(name)
        title, there, most, place = row.product_name, row.left, row.left, row.location_name
    else:
        place, line = _line(code, name)
        title, there = line.name, line.on_hand
        most = min(line.pack_size or there, there)
    form = DamagedForm.from_request(
        unit=there.unit, data={"once": uuid.uuid4().hex, "quantity": most}
    )
    if request.method == "POST" and form.validate():
        step = _damage_of_bottle if kind == "bottle" else _damage_on_shelf
        try:
            done = carry_out(
                lambda session, key: step(session, code, name, form, key or None),
                key_of("damaged", code, name),
            )
        except DomainError as error:
            form.blame(error)
        else:
            back = url_for("rooms.show", code=code)
            text = f"Written off: {show_quantity(form.quantity.data)} of {title}."
            undo = undo_of(done, back) if done and kind == "bottle" else None
            return redirect_with_flash(back, text, undo=undo)
    return render_form(
        "backoffice/stock/damaged.html",
        form,
        code=code,
        place=place,
        title=title,
        there=there,
        kind=kind,
    )


@bp.get("/open/<number>/damaged")
def damaged_bottle(number: str) -> Response:
    """Wherever it stands."""
    row = row_of(number)
    return redirect(url_for(".damaged", code=row.location, kind="bottle", name=number), 303)


def _line(code: str, sku: str) -> tuple[str, ShelfLine]:
    with read() as session:
        shelf = shelf_of(session, code, at=utc_now())
    return shelf.place.name, shelf.line(sku)


def _damage_of_bottle(
    session: Session, _code: str, number: str, form: DamagedForm, key: str | None
) -> Done:
    command = DiscardContainer(
        number, Cause(form.cause.data), form.quantity.data, key, form.note.data
    )
    done = discard_container(session, command, actor=current_actor(), at=utc_now())
    _photo(session, done.postings[0].ref, form)
    return done


def _damage_on_shelf(
    session: Session, code: str, sku: str, form: DamagedForm, key: str | None
) -> Done:
    posted = post_stock(
        session,
        PostStock(
            Reason.WRITE_OFF,
            (StockMove(sku, code, "ADJUSTMENT", form.quantity.data),),
            note=form.note.data,
            cause=Cause(form.cause.data),
            idempotency_key=key,
        ),
        actor=current_actor(),
        at=utc_now(),
    )
    _photo(session, posted.ref, form)
    return Done((), (posted,))


def _photo(session: Session, ref: str, form: DamagedForm) -> None:
    if form.photo.data:
        attach_photo(
            session, ref, form.photo.data, form.photo.file_name, actor=current_actor(), at=utc_now()
        )


# -- how much is left


_COUNTED = frozenset({Told.DOSES, Told.STROKES, Told.EYE})


class LeftForm(OnceForm):
    told = ChoiceField(
        "How you know",
        [
            (Told.LEFT.value, "So much is left"),
            (Told.USED.value, "So much was used"),
            (Told.DOSES.value, "Treatments"),
            (Told.STROKES.value, "Pump strokes"),
            (Told.SCALE.value, "On the scale, with the bottle (g)"),
            (Told.EYE.value, "By eye"),
        ],
    )
    amount = TextField("Figure", most=40)
    correction = TextField("The book was wrong, because", required=False, most=200)

    def figure(self, unit: Unit) -> int:
        """In what the way of telling counts in; ValueError with a sentence."""
        told, text = Told(self.told.data), plain_figure(self.amount.data)
        counted = Unit.PIECE if told in _COUNTED else (Unit.G if told is Told.SCALE else unit)
        quantity = typed_quantity(text, counted)
        if quantity.unit is not counted:
            raise ValueError(f"This is counted in {counted}.")
        return quantity.steps

    def to_command(self, number: str, unit: Unit, key: str | None) -> ReadContainer:
        reading = Reading(Told(self.told.data), self.figure(unit))
        return ReadContainer(number, reading, self.correction.data, key)


@bp.route("/rooms/<code>/left/<any(bottle, product):kind>/<path:name>", methods=["GET", "POST"])
def left(code: str, kind: str, name: str) -> Response:
    """Five gauges to tap; below them the exact ways."""
    if kind == "product":
        return redirect_with_flash(
            url_for("rooms.show", code=code), "Choose an open bottle for that.", category="error"
        )
    row = row_of(name)
    form = LeftForm.from_request(data={"once": uuid.uuid4().hex, "told": Told.LEFT.value})
    if request.method == "POST" and form.validate():
        try:
            form.figure(row.left.unit)
        except ValueError as error:
            form.amount.errors = [str(error)]
        else:
            answer = _read(row, form)
            if answer is not None:
                return answer
    return render_form("backoffice/stock/bottle_left.html", form, row=row, quarters=_quarters(row))


def _read(row: OpenRow, form: LeftForm) -> Response | None:
    try:
        done = carry_out(
            lambda session, key: read_container(
                session,
                form.to_command(row.number, row.left.unit, key or None),
                actor=current_actor(),
                at=utc_now(),
            ),
            key_of("left", row.number),
        )
    except DomainError as error:
        form.blame(error)
        return None
    back = _back(row)
    if done is None or not done.postings:
        return redirect_with_flash(back, f"{row.product_name}: the book was right.")
    moved = Quantity(done.postings[0].moves[0].quantity, row.left.unit)
    words = "used" if done.postings[0].reason is Reason.CONSUMPTION else "corrected"
    text = f"{row.product_name}: {show_quantity(moved)} {words}."
    return redirect_with_flash(back, text, undo=undo_of(done, back))


_QUARTERS = ("Empty", "¼", "½", "¾", "Full")


def _quarters(row: OpenRow) -> list[tuple[int, str, Quantity]]:
    filled = row.filled.steps
    return [
        (n, word, Quantity((filled * n + 2) // 4, row.left.unit))
        for n, word in enumerate(_QUARTERS)
    ]


# -- one bottle's page


def _first(row: OpenRow) -> tuple[str, str] | None:
    """Which lot or bottle of it is used first in that room, and why."""
    with read() as session:
        return shelf_of(session, row.location, at=utc_now()).line(row.product).first


class OpenedOnForm(BaseForm):
    opened_on = DateField("Truly opened on")


@bp.get("/open/<number>")
def show(number: str) -> str:
    """What it is, until when, what is left, where it came from; once finished, what it was."""
    actor = current_actor()
    actor.require(Permission.SEE_STOCK)
    with read() as session:
        known = container(session, number, at=utc_now())
    if known.state is ContainerState.FINISHED:
        return render_template("backoffice/stock/bottle_finished.html", row=known)
    row = row_of(number)
    return render_template(
        "backoffice/stock/bottle.html",
        row=row,
        first=_first(row),
        form=OpenedOnForm(),
        once=uuid.uuid4().hex,
        may_use=actor.may(Permission.USE_STOCK),
        may_move=actor.may(Permission.MOVE_STOCK),
        may_write_off=actor.may(Permission.WRITE_OFF_STOCK),
    )


@bp.post("/open/<number>/opened-on")
def opened_on(number: str) -> Response:
    row = row_of(number)
    form = OpenedOnForm.from_request()
    if form.validate():
        try:
            with write() as session:
                day = correct_opening_day(
                    session, number, form.opened_on.data, actor=current_actor(), at=utc_now()
                )
        except DomainError as error:
            form.blame(error)
        else:
            until = f"To be used by {show_date(day)}." if day else "No date follows from it."
            return redirect_with_flash(url_for(".show", number=number), until)
    return render_form(
        "backoffice/stock/bottle.html",
        form,
        row=row,
        first=_first(row),
        once=uuid.uuid4().hex,
        may_use=True,
        may_move=current_actor().may(Permission.MOVE_STOCK),
        may_write_off=current_actor().may(Permission.WRITE_OFF_STOCK),
    )


@bp.post("/open/undo")
def undo() -> Response:
    """The toast's button: every posting of the step, or none."""
    refs = [ref for ref in request.form.get("refs", "").split(",") if ref][:10]
    back = back_page(url_for("board.index"))
    try:
        with write() as session:
            take_back(session, refs, actor=current_actor(), at=utc_now())
    except (Forbidden, Unavailable):
        raise
    except DomainError as error:
        return redirect_with_flash(back, error.message, category="error")
    return redirect_with_flash(back, "Taken back.")
