"""What belongs to the buyer who is signed in: quotes and their answers, the account."""

from typing import ClassVar

from flask import render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from procurement.exchange.export import Cell
from procurement.kernel.clock import utc_now
from procurement.kernel.errors import DomainError, Invalid, NotFound
from procurement.kernel.paging import all_rows
from procurement.kernel.permissions import Permission
from procurement.portal.choosing import read_choices
from procurement.portal.door import bp
from procurement.portal.quotes import ANSWERS, QUESTIONS, AcceptForm, DeclineForm
from procurement.portal.spoken import SpokenForm
from procurement.sales.operations.answering import accept_quote, decline_quote
from procurement.sales.operations.questions import ask_about_quote
from procurement.sales.queries.baskets import open_requests
from procurement.sales.queries.buyers import buyers
from procurement.sales.queries.certificates import certificate
from procurement.sales.queries.customers import customer_code, customer_page
from procurement.sales.queries.links import LinkedQuote, frozen_quote, issued_paper
from procurement.sales.queries.pipeline import QuoteFilter, QuoteRow
from procurement.sales.queries.pipeline import quotes as quotes_of
from procurement.web.doors import Audience, open_to
from procurement.web.fields import ProseField
from procurement.web.forms import redirect_with_flash, render_form
from procurement.web.identity import current_account, current_actor
from procurement.web.listing import (
    attachment,
    export,
    export_urls,
    next_url,
    page_request,
    wanted_format,
)
from procurement.web.speaking import language_of, speak
from procurement.web.transactions import read, write

QUOTES_HEADER = ("Quote", "Issued", "Valid until", "Status", "Total with tax", "Currency")


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
    return _page(number, _accepting(), DeclineForm(prefix=ANSWERS))


class OwnQuestionForm(SpokenForm):
    WORDS: ClassVar = {"question": "your_question"}

    question = ProseField("Your question", most=5_000)


def _accepting() -> AcceptForm:
    account = current_account()
    return AcceptForm(data={"name": account.name if account else ""})


def _page(
    number: str,
    accepting: AcceptForm,
    declining: DeclineForm,
    asking: OwnQuestionForm | None = None,
) -> Response:
    quote = _quote(number, request.form or request.args)
    asking = asking or OwnQuestionForm(prefix=QUESTIONS)
    for form in (accepting, declining, asking):
        form.speak(quote.content.locale)
    return render_form(
        "portal/own_quote.html",
        accepting,
        quote=quote,
        content=quote.content,
        declining=declining,
        asking=asking,
        language=language_of(quote.content.locale),
        chooser=quote.chooser,
    )


def _quote(number: str, sent: MultiDict[str, str] | None = None) -> LinkedQuote:
    """The newest revision this buyer was sent, as it was frozen, with what was chosen as far as it can be."""
    actor, at = current_actor(), utc_now()
    with read() as session:
        quote = frozen_quote(session, number, actor=actor, at=at)
        try:
            choices = read_choices(sent, quote.chooser.rows) if sent else ()
            if choices:
                return frozen_quote(session, number, actor=actor, at=at, choices=choices)
        except Invalid:
            pass  # the form says it
    return quote


@bp.get("/account/quotes/<number>/total")
@open_to(Audience.BUYER)
def quote_total(number: str) -> str:
    """What the choices in the address come to, as a piece of the page."""
    quote = _quote(number, request.args)
    if not quote.can_be_answered:
        raise NotFound("There is no such document.")
    speak(quote.content.locale)
    return render_template(
        "portal/quote_total.html", quote=quote, content=quote.content, chooser=quote.chooser
    )


@bp.get("/account/quotes/<number>/<int:revision>/pdf")
@open_to(Audience.BUYER)
def quote_pdf(number: str, revision: int) -> Response:
    with read() as session:
        paper = issued_paper(session, number, revision, actor=current_actor())
    return attachment(paper.content, paper.file_name, paper.media_type)


@bp.get("/account/quotes/<number>/<int:revision>/acceptance.pdf")
@open_to(Audience.BUYER)
def acceptance(number: str, revision: int) -> Response:
    with read() as session:
        paper = certificate(session, number, revision, actor=current_actor())
    return attachment(paper.content, paper.file_name, paper.media_type)


@bp.post("/account/quotes/<number>/accept")
@open_to(Audience.BUYER)
def accept(number: str) -> Response:
    form = AcceptForm.from_request()
    if form.validate():
        rows = _quote(number).chooser.rows
        try:
            answer = form.to_answer(read_choices(request.form, rows))
            with write() as session:
                accept_quote(session, number, answer, actor=current_actor(), at=utc_now())
        except NotFound:
            raise
        except DomainError as error:
            form.blame(error)
        else:
            return _thanks(number, "Thank you. We have your order and will be in touch.")
    return _page(number, form, DeclineForm(prefix=ANSWERS))


@bp.post("/account/quotes/<number>/decline")
@open_to(Audience.BUYER)
def decline(number: str) -> Response:
    form = DeclineForm.from_request(prefix=ANSWERS)
    if form.validate():
        try:
            with write() as session:
                decline_quote(
                    session, number, form.to_answer(), actor=current_actor(), at=utc_now()
                )
        except NotFound:
            raise
        except DomainError as error:
            form.blame(error)
        else:
            return _thanks(number, "Thank you for telling us.")
    return _page(number, _accepting(), form)


@bp.post("/account/quotes/<number>/question")
@open_to(Audience.BUYER)
def ask_about(number: str) -> Response:
    form = OwnQuestionForm.from_request(prefix=QUESTIONS)
    if form.validate():
        try:
            with write() as session:
                ask_about_quote(
                    session, number, form.question.data, actor=current_actor(), at=utc_now()
                )
        except NotFound:
            raise
        except DomainError as error:
            form.blame(error)
        else:
            return _thanks(number, "Thank you. The answer comes by mail, and stands here.")
    return _page(number, _accepting(), DeclineForm(prefix=ANSWERS), form)


def _thanks(number: str, words: str) -> Response:
    return redirect_with_flash(url_for(".quote", number=number), words)


@bp.get("/account")
@open_to(Audience.BUYER)
def account() -> str:
    actor = current_actor()
    with read() as session:
        code = customer_code(session, actor.customer_id) if actor.customer_id else None
        customer = customer_page(session, code, actor=actor) if code else None
        people = buyers(session, customer.id, actor=actor) if customer else []
    return render_template(
        "portal/account.html",
        account=current_account(),
        customer=customer,
        people=sum(one.active for one in people),
    )


def _require_customer() -> None:
    """An account that buys for nobody has no documents to show."""
    actor = current_actor()
    actor.require(Permission.BUY)
    if actor.customer_id is None:
        raise NotFound("Your account is not tied to a customer yet; please write to us.")
