"""Writing a request for quotation, and typing an answer that came by mail or telephone."""

from datetime import timedelta
from typing import Any

from flask import request, url_for
from werkzeug.wrappers import Response
from wtforms import FormField

from procurement.backoffice.purchasing.requests import bp
from procurement.kernel.clock import utc_now
from procurement.kernel.db import ReadSession
from procurement.kernel.errors import Conflict, Invalid, NotFound
from procurement.kernel.permissions import Permission
from procurement.planning.queries.needs import needs
from procurement.purchasing.operations.bidding import answer_for
from procurement.purchasing.operations.requesting import SaveRequest, WantedLine, save_request
from procurement.purchasing.queries.orders import order_page
from procurement.purchasing.queries.quotations import request_page
from procurement.purchasing.terms.quotations import InvitationRow, RequestPage
from procurement.sourcing.queries import supplier_choices
from procurement.stock.queries.places import places
from procurement.stock.terms import LocationKind
from procurement.web.bids import AnswerForm, answer_form, choices_of
from procurement.web.fields import (
    ChoiceField,
    DateField,
    ManyField,
    ProseField,
    TextField,
    WholeNumberField,
)
from procurement.web.filters import today
from procurement.web.forms import BaseForm, LineForm, LineList, redirect_with_flash, render_form
from procurement.web.identity import current_actor
from procurement.web.transactions import read, write

__all__ = ["bp"]  # the requests' door, with the pages below

DAYS_TO_ANSWER = 7


class WantedLineForm(LineForm):
    product = TextField("Product")
    pack = TextField("Pack", required=False)
    packs = WholeNumberField("Packs", least=1)
    wanted_by = DateField("Wanted by", required=False)

    def to_line(self) -> WantedLine:
        return WantedLine(
            product=self.product.data,
            pack=self.pack.data or None,
            packs=self.packs.data,
            wanted_by=self.wanted_by.data,
        )


class RequestForm(BaseForm):
    title = TextField("What it is about", required=False)
    answer_by = DateField("Answer by")
    deliver_to = ChoiceField("Deliver to", required=False)
    suppliers = ManyField("Ask")
    note = ProseField("Note to the suppliers", required=False)
    version = WholeNumberField("Version", required=False)
    lines = LineList(FormField(WantedLineForm), spare=3)

    def to_command(self, number: str | None) -> SaveRequest:
        return SaveRequest(
            number=number,
            version=self.version.data,
            title=self.title.data,
            answer_by=self.answer_by.data,
            deliver_to=self.deliver_to.data or None,
            suppliers=tuple(self.suppliers.data or ()),
            note=self.note.data,
            lines=tuple(entry.form.to_line() for entry in self.lines.entries),
        )


@bp.get("/new")
def new() -> Response:
    """Empty, with the lines of an order (`?order=`), or with what must be bought (`?needs=1`)."""
    current_actor().require(Permission.DRAFT_ORDERS)
    with read() as session:
        data = _asked(session)
    data["answer_by"] = today() + timedelta(days=DAYS_TO_ANSWER)
    return _page(RequestForm(data=data), None)


@bp.post("")
def create() -> Response:
    return _save(None)


@bp.get("/<number>/edit")
def edit(number: str) -> Response:
    current_actor().require(Permission.DRAFT_ORDERS)
    with read() as session:
        page = request_page(session, number, at=utc_now())
    data = {
        "title": page.title,
        "answer_by": page.answer_by,
        "deliver_to": page.deliver_to,
        "suppliers": [one.supplier for one in page.invitations],
        "note": page.note,
        "version": page.version,
        "lines": [
            {
                "product": line.product,
                "pack": line.pack,
                "packs": line.packs,
                "wanted_by": line.wanted_by,
            }
            for line in page.lines
        ],
    }
    return _page(RequestForm(data=data), number)


@bp.post("/<number>/edit")
def change(number: str) -> Response:
    return _save(number)


@bp.get("/<number>/answers/<supplier>")
def answer(number: str, supplier: str) -> Response:
    current_actor().require(Permission.DRAFT_ORDERS)
    page, asked = _invitation(number, supplier)
    return _answer_page(answer_form(page.lines, asked), page, asked)


@bp.post("/<number>/answers/<supplier>")
def save_answer(number: str, supplier: str) -> Response:
    page, asked = _invitation(number, supplier)
    form = AnswerForm.from_request()
    if form.validate():
        try:
            with write() as session:
                answer_for(
                    session,
                    number,
                    supplier,
                    form.to_answer(asked.currency),
                    actor=current_actor(),
                    at=utc_now(),
                )
        except (Conflict, Invalid) as error:
            form.blame_rows(error)
        else:
            url = url_for(".show", number=number)
            return redirect_with_flash(url, f"The answer of {asked.supplier_name} is kept.")
    return _answer_page(form, page, asked)


def _invitation(number: str, supplier: str) -> tuple[RequestPage, InvitationRow]:
    with read() as session:
        page = request_page(session, number, at=utc_now())
    asked = next((one for one in page.invitations if one.supplier == supplier), None)
    if asked is None:
        raise NotFound(f"{supplier} was not asked in {number}.")
    return page, asked


def _answer_page(form: AnswerForm, page: RequestPage, asked: InvitationRow) -> Response:
    with read() as session:
        choices_of(session, form, page.lines)
    return render_form("backoffice/purchasing/request_answer.html", form, page=page, asked=asked)


def _save(number: str | None) -> Response:
    form = RequestForm.from_request()
    with read() as session:
        _offer(session, form)
    if form.validate():
        try:
            with write() as session:
                saved = save_request(
                    session, form.to_command(number), actor=current_actor(), at=utc_now()
                )
        except (Conflict, Invalid) as error:
            form.blame(error)
        else:
            return redirect_with_flash(
                url_for(".show", number=saved.number), f"{saved.number} is saved."
            )
    return _page(form, number)


def _page(form: RequestForm, number: str | None) -> Response:
    with read() as session:
        _offer(session, form)
    return render_form("backoffice/purchasing/request_form.html", form, number=number)


def _offer(session: ReadSession, form: RequestForm) -> None:
    form.suppliers.choices = supplier_choices(session)
    form.deliver_to.choices = [
        ("", "Our delivery address"),
        *(
            (place.code, f"{place.name}, {place.site}")
            for place in places(session)
            if place.kind in {LocationKind.STOREROOM, LocationKind.TREATMENT_ROOM}
        ),
    ]


def _asked(session: ReadSession) -> dict[str, Any]:
    """The lines an address asks to begin with."""
    if number := request.args.get("order"):
        order = order_page(session, number)
        return {
            "deliver_to": order.deliver_to,
            "suppliers": [order.supplier],
            "lines": [
                {
                    "product": line.product,
                    "pack": line.pack,
                    "packs": line.packs,
                    "wanted_by": line.wanted_by,
                }
                for line in order.lines
            ],
        }
    if request.args.get("needs"):
        found = [need for need in needs(session, at=utc_now()).open if need.packs and need.pack]
        return {
            "suppliers": sorted({need.supplier for need in found if need.supplier}),
            "lines": [
                {"product": need.product, "pack": need.pack, "packs": need.packs} for need in found
            ],
        }
    return {}
