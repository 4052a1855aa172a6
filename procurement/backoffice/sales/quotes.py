"""Quotes: the pipeline, a new one, the page of one that was issued, its PDF."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from procurement.audit.queries import trail_of
from procurement.backoffice.sales.doors import quotes_door as bp
from procurement.backoffice.sales.navigation import sales_tabs
from procurement.backoffice.sales.quote_rows import opened_rows
from procurement.backoffice.sales.quote_shown import edit_page
from procurement.exchange.export import Cell
from procurement.kernel.clock import utc_now
from procurement.kernel.errors import DomainError
from procurement.kernel.paging import all_rows
from procurement.kernel.permissions import Permission
from procurement.sales.operations.copying import draft_from_template
from procurement.sales.operations.quoting import DraftQuote, draft_quote
from procurement.sales.queries.customers import CustomerFilter, customers
from procurement.sales.queries.inbox import inbox_counts
from procurement.sales.queries.links import frozen_quote, quote_paper
from procurement.sales.queries.pipeline import QuoteFilter, QuoteRow, pipeline, quotes
from procurement.sales.queries.quotes import QuotePage, quote_page
from procurement.sales.queries.talk import link_state, quote_thread
from procurement.sales.queries.templates import quote_templates
from procurement.sales.terms import LOSS_WORDS, USUAL_TAX, QuoteStatus
from procurement.web.addresses import public_url
from procurement.web.fields import ChoiceField
from procurement.web.forms import BaseForm, redirect_with_flash, render_form
from procurement.web.identity import current_actor
from procurement.web.listing import (
    attachment,
    export,
    export_urls,
    next_url,
    one_of,
    page_request,
    search_text,
    this_url,
    wanted_format,
)
from procurement.web.transactions import read, write

HEADER = (
    "Number",
    "Revision",
    "Status",
    "Customer",
    "Name",
    "Currency",
    "Net",
    "Tax",
    "Gross",
    "Valid until",
    "Drafted",
    "Issued",
    "Answered",
    "Answered by",
    "Opened",
    "Last opened",
)


@bp.get("/")
def index() -> str | Response:
    at, actor = utc_now(), current_actor()
    wanted = QuoteFilter(
        status=one_of(QuoteStatus),
        customer=request.args.get("customer"),
        text=search_text(),
        opened={"yes": True, "no": False}.get(request.args.get("opened", "")),
    )
    with read() as session:
        if wanted_format():
            rows = all_rows(lambda paging: quotes(session, wanted, paging, actor=actor, at=at))
            return export("quotes", HEADER, [_exported(row) for row in rows])
        page = quotes(session, wanted, page_request(), actor=actor, at=at)
        every = replace(wanted, status=None)
        sums = pipeline(session, every, actor=actor, at=at)
        counts = inbox_counts(session, actor=actor)
    return render_template(
        "backoffice/sales/quotes.html",
        tabs=sales_tabs("quotes", waiting=counts.waiting),
        page=page,
        sums=[one for one in sums if one.status is not QuoteStatus.SUPERSEDED],
        wanted=wanted,
        statuses=[(status.value, status.value.capitalize()) for status in QuoteStatus],
        status_url=lambda status: this_url(status=status, cursor=None, format=None),
        next=next_url(page),
        exports=export_urls(),
        may_sell=actor.may(Permission.SELL),
    )


def _exported(row: QuoteRow) -> Sequence[Cell]:
    return (
        row.number,
        row.revision,
        row.status.value,
        row.customer,
        row.customer_name,
        row.gross.currency,
        row.net.decimal,
        row.tax.decimal,
        row.gross.decimal,
        row.valid_until,
        row.drafted_at,
        row.issued_at,
        row.answered_at,
        row.answered_by,
        row.opened,
        row.last_opened_at,
    )


class NewQuoteForm(BaseForm):
    customer = ChoiceField("Customer")
    template = ChoiceField("Begin with", required=False)


@bp.route("/new", methods=["GET", "POST"])
def create() -> Response:
    actor = current_actor()
    actor.require(Permission.SELL)
    form = NewQuoteForm.from_request()
    with read() as session:
        active = CustomerFilter(active=True)
        known = all_rows(lambda paging: customers(session, active, paging, actor=actor))
        templates = quote_templates(session, actor=actor)
    form.template.choices = [("", "An empty quote")] + [
        (str(one.id), f"{one.name}, {one.lines} lines") for one in templates
    ]
    form.customer.choices = [("", "Choose one")] + [
        (row.code, f"{row.name} ({row.code})") for row in known
    ]
    if form.is_sent and form.validate():
        try:
            with write() as session:
                if form.template.data:
                    quote = draft_from_template(
                        session,
                        int(form.template.data),
                        form.customer.data,
                        actor=actor,
                        at=utc_now(),
                    )
                else:
                    command = DraftQuote(customer=form.customer.data)
                    quote = draft_quote(session, command, actor=actor, at=utc_now())
        except DomainError as error:
            form.blame(error)
        else:
            url = url_for(".show", number=quote.number)
            return redirect_with_flash(url, f"{quote.number} begun. Add its lines.")
    return render_form(
        "backoffice/sales/quote_new.html", form, tabs=sales_tabs("quotes"), templates=templates
    )


@bp.get("/<number>")
def show(number: str) -> str | Response:
    """The editor while there is a draft, else the newest revision; `?revision=` shows an older one."""
    actor, at = current_actor(), utc_now()
    actor.require(Permission.SEE_SALES)
    with read() as session:
        page = quote_page(session, number, actor=actor, at=at, revision=revision_wanted())
    if page.is_draft and actor.may(Permission.SELL):
        return edit_page(page, opened=opened_rows(request.args.get("open", "")))
    return issued_page(page, at)


def revision_wanted() -> int | None:
    written = request.args.get("revision", "")
    return int(written) if written.isascii() and written.isdigit() and len(written) < 7 else None


def issued_page(page: QuotePage, at: datetime) -> str:
    """What the customer has, with its link, its revisions and what has happened."""
    actor = current_actor()
    with read() as session:
        frozen = None
        if page.issued_at is not None:
            frozen = frozen_quote(session, page.number, page.revision, actor=actor, at=at)
        thread = quote_thread(session, page.number, actor=actor)
        state = link_state(session, page.number, page.revision, actor=actor)
        trail = [row for label in labels(page) for row in trail_of(session, label)]
    return render_template(
        "backoffice/sales/quote.html",
        quote=page,
        frozen=frozen,
        record=frozen.record if frozen else None,
        thread=thread,
        state=state,
        usual_tax=USUAL_TAX,
        loss_reasons=list(LOSS_WORDS.items()),
        link=public_url(f"/q/{page.link_token}") if page.link_token else "",
        trail=sorted(trail, key=lambda row: row.at, reverse=True),
        may_sell=actor.may(Permission.SELL),
        newest=page.revisions[0].revision == page.revision,
    )


def labels(page: QuotePage) -> list[str]:
    """Under which names the trail knows this quote."""
    later = [f"{page.number}, revision {r.revision}" for r in page.revisions if r.revision > 1]
    return [page.number, *later]


@bp.get("/<number>/pdf")
def pdf(number: str) -> Response:
    """The paper as it was issued; a draft is drawn now, with a watermark."""
    with read() as session:
        paper = quote_paper(
            session, number, actor=current_actor(), at=utc_now(), revision=revision_wanted()
        )
    return attachment(paper.content, paper.file_name, paper.media_type, inline=True)
