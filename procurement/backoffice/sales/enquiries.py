"""The sales inbox: messages and requests, each answered, closed or made into a quote."""

from collections.abc import Sequence

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from procurement.backoffice.sales.doors import enquiries_door as bp
from procurement.backoffice.sales.navigation import sales_tabs
from procurement.exchange.export import Cell
from procurement.kernel.clock import utc_now
from procurement.kernel.errors import Conflict, DomainError, Invalid
from procurement.kernel.paging import all_rows
from procurement.kernel.permissions import Permission
from procurement.sales.operations.enquiries import answer_enquiry, close_enquiry, quote_enquiry
from procurement.sales.queries.enquiries import EnquiryRow, enquiries, enquiry_page, inbox_counts
from procurement.sales.terms import EnquiryStatus
from procurement.web.fields import ProseField
from procurement.web.forms import BaseForm, redirect_with_flash
from procurement.web.identity import current_actor
from procurement.web.listing import (
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

HEADER = ("Number", "Status", "Kind", "Name", "Company", "Email", "Message", "Received", "Answered")


class AnswerForm(BaseForm):
    answer = ProseField("Your answer")


@bp.get("/")
def index() -> str | Response:
    actor = current_actor()
    status, text = one_of(EnquiryStatus), search_text()
    with read() as session:
        if wanted_format():
            rows = all_rows(
                lambda paging: enquiries(session, paging, actor=actor, status=status, text=text)
            )
            return export("enquiries", HEADER, [_exported(row) for row in rows])
        page = enquiries(session, page_request(), actor=actor, status=status, text=text)
        counts = inbox_counts(session, actor=actor)
    views = [
        {
            "label": label,
            "url": this_url(status=value, cursor=None),
            "active": status == value,
            "count": getattr(counts, value) if value else None,
        }
        for value, label in (
            (None, "All"),
            ("new", "New"),
            ("answered", "Answered"),
            ("quoted", "Quoted"),
            ("closed", "Closed"),
        )
    ]
    return render_template(
        "backoffice/sales/enquiries.html",
        tabs=sales_tabs("enquiries", new_enquiries=counts.new),
        views=views,
        page=page,
        counts=counts,
        text=text,
        status=status,
        next=next_url(page),
        exports=export_urls(),
    )


def _exported(row: EnquiryRow) -> Sequence[Cell]:
    return (
        row.number,
        row.status.value,
        row.kind.value,
        row.name,
        row.company,
        row.email,
        row.excerpt,
        row.received_at,
        row.answered_at,
    )


@bp.get("/<number>")
def show(number: str) -> Response:
    return _page(number, AnswerForm(), 200)


def _page(number: str, form: AnswerForm, status: int) -> Response:
    actor = current_actor()
    with read() as session:
        enquiry = enquiry_page(session, number, actor=actor)
    body = render_template(
        "backoffice/sales/enquiry.html",
        enquiry=enquiry,
        form=form,
        may_sell=actor.may(Permission.SELL),
    )
    return Response(body, status, content_type="text/html; charset=utf-8")


@bp.post("/<number>/answer")
def answer(number: str) -> Response:
    form = AnswerForm.from_request()
    if form.validate():
        try:
            with write() as session:
                enquiry = answer_enquiry(
                    session, number, form.answer.data, actor=current_actor(), at=utc_now()
                )
                sent_to = enquiry.email
        except DomainError as error:
            form.blame(error)
        else:
            return redirect_with_flash(url_for(".show", number=number), f"Sent to {sent_to}.")
    return _page(number, form, 422)


@bp.post("/<number>/close")
def close(number: str) -> Response:
    try:
        with write() as session:
            close_enquiry(session, number, actor=current_actor(), at=utc_now())
    except Conflict as error:
        url = url_for(".show", number=number)
        return redirect_with_flash(url, error.message, category="error")
    return redirect_with_flash(url_for(".index"), f"{number} closed.")


@bp.post("/<number>/quote")
def quote(number: str) -> Response:
    """Draft a quote of it, for the customer chosen or for a new one."""
    try:
        with write() as session:
            made = quote_enquiry(
                session,
                number,
                actor=current_actor(),
                at=utc_now(),
                customer=request.form.get("customer") or None,
            )
    except (Conflict, Invalid) as error:
        url = url_for(".show", number=number)
        return redirect_with_flash(url, error.message, category="error")
    url = url_for("quotes.show", number=made.number)
    return redirect_with_flash(url, f"{made.number} begun from {number}.")
