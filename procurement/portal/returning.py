"""A buyer asks to send goods of a shipment back: how many of each lot, why, with pictures."""

import uuid

from flask import request, url_for
from werkzeug.wrappers import Response
from wtforms import FormField, HiddenField

from procurement.files.terms import PICTURE_TYPE
from procurement.kernel.clock import utc_now
from procurement.kernel.errors import DomainError, Invalid, NotFound
from procurement.portal.door import bp
from procurement.sales.operations.return_requests import MOST_PHOTOS, AskReturn, ask_return
from procurement.sales.operations.taking_back import ReturnedLine
from procurement.sales.queries.own_orders import own_shipment_page
from procurement.sales.queries.return_requests import request_photo
from procurement.sales.rules.orders import RETURN_WORDS
from procurement.sales.terms.orders import CustomerReturnReason, ShipmentPage
from procurement.web.doors import Audience, open_to
from procurement.web.fields import ChoiceField, ProseField, WholeNumberField
from procurement.web.forms import BaseForm, LineForm, LineList, redirect_with_flash, render_form
from procurement.web.identity import current_actor
from procurement.web.transactions import read, write

LARGEST_PHOTO = 10 * 1024 * 1024


class BackForm(LineForm):
    position = HiddenField()
    packs = WholeNumberField("How many", required=False)


class AskForm(BaseForm):
    reason = ChoiceField("Why", [(one.value, word) for one, word in RETURN_WORDS.items()])
    note = ProseField("What is wrong with it", required=False, most=2_000)
    key = HiddenField()
    lines = LineList(FormField(BackForm), spare=0, least=0)

    def told(self, page: ShipmentPage) -> tuple[ReturnedLine, ...]:
        sizes = {str(line.position): line for line in page.lines if line.lot}
        return tuple(
            ReturnedLine(line.position, line.size * entry.form.packs.data)
            for entry in self.lines.entries
            if entry.form.packs.data and (line := sizes.get(str(entry.form.position.data)))
        )


@bp.route("/account/orders/<number>/shipments/<shipment>/return", methods=["GET", "POST"])
@open_to(Audience.BUYER)
def order_return(number: str, shipment: str) -> Response:
    actor = current_actor()
    with read() as session:
        page = own_shipment_page(session, number, shipment, actor=actor)
    form = AskForm.from_request(data={"key": uuid.uuid4().hex})
    rows = [line for line in page.lines if line.lot and line.returnable.steps]
    if not form.is_sent:
        form.lines.process(None, [{"position": line.position} for line in rows])
    elif form.validate():
        try:
            command = AskReturn(
                order=number,
                shipment=shipment,
                lines=form.told(page),
                reason=CustomerReturnReason(form.reason.data),
                note=form.note.data or "",
                photos=_photos(),
                key=str(form.key.data or uuid.uuid4().hex)[:64],
            )
            with write() as session:
                made = ask_return(session, command, actor=actor, at=utc_now()).number
        except NotFound:
            raise
        except DomainError as error:
            form.form_errors.append(error.message)
        else:
            url = url_for(".order_page", number=number)
            return redirect_with_flash(url, f"{made} is with us; we answer by mail.")
    return render_form(
        "portal/ask_return.html",
        form,
        page=page,
        head=page.head,
        lots={str(line.position): line for line in rows},
        most_photos=MOST_PHOTOS,
    )


@bp.get("/account/returns/<number>/<int:position>.webp")
@open_to(Audience.BUYER)
def return_photo(number: str, position: int) -> Response:
    with read() as session:
        content = request_photo(session, number, position, actor=current_actor())
    response = Response(content, content_type=PICTURE_TYPE)
    response.headers["Cache-Control"] = "private, max-age=3600"
    return response


def _photos() -> tuple[tuple[str, bytes], ...]:
    found = []
    for file in request.files.getlist("photos")[: MOST_PHOTOS + 1]:
        content = file.stream.read(LARGEST_PHOTO + 1)
        if len(content) > LARGEST_PHOTO:
            raise Invalid("A picture has at most 10 MB.", field="photos")
        if content:
            found.append(((file.filename or "picture")[:200], content))
    return tuple(found)
