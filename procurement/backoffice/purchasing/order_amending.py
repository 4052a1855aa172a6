"""Changing an order that was placed: the form, and deciding on a change that waits."""

from functools import partial

from flask import request, url_for
from werkzeug.wrappers import Response
from wtforms import FormField

from procurement.backoffice.purchasing import section
from procurement.backoffice.purchasing.order_form import OrderLineForm
from procurement.backoffice.purchasing.orders import bp
from procurement.kernel.clock import utc_now
from procurement.kernel.errors import Conflict, Invalid
from procurement.kernel.permissions import Permission
from procurement.purchasing.operations.amended_lines import AmendedLine
from procurement.purchasing.operations.amending import (
    AmendOrder,
    amend_order,
    approve_change,
    refuse_change,
    withdraw_change,
)
from procurement.purchasing.queries.orders import order_page
from procurement.purchasing.queries.revisions import revision_paper
from procurement.purchasing.terms import ON_THE_WAY, OrderPage, RevisionStatus
from procurement.sourcing.queries import supplier_page
from procurement.web.addresses import public_root
from procurement.web.fields import DateField, PriceField, ProseField, TickField, WholeNumberField
from procurement.web.forms import BaseForm, LineForm, LineList, redirect_with_flash, render_form
from procurement.web.identity import current_actor
from procurement.web.listing import attachment
from procurement.web.transactions import read, write

__all__ = ["bp"]


class PlacedLineForm(LineForm):
    position = WholeNumberField("Line", least=1)
    packs = WholeNumberField("Packs", required=False)
    unit_price = PriceField("Price of a pack", required=False)
    wanted_by = DateField("Wanted by", required=False)
    close = TickField("Close")

    def to_line(self) -> AmendedLine:
        price = self.unit_price.data
        return AmendedLine(
            position=self.position.data,
            packs=self.packs.data,
            unit_price=price,
            wanted_by=self.wanted_by.data,
            close=bool(self.close.data),
        )


class AmendForm(BaseForm):
    version = WholeNumberField("Version", most=10**9)
    due_on = DateField("Expected by", required=False)
    why = ProseField("Why, for the supplier", required=False, most=1000)
    lines = LineList(FormField(PlacedLineForm), spare=0, least=0)
    added = LineList(FormField(OrderLineForm), spare=3, least=0)

    def to_command(self, number: str) -> AmendOrder:
        return AmendOrder(
            number=number,
            version=self.version.data,
            due_on=self.due_on.data,
            why=self.why.data,
            public_url=public_root(),
            lines=tuple(entry.form.to_line() for entry in self.lines.entries),
            added=tuple(entry.form.to_line() for entry in self.added.entries),
        )


@bp.get("/<number>/amend")
def amend(number: str) -> Response:
    current_actor().require(Permission.DRAFT_ORDERS)
    with read() as session:
        order = order_page(session, number)
    if order.status not in ON_THE_WAY:
        url = url_for(".show", number=number)
        return redirect_with_flash(url, f"{number} is not on the way.", category="error")
    return _page(AmendForm(data=_as_data(order)), order)


@bp.post("/<number>/amend")
def send_amended(number: str) -> Response:
    form = AmendForm.from_request()
    with read() as session:
        order = order_page(session, number)
    _set_currency(form, order)
    if form.validate():
        try:
            with write() as session:
                revision = amend_order(
                    session, form.to_command(number), actor=current_actor(), at=utc_now()
                )
        except (Conflict, Invalid) as error:
            form.blame(error)
        else:
            said = f"{number} R{revision.number} is on its way to {order.supplier_name}."
            if revision.status is RevisionStatus.PROPOSED:
                said = f"The change of {number} costs more: it waits for approval."
            return redirect_with_flash(url_for(".show", number=number), said)
    return _page(form, order)


@bp.post("/<number>/amendment/approve")
def approve_amendment(number: str) -> Response:
    agree = partial(approve_change, public_url=public_root())
    return _decide(number, agree, "You agreed to the change of {}.")


@bp.post("/<number>/amendment/refuse")
def refuse_amendment(number: str) -> Response:
    why = request.form.get("why", "")
    return _decide(number, partial(refuse_change, why=why), "{} stays as it was.")


@bp.post("/<number>/amendment/withdraw")
def withdraw_amendment(number: str) -> Response:
    return _decide(number, withdraw_change, "The change of {} is withdrawn.")


@bp.get("/<number>/revisions/<int:revision>/pdf")
def revision_pdf(number: str, revision: int) -> Response:
    """The paper of one revision as it was sent."""
    with read() as session:
        paper = revision_paper(session, number, revision, actor=current_actor())
    return attachment(paper.content, paper.file_name, paper.media_type, inline=True)


def _decide(number: str, operation: section.Operation, said: str) -> Response:
    run = partial(operation, number=number, actor=current_actor(), at=utc_now())
    return section.act(url_for(".show", number=number), said.format(number), run)


def _page(form: AmendForm, order: OrderPage) -> Response:
    with read() as session:
        items = supplier_page(session, order.supplier).items
    _set_currency(form, order)
    return render_form(
        "backoffice/purchasing/order_amend.html",
        form,
        order=order,
        by_position={line.position: line for line in order.lines},
        items=tuple(item for item in items if item.active),
    )


def _set_currency(form: AmendForm, order: OrderPage) -> None:
    for entry in (*form.lines.entries, *form.added.entries):
        entry.form.unit_price.currency = order.currency


def _as_data(order: OrderPage) -> dict[str, object]:
    return {
        "version": order.version,
        "due_on": order.due_on,
        "lines": [
            {
                "position": line.position,
                "packs": line.packs,
                "unit_price": line.price,
                "wanted_by": line.wanted_by,
            }
            for line in order.lines
            if not line.closed
        ],
    }
