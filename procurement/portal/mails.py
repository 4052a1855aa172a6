"""Which mails a buyer gets: chosen in the account, or by the link that stands in every one of them."""

from flask import request, url_for
from werkzeug.wrappers import Response

from procurement.kernel.clock import utc_now
from procurement.portal.door import bp
from procurement.sales.operations.mails import choose_by_link, choose_mails
from procurement.sales.queries.mails import choices_behind, own_choices
from procurement.sales.terms.mails import TOPIC_WORDS, Topic
from procurement.web.doors import Audience, open_to
from procurement.web.forms import redirect_with_flash, render_page
from procurement.web.identity import current_actor
from procurement.web.transactions import read, write


@bp.get("/account/mails")
@open_to(Audience.BUYER)
def mails() -> Response:
    with read() as session:
        chosen = own_choices(session, actor=current_actor())
    return render_page("portal/mails.html", chosen=chosen, topics=TOPIC_WORDS, own=True)


@bp.post("/account/mails")
@open_to(Audience.BUYER)
def keep_mails() -> Response:
    with write() as session:
        choose_mails(session, _ticked(), actor=current_actor(), at=utc_now())
    return redirect_with_flash(url_for(".mails"), "Kept.")


@bp.get("/mails/<token>")
def mails_by_link(token: str) -> Response:
    with read() as session:
        chosen = choices_behind(session, token)
    return _private(
        render_page("portal/mails_by_link.html", chosen=chosen, topics=TOPIC_WORDS, own=False)
    )


@bp.post("/mails/<token>")
def keep_mails_by_link(token: str) -> Response:
    with write() as session:
        choose_by_link(session, token, _ticked(), at=utc_now())
    return redirect_with_flash(url_for(".mails_by_link", token=token), "Kept.")


def _ticked() -> list[Topic]:
    """What is not ticked, or not one of ours, is not wanted."""
    sent = request.form.getlist("topic")
    return [topic for topic in Topic if topic.value in sent]


def _private(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
