"""The quote editor: one form with everything.

Saving, adding a line and issuing are the same form sent; figures are answered while one types, by carrying the change
out and taking it back.
"""

from collections.abc import Sequence
from datetime import datetime

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from procurement.backoffice.sales.doors import quotes_door as bp
from procurement.backoffice.sales.quote_form import QuoteForm, form_of
from procurement.kernel.clock import utc_now
from procurement.kernel.errors import DomainError
from procurement.kernel.permissions import Permission
from procurement.sales.operations.issuing import IssueQuote, issue_quote
from procurement.sales.operations.quoting import change_quote
from procurement.sales.queries.customers import customer_page
from procurement.sales.queries.editing import (
    LineFigures,
    edited_products,
    find_products,
    line_figures,
    margin_of,
)
from procurement.sales.queries.price_lists import price_list_choices
from procurement.sales.queries.quotes import QuotePage, quote_page
from procurement.settings.queries import taxes
from procurement.web.addresses import public_root
from procurement.web.filters import today
from procurement.web.forms import redirect_with_flash
from procurement.web.identity import current_actor
from procurement.web.listing import search_text
from procurement.web.transactions import read, write

EDITOR = "backoffice/sales/quote_editor.html"


def edit_page(page: QuotePage, form: QuoteForm | None = None, status: int = 200) -> Response:
    """The editor over what is stored, or over what was typed and could not be taken."""
    filled, actor = form or form_of(page), current_actor()
    with read() as session:
        customer = customer_page(session, page.customer, actor=actor)
        products = edited_products(session, [sku for sku in filled.skus if sku])
        figures = line_figures(session, page, actor=actor, at=utc_now())
        lists = [one for one in price_list_choices(session) if one[2] == page.currency]
        rates = taxes(session)
    rows = [
        (entry, products.get(entry.form.product.data), _same(figures, i, entry.form.product.data))
        for i, entry in enumerate(filled.lines)
    ]
    body = render_template(
        EDITOR,
        form=filled,
        quote=page,
        rows=rows,
        customer=customer,
        price_lists=lists,
        taxes=rates,
        figures=figures,
        margin=margin_of(figures, page.currency),
        costless=_costless(figures),
        unpriced=sum(not one.has_price for one in figures),
    )
    return Response(body, status, content_type="text/html; charset=utf-8")


def _same(figures: Sequence[LineFigures], place: int, sku: str) -> LineFigures | None:
    """A row's figures hold as long as it is still the same product."""
    found = figures[place] if place < len(figures) else None
    return found if found and found.product == sku else None


def _costless(figures: Sequence[LineFigures]) -> int:
    """How many lines the margin says nothing about."""
    return sum(one.margin is None and one.counted and bool(one.product) for one in figures)


@bp.post("/<number>")
def save(number: str) -> Response:
    """Save; with `then=issue` send it to the customer as well, in the same transaction."""
    actor, at = current_actor(), utc_now()
    actor.require(Permission.SELL)
    page = _draft(number, at)
    form = QuoteForm.from_request()
    issuing = request.form.get("then") == "issue"
    if form.validate():
        try:
            command = form.to_command(number, page.currency)
            with write() as session:
                change_quote(session, command, actor=actor, at=at)
                if issuing:
                    session.flush()  # issuing reads the draft back from its rows
                    wanted = IssueQuote(
                        number=number,
                        public_url=public_root(),
                        message=request.form.get("message", ""),
                    )
                    issue_quote(session, wanted, actor=actor, at=at)
        except DomainError as error:
            form.blame(error)
        else:
            return redirect_with_flash(_after(number, form), _said(page, issuing=issuing))
    return edit_page(page, form, 422)


def _draft(number: str, at: datetime) -> QuotePage:
    with read() as session:
        return quote_page(session, number, actor=current_actor(), at=at)


def _after(number: str, form: QuoteForm) -> str:
    """Back to the editor; after adding, to the new line."""
    added = bool(form.pick.data or form.add.data or form.paste.data)
    return url_for(".show", number=number, _anchor="add" if added else None)


def _said(page: QuotePage, *, issuing: bool) -> str:
    if not issuing:
        return f"{page.label} saved."
    sent = f" and sent to {page.mail_to}" if page.mail_to else "; there is no address to mail it to"
    return f"{page.label} issued{sent}."


@bp.post("/<number>/figures")
def figures(number: str) -> Response:
    """The figures as they would be: the change is carried out, read, and taken back."""
    actor, at = current_actor(), utc_now()
    page = _draft(number, at)
    form = QuoteForm.from_request()
    problem = ""
    if form.validate():
        try:
            command = form.to_command(number, page.currency, with_typed=False)
            with write(dry_run=True) as session:
                change_quote(session, command, actor=actor, at=at)
                session.flush()  # the figures are read back from the rows
                page = quote_page(session, number, actor=actor, at=at)
                rows = line_figures(session, page, actor=actor, at=at)
        except DomainError as error:
            problem = error.message
    else:
        problem = "Some of it cannot be read yet; saving says where."
    if problem:
        body = render_template("backoffice/sales/quote_problem.html", problem=problem)
    else:
        body = render_template(
            "backoffice/sales/quote_figures.html",
            quote=page,
            figures=rows,
            margin=margin_of(rows, page.currency),
            costless=_costless(rows),
        )
    return Response(body, content_type="text/html; charset=utf-8")


@bp.get("/<number>/products")
def products(number: str) -> Response:
    """Products found while typing, each a button that adds it."""
    actor, at = current_actor(), utc_now()
    page = _draft(number, at)
    with read() as session:
        found = find_products(session, search_text("add"), page, today(), actor=actor)
    body = render_template(
        "backoffice/sales/quote_found.html", found=found, text=search_text("add")
    )
    return Response(body, content_type="text/html; charset=utf-8")
