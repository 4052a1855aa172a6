"""Linen of a house: what is clean, in the rooms and at the laundry beside what should go round; sent and taken back."""

import uuid
from typing import Any

from flask import render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import FormField, HiddenField

from procurement.kernel.clock import utc_now
from procurement.kernel.errors import Conflict, DomainError, FieldError, Invalid
from procurement.kernel.paging import PageRequest
from procurement.kernel.permissions import Permission
from procurement.kernel.quantity import Quantity, Unit
from procurement.stock.operations.linen import (
    SendToLaundry,
    SetLinenRule,
    drop_linen_rule,
    send_to_laundry,
    set_linen_rule,
)
from procurement.stock.operations.transfers import TransferItem
from procurement.stock.queries.containers import was_posted
from procurement.stock.queries.linen import LinenRow, linen, linen_products, linen_shelf
from procurement.stock.queries.places import places, sites
from procurement.stock.queries.transfers import TransferFilter, transfers
from procurement.stock.terms import UNDER_WAY, LocationKind
from procurement.web.doors import Audience, Door
from procurement.web.fields import ChoiceField, ProseField, WholeNumberField
from procurement.web.forms import BaseForm, LineForm, LineList, redirect_with_flash, render_form
from procurement.web.identity import current_actor
from procurement.web.listing import export, export_urls, wanted_format
from procurement.web.transactions import read, write

bp = Door("linen", __name__, audience=Audience.STAFF, url_prefix="/linen")

HEADER = (
    "SKU",
    "Product",
    "Clean",
    "In rooms",
    "At the laundry",
    "Par",
    "Short",
    "How par is made",
)


@bp.get("/")
def index() -> str | Response:
    actor = current_actor()
    actor.require(Permission.SEE_STOCK)
    with read() as session:
        houses = sites(session)
        site = request.args.get("site") or (houses[0].code if houses else "")
        rows = linen(session, site)
        away = transfers(session, PageRequest(50), TransferFilter(UNDER_WAY, to_site=site)).items
    if wanted_format():
        return export(f"linen-{site}", HEADER, [_cells(row) for row in rows])
    return render_template(
        "backoffice/stock/linen.html",
        rows=rows,
        away=[row for row in away if row.via_kind is LocationKind.LAUNDRY],
        houses=[(house.code, house.name) for house in houses],
        site=site,
        exports=export_urls(),
        may_move=actor.may(Permission.MOVE_STOCK),
        may_edit=actor.may(Permission.EDIT_LOCATIONS),
    )


def _cells(row: LinenRow) -> tuple[str | int | None, ...]:
    par = row.par
    return (
        row.product,
        row.product_name,
        row.clean,
        row.in_rooms,
        row.at_laundry,
        par.pieces if par else None,
        row.short,
        par.why if par else "",
    )


class UsedForm(LineForm):
    product = ChoiceField("Linen", required=False)
    pieces = WholeNumberField("Pieces", required=False, least=1, most=10_000)


class SendForm(BaseForm):
    once = HiddenField()
    source = ChoiceField("From")
    laundry = ChoiceField("To the laundry")
    back_to = ChoiceField("Comes back to")
    note = ProseField("Note", required=False, most=500)
    lines: LineList

    def to_command(self) -> SendToLaundry:
        items = tuple(
            TransferItem(entry.form.product.data, Quantity(entry.form.pieces.data, Unit.PIECE))
            for entry in self.lines.entries
            if entry.form.product.data and entry.form.pieces.data
        )
        return SendToLaundry(
            self.source.data,
            self.laundry.data,
            self.back_to.data,
            items,
            self.note.data or "",
            self.once.data or None,
        )


