"""What a return comes to, on paper: the same figures as its UBL credit note."""

import hashlib

from sqlalchemy import select

from procurement.documents.content import (
    Amount,
    Price,
    QuoteContent,
    QuoteLine,
    QuoteSection,
    TaxLine,
    Totals,
)
from procurement.documents.figures import figures
from procurement.documents.languages import words_for
from procurement.documents.languages.delivering import delivering_words
from procurement.documents.languages.words import Words
from procurement.documents.quote import render_quote
from procurement.files.queries import PDF, Paper
from procurement.kernel.actor import Actor
from procurement.kernel.db import ReadSession
from procurement.kernel.money import Rate
from procurement.kernel.permissions import Permission
from procurement.sales.models import SalesOrder
from procurement.sales.queries.customer_returns import customer_return_page
from procurement.sales.queries.invoice_drafts import credit_draft
from procurement.sales.queries.order_papers import order_locale
from procurement.sales.rules.speaking import pack_said
from procurement.sales.terms.exports import InvoiceDraft, InvoiceLine
from procurement.settings.queries import get_company, letterhead
from procurement.settings.terms import RoundingRule


def credit_note_paper(session: ReadSession, number: str, *, actor: Actor) -> Paper:
    """Drawn from the return as it stands; one that was taken back is marked. Raises OrderUnknown."""
    actor.require(Permission.SEE_SALES)
    page = customer_return_page(session, number, actor=actor)
    content = _content(session, credit_draft(session, number), is_reversed=page.head.is_reversed)
    pdf = render_quote(content)
    return Paper(f"{number}-credit.pdf", PDF, hashlib.sha256(pdf).hexdigest(), pdf)


def _content(session: ReadSession, draft: InvoiceDraft, *, is_reversed: bool) -> QuoteContent:
    company = get_company(session)
    rule = session.scalars(
        select(SalesOrder.rounding_rule).where(SalesOrder.number == draft.order)
    ).one()
    locale = order_locale(session, draft.order, company)
    said, words = delivering_words(locale), words_for(locale)
    by_line = RoundingRule(rule) is RoundingRule.LINE
    reasons = (f"{line.tax_code}: {line.why_untaxed}" for line in draft.lines if line.why_untaxed)
    return QuoteContent(
        letterhead=letterhead(session, company),
        recipient=(draft.customer_name, *(line for line in draft.bill_to)),
        number=draft.number,
        issued_on=draft.on,
        valid_until=draft.on,
        currency=draft.currency,
        totals=Totals(draft.net.decimal, draft.tax.decimal, draft.gross.decimal),
        sections=(QuoteSection(lines=tuple(_line(line, words) for line in draft.lines)),),
        locale=locale,
        title=said.credit_note,
        data=(
            (said.credit_note, draft.number),
            (said.date, figures(locale).day(draft.on)),
            (said.shipment, draft.of_shipment),
            (said.order, draft.order),
            (said.your_order, draft.customer_ref),
        ),
        tax_word=words.vat,
        total_word=said.credited,
        taxes=tuple(
            TaxLine(row.code, row.rate.fraction * 100, row.net.decimal, row.tax.decimal)
            for row in draft.taxes
        ),
        untaxed=tuple(dict.fromkeys(reasons)),
        rounding=words.rounding_line if by_line else words.rounding_document,
        watermark=said.reversed if is_reversed else "",
    )


def _line(line: InvoiceLine, words: Words) -> QuoteLine:
    whole = int(line.packs) if line.packs == int(line.packs) else 2
    return QuoteLine(
        number=str(line.position),
        name=line.name,
        sku=line.sku,
        packs=Amount(line.packs, pack_said(words, line.pack, whole)),
        price=Price(
            per_pack=line.price.decimal, pack=pack_said(words, line.pack, 1), per_unit=None, unit=""
        ),
        net=line.net.decimal,
        tax_code=line.tax_code,
        discount=line.discount.fraction * 100 if line.discount != Rate(0) else None,
    )
