"""An enquiry opened by its sender's private link: what was written so far, and a place to write again."""

from typing import ClassVar

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from procurement.kernel.clock import utc_now
from procurement.kernel.errors import DomainError, NotFound
from procurement.portal.quotes import keep_private
from procurement.portal.spoken import SpokenForm
from procurement.sales.operations.enquiries import write_again
from procurement.sales.queries.enquiries import LinkedThread, linked_thread
from procurement.sales.rules.speaking import paper_locale
from procurement.web.company import current_company
from procurement.web.doors import Audience, Door
from procurement.web.fields import ProseField
from procurement.web.forms import redirect_with_flash
from procurement.web.speaking import (
    asked_language,
    errors_speak,
    language_of,
    page_word,
    speak,
)
from procurement.web.throttle import limited
from procurement.web.transactions import read, write

bp = Door("message_links", __name__, audience=Audience.PUBLIC, url_prefix="/m")
bp.before_request(errors_speak)
bp.after_request(keep_private)


class AgainForm(SpokenForm):
    WORDS: ClassVar = {"message": "write_again"}

    message = ProseField("Write to us again", most=5_000)


@bp.get("/<token>")
def show(token: str) -> Response:
    return _page(token, AgainForm(), 200)


@bp.post("/<token>")
@limited
def send(token: str) -> Response:
    form = AgainForm.from_request()
    if form.validate():
        try:
            with write() as session:
                write_again(
                    session,
                    token,
                    form.message.data,
                    at=utc_now(),
                    came_from=request.remote_addr or "",
                )
        except NotFound:
            raise
        except DomainError as error:
            form.blame(error)
        else:
            speak(_language(_thread(token)))
            return redirect_with_flash(url_for(".show", token=token), page_word("message_sent"))
    return _page(token, form, 422)


def _page(token: str, form: AgainForm, status: int) -> Response:
    enquiry = _thread(token)
    locale = _language(enquiry)
    form.speak(locale)
    body = render_template(
        "portal/thread.html",
        enquiry=enquiry,
        form=form,
        token=token,
        company=current_company(),
        page_language=language_of(locale),
    )
    return Response(body, status, content_type="text/html; charset=utf-8")


def _thread(token: str) -> LinkedThread:
    with read() as session:
        return linked_thread(session, token)


def _language(enquiry: LinkedThread) -> str:
    """A customer's own; of somebody not known yet what their browser asks for, else the company's."""
    own = current_company().locale
    return paper_locale(enquiry.locale or asked_language() or own, own)
