"""The quote editor: one form with everything.

Saving, adding a line, moving one and issuing are the same form sent. With scripts it is sent by itself while one types,
and answers the figures, its new version and when it was saved.
"""

from collections.abc import Sequence
from datetime import datetime

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from procurement.backoffice.sales.doors import quotes_door as bp
from procurement.backoffice.sales.quote_filled import form_of
from procurement.backoffice.sales.quote_form import QuoteForm, row_number
from procurement.backoffice.sales.quote_rows import (
    MOST_KEPT_OPEN,
    MOST_OPEN,
    Shut,
    marked,
    shut_rows,
)
from procurement.backoffice.sales.quote_shown import HTML, ShownRow, edit_page, shown_rows, sums
from procurement.backoffice.sales.quote_typed import MOST_PASTED, Reading, read_lines, take_apart
from procurement.kernel.clock import utc_now
from procurement.kernel.errors import DomainError, FieldError, Invalid
from procurement.kernel.permissions import Permission
from procurement.planning.queries.beside_quotes import Beside, beside_lines
from procurement.sales.errors import StaleVersion
from procurement.sales.operations.issuing import IssueQuote, issue_quote
from procurement.sales.operations.quoting import change_quote
from procurement.sales.queries.clashes import Difference, TypedLine, clash_of, same_text
from procurement.sales.queries.editing import LineFigures, edited_products, line_figures
from procurement.sales.queries.finding import find_products, understand
from procurement.sales.queries.quotes import QuoteLineRow, QuotePage, quote_page
from procurement.settings.queries import taxes
from procurement.web.addresses import public_root
from procurement.web.filters import show_date, today
from procurement.web.forms import redirect_with_flash
from procurement.web.identity import current_actor
from procurement.web.listing import search_text
from procurement.web.transactions import read, write


@bp.post("/<number>")
def save(number: str) -> Response:
    """Save; with `then=issue` send it to the customer as well, in the same transaction."""
    actor, at = current_actor(), utc_now()
    actor.require(Permission.SELL)
    page = _draft(number, at)
    form = QuoteForm.sent(page)
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
            url = url_for(
                ".show", number=number, open=_still_open(form, reading, then), _anchor=anchor
            )
            return redirect_with_flash(url, _said(page, issuing=then == "issue"))
    form.open_row(row_number(form.open.data))
    return edit_page(page, form, 422)


def _still_open(form: QuoteForm, reading: Reading, then: str) -> str | None:
    """The rows a long quote shows open again: those one works on, the one just added; none after Save."""
    kept = form.kept
    added = len(reading.lines) + bool(form.words.data)
    if then or len(kept) + added <= MOST_OPEN:
        return None
    wanted = {*form.rows, row_number(form.open.data)}
    places = [place for place, number in enumerate(kept) if number in wanted]
    if added and not form.paste.data:
        places.append(len(kept) + added - 1)
    return ".".join(str(place) for place in places[-MOST_KEPT_OPEN:]) or None


def _draft(number: str, at: datetime) -> QuotePage:
    with read() as session:
        return quote_page(session, number, actor=current_actor(), at=at)


def _reading(form: QuoteForm, page: QuotePage, *, whole: bool) -> Reading:
    """What was typed and pasted, as lines. Refused when nothing, or (`whole`) not all of it, is understood."""
    typed = take_apart(form.pick.data or form.add.data or "", page.currency, today())
    pasted = take_apart(form.paste.data or "", page.currency, today())
    names = {part.product for part in (*typed, *pasted) if not isinstance(part, tuple)}
    known = {}
    if names:
        with read() as session:
            known = understand(session, names, today(), actor=current_actor())
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
    form.rejoin(page)
    same = {row.was for row in form.shut.values()}
    head = [
        *same_text("Valid until", show_date(page.valid_until), show_date(form.valid_until.data)),
        *same_text("Note to the customer", page.introduction, form.introduction.data or ""),
        *same_text("Terms", page.terms, form.terms.data or ""),
    ]
    return edit_page(page, form, 409, clash=clash_of(page, _typed(form), _shortened(head), same))


def _shortened(head: Sequence[Difference]) -> list[Difference]:
    return [Difference(one.name, one.theirs[:300], one.yours[:300]) for one in head]


def _typed(form: QuoteForm) -> list[TypedLine]:
    lines, rows = [], form.rows
    for i in form.kept:
        if i not in rows:
            continue
        row = rows[i]
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
    form = QuoteForm.sent(page)
    if not form.validate():
        return _not_saved("Not saved yet: some of it cannot be read. Save says where.")
    try:
        command = form.to_command(number, page.currency)
        with write() as session:
            change_quote(session, command, actor=actor, at=at)
            session.flush()  # the figures are read back from the rows
            page = quote_page(session, number, actor=actor, at=at)
            figures = line_figures(session, page, actor=actor, at=at)
            changed = _changed(form, page)
            only = {line.position for _, _, line in changed}
            beside = beside_lines(session, page, actor=actor, at=at, only=only)
    except StaleVersion as error:
        return _not_saved(f"Not saved: {error.message} Save shows what is different.")
    except DomainError as error:
        return _not_saved(f"Not saved yet: {error.message}")
    rows = [
        (mark, _with_news(form, number, mark, line, figures[line.position - 1], around))
        for (number, mark, line), around in zip(changed, beside, strict=True)
    ]
    body = render_template(
        "backoffice/sales/quote_figures.html", quote=page, changed=rows, **sums(page, figures)
    )
    return Response(body, content_type=HTML)


def _changed(form: QuoteForm, page: QuotePage) -> list[tuple[int, str, QuoteLineRow]]:
    """The rows whose lines are others now, with their new marks."""
    read = {i: row.was.data for i, row in form.rows.items()}
    read |= {i: row.was for i, row in form.shut.items()}
    return [
        (number, mark, line)
        for number, (mark, line) in zip(form.kept, marked(page.lines), strict=True)
        if mark != read[number]
    ]


def _with_news(
    form: QuoteForm,
    number: int,
    mark: str,
    line: QuoteLineRow,
    figures: LineFigures,
    beside: Beside,
) -> ShownRow:
    now = Shut(line.position, mark) if number in form.shut else None
    return ShownRow(number, None, now, line, None, figures, beside)


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


@bp.get("/<number>/rows")
def rows(number: str) -> Response:
    """Rows that were shut, with their fields, for `?row=17-<mark>`; refused when a line is another by now."""
    actor, at = current_actor(), utc_now()
    actor.require(Permission.SELL)
    page = _draft(number, at)
    form = QuoteForm()
    form.read_from(page)
    form.shut = shut_rows({f"shut-{row}": "" for row in request.args.getlist("row")[:MOST_PASTED]})
    for asked in list(form.shut):
        form.open_row(asked)
    if form.shut or not form.rows:
        raise StaleVersion("Somebody else has changed this line. Save shows what is different.")
    only = form.open_positions
    with read() as session:
        products = edited_products(session, form.skus)
        figures = line_figures(session, page, actor=actor, at=at, only=only)
        beside = beside_lines(session, page, actor=actor, at=at, only=only)
        rates = taxes(session)
    known = dict(zip(sorted(only), zip(figures, beside, strict=True), strict=True))
    body = render_template(
        "backoffice/sales/quote_rows.html",
        form=form,
        quote=page,
        rows=list(shown_rows(form, products, known)),
        taxes=rates,
    )
    return Response(body, content_type=HTML)
