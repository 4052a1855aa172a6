"""What belongs to the buyer who is signed in: quotes and their answers, the account."""

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from procurement.exchange.export import Cell
from procurement.kernel.clock import utc_now
from procurement.kernel.errors import DomainError, NotFound
from procurement.kernel.paging import all_rows
from procurement.kernel.permissions import Permission
from procurement.portal.door import bp
from procurement.sales.operations.answering import Answer, accept_quote, decline_quote
from procurement.sales.queries.baskets import open_requests
from procurement.sales.queries.customers import customer_code, customer_page
from procurement.sales.queries.links import LinkedQuote, frozen_quote, issued_paper
from procurement.sales.queries.pipeline import QuoteFilter, QuoteRow
from procurement.sales.queries.pipeline import quotes as quotes_of
from procurement.web.doors import Audience, open_to
from procurement.web.fields import ProseField, TextField
from procurement.web.forms import BaseForm, redirect_with_flash, render_form
from procurement.web.identity import current_account, current_actor
from procurement.web.listing import (
    attachment,
    export,
    export_urls,
    next_url,
    page_request,
    wanted_format,
)
from procurement.web.transactions import read, write

QUOTES_HEADER = ("Quote", "Issued", "Valid until", "Status", "Total with tax", "Currency")


class AcceptForm(BaseForm):
    name = TextField("Your name")
    note = ProseField("Your order number, or anything we should know", required=False, most=2_000)


class DeclineForm(BaseForm):
    name = TextField("Your name")
    reason = ProseField("What should be different?", required=False, most=2_000)


@bp.get("/account/quotes")
@open_to(Audience.BUYER)
def quotes() -> str | Response:
    actor = current_actor()
    _require_customer()
    with read() as session:
        if wanted_format():
            rows = all_rows(
                lambda paging: quotes_of(session, QuoteFilter(), paging, actor=actor, at=utc_now())
            )
            return export("quotes", QUOTES_HEADER, [_exported(row) for row in rows])
        page = quotes_of(session, QuoteFilter(), page_request(), actor=actor, at=utc_now())
        requests = open_requests(session, actor=actor)
    return render_template(
        "portal/quotes.html",
        page=page,
        requests=requests,
        next_url=next_url(page),
        exports_of=export_urls(),
    )


def _exported(row: QuoteRow) -> tuple[Cell, ...]:
    dates = (row.issued_at, row.valid_until)
    return row.label, *dates, row.status, row.gross.decimal, row.gross.currency


@bp.get("/account/quotes/<number>")
@open_to(Audience.BUYER)
def quote(number: str) -> Response:
    return _page(number, _accepting(), DeclineForm(prefix="decline-"))


def _accepting() -> AcceptForm:
    account = current_account()
    return AcceptForm(data={"name": account.name if account else ""})


def _page(number: str, accepting: AcceptForm, declining: DeclineForm) -> Response:
    quote = _quote(number)
    return render_form(
        "portal/own_quote.html",
        accepting,
        quote=quote,
        content=quote.content,
        declining=declining,
        options=list(zip(quote.option_positions, quote.content.options, strict=True)),
    )


def _quote(number: str) -> LinkedQuote:
    """The newest revision this buyer was sent, as it was frozen."""
    actor, at = current_actor(), utc_now()
    with read() as session:
        return frozen_quote(session, number, actor=actor, at=at)


@bp.get("/account/quotes/<number>/<int:revision>/pdf")
@open_to(Audience.BUYER)
def quote_pdf(number: str, revision: int) -> Response:
    with read() as session:
        paper = issued_paper(session, number, revision, actor=current_actor())
    return attachment(paper.content, paper.file_name, paper.media_type)


@bp.post("/account/quotes/<number>/accept")
@open_to(Audience.BUYER)
def accept(number: str) -> Response:
    form = AcceptForm.from_request()
    if form.validate():
        typed = [value for value in request.form.getlist("options") if value.isascii()]
        answer = Answer(
            name=form.name.data,
            note=form.note.data,
            options=tuple(int(value) for value in typed if value.isdigit() and len(value) < 6),
            came_from=request.remote_addr or "",
        )
        try:
            with write() as session:
                accept_quote(session, number, answer, actor=current_actor(), at=utc_now())
        except NotFound:
            raise
        except DomainError as error:
            form.blame(error)
        else:
            return _thanks(number, "Thank you. We have your order and will be in touch.")
    return _page(number, form, DeclineForm(prefix="decline-"))


@bp.post("/account/quotes/<number>/decline")
@open_to(Audience.BUYER)
def decline(number: str) -> Response:
    form = DeclineForm.from_request(prefix="decline-")
    if form.validate():
        answer = Answer(
            name=form.name.data, reason=form.reason.data, came_from=request.remote_addr or ""
        )
        try:
            with write() as session:
                decline_quote(session, number, answer, actor=current_actor(), at=utc_now())
        except NotFound:
            raise
        except DomainError as error:
            form.blame(error)
        else:
            return _thanks(number, "Thank you for telling us.")
    return _page(number, _accepting(), form)


def _thanks(number: str, words: str) -> Response:
    return redirect_with_flash(url_for(".quote", number=number), words)


@bp.get("/account")
@open_to(Audience.BUYER)
def account() -> str:
    actor = current_actor()
    with read() as session:
        code = customer_code(session, actor.customer_id) if actor.customer_id else None
        customer = customer_page(session, code, actor=actor) if code else None
    return render_template("portal/account.html", account=current_account(), customer=customer)


def _require_customer() -> None:
    """An account that buys for nobody has no documents to show."""
    actor = current_actor()
    actor.require(Permission.BUY)
    if actor.customer_id is None:
        raise NotFound("Your account is not tied to a customer yet; please write to us.")
