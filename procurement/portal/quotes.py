"""A quote opened by its private link: read it, take the PDF, accept or decline. Nobody signs in here."""

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from procurement.documents.content import QuoteLine
from procurement.kernel.clock import utc_now
from procurement.kernel.errors import Conflict, DomainError, NotFound
from procurement.sales.operations.answering import Answer, accept_by_link, decline_by_link
from procurement.sales.queries.links import LinkedQuote, linked_paper, linked_quote
from procurement.web.company import current_company
from procurement.web.doors import Audience, Door
from procurement.web.fields import ProseField, TextField
from procurement.web.forms import BaseForm
from procurement.web.identity import current_actor
from procurement.web.listing import attachment
from procurement.web.throttle import limited
from procurement.web.transactions import read, write

bp = Door("quote_links", __name__, audience=Audience.PUBLIC, url_prefix="/q")


class AcceptForm(BaseForm):
    name = TextField("Your name")
    note = ProseField("Your order number, or anything we should know", required=False, most=2_000)

    def to_answer(self) -> Answer:
        written = [value for value in request.form.getlist("options") if value.isascii()]
        return Answer(
            name=self.name.data,
            note=self.note.data,
            options=tuple(int(value) for value in written if value.isdigit() and len(value) < 6),
            came_from=request.remote_addr or "",
        )


class DeclineForm(BaseForm):
    name = TextField("Your name")
    reason = ProseField("What should be different?", required=False, most=2_000)

    def to_answer(self) -> Answer:
        return Answer(
            name=self.name.data, reason=self.reason.data, came_from=request.remote_addr or ""
        )


@bp.after_request
def keep_private(response: Response) -> Response:
    """A private link is for one reader: no search engine, no shared cache, no referrer tells it on."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "private, no-store"
    return response


@bp.get("/<token>")
def show(token: str) -> Response:
    return _page(token, AcceptForm(), DeclineForm(prefix="decline-"), 200)


def _page(token: str, accepting: AcceptForm, declining: DeclineForm, status: int) -> Response:
    with read() as session:
        quote = linked_quote(session, token, at=utc_now())
    template = "portal/quote_gone.html" if quote.is_revoked else "portal/quote.html"
    body = render_template(
        template,
        quote=quote,
        content=quote.content,
        options=_choosable(quote),
        token=token,
        accepting=accepting,
        declining=declining,
        company=current_company(),
        preview=current_actor().id is not None and current_actor().customer_id is None,
    )
    return Response(body, status, content_type="text/html; charset=utf-8")


def _choosable(quote: LinkedQuote) -> list[tuple[int, QuoteLine]]:
    """The optional lines by position; what is offered instead of another line is asked for in words."""
    added = (line for line in quote.content.options if not line.instead_of)
    return list(zip(quote.option_positions, added, strict=False))


@bp.get("/<token>/pdf")
def pdf(token: str) -> Response:
    with read() as session:
        paper = linked_paper(session, token)
    return attachment(paper.content, paper.file_name, paper.media_type)


@bp.post("/<token>/accept")
@limited
def accept(token: str) -> Response:
    form = AcceptForm.from_request()
    if form.validate():
        try:
            with write() as session:
                accept_by_link(session, token, form.to_answer(), at=utc_now())
        except NotFound:
            raise
        except Conflict:
            return _as_it_stands(token)  # a second click, or too late: the page says which
        except DomainError as error:
            form.blame(error)
        else:
            return _as_it_stands(token)
    return _page(token, form, DeclineForm(prefix="decline-"), 422)


@bp.post("/<token>/decline")
@limited
def decline(token: str) -> Response:
    form = DeclineForm.from_request(prefix="decline-")
    if form.validate():
        try:
            with write() as session:
                decline_by_link(session, token, form.to_answer(), at=utc_now())
        except NotFound:
            raise
        except Conflict:
            return _as_it_stands(token)
        except DomainError as error:
            form.blame(error)
        else:
            return _as_it_stands(token)
    return _page(token, AcceptForm(), form, 422)


def _as_it_stands(token: str) -> Response:
    return Response(status=303, headers={"Location": url_for(".show", token=token)})
