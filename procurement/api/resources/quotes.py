"""`/quotes`: drafted, issued, revised, accepted or declined. A buyer sees what was issued to their customer."""

from typing import Any

from flask import current_app, request

from procurement.api.endpoint import Answer, Api, Call, address
from procurement.api.schemas.answers import AcceptBody, DeclineBody, RecordShape
from procurement.api.schemas.sales import (
    CopyBody,
    IssueBody,
    QuoteBody,
    QuoteChangeBody,
    QuoteQuery,
    QuoteRowShape,
    QuoteShape,
    RevisionQuery,
)
from procurement.api.schemas.selling_tools import AddedShape
from procurement.api.schemas.values import Nothing, listing
from procurement.kernel.errors import NotFound
from procurement.kernel.paging import PageRequest
from procurement.kernel.permissions import Permission
from procurement.sales.operations import answering
from procurement.sales.operations.copying import CopyQuote, copy_quote
from procurement.sales.operations.issuing import IssueQuote, issue_quote, link_of, revise_quote
from procurement.sales.operations.links import end_link, renew_link
from procurement.sales.operations.quoting import change_quote, draft_quote
from procurement.sales.queries.answers import answer_record
from procurement.sales.queries.links import quote_paper
from procurement.sales.queries.pipeline import QuoteFilter, quotes
from procurement.sales.queries.quotes import priced, quote_page
from procurement.sales.rules.totals import additions

api = Api("quotes", "/quotes")


@api.get("", query=QuoteQuery, gives=QuoteRowShape, many=True, summary="Quotes, newest first")
def list_quotes(call: Call[Any]) -> Answer:
    _require_seller_or_buyer(call)
    asked = call.query
    wanted = QuoteFilter(asked.status, asked.customer, asked.text)
    paging = PageRequest.parse(asked.limit, asked.cursor)
    page = quotes(call.session, wanted, paging, actor=call.actor, at=call.at)
    return Answer(listing(page, QuoteRowShape.of))


@api.get("/<number>", query=RevisionQuery, gives=QuoteShape, summary="One quote with its lines")
def show(call: Call[Any], number: str) -> Answer:
    _require_seller_or_buyer(call)
    return Answer(_shape(call, number, call.query.revision))


@api.post("", takes=QuoteBody, gives=QuoteShape, status=201, summary="Draft a quote")
def create(call: Call[QuoteBody]) -> Answer:
    quote = draft_quote(call.session, call.body.command(), actor=call.actor, at=call.at)
    return Answer(_shape(call, quote.number), location=address("quotes", quote.number))


@api.put("/<number>", takes=QuoteChangeBody, gives=QuoteShape, summary="Replace a draft's lines")
def change(call: Call[QuoteChangeBody], number: str) -> Answer:
    call.actor.require(Permission.SELL)
    page = quote_page(call.session, number, actor=call.actor, at=call.at)
    quote = change_quote(call.session, call.body.command(page), actor=call.actor, at=call.at)
    call.session.flush()  # the answer is read back from the rows
    return Answer(_shape(call, number, quote.revision))


@api.post(
    "/<number>/copy",
    takes=CopyBody,
    gives=QuoteShape,
    status=201,
    summary="Begin another quote with the same lines",
)
def copy(call: Call[CopyBody], number: str) -> Answer:
    command = CopyQuote(number=number, revision=call.body.revision, customer=call.body.customer)
    quote = copy_quote(call.session, command, actor=call.actor, at=call.at)
    return Answer(_shape(call, quote.number), location=address("quotes", quote.number))


@api.post(
    "/<number>/issue",
    takes=IssueBody,
    gives=QuoteShape,
    summary="Freeze the draft and make its private link",
)
def issue(call: Call[IssueBody], number: str) -> Answer:
    command = IssueQuote(
        number=number,
        public_url=_public_url(),
        send=call.body.send,
        message=call.body.message,
    )
    quote = issue_quote(call.session, command, actor=call.actor, at=call.at)
    return Answer(_shape(call, number, quote.revision))


@api.post(
    "/<number>/revise",
    takes=Nothing,
    gives=QuoteShape,
    summary="Begin the next revision as a draft",
)
def revise(call: Call[Nothing], number: str) -> Answer:
    quote = revise_quote(call.session, number, actor=call.actor, at=call.at)
    return Answer(_shape(call, number, quote.revision))