@bp.route("/send", methods=["GET", "POST"])
def send() -> Response:
    """What was used in a room goes to the laundry."""
    actor = current_actor()
    actor.require(Permission.MOVE_STOCK)
    with read() as session:
        houses = sites(session)
        site = request.args.get("site") or (houses[0].code if houses else "")
        there, products = places(session, site=site), linen_products(session)
        shelf = linen_shelf(session, site)
    kinds = {kind: [(p.code, p.name) for p in there if p.kind is kind] for kind in LocationKind}
    line: Any = type(
        "UsedForm",
        (UsedForm,),
        {
            "product": ChoiceField(
                "Linen", [("", "Choose")] + [(p.sku, p.name) for p in products], required=False
            )
        },
    )
    rooms = kinds[LocationKind.TREATMENT_ROOM] + kinds[LocationKind.STOREROOM]
    form_class: Any = type(
        "SendForm",
        (SendForm,),
        {
            "source": ChoiceField("From", rooms),
            "laundry": ChoiceField("To the laundry", kinds[LocationKind.LAUNDRY]),
            "back_to": ChoiceField("Comes back to", kinds[LocationKind.STOREROOM]),
            "lines": LineList(FormField(line), "Linen", spare=3),
        },
    )
    form = form_class.from_request(data={"once": uuid.uuid4().hex, "back_to": shelf})
    if request.method == "POST" and form.validate():
        try:
            with write() as session:
                sent = send_to_laundry(session, form.to_command(), actor=actor, at=utc_now())
        except DomainError as error:
            if isinstance(error, Conflict) and _was_sent(form.once.data):
                return redirect_with_flash(url_for(".index", site=site), "That was sent already.")
            form.blame(_renamed(error))
        else:
            text = f"{sent.number} is at the laundry until it is taken back in."
            return redirect_with_flash(url_for(".index", site=site), text)
    return render_form(
        "backoffice/stock/linen_send.html",
        form,
        site=site,
        has_laundry=bool(kinds[LocationKind.LAUNDRY]),
    )


def _was_sent(key: str | None) -> bool:
    with read() as session:
        return bool(key) and was_posted(session, str(key))


def _renamed(error: DomainError) -> DomainError:
    """The transfer speaks of from, to, via and quantities; this form has other words."""
    words = {"from": "source", "to": "back_to", "via": "laundry"}
    if not error.errors:
        return error
    return Invalid.of(
        FieldError(
            words.get(found.field, found.field.replace(".quantity", ".pieces")), found.message
        )
        for found in error.errors
    )


class RuleForm(BaseForm):
    product = ChoiceField("Linen")
    turns_a_day = WholeNumberField("Turns a day, in each room", least=1, most=1000)
    pieces_a_turn = WholeNumberField("Pieces for one turn", least=1, most=1000)
    days = WholeNumberField("Days until it is back and clean", least=1, most=1000)


@bp.route("/rules/<site>", methods=["GET", "POST"])
def rule(site: str) -> Response:
    """How much of a kind should go round."""
    actor = current_actor()
    actor.require(Permission.EDIT_LOCATIONS)
    with read() as session:
        rows = {row.product: row for row in linen(session, site)}
        products = linen_products(session)
    row = rows.get(request.args.get("product", ""))
    par = row.par if row else None
    data = {
        "product": request.args.get("product", ""),
        "turns_a_day": par.turns_a_day if par else None,
        "pieces_a_turn": par.pieces_a_turn if par else 1,
        "days": par.days if par else None,
    }
    form = RuleForm(formdata=request.form if request.method == "POST" else None, data=data)
    form.product.choices = [(p.sku, p.name) for p in products]
    if request.method == "POST" and form.validate():
        command = SetLinenRule(
            site,
            form.product.data,
            form.turns_a_day.data,
            form.pieces_a_turn.data,
            form.days.data,
        )
        try:
            with write() as session:
                set_linen_rule(session, command, actor=actor)
        except DomainError as error:
            form.blame(error)
        else:
            return redirect_with_flash(url_for(".index", site=site), "Par is set.")
    return render_form("backoffice/stock/linen_rule.html", form, site=site, par=par)


@bp.post("/rules/<site>/drop")
def drop(site: str) -> Response:
    product = request.form.get("product", "")
    with write() as session:
        drop_linen_rule(session, site, product, actor=current_actor())
    return redirect_with_flash(url_for(".index", site=site), "It has no par any more.")
