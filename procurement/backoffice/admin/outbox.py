"""The mails this installation has written: to see that they went, or to read them where there is no mail server."""

from flask import url_for
from werkzeug.wrappers import Response

from procurement.exchange.export import Cell
from procurement.kernel.clock import utc_now
from procurement.kernel.paging import all_rows
from procurement.kernel.permissions import Permission
from procurement.outbox.operations.sending import send_again
from procurement.outbox.queries import mailed_file, message_page, messages
from procurement.outbox.terms import MessageRow, MessageStatus
from procurement.web.doors import Audience, Door
from procurement.web.forms import redirect_with_flash, render_page
from procurement.web.identity import current_actor
from procurement.web.listing import (
    attachment,
    export,
    export_urls,
    next_url,
    one_of,
    page_request,
    wanted_format,
)
from procurement.web.transactions import read, write

bp = Door(
    "outbox",
    __name__,
    audience=Audience.STAFF,
    permission=Permission.EDIT_SETTINGS,
    url_prefix="/settings/mail",
)


HEADER = ("Written", "To", "Subject", "About", "State", "Sent", "Error")


@bp.get("")
def index() -> Response:
    status, actor = one_of(MessageStatus), current_actor()
    with read() as session:
        if wanted_format():
            rows = all_rows(lambda paging: messages(session, paging, status=status, actor=actor))
            return export("mail", HEADER, [_cells(row) for row in rows])
        page = messages(session, page_request(), status=status, actor=actor)
    return render_page(
        "backoffice/admin/outbox.html",
        page=page,
        status=status,
        statuses=[(s.value, s.value) for s in MessageStatus],
        next_url=next_url(page),
        exports_of=export_urls(),
    )


def _cells(row: MessageRow) -> tuple[Cell, ...]:
    words = (row.recipient, row.subject, row.reference, row.status)
    return row.created_at, *words, row.sent_at, row.last_error


@bp.get("/<int:message_id>")
def show(message_id: int) -> Response:
    with read() as session:
        mail = message_page(session, message_id, actor=current_actor())
    return render_page("backoffice/admin/mail.html", mail=mail)


@bp.get("/<int:message_id>/files/<int:position>")
def paper(message_id: int, position: int) -> Response:
    with read() as session:
        found = mailed_file(session, message_id, position, actor=current_actor())
    return attachment(found.content, found.file_name, found.media_type)


@bp.post("/<int:message_id>/again")
def again(message_id: int) -> Response:
    with write() as session:
        send_again(session, message_id, actor=current_actor(), at=utc_now())
    return redirect_with_flash(url_for(".show", message_id=message_id), "It will be sent again.")
