"""Lots by what they are fit for; one lot with its whole story; holding it, letting it go, reading its label."""

from typing import Any

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from procurement.audit.queries import trail_of
from procurement.exchange.export import Cell
from procurement.kernel.clock import utc_now
from procurement.kernel.errors import DomainError, Invalid
from procurement.kernel.paging import all_rows
from procurement.kernel.permissions import Permission
from procurement.planning.queries.origins import trace
from procurement.sourcing.queries.certificates import papers_of_product
from procurement.stock.operations.holding import (
    Promised,
    hold_lot,
    release_lot,
    say_what_labels_name,
)
from procurement.stock.queries.lots import LotFilter, LotRow, lot_detail, lots
from procurement.stock.rules.labelling import OLD_STOCK_UNTIL
from procurement.stock.terms import LabelState, LotState
from procurement.web.doors import Audience, Door
from procurement.web.fields import ChoiceField, ProseField
from procurement.web.filters import today
from procurement.web.forms import BaseForm, redirect_with_flash, render_form
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

bp = Door("lot_pages", __name__, audience=Audience.STAFF, url_prefix="/lots")

HEADER = (
    "SKU", "Product", "Lot", "Status", "Held because", "Label", "Received", "Expires", "Use by", "On hand", "Unit",
)  # fmt: skip
LABELS = {
    LabelState.NAMED: "names the allergens",
    LabelState.OLD_LABEL: "labelled the old way",
    LabelState.UNKNOWN: "nobody has looked",
    LabelState.OUTSIDE: "not a cosmetic",
}
_TOLD = {"named": True, "old_label": False, "unknown": None}


@bp.get("/")
def index() -> str | Response:
    current_actor().require(Permission.SEE_STOCK)
    used_up = request.args.get("all") == "yes"
    wanted = LotFilter(
        product=request.args.get("product") or None,
        state=one_of(LotState),
        label=one_of(LabelState, "label"),
        text=search_text() or None,
        sealed=True,
        in_stock=not used_up,
    )
    with read() as session:
        if wanted_format():
            rows = all_rows(lambda paging: lots(session, wanted, on=today(), paging=paging))
            return export("lots", HEADER, [_cells(row) for row in rows])
        page = lots(session, wanted, on=today(), paging=page_request())
    return render_template(
        "backoffice/stock/lots_by_state.html",
        page=page,
        wanted=wanted,
        used_up=used_up,
        labels=LABELS,
        sold_until=OLD_STOCK_UNTIL,
        may_tell=_may_tell(),
        next_url=next_url(page),
        exports=export_urls(),
    )


def _cells(row: LotRow) -> tuple[Cell, ...]:
    return (
        row.product,
        row.product_name,
        row.number,
        row.state,
        row.held_because,
        LABELS[row.label],
        row.received_on,
        row.expires_on,
        row.use_by,
        row.on_hand.amount,
        row.on_hand.unit,
    )


def _may_tell() -> bool:
    actor = current_actor()
    return actor.may(Permission.HOLD_LOTS) or actor.may(Permission.RECEIVE_GOODS)


@bp.post("/labels")
def tell_labels() -> Response:
    """What several labels name, ticked on the list."""
    names, told = request.form.getlist("lot"), request.form.get("told", "")
    back = url_for(".index", label=request.form.get("label") or None)
    if told not in _TOLD:
        raise Invalid("Say what the labels name.", field="told")
    if not names:
        return redirect_with_flash(back, "Tick the lots whose labels you read.")
    with write() as session:
        count = say_what_labels_name(
            session, names, _TOLD[told], actor=current_actor(), at=utc_now()
        )
    return redirect_with_flash(
        back, "The label of one lot is noted." if count == 1 else f"{count} labels are noted."
    )


class HoldForm(BaseForm):
    why = ProseField("Why", most=500)


class LabelForm(BaseForm):
    told = ChoiceField("Its label, as Regulation (EU) 2023/1545 asks")

    def offer(self) -> None:
        self.told.choices = [
            ("named", "names the allergens"),
            ("old_label", "of the old kind"),
            ("unknown", "nobody has looked"),
        ]


@bp.get("/<path:name>")
def show(name: str) -> Response:
    return _page(name, HoldForm())


@bp.post("/<path:name>/hold")
def hold(name: str) -> Response:
    form = HoldForm.from_request()
    if form.validate():
        try:
            with write() as session:
                promised = hold_lot(
                    session, name, form.why.data, actor=current_actor(), at=utc_now()
                )
        except DomainError as error:
            form.blame(error)
        else:
            return redirect_with_flash(url_for(".show", name=name), told_of(promised))
    return _page(name, form)


@bp.post("/<path:name>/release")
def release(name: str) -> Response:
    form = HoldForm.from_request()
    if form.validate():
        try:
            with write() as session:
                release_lot(session, name, form.why.data, actor=current_actor(), at=utc_now())
        except DomainError as error:
            form.blame(error)
        else:
            return redirect_with_flash(url_for(".show", name=name), "It may be used again.")
    return _page(name, form)


@bp.post("/<path:name>/label")
def label(name: str) -> Response:
    form = LabelForm.from_request()
    form.offer()
    if form.validate():
        with write() as session:
            told = _TOLD[form.told.data]
            say_what_labels_name(session, [name], told, actor=current_actor(), at=utc_now())
    return redirect_with_flash(url_for(".show", name=name), "The label is noted.")


def told_of(promised: tuple[Promised, ...]) -> str:
    """What became of promises of a lot that is held now."""
    gave_up = sorted({one.demand for one in promised if one.was_released})
    kept = sorted({one.demand for one in promised if not one.was_released})
    said = ["It is held."]
    if gave_up:
        said.append(f"Taken off {', '.join(gave_up)}.")
    if kept:
        said.append(f"Still under way with {', '.join(kept)}.")
    return " ".join(said)


def _page(name: str, form: BaseForm) -> Response:
    actor = current_actor()
    actor.require(Permission.SEE_STOCK)
    with read() as session:
        lot = lot_detail(session, name, on=today())
        found = trace(session, lot.id)
        trail = trail_of(session, lot.name)
        papers = papers_of_product(session, lot.row.product, actor=actor, at=utc_now())
    label_form = LabelForm(data={"told": lot.row.label.value})
    label_form.offer()
    context: dict[str, Any] = {
        "lot": lot,
        "row": lot.row,
        "trace": found,
        "trail": trail,
        "papers": papers,
        "labels": LABELS,
        "label_form": label_form,
        "sold_until": OLD_STOCK_UNTIL,
        "may_hold": actor.may(Permission.HOLD_LOTS),
        "may_tell": _may_tell(),
        "sees_cost": actor.may(Permission.SEE_PURCHASING),
    }
    return render_form("backoffice/stock/lot.html", form, **context)
