"""Taking in a transfer, made for a phone: all of it with one tap, or line by line with what is missing and why."""

import uuid
from typing import Any

from flask import request, url_for
from werkzeug.wrappers import Response
from wtforms import FieldList, FormField, HiddenField, IntegerField

from procurement.backoffice.stock.taps import key_of
from procurement.kernel.clock import utc_now
from procurement.kernel.errors import Conflict, DomainError
from procurement.kernel.permissions import Permission
from procurement.kernel.quantity import Quantity
from procurement.stock.operations.arrivals import (
    ArrivedLine,
    ArriveTransfer,
    Missing,
    arrive_transfer,
)
from procurement.stock.queries.containers import was_posted
from procurement.stock.queries.transfers import TransferPage, transfer_page
from procurement.stock.terms import Difference
from procurement.web.doors import Audience, Door
from procurement.web.fields import ChoiceField, ProseField, QuantityField
from procurement.web.forms import BaseForm, LineForm, redirect_with_flash, render_form
from procurement.web.identity import current_actor
from procurement.web.transactions import read, write

bp = Door("arrivals", __name__, audience=Audience.STAFF, url_prefix="/transfers")

DIFFERENCES = {
    "": "Still under way",
    Difference.LOST: "Lost",
    Difference.DAMAGED: "Broken or spilled",
    Difference.WORN_OUT: "Worn out",
    Difference.LEFT_BEHIND: "Never left: it goes back to its shelf",
}


class ArrivedLineForm(LineForm):
    """What came of one line; the rest is explained, or stays under way."""

    position = IntegerField()
    arrived = QuantityField("Arrived", zero=True)
    cause = ChoiceField("The rest", list(DIFFERENCES.items()), required=False)


class ArrivalForm(BaseForm):
    once = HiddenField()
    note = ProseField("Note", required=False, most=500)
    lines: Any = FieldList(FormField(ArrivedLineForm))

    def to_command(self, page: TransferPage, key: str) -> ArriveTransfer:
        items = {item.position: item for item in page.items}
        lines = []
        for entry in self.lines.entries:
            row = entry.form
            if row.position.data not in items:
                continue
            arrived = row.arrived.data
            rest = items[row.position.data].under_way.steps - arrived.steps
            missing: tuple[Missing, ...] = ()
            if row.cause.data and rest > 0:
                missing = (Missing(Difference(row.cause.data), Quantity(rest, arrived.unit)),)
            if arrived.steps or missing:
                lines.append(ArrivedLine(row.position.data, arrived, missing))
        return ArriveTransfer(page.head.number, tuple(lines), self.note.data or "", key or None)


def _form(page: TransferPage) -> ArrivalForm:
    coming = [item for item in page.items if item.under_way.steps]
    units = {str(item.position): item.under_way.unit for item in page.items}

    class Line(ArrivedLineForm):
        """Counted in the product's unit, known before what was typed is read."""

        def process(self, formdata: Any = None, *arguments: Any, **more: Any) -> None:
            position = formdata.get(self.position.name, "") if formdata else ""
            data = more.get("data") or {}
            unit = units.get(position or str(data.get("position", "")))
            if unit:
                self.arrived.unit = unit
            super().process(formdata, *arguments, **more)

    class Form(ArrivalForm):
        lines = FieldList(FormField(Line))

    return Form.from_request(
        data={
            "once": uuid.uuid4().hex,
            "lines": [{"position": i.position, "arrived": i.under_way} for i in coming],
        }
    )


@bp.route("/<number>/arrive", methods=["GET", "POST"], endpoint="arrive")
def arrive(number: str) -> Response:
    """A plain POST without lines takes in all that is under way."""
    actor = current_actor()
    actor.require(Permission.MOVE_STOCK)
    with read() as session:
        page = transfer_page(session, number)
    form = _form(page)
    key = key_of("arrive", number)
    if request.method == "POST" and form.validate():
        whole = not form.lines.entries
        command = (
            ArriveTransfer(number, idempotency_key=key or None)
            if whole
            else form.to_command(page, key)
        )
        if not whole and not command.lines:
            form.form_errors.append("Say what arrived, or what became of it.")
        else:
            try:
                with write() as session:
                    arrive_transfer(session, command, actor=actor, at=utc_now())
            except DomainError as error:
                if isinstance(error, Conflict) and _was_done(key):
                    return redirect_with_flash(
                        url_for("transfers.show", number=number), "That was taken in already."
                    )
                if whole:
                    raise
                form.blame(error)
            else:
                return redirect_with_flash(
                    url_for("transfers.show", number=number), f"{number}: taken in."
                )
    items = {item.position: item for item in page.items}
    return render_form("backoffice/stock/transfer_arrive.html", form, page=page, items=items)


def _was_done(key: str) -> bool:
    with read() as session:
        return bool(key) and was_posted(session, key)
