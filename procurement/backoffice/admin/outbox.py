"""The mails this installation has written: to see that they went, or to read them where there is no mail server."""

from flask import url_for
from werkzeug.wrappers import Response

from procurement.files.queries import kept_paper
from procurement.kernel.clock import utc_now
from procurement.kernel.errors import NotFound
from procurement.kernel.permissions import Permission
from procurement.outbox.operations.sending import send_again
from procurement.outbox.queries import message_page, messages
from procurement.outbox.terms import MessageStatus
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


@bp.get("")
def index() -> Response:
    status = one_of(MessageStatus)
    with read() as session:
        page = messages(session, page_request(), status=status, actor=current_actor())
    if wanted_format():
        header = ["Written", "To", "Subject", "About", "State", "Sent", "Error"]
        return export(
            "mail",
            header,
            [
                (
                    m.created_at,
                    m.recipient,
                    m.subject,
                    m.reference,
                    m.status,
                    m.sent_at,
                    m.last_error,
                )
                for m in page.items
            ],
        )
    return render_page(
        "backoffice/admin/outbox.html",
        page=page,
        status=status,
        statuses=[(s.value, s.value) for s in MessageStatus],
        next_url=next_url(page),
        exports_of=export_urls(),
    )


@bp.get("/<int:message_id>")
def show(message_id: int) -> Response:
    with read() as session:
        mail = message_page(session, message_id, actor=current_actor())
    return render_page("backoffice/admin/mail.html", mail=mail)


@bp.get("/<int:message_id>/attachment")
def paper(message_id: int) -> Response:
    with read() as session:
        mail = message_page(session, message_id, actor=current_actor())
        found = kept_paper(session, mail.attachment_id) if mail.attachment_id else None
    if found is None:
        raise NotFound("This mail has no attachment.")
    return attachment(found.content, found.file_name, found.media_type)


@bp.post("/<int:message_id>/again")
def again(message_id: int) -> Response:
    with write() as session:
        send_again(session, message_id, actor=current_actor(), at=utc_now())
    return redirect_with_flash(url_for(".show", message_id=message_id), "It will be sent again.")
