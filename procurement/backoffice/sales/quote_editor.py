"""The quote editor: one form with everything.

Saving, adding a line, moving one and issuing are the same form sent. With scripts it is sent by itself while one types,
and answers the figures, its new version and when it was saved.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from procurement.backoffice.sales.doors import quotes_door as bp
from procurement.backoffice.sales.quote_form import QuoteForm, QuoteLineForm, form_of
from procurement.backoffice.sales.quote_typed import Reading, read_lines, take_apart
from procurement.kernel.clock import utc_now
from procurement.kernel.errors import DomainError, FieldError, Invalid
from procurement.kernel.permissions import Permission
from procurement.planning.queries.beside_quotes import Beside, beside_lines
from procurement.sales.errors import StaleVersion
from procurement.sales.operations.issuing import IssueQuote, issue_quote
from procurement.sales.operations.quoting import change_quote
from procurement.sales.queries.approvals import quote_approval
from procurement.sales.queries.clashes import (
    Clash,
    Difference,
    TypedLine,
    clash_of,
    mark_of,
    same_text,
)
from procurement.sales.queries.customers import customer_page
from procurement.sales.queries.editing import (
    LineFigures,
    edited_products,
    line_figures,
    margin_of,
)
from procurement.sales.queries.enquiries import asked_in
from procurement.sales.queries.finding import find_products, understand
from procurement.sales.queries.price_lists import price_list_choices
from procurement.sales.queries.quotes import QuotePage, quote_page
from procurement.settings.queries import taxes
from procurement.web.addresses import public_root
from procurement.web.filters import show_date, today
from procurement.web.forms import redirect_with_flash
from procurement.web.identity import current_actor
from procurement.web.listing import search_text
from procurement.web.transactions import read, write

EDITOR = "backoffice/sales/quote_editor.html"
HTML = "text/html; charset=utf-8"


def edit_page(
    page: QuotePage,
    form: QuoteForm | None = None,
    status: int = 200,
    *,
    clash: Clash | None = None,
) -> Response:
    """The editor over what is stored, or over what was typed and could not be taken."""
    filled, actor = form or form_of(page), current_actor()
    with read() as session:
        customer = customer_page(session, page.customer, actor=actor)
        products = edited_products(session, [sku for sku in filled.skus if sku])
        figures = line_figures(session, page, actor=actor, at=utc_now())
        beside = beside_lines(session, page, actor=actor, at=utc_now())
        lists = [one for one in price_list_choices(session) if one[2] == page.currency]
        rates = taxes(session)
        approval = quote_approval(session, page.number, actor=actor, at=utc_now())
        asked = asked_in(session, page.enquiry) if page.enquiry else ()
    rows = [
        (i, entry, products.get(entry.form.product.data), *_same(figures, beside, i, entry.form))
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
        approval=approval,
        clash=clash,
        asked=asked,
        unpriced=sum(not one.has_price for one in figures),
        **_sums(page, figures),
    )
    return Response(body, status, content_type=HTML)


def _sums(page: QuotePage, figures: Sequence[LineFigures]) -> dict[str, Any]:
    """What stands beside the lines."""
    subtotals = {one.section: page.totals.money(one.net) for one in page.totals.subtotals}
    return {
        "figures": figures,
        "margin": margin_of(figures, page.currency),
        "costless": sum(
            one.margin is None and one.counted and bool(one.product) for one in figures
        ),
        "subtotals": subtotals,
        "sections": [section for section in subtotals if section],
    }


def _same(
    figures: Sequence[LineFigures], beside: Sequence[Beside], place: int, row: QuoteLineForm
) -> tuple[LineFigures | None, Beside | None]:
    """What is known of a row holds as long as it is still the same product."""
    if place < len(figures) and figures[place].product == row.product.data:
        return figures[place], beside[place]
    return None, None


@bp.post("/<number>")
def save(number: str) -> Response:
    """Save; with `then=issue` send it to the customer as well, in the same transaction."""
    actor, at = current_actor(), utc_now()
    actor.require(Permission.SELL)
    page = _draft(number, at)
    form = QuoteForm.from_request()
    then = request.form.get("then", "")
    if form.validate():
        try:
            reading = _reading(form, page, whole=then == "issue")
            command = form.to_command(number, page.currency, reading, over=then == "over")
            with write() as session:
                change_quote(session, command, actor=actor, at=at)
                if then == "issue":
                    session.flush()  # issuing reads the draft back from its rows
                    wanted = IssueQuote(
                        number=number,
                        public_url=public_root(),
                        message=request.form.get("message", ""),
                    )
                    issue_quote(session, wanted, actor=actor, at=at)
        except StaleVersion:
            return _clashing(number, form, at)
        except DomainError as error:
            form.blame(error)
        else:
            if reading.left:
                return _with_rest(number, reading, at)
            anchor = "add" if form.is_adding else None
            return redirect_with_flash(
                url_for(".show", number=number, _anchor=anchor),
                _said(page, issuing=then == "issue"),
            )
    return edit_page(page, form, 422)


def _draft(number: str, at: datetime) -> QuotePage:
    with read() as session:
        return quote_page(session, number, actor=current_actor(), at=at)


def _reading(form: QuoteForm, page: QuotePage, *, whole: bool) -> Reading:
    """What was typed and pasted, as lines. Refused when nothing, or (`whole`) not all of it, is understood."""
    typed = take_apart(form.pick.data or form.add.data or "", page.currency)
    pasted = take_apart(form.paste.data or "", page.currency)
    names = {part.product for part in (*typed, *pasted) if not isinstance(part, tuple)}
    known = {}
    if names:
        with read() as session:
            known = understand(session, names, actor=current_actor())
    added = read_lines(typed, known, form.section_of_added)
    block = read_lines(pasted, known, form.section_of_added)
    refused = [FieldError("add", why) for why in added.reasons]
    if block.left and (whole or not block.lines):
        refused += [FieldError("paste", why) for why in block.reasons]
    if refused:
        raise Invalid.of(refused)
    return Reading((*added.lines, *block.lines), block.left, block.reasons)


def _with_rest(number: str, reading: Reading, at: datetime) -> Response:
    """What was understood is saved; the rest stands in the field it was pasted into, with the reasons."""
    page = _draft(number, at)
    form = form_of(page, "\n".join(reading.left))
    form.paste.errors = list(reading.reasons)
    return edit_page(page, form)


def _clashing(number: str, form: QuoteForm, at: datetime) -> Response:
    """Somebody else saved in between: what they changed is told, and what was typed stands in the form."""
    page = _draft(number, at)
    if not page.is_draft:
        raise StaleVersion(f"{page.label} is {page.status}: look at it again.")
    head = [
        *same_text("Valid until", show_date(page.valid_until), show_date(form.valid_until.data)),
        *same_text("Note to the customer", page.introduction, form.introduction.data or ""),
        *same_text("Terms", page.terms, form.terms.data or ""),
    ]
    return edit_page(page, form, 409, clash=clash_of(page, _typed(form), _shortened(head)))


def _shortened(head: Sequence[Difference]) -> list[Difference]:
    return [Difference(one.name, one.theirs[:300], one.yours[:300]) for one in head]


def _typed(form: QuoteForm) -> list[TypedLine]:
    lines = []
    for i in form.kept:
        row = form.lines[i].form
        said = [
            f"{row.packs.data or ''} {row.pack.data or ''}".strip(),
            (row.unit_price.raw_data or [""])[0],
        ]
        words = row.text.data if row.is_words else ", ".join(filter(None, said))
        lines.append(TypedLine(row.was.data or "", row.product.data or "", words))
    return lines


def _said(page: QuotePage, *, issuing: bool) -> str:
    if not issuing:
        return f"{page.label} saved."
    sent = f" and sent to {page.mail_to}" if page.mail_to else "; there is no address to mail it to"
    return f"{page.label} issued{sent}."


@bp.post("/<number>/autosave")
def autosave(number: str) -> Response:
    """Keep the draft as it is typed; what is being added waits for its button."""
    actor, at = current_actor(), utc_now()
    actor.require(Permission.SELL)
    page = _draft(number, at)
    form = QuoteForm.from_request()
    if not form.validate():
        return _not_saved("Not saved yet: some of it cannot be read. Save says where.")
    try:
        command = form.to_command(number, page.currency)
        with write() as session:
            change_quote(session, command, actor=actor, at=at)
            session.flush()  # the figures are read back from the rows
            page = quote_page(session, number, actor=actor, at=at)
            rows = line_figures(session, page, actor=actor, at=at)
            beside = beside_lines(session, page, actor=actor, at=at)
    except StaleVersion as error:
        return _not_saved(f"Not saved: {error.message} Save shows what is different.")
    except DomainError as error:
        return _not_saved(f"Not saved yet: {error.message}")
    marks = [mark_of(line) for line in page.lines]
    changed = [
        (i, figures, around, mark)
        for i, figures, around, mark in zip(form.kept, rows, beside, marks, strict=True)
        if form.lines[i].form.was.data != mark
    ]
    body = render_template(
        "backoffice/sales/quote_figures.html", quote=page, changed=changed, **_sums(page, rows)
    )
    return Response(body, content_type=HTML)


def _not_saved(problem: str) -> Response:
    body = render_template("backoffice/sales/quote_problem.html", problem=problem)
    return Response(body, content_type=HTML)


@bp.get("/<number>/products")
def products(number: str) -> Response:
    """Products found while typing, each a button that adds it."""
    actor, at = current_actor(), utc_now()
    page, text = _draft(number, at), search_text("add")
    with read() as session:
        found = find_products(session, text, page, today(), actor=actor, at=at)
    body = render_template("backoffice/sales/quote_found.html", found=found, text=text)
    return Response(body, content_type=HTML)
