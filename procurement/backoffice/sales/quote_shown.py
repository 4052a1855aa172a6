"""What the quote editor shows: the form, and beside each row what is known of its line."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import render_template
from werkzeug.wrappers import Response

from procurement.backoffice.sales.quote_filled import form_of
from procurement.backoffice.sales.quote_form import QuoteForm, QuoteLineForm
from procurement.backoffice.sales.quote_rows import Shut
from procurement.kernel.clock import utc_now
from procurement.planning.queries.beside_quotes import Beside, beside_lines
from procurement.sales.queries.approvals import quote_approval
from procurement.sales.queries.clashes import Clash
from procurement.sales.queries.customers import customer_page
from procurement.sales.queries.editing import (
    EditedProduct,
    LineFigures,
    edited_products,
    line_figures,
    margin_of,
)
from procurement.sales.queries.enquiries import asked_in
from procurement.sales.queries.price_lists import price_list_choices
from procurement.sales.queries.quotes import QuoteLineRow, QuotePage
from procurement.settings.queries import taxes
from procurement.web.identity import current_actor
from procurement.web.transactions import read

HTML = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row of the page: fields (`form`) or, while it is shut, the text of its line; and what is known of it."""

    number: int
    form: QuoteLineForm | None
    shut: Shut | None
    line: QuoteLineRow | None
    product: EditedProduct | None = None
    figures: LineFigures | None = None
    beside: Beside | None = None

    @property
    def section(self) -> str:
        if self.form is not None:
            return str(self.form.section.data or "")
        return self.line.section if self.line else ""


def edit_page(
    page: QuotePage,
    form: QuoteForm | None = None,
    status: int = 200,
    *,
    clash: Clash | None = None,
    opened: Collection[int] = (),
) -> Response:
    """The editor over what is stored, or over what was typed and could not be taken."""
    filled, actor, at = form or form_of(page, opened=opened), current_actor(), utc_now()
    if any(row.was not in filled.stored for row in filled.shut.values()):
        filled.rejoin(page)
    with read() as session:
        customer = customer_page(session, page.customer, actor=actor)
        products = edited_products(session, filled.skus)
        figures = line_figures(session, page, actor=actor, at=at)
        beside = beside_lines(session, page, actor=actor, at=at, instead=filled.open_positions)
        lists = [one for one in price_list_choices(session) if one[2] == page.currency]
        rates = taxes(session)
        approval = quote_approval(session, page.number, actor=actor, at=at)
        asked = asked_in(session, page.enquiry) if page.enquiry else ()
    known = dict(
        zip((line.position for line in page.lines), zip(figures, beside, strict=True), strict=True)
    )
    body = render_template(
        "backoffice/sales/quote_editor.html",
        form=filled,
        quote=page,
        rows=list(shown_rows(filled, products, known)),
        heads={head.form.was.data: head for head in filled.heads},
        customer=customer,
        price_lists=lists,
        taxes=rates,
        approval=approval,
        clash=clash,
        asked=asked,
        unpriced=sum(not one.has_price for one in figures),
        **sums(page, figures),
    )
    return Response(body, status, content_type=HTML)


def shown_rows(
    form: QuoteForm,
    products: Mapping[str, EditedProduct],
    known: Mapping[int, tuple[LineFigures, Beside]],
) -> Iterator[ShownRow]:
    """The rows in their order. What is known of a line, by its position, holds while it is the same product."""
    rows = form.rows
    for number in form.in_order:
        row, shut = rows.get(number), form.shut.get(number)
        line = form.stored.get(shut.was if shut else row.was.data if row else "")
        sku = row.product.data if row else ""
        if line and row and line.product != sku:
            line = None
        figures, beside = known.get(line.position, (None, None)) if line else (None, None)
        yield ShownRow(number, row, shut, line, products.get(sku or ""), figures, beside)


def sums(page: QuotePage, figures: Sequence[LineFigures]) -> dict[str, Any]:
    """What stands beside the lines, and each section's sum with its number on the page."""
    subtotals = {one.section: page.totals.money(one.net) for one in page.totals.subtotals}
    return {
        "figures": figures,
        "margin": margin_of(figures, page.currency),
        "costless": sum(
            one.margin is None and one.counted and bool(one.product) for one in figures
        ),
        "subtotals": subtotals,
        "sections": {name: i for i, name in enumerate(filter(None, subtotals))},
    }
