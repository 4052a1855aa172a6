"""A quote that is with its customer: its link ended or made anew, the reminder, questions answered."""

from collections.abc import Callable
from typing import Any

from flask import current_app, request, url_for
from werkzeug.wrappers import Response

from procurement.backoffice.sales.doors import quotes_door as bp
from procurement.kernel.clock import utc_now
from procurement.kernel.errors import Conflict, Invalid
from procurement.sales.operations.links import end_link, renew_link, set_reminder
from procurement.sales.operations.questions import answer_question
from procurement.sales.queries.certificates import certificate
from procurement.web.forms import redirect_with_flash
from procurement.web.identity import current_actor
from procurement.web.listing import attachment
from procurement.web.transactions import Session, read, write


def _done(number: str, said: str, act: Callable[[Session], Any]) -> Response:
    url = url_for(".show", number=number)
    try:
        with write() as session:
            act(session)
    except (Conflict, Invalid) as error:
        return redirect_with_flash(url, error.message, category="error")
    return redirect_with_flash(url, said)


@bp.get("/<number>/<int:revision>/acceptance.pdf")
def acceptance(number: str, revision: int) -> Response:
    with read() as session:
        paper = certificate(session, number, revision, actor=current_actor())
    return attachment(paper.content, paper.file_name, paper.media_type, inline=True)


@bp.post("/<number>/link/end")
def end(number: str) -> Response:
    actor, at = current_actor(), utc_now()
    said = "The link leads nowhere any more."
    return _done(number, said, lambda session: end_link(session, number, actor=actor, at=at))


@bp.post("/<number>/link/renew")
def renew(number: str) -> Response:
    actor, at = current_actor(), utc_now()
    said = "Another link: the one before leads nowhere any more."
    return _done(number, said, lambda session: renew_link(session, number, actor=actor, at=at))


@bp.post("/<number>/reminder")
def reminder(number: str) -> Response:
    actor, at = current_actor(), utc_now()
    wanted = request.form.get("remind") == "y"
    said = "They will be reminded." if wanted else "They will not be reminded."
    return _done(
        number, said, lambda session: set_reminder(session, number, wanted, actor=actor, at=at)
    )


@bp.post("/<number>/answer")
def answer(number: str) -> Response:
    actor, at = current_actor(), utc_now()
    words = request.form.get("answer", "")
    public_url = str(current_app.extensions["config"].public_url)
    return _done(
        number,
        "Sent by mail; it stands behind the link, too.",
        lambda session: answer_question(
            session, number, words, actor=actor, at=at, public_url=public_url
        ),
    )
