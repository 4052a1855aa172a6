"""A quote as it will stand on paper: everything rounded and worded, nothing left to the renderer."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from babel import Locale
from babel.numbers import format_currency
from sqlalchemy import select

from procurement.catalogue.queries.compositions import safety_rules
from procurement.catalogue.rules.wording import (
    BaseMeasure,
    base_of,
    base_quantity,
    price_per_unit,
)
from procurement.documents.content import (
    Amount,
    AnswerBox,
    Note,
    Price,
    QuoteContent,
    QuoteLine,
    QuoteSection,
    TaxLine,
    Totals,
)
from procurement.documents.figures import figures
from procurement.documents.languages import words_for
from procurement.documents.languages.tax_names import taxed_words
from procurement.documents.languages.taxing import untaxed_words
from procurement.documents.languages.words import Words
from procurement.documents.sample import cover_of
from procurement.kernel.db import ReadSession
from procurement.kernel.money import Money
from procurement.sales.models import Address, Contact, Customer
from procurement.sales.queries.goods import Goods, goods
from procurement.sales.queries.ladders import ladder_of
from procurement.sales.queries.offers import OfferedProduct, offered_products
from procurement.sales.queries.prices import PriceBook, price_book
from procurement.sales.queries.quotes import QuoteLineRow, QuotePage
from procurement.sales.queries.safety import safety_of
from procurement.sales.rules.speaking import label_said, pack_said, paper_locale
from procurement.sales.rules.untaxed import UntaxedLine, reasons_said
from procurement.sales.terms import AddressKind, LineKind
from procurement.settings.queries import get_company, letterhead, picture_of
from procurement.settings.terms import RoundingRule

MOST_LADDERS = 6
NO_BREAK = "\N{NO-BREAK SPACE}"  # a telephone number stays on one line


@dataclass(frozen=True, slots=True)
class _Numbered:
    """A line, its number on the paper, and what is known of its product."""

    number: str
    row: QuoteLineRow
    product: OfferedProduct | None  # None for words
    goods: Goods | None


def quote_content(
    session: ReadSession, page: QuotePage, *, on: date, link: str = ""
) -> QuoteContent:
    """Freeze a revision. Without a link it is a draft: watermarked, and nothing to answer."""
    company = get_company(session)
    customer = session.execute(
        select(Customer.name, Customer.locale).where(Customer.id == page.customer_id)
    ).one()
    locale = paper_locale(page.look.locale or customer.locale, company.locale)
    words = taxed_words(words_for(locale), company.country)
    keys = {line.product_id for line in page.lines if line.is_goods}
    numbered = _number(page.lines, offered_products(session, ids=keys), goods(session, keys))
    packs = {row.pack_id for row in page.lines if row.is_goods}
    book = price_book(
        session, page.currency, page.price_list_id, packs, customer_id=page.customer_id
    )
    lines = _lines(numbered, book, on, words)
    keep_nearest_ladders(lines)
    return QuoteContent(
        letterhead=letterhead(session, company),
        recipient=_recipient(session, page, customer.name),
        number=page.number,
        issued_on=on,
        valid_until=page.valid_until,
        currency=page.currency,
        totals=Totals(page.net.decimal, page.tax.decimal, page.gross.decimal),
        sections=_sections(page, numbered, lines, words),
        locale=locale,
        title=words.quotation,
        revision=page.revision,
        replaces=_replaced(page),
        contact=", ".join(filter(None, (page.drafted_by, company.phone.replace(" ", NO_BREAK)))),
        intro=page.introduction,
        signed=page.drafted_by if page.introduction else "",
        options=tuple(lines[one.number] for one in numbered if not one.row.is_suggested),
        tax_word=words.vat,
        taxes=_tax_lines(page),
        untaxed=_untaxed(numbered, locale),
        rounding=words.rounding_line
        if page.rounding_rule is RoundingRule.LINE
        else words.rounding_document,
        terms=_notes(page.terms, words),
        acceptance=_answer_box(page, link, locale, words) if link else None,
        safety=safety_of(
            [(one.number, one.row, one.goods) for one in numbered if one.goods],
            words,
            page.wishes,
            safety_rules(session),
        ),
        watermark="" if link else words.draft,
        cover=cover_of(
            words,
            (customer.name,),
            label_said(page.number, page.revision, words),
            figures(locale).date(on),
            picture_of(session, company.cover_id),
        )
        if (company.quote_cover if page.look.cover is None else page.look.cover)
        else None,
    )


def _replaced(page: QuotePage) -> int | None:
    """The revision before this one."""
    return max((r.revision for r in page.revisions if r.revision < page.revision), default=None)


def _untaxed(numbered: Sequence[_Numbered], locale: str) -> tuple[str, ...]:
    lines = (
        UntaxedLine(one.number, one.row.tax_code, one.row.tax_category, one.row.tax_detail)
        for one in numbered
        if one.row.is_goods
    )
    return reasons_said(lines, untaxed_words(locale))


def _tax_lines(page: QuotePage) -> tuple[TaxLine, ...]:
    return tuple(
        TaxLine(row.code, Decimal(row.rate.percent), _major(page, row.net), _major(page, row.tax))
        for row in page.totals.taxes
    )


def keep_nearest_ladders(lines: dict[str, QuoteLine]) -> None:
    """A long quote tells only the price breaks that are nearest: the others would be noise."""
    told = {
        number: line.ladder
        for number, line in lines.items()
        if line.ladder and not line.ladder.exact  # what is offered is always told
    }
    near = {
        number: ladder.more / lines[number].packs.value
        for number, ladder in told.items()
        if ladder.more is not None
    }
    kept = sorted(near, key=lambda number: near[number])[:MOST_LADDERS]
    for number in told.keys() - set(kept):
        lines[number] = replace(lines[number], ladder=None)


def _number(
    rows: Sequence[QuoteLineRow], products: dict[str, OfferedProduct], facts: dict[int, Goods]
) -> list[_Numbered]:
    """1, 2, 3 in a plain list; 1.1, 1.2, 2.1 under section heads; O.1 for options, A.1 for alternatives."""
    heads = list(dict.fromkeys(row.section for row in rows if row.is_suggested))
    places: dict[str, int] = {}
    numbered = []
    for row in rows:
        group = f"in {row.section}"
        if not row.is_goods:
            group = "T"
        elif not row.is_suggested:
            group = "O" if row.optional else "A"
        places[group] = places.get(group, 0) + 1
        number = str(places[group])
        if group in {"O", "A", "T"}:
            number = f"{group}.{number}"
        elif heads != [""]:
            number = f"{heads.index(row.section) + 1}.{number}"
        product = products.get(row.product) if row.is_goods else None
        numbered.append(_Numbered(number, row, product, facts.get(row.product_id)))
    return numbered


def _sections(
    page: QuotePage, numbered: Sequence[_Numbered], lines: dict[str, QuoteLine], words: Words
) -> tuple[QuoteSection, ...]:
    plain = [subtotal.section for subtotal in page.totals.subtotals] == [""]
    return tuple(
        QuoteSection(
            lines=tuple(
                lines[one.number]
                for one in numbered
                if one.row.section == subtotal.section and one.row.is_suggested
            ),
            number="" if plain else str(place),
            title="" if plain else subtotal.section or words.other_items,
            subtotal=None if plain else _major(page, subtotal.net),
        )
        for place, subtotal in enumerate(page.totals.subtotals, start=1)
    )


def _lines(
    numbered: Sequence[_Numbered], book: PriceBook, on: date, words: Words
) -> dict[str, QuoteLine]:
    """The lines by their numbers; an alternative says which line it would replace."""
    suggested = {one.row.choice_group: one.number for one in numbered if one.row.chosen}
    lines = {}
    for one in numbered:
        if one.product is None or one.goods is None:
            lines[one.number] = _words(one.row.text)
            continue
        line = _line(one, one.product, one.goods, book, on, words)
        group = "" if one.row.is_suggested else one.row.choice_group
        lines[one.number] = replace(line, instead_of=suggested.get(group, "") if group else "")
    return lines


def _words(said: str) -> QuoteLine:
    """A line without a product: it has no number, no quantity and no amount."""
    nothing = Decimal(0)
    amount, price = Amount(nothing, ""), Price(nothing, "")
    return QuoteLine("", said, "", amount, price, nothing, "", kind=LineKind.TEXT)


def _line(
    one: _Numbered, product: OfferedProduct, facts: Goods, book: PriceBook, on: date, words: Words
) -> QuoteLine:
    row = one.row
    pack = product.pack_by_id(row.pack_id)
    base = base_of(pack.size, product.unit, product.others(pack))
    price = row.price
    per_unit = price_per_unit(price, base) if price and base else None
    return QuoteLine(
        number=one.number,
        name=row.product_name,
        sku=row.product,
        packs=Amount(Decimal(row.packs), pack_said(words, pack.name, row.packs)),
        price=Price(
            per_pack=Decimal(price.amount) if price else Decimal(0),
            pack=pack_said(words, pack.name, 1),
            per_unit=per_unit,
            unit=pack_said(words, base.word, 1) if base and per_unit is not None else "",
        ),
        net=row.net.decimal,
        tax_code=row.tax_code,
        detail=row.note or facts.options or facts.material,
        base=_base(base, row.packs, words) if base else None,
        discount=Decimal(row.discount.percent) if row.discount.basis_points else None,
        picture=facts.picture,
        ladder=None
        if row.kind is LineKind.SAMPLE
        else ladder_of(row, pack, base, book.price(pack.id, row.packs, on), words),
        kind=row.kind,
        text=row.text,
    )


def _base(base: BaseMeasure, packs: int, words: Words) -> Amount:
    value, word = base_quantity(base, packs)
    if word in (base.word, base.plural):
        word = pack_said(words, base.word, 1 if value == 1 else 2)
    return Amount(value, word)


def _recipient(session: ReadSession, page: QuotePage, name: str) -> tuple[str, ...]:
    """The customer, the person it is for, and the billing address, else any address there is."""
    person = session.get(Contact, page.contact_id) if page.contact_id else None
    addresses = session.scalars(
        select(Address).where(Address.customer_id == page.customer_id).order_by(Address.position)
    ).all()
    best = sorted(addresses, key=lambda address: address.kind is not AddressKind.BILLING)
    lines = [name]
    if person and person.name != name:
        lines.append(", ".join(filter(None, (person.name, person.role))))
    return (*lines, *(best[0].lines.splitlines() if best else ()))


def _notes(terms: str, words: Words) -> tuple[Note, ...]:
    """Paragraphs; "Delivery: within three days" or a first line of its own gives the title."""
    notes = []
    for paragraph in filter(None, (part.strip() for part in terms.split("\n\n"))):
        first, _, rest = paragraph.partition("\n")
        title, colon, said = first.partition(":")
        if colon and len(title) <= 40:
            notes.append(Note(title.strip(), f"{said.strip()}\n{rest}".strip()))
        elif rest and len(first) <= 40:
            notes.append(Note(first.strip(), rest.strip()))
        else:
            notes.append(Note(words.terms, paragraph))
    return tuple(notes)


def money_said(amount: Money, locale: str) -> str:
    """An amount inside a sentence: 2,993.24 EUR."""
    written = Locale.parse(locale.replace("-", "_"))
    return format_currency(amount.decimal, amount.currency, "#,##0.00 ¤¤", locale=written)


def _answer_box(page: QuotePage, link: str, locale: str, words: Words) -> AnswerBox:
    return AnswerBox(
        title=words.answer_title,
        text=words.answer_text.format(
            label=label_said(page.number, page.revision, words),
            total=money_said(page.gross, locale),
            tax=words.vat,
        ),
        link=link,
        link_title=words.answer_link_title,
        link_text=words.answer_link_text,
        fields=words.answer_fields,
    )


def _major(page: QuotePage, minor: int) -> Decimal:
    return Money(minor, page.currency).decimal
