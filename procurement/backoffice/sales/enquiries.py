"""The sales inbox: messages and requests, each taken by somebody, answered, made into a quote, or given up."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import current_app, render_template, request, url_for
from werkzeug.wrappers import Response

from procurement.accounts.queries import people_who_may
from procurement.backoffice.sales.doors import enquiries_door as bp
from procurement.backoffice.sales.navigation import sales_tabs
from procurement.documents.languages import LANGUAGES
from procurement.exchange.export import Cell
from procurement.kernel.clock import utc_now
from procurement.kernel.errors import Conflict, DomainError, Invalid
from procurement.kernel.paging import all_rows
from procurement.kernel.permissions import Permission
from procurement.sales.operations.inbox import (
    answer_enquiry,
    assign_enquiry,
    lose_enquiry,
    quote_enquiry,
    reopen_enquiry,
)
from procurement.sales.queries.enquiries import enquiry_page
from procurement.sales.queries.inbox import (
    EnquiryFilter,
    EnquiryRow,
    InboxCounts,
    enquiries,
    inbox_counts,
    times_to_answer,
)
from procurement.sales.terms import LOSS_WORDS, EnquiryStatus, InboxView, LossReason
from procurement.web.fields import ChoiceField, ProseField
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

HEADER = (
    "Number",
    "Status",
    "Kind",
    "Name",
    "Company",
    "Email",
    "Message",
    "Received",
    "Answered",
    "Minutes to first answer",
    "Waiting since",
    "Assigned to",
    "Lost for",
)
MEASURED = timedelta(days=90)
VIEWS = {
    InboxView.WAITING: "Waiting",
    InboxView.MINE: "Mine",
    InboxView.UNASSIGNED: "Nobody's",
}


class AnswerForm(BaseForm):
    answer = ProseField("Your answer")


class LoseForm(BaseForm):
    reason = ChoiceField("Why", [(reason.value, words) for reason, words in LOSS_WORDS.items()])
    note = ProseField("In your own words", required=False, most=2_000)


@bp.get("/")
def index() -> str | Response:
    actor, at = current_actor(), utc_now()
    view, status = one_of(InboxView, "view"), one_of(EnquiryStatus)
    wanted = EnquiryFilter(status=status, text=search_text(), view=view)
    with read() as session:
        if wanted_format():
            rows = all_rows(lambda paging: enquiries(session, paging, wanted, actor=actor))
            return export("enquiries", HEADER, [_exported(row) for row in rows])
        page = enquiries(session, page_request(), wanted, actor=actor)
        counts = inbox_counts(session, actor=actor)
        times = times_to_answer(session, since=at - MEASURED, until=at, actor=actor)
    return render_template(
        "backoffice/sales/enquiries.html",
        tabs=sales_tabs("enquiries", waiting=counts.waiting),
        views=_views(view, status, counts),
        view=view,
        page=page,
        counts=counts,
        times=times,
        measured=MEASURED.days,
        loss_words=LOSS_WORDS,
        text=wanted.text,
        status=status,
        next=next_url(page),
        exports=export_urls(),
    )


def _views(
    view: InboxView | None, status: EnquiryStatus | None, counts: InboxCounts
) -> list[dict[str, Any]]:
    every = [{"label": "All", "url": _view_url(), "active": not view and not status}]
    return [
        *every,
        *(
            {
                "label": label,
                "url": _view_url(view=value.value),
                "active": view is value,
                "count": getattr(counts, value.value),
            }
            for value, label in VIEWS.items()
        ),
        *(
            {
                "label": one.value.capitalize(),
                "url": _view_url(status=one.value),
                "active": status is one,
                "count": getattr(counts, one.value),
            }
            for one in EnquiryStatus
        ),
    ]


def _view_url(**narrowed: str) -> str:
    return this_url(**{"view": None, "status": None, "cursor": None, **narrowed})


def _exported(row: EnquiryRow) -> Sequence[Cell]:
    waited = row.first_answer
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
        None if waited is None else waited // timedelta(minutes=1),
        row.waiting_since,
        row.assigned_to or "",
        row.lost_reason.value if row.lost_reason else "",
    )


@bp.get("/<number>")
def show(number: str) -> Response:
    return _page(number, AnswerForm(), 200)


def _page(number: str, form: AnswerForm, status: int) -> Response:
    actor, at = current_actor(), utc_now()
    with read() as session:
        enquiry = enquiry_page(session, number, actor=actor)
        people = people_who_may(session, Permission.SELL)
    body = render_template(
        "backoffice/sales/enquiry.html",
        enquiry=enquiry,
        people=[(one.email, one.name or one.email) for one in people],
        reasons=list(LOSS_WORDS.items()),
        loss_words=LOSS_WORDS,
        waits=_waits(enquiry.waiting_since, at),
        languages=LANGUAGES,
        form=form,
        may_sell=actor.may(Permission.SELL),
        me=next((one.email for one in people if one.id == actor.id), ""),
    )
    return Response(body, status, content_type="text/html; charset=utf-8")


def _waits(since: datetime | None, at: datetime) -> timedelta | None:
    return at - since if since else None


@bp.post("/<number>/assign")
def assign(number: str) -> Response:
    url = url_for(".show", number=number)
    try:
        with write() as session:
            assign_enquiry(
                session,
                number,
                request.form.get("assigned_to") or None,
                actor=current_actor(),
                at=utc_now(),
            )
    except (Conflict, Invalid) as error:
        return redirect_with_flash(url, error.message, category="error")
    return redirect_with_flash(url, "Noted.")


@bp.post("/<number>/answer")
def answer(number: str) -> Response:
    form = AnswerForm.from_request()
    if form.validate():
        try:
            with write() as session:
                enquiry = answer_enquiry(
                    session,
                    number,
                    form.answer.data,
                    actor=current_actor(),
                    at=utc_now(),
                    public_url=str(current_app.extensions["config"].public_url),
                )
                sent_to = enquiry.email
        except DomainError as error:
            form.blame(error)
        else:
            return redirect_with_flash(url_for(".show", number=number), f"Sent to {sent_to}.")
    return _page(number, form, 422)


@bp.post("/<number>/lose")
def lose(number: str) -> Response:
    form, url = LoseForm.from_request(), url_for(".show", number=number)
    if not form.validate():
        said = " ".join(str(one) for errors in form.errors.values() for one in errors)
        return redirect_with_flash(url, f"Say why, please. {said}", category="error")
    try:
        with write() as session:
            lose_enquiry(
                session,
                number,
                LossReason(form.reason.data),
                form.note.data,
                actor=current_actor(),
                at=utc_now(),
            )
    except (Conflict, Invalid) as error:
        return redirect_with_flash(url, error.message, category="error")
    return redirect_with_flash(url_for(".index"), f"{number} is out of the inbox.")


@bp.post("/<number>/reopen")
def reopen(number: str) -> Response:
    url = url_for(".show", number=number)
    try:
        with write() as session:
            reopen_enquiry(session, number, actor=current_actor(), at=utc_now())
    except Conflict as error:
        return redirect_with_flash(url, error.message, category="error")
    return redirect_with_flash(url, f"{number} is open again.")


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
