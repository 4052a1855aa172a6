"""A customer's timeline and notes; customers that may be one, and making them one."""

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from procurement.backoffice.sales.doors import customers_door as bp
from procurement.backoffice.sales.navigation import sales_tabs
from procurement.kernel.clock import utc_now
from procurement.kernel.errors import DomainError, Invalid
from procurement.kernel.permissions import Permission
from procurement.sales.operations.merging import merge_customers
from procurement.sales.operations.noting import log_note
from procurement.sales.queries.alike import duplicates
from procurement.sales.queries.customers import customer_page
from procurement.sales.queries.timeline import timeline
from procurement.sales.rules.customers import NoteKind
from procurement.web.fields import ChoiceField, CodeField, ProseField
from procurement.web.forms import BaseForm, redirect_with_flash, render_form
from procurement.web.identity import current_actor
from procurement.web.listing import next_url, page_request
from procurement.web.transactions import read, write

NOTE_KINDS = [(kind.value, kind.value.capitalize()) for kind in NoteKind]


class NoteForm(BaseForm):
    kind = ChoiceField("What it was", NOTE_KINDS)
    body = ProseField("What was said", most=5_000)


class MergeForm(BaseForm):
    other = CodeField("The other customer")


@bp.route("/<path:code>/timeline", methods=["GET", "POST"])
def history(code: str) -> Response:
    """Everything sent and said, newest first; what is typed is written down."""
    actor = current_actor()
    form = NoteForm.from_request() if request.method == "POST" else NoteForm()
    if form.is_sent and form.validate():
        kind = NoteKind(form.kind.data)
        try:
            with write() as session:
                log_note(session, code, kind, form.body.data, actor=actor, at=utc_now())
        except Invalid as error:
            form.blame(error)
        else:
            return redirect_with_flash(url_for(".history", code=code), "Written down.")
    with read() as session:
        customer = customer_page(session, code, actor=actor)
        page = timeline(session, code, page_request(), actor=actor)
    return render_form(
        "backoffice/sales/timeline.html",
        form,
        customer=customer,
        page=page,
        next=next_url(page),
        may_sell=actor.may(Permission.SELL),
    )


@bp.get("/duplicates")
def alike() -> str:
    actor = current_actor()
    with read() as session:
        pairs = duplicates(session, actor=actor)
    return render_template(
        "backoffice/sales/duplicates.html",
        tabs=sales_tabs("customers"),
        pairs=pairs,
        may_edit=actor.may(Permission.EDIT_CUSTOMERS),
    )


@bp.route("/<path:code>/merge", methods=["GET", "POST"])
def merge(code: str) -> Response:
    """This customer stays; the other one's code leads here afterwards."""
    actor = current_actor()
    actor.require(Permission.EDIT_CUSTOMERS)
    asked = {"other": request.args.get("other", "")}
    form = MergeForm.from_request() if request.method == "POST" else MergeForm(data=asked)
    with read() as session:
        customer = customer_page(session, code, actor=actor)
    if form.is_sent and form.validate():
        try:
            with write() as session:
                merge_customers(session, code, form.other.data, actor=actor, at=utc_now())
        except DomainError as error:
            form.blame(error)
        else:
            said = f"{form.other.data} is {customer.name} now."
            return redirect_with_flash(url_for(".show", code=code), said)
    return render_form("backoffice/sales/merge.html", form, customer=customer)