@api.post("/<number>/accept", takes=AcceptBody, gives=QuoteShape, summary="Accept what was issued")
def accept(call: Call[AcceptBody], number: str) -> Answer:
    _require_seller_or_buyer(call)
    answer = answering.Answer(
        name=call.body.name or call.actor.name,
        note=call.body.note,
        options=tuple(call.body.options),
        choices=call.body.chosen(),
        signature=call.body.signature,
        came_from=request.remote_addr or "",
        user_agent=request.headers.get("User-Agent", ""),
    )
    quote = answering.accept_quote(call.session, number, answer, actor=call.actor, at=call.at)
    return Answer(_shape(call, number, quote.revision))


@api.post("/<number>/decline", takes=DeclineBody, gives=QuoteShape, summary="Decline it, and why")
def decline(call: Call[DeclineBody], number: str) -> Answer:
    _require_seller_or_buyer(call)
    answer = answering.Answer(
        name=call.body.name or call.actor.name,
        reason=call.body.reason,
        why=call.body.why,
        came_from=request.remote_addr or "",
        user_agent=request.headers.get("User-Agent", ""),
    )
    quote = answering.decline_quote(call.session, number, answer, actor=call.actor, at=call.at)
    return Answer(_shape(call, number, quote.revision))


@api.post(
    "/<number>/cancel", takes=Nothing, gives=QuoteShape, summary="Withdraw a draft or an offer"
)
def cancel(call: Call[Nothing], number: str) -> Answer:
    quote = answering.cancel_quote(call.session, number, actor=call.actor, at=call.at)
    return Answer(_shape(call, number, quote.revision))


@api.get(
    "/<number>/answer",
    query=RevisionQuery,
    gives=RecordShape,
    summary="What was answered, and whether it can still be proved",
)
def record(call: Call[Any], number: str) -> Answer:
    _require_seller_or_buyer(call)
    page = quote_page(
        call.session, number, actor=call.actor, at=call.at, revision=call.query.revision
    )
    found = answer_record(call.session, number, page.revision, actor=call.actor)
    if found is None:
        raise NotFound("Nobody has answered it.")
    return Answer(RecordShape.of(found))


@api.post(
    "/<number>/end-link", takes=Nothing, gives=QuoteShape, summary="Its private link leads nowhere"
)
def end(call: Call[Nothing], number: str) -> Answer:
    quote = end_link(call.session, number, actor=call.actor, at=call.at)
    return Answer(_shape(call, number, quote.revision))


@api.post(
    "/<number>/renew-link",
    takes=Nothing,
    gives=QuoteShape,
    summary="Another private link; the one before leads nowhere",
)
def renew(call: Call[Nothing], number: str) -> Answer:
    quote = renew_link(call.session, number, actor=call.actor, at=call.at)
    return Answer(_shape(call, number, quote.revision))


@api.get(
    "/<number>/additions",
    query=RevisionQuery,
    gives=AddedShape,
    many=True,
    summary="What each option, alternative and other quantity would change",
)
def list_additions(call: Call[Any], number: str) -> Answer:
    _require_seller_or_buyer(call)
    page = quote_page(
        call.session, number, actor=call.actor, at=call.at, revision=call.query.revision
    )
    found = additions([priced(row) for row in page.lines], page.rounding_rule)
    items = [AddedShape.of(one, page.currency) for one in found]
    return Answer({"items": items, "next": None})


@api.get(
    "/<number>/pdf",
    query=RevisionQuery,
    media_type="application/pdf",
    summary="The quote on paper, as it was issued",
)
def pdf(call: Call[Any], number: str) -> Answer:
    _require_seller_or_buyer(call)
    paper = quote_paper(
        call.session, number, actor=call.actor, at=call.at, revision=call.query.revision
    )
    return Answer(content=paper.content, media_type=paper.media_type, file_name=paper.file_name)


def _require_seller_or_buyer(call: Call[Any]) -> None:
    call.actor.require_any(Permission.SEE_SALES, Permission.BUY)


def _shape(call: Call[Any], number: str, revision: int | None = None) -> QuoteShape:
    page = quote_page(call.session, number, actor=call.actor, at=call.at, revision=revision)
    link = link_of(_public_url(), page.link_token) if page.link_token else None
    staff = call.actor.may(Permission.SEE_SALES)
    return QuoteShape.page(page, link, staff=staff)


def _public_url() -> str:
    return str(current_app.extensions["config"].public_url)
