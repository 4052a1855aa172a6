"""An order and its supplier: taken along for other programs, sent once more, and what they answered."""

from functools import partial

from flask import request, url_for
from werkzeug.wrappers import Response

from procurement.backoffice.purchasing import section
from procurement.documents.ubl_order import order_to_ubl
from procurement.exchange.order_x import order_to_order_x
from procurement.exchange.ubl.answering import take_order_response
from procurement.kernel.clock import utc_now
from procurement.kernel.errors import Conflict, Invalid
from procurement.kernel.permissions import Permission
from procurement.purchasing.operations.confirming import confirm_order, note_difference
from procurement.purchasing.operations.papers import SendOrder, end_links, send_order_again
from procurement.purchasing.queries.attachments import files_that_go
from procurement.purchasing.queries.links import lines_to_answer
from procurement.purchasing.queries.orders import order_page
from procurement.purchasing.queries.trade import issued_order
from procurement.purchasing.terms import AnsweredBy
from procurement.web.addresses import public_root
from procurement.web.fields import ProseField, TextField, UploadField
from procurement.web.forms import BaseForm, redirect_with_flash, render_form
from procurement.web.identity import current_actor
from procurement.web.listing import attachment
from procurement.web.supplier_answers import SupplierAnswerForm, filled_for
from procurement.web.transactions import read, write

bp = section.door("order_exchange", __name__, "/purchase-orders")
_XML = "application/xml"
_LARGEST = 4_000_000


class SendForm(BaseForm):
    recipient = TextField("To", required=False, most=254)
    message = ProseField("Message", required=False, most=2_000)


class ResponseForm(BaseForm):
    file = UploadField("Their order response", most_bytes=_LARGEST)


@bp.get("/<number>/ubl")
def ubl(number: str) -> Response:
    with read() as session:
        content = issued_order(session, number, actor=current_actor())
    return attachment(order_to_ubl(content), f"{number}-ubl.xml", _XML)


@bp.get("/<number>/order-x")
def order_x(number: str) -> Response:
    with read() as session:
        content = issued_order(session, number, actor=current_actor())
    return attachment(order_to_order_x(content), f"{number}-order-x.xml", _XML)


@bp.get("/<number>/confirmation")
def confirmation(number: str) -> Response:
    current_actor().require(Permission.DRAFT_ORDERS)
    with read() as session:
        lines = lines_to_answer(session, number)
    return _answer_page(number, SupplierAnswerForm(data=filled_for(lines)), ResponseForm())


@bp.post("/<number>/confirmation")
def confirm(number: str) -> Response:
    form = SupplierAnswerForm.from_request()
    if form.validate():
        says = form.to_says(request.form.get("meant", ""), AnsweredBy.CLERK)
        try:
            with write() as session:
                confirm_order(session, number, says, actor=current_actor(), at=utc_now())
        except (Conflict, Invalid) as error:
            form.blame(error)
        else:
            return _back(number, "Their answer is written down.")
    return _answer_page(number, form, ResponseForm())


@bp.post("/<number>/order-response")
def take_response(number: str) -> Response:
    form = ResponseForm.from_request()
    if form.validate():
        try:
            with write() as session:
                take_order_response(
                    session, number, form.file.data, actor=current_actor(), at=utc_now()
                )
        except (Conflict, Invalid) as error:
            form.blame(error)
        else:
            return _back(number, "Their order response is taken.")
    with read() as session:
        lines = lines_to_answer(session, number)
    return _answer_page(number, SupplierAnswerForm(data=filled_for(lines)), form)


@bp.post("/<number>/confirmations/<int:which>/noted")
def noted(number: str, which: int) -> Response:
    run = partial(
        note_difference,
        number=number,
        confirmation_id=which,
        actor=current_actor(),
        at=utc_now(),
    )
    return section.act(_page_of(number), "Noted.", run)


@bp.get("/<number>/send")
def send(number: str) -> Response:
    current_actor().require(Permission.DRAFT_ORDERS)
    with read() as session:
        order = order_page(session, number)
    return _send_page(number, SendForm(data={"recipient": order.supplier_email}))


@bp.post("/<number>/send")
def send_again(number: str) -> Response:
    form = SendForm.from_request()
    if form.validate():
        command = SendOrder(
            number=number,
            public_url=public_root(),
            recipient=form.recipient.data,
            message=form.message.data,
        )
        try:
            with write() as session:
                send_order_again(session, command, actor=current_actor(), at=utc_now())
        except (Conflict, Invalid) as error:
            form.blame(error)
        else:
            return _back(number, f"{number} is on its way again.")
    return _send_page(number, form)


@bp.post("/<number>/end-links")
def end(number: str) -> Response:
    run = partial(end_links, number=number, actor=current_actor(), at=utc_now())
    return section.act(_page_of(number), "The links lead nowhere any more.", run)


def _page_of(number: str) -> str:
    return url_for("purchase_orders.show", number=number)


def _back(number: str, said: str) -> Response:
    return redirect_with_flash(_page_of(number), said)


def _send_page(number: str, form: SendForm) -> Response:
    with read() as session:
        order, files = order_page(session, number), files_that_go(session, number)
    return render_form("backoffice/purchasing/order_send.html", form, order=order, files=files)


def _answer_page(number: str, form: SupplierAnswerForm, upload: ResponseForm) -> Response:
    with read() as session:
        order = order_page(session, number)
    shown = upload if upload.errors or upload.form_errors else form
    return render_form(
        "backoffice/purchasing/order_answer.html",
        shown,
        answering=form,
        upload=upload,
        order=order,
        by_position={line.position: line for line in order.lines},
    )
