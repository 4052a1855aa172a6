"""A request for quotation opened by its supplier's private link: read it, answer it line by line, or decline."""

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from procurement.kernel.clock import utc_now
from procurement.kernel.errors import Conflict, DomainError, Invalid, NotFound
from procurement.purchasing.operations.bidding import NewAnswer, answer_by_link
from procurement.purchasing.queries.quotations import private_request
from procurement.purchasing.terms.quotations import PrivateRequest
from procurement.web.bids import AnswerForm, answer_data, offer_packs
from procurement.web.company import current_company
from procurement.web.doors import Audience, Door
from procurement.web.fields import ProseField, TextField
from procurement.web.forms import BaseForm, redirect_with_flash
from procurement.web.throttle import limited
from procurement.web.transactions import read, write

bp = Door("request_links", __name__, audience=Audience.PUBLIC, url_prefix="/rfq")


class OfferForm(AnswerForm):
    name = TextField("Your name")


class NoBidForm(BaseForm):
    name = TextField("Your name")
    remark = ProseField("Why not, if you like", required=False, most=2_000)


@bp.after_request
def keep_private(response: Response) -> Response:
    """A private link is for one reader: no search engine, no shared cache, no referrer tells it on."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "private, no-store"
    return response


@bp.get("/<token>")
def show(token: str) -> Response:
    asked = _asked(token)
    form = OfferForm(data=answer_data(asked.lines, asked.answer))
    return _page(token, asked, form, NoBidForm(prefix="decline-"), 200)


@bp.post("/<token>")
@limited
def answer(token: str) -> Response:
    asked = _asked(token)
    form = OfferForm.from_request()
    if form.validate():
        told = form.to_answer(
            asked.currency, name=form.name.data, came_from=request.remote_addr or ""
        )
        if not told.bids:
            form.form_errors.append("Give a price for a line at least; or decline below.")
        elif (refusal := _sent(token, told)) is None:
            return _thanks(token)
        else:
            form.blame_rows(refusal)
    return _page(token, asked, form, NoBidForm(prefix="decline-"), 422)


@bp.post("/<token>/decline")
@limited
def decline(token: str) -> Response:
    asked = _asked(token)
    declining = NoBidForm.from_request(prefix="decline-")
    if declining.validate():
        told = NewAnswer(
            bids=(),
            name=declining.name.data,
            remark=declining.remark.data,
            came_from=request.remote_addr or "",
        )
        refusal = _sent(token, told)
        if refusal is None:
            return _thanks(token)
        declining.blame(refusal)
    form = OfferForm(data=answer_data(asked.lines, asked.answer))
    return _page(token, asked, form, declining, 422)


def _asked(token: str) -> PrivateRequest:
    with read() as session:
        return private_request(session, token, at=utc_now())


def _sent(token: str, told: NewAnswer) -> Conflict | Invalid | None:
    """None when it was taken, else why not."""
    try:
        with write() as session:
            answer_by_link(session, token, told, at=utc_now())
    except NotFound:
        raise
    except DomainError as error:
        if isinstance(error, Conflict | Invalid):
            return error
        raise
    return None


def _thanks(token: str) -> Response:
    return redirect_with_flash(url_for(".show", token=token), "Thank you: your answer is with us.")


def _page(
    token: str, asked: PrivateRequest, form: OfferForm, declining: NoBidForm, status: int
) -> Response:
    offer_packs(form, asked.lines, asked.packs)
    body = render_template(
        "portal/quotation_request.html",
        asked=asked,
        form=form,
        declining=declining,
        token=token,
        lines={line.position: line for line in asked.lines},
        company=current_company(),
    )
    return Response(body, status, content_type="text/html; charset=utf-8")
