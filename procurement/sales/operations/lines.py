"""The lines of a draft: looked up, priced with the reason, taxed, rounded once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import count
from operator import attrgetter
from string import ascii_uppercase

from sqlalchemy import delete, inspect
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from procurement.catalogue.terms import Kind, ProductStatus
from procurement.kernel import text
from procurement.kernel.errors import FieldError, Invalid
from procurement.kernel.money import Rate, TaxRate, UnitPrice
from procurement.kernel.tax_categories import TaxCategory
from procurement.sales.models import Quote, QuoteLine, QuoteLineOffer
from procurement.sales.queries.offers import OfferedPack, OfferedProduct, offered_products
from procurement.sales.queries.prices import PriceBook, price_book
from procurement.sales.queries.taxing import taxing
from procurement.sales.rules.line_tax import Taxing
from procurement.sales.rules.totals import PricedLine, QuoteTotals, Step, add_up
from procurement.sales.terms import LineChoice, LineKind

MOST_LINES = 2_000
MOST_PACKS = 1_000_000
MOST_OFFERS = 6
NOTHING = Rate(0)


@dataclass(frozen=True, slots=True)
class OfferInput:
    """Another quantity of a line. No price: what the list says for so many."""

    packs: int
    price: UnitPrice | None = None
    discount: Rate = NOTHING


@dataclass(frozen=True, slots=True)
class QuoteLineInput:
    """So many packs of a product. No pack: the sales pack. No price: what the list says. No tax: the company's.

    Words take `text` and a section only. Lines that are alternatives name the same group; the one we suggest is
    `chosen`, the first where none is.
    """

    product: str = ""
    packs: int = 1
    pack: str | None = None
    price: UnitPrice | None = None
    discount: Rate = NOTHING
    tax_code: str | None = None
    tax: TaxRate | None = None
    section: str = ""
    note: str = ""
    kind: LineKind = LineKind.PRODUCT
    choice: LineChoice = LineChoice.INCLUDED
    choice_group: str = ""
    chosen: bool = False
    own_use: bool = False
    text: str = ""
    offers: tuple[OfferInput, ...] = ()


_Goods = tuple[OfferedProduct, OfferedPack]


def put_lines(
    session: Session, quote: Quote, lines: Sequence[QuoteLineInput], *, today: date, ask: bool
) -> None:
    """Replace a draft's lines and add it up. All bad lines are named at once; nothing is changed then."""
    if len(lines) > MOST_LINES:
        raise Invalid(f"A quote has at most {MOST_LINES:,} lines.", field="lines")
    lines = _suggesting(lines)
    products = offered_products(session, skus={line.product for line in lines})
    known = {line.product_id for line in quote.lines if line.product_id}
    found, errors = _look_up(lines, products, known)
    if errors:
        raise Invalid.of(errors)
    packs = {goods[1].id for goods in found if goods}
    book = price_book(
        session, quote.currency, quote.price_list_id, packs, customer_id=quote.customer_id
    )
    taxes = taxing(session, quote.customer_id, today)
    rows, errors = _rows(lines, found, book, taxes, today=today, ask=ask)
    if errors:
        raise Invalid.of(errors)
    _replace(session, quote, rows)
    total_up(quote)


def _suggesting(lines: Sequence[QuoteLineInput]) -> list[QuoteLineInput]:
    """Of every group of alternatives exactly one is suggested: the one that says so, else the first."""
    lines = _grouped(lines)
    groups: dict[str, list[int]] = {}
    for i, line in enumerate(lines):
        if line.choice is LineChoice.ALTERNATIVE:
            group = text.code(line.choice_group.strip(), f"lines.{i}.choice_group")
            groups.setdefault(group, []).append(i)
    clean = [replace(line, choice_group="", chosen=False) for line in lines]
    for group, members in groups.items():
        wanted = [i for i in members if lines[i].chosen]
        if len(wanted) > 1:
            raise Invalid("Suggest one of the alternatives.", field=f"lines.{wanted[1]}.chosen")
        if len(members) == 1:  # what has no other to choose from is simply in the total
            clean[members[0]] = replace(clean[members[0]], choice=LineChoice.INCLUDED)
            continue
        for i in members:
            suggested = i == (wanted or members)[0]
            clean[i] = replace(lines[i], choice_group=group, chosen=suggested)
    return clean


def _grouped(lines: Sequence[QuoteLineInput]) -> list[QuoteLineInput]:
    """An alternative that names no group is one to the line above it, which becomes the suggested one."""
    made: list[QuoteLineInput] = []
    used = {line.choice_group for line in lines}
    letters = (letter for letter in _group_names() if letter not in used)
    for i, line in enumerate(lines):
        if line.choice is not LineChoice.ALTERNATIVE or line.choice_group.strip():
            made.append(line)
            continue
        above = made[-1] if made else None
        if (
            above is None
            or above.kind is not LineKind.PRODUCT
            or above.choice is LineChoice.OPTIONAL
        ):
            raise Invalid(
                "An alternative stands below the line it may replace.", field=f"lines.{i}.choice"
            )
        if above.choice is LineChoice.INCLUDED:
            above = replace(
                above, choice=LineChoice.ALTERNATIVE, choice_group=next(letters), chosen=True
            )
            made[-1] = above
        made.append(replace(line, choice_group=above.choice_group))
    return made


def _group_names() -> Iterator[str]:
    """A to Z, then A2 and so on."""
    for turn in count(1):
        for letter in ascii_uppercase:
            yield letter if turn == 1 else f"{letter}{turn}"


def _look_up(
    lines: Sequence[QuoteLineInput], products: dict[str, OfferedProduct], known: set[int]
) -> tuple[list[_Goods | None], list[FieldError]]:
    """Each line's product and pack; words have none."""
    found: list[_Goods | None] = []
    errors = []
    for i, line in enumerate(lines):
        if line.kind is LineKind.TEXT:
            found.append(None)
            continue
        product = products.get(line.product)
        if product is None:
            errors.append(
                FieldError(f"lines.{i}.product", f"There is no product {line.product[:64]!r}.")
            )
            continue
        pack = product.pack(line.pack)
        if pack is None:
            errors.append(FieldError(f"lines.{i}.pack", f"{product.sku} has no such pack."))
        elif product.status is not ProductStatus.ACTIVE and product.id not in known:
            errors.append(FieldError(f"lines.{i}.product", f"{product.sku} is discontinued."))
        else:
            found.append((product, pack))
        if not 1 <= line.packs <= MOST_PACKS:
            errors.append(FieldError(f"lines.{i}.packs", f"From 1 to {MOST_PACKS:,} packs."))
    return found, errors


def _rows(
    lines: Sequence[QuoteLineInput],
    found: Sequence[_Goods | None],
    book: PriceBook,
    taxes: Taxing,
    *,
    today: date,
    ask: bool,
) -> tuple[list[QuoteLine], list[FieldError]]:
    rows, errors = [], []
    for i, (line, goods) in enumerate(zip(lines, found, strict=True)):
        try:
            row = _row(line, goods, book, taxes, today) if goods else _words(line)
        except Invalid as error:
            errors += [FieldError(f"lines.{i}.{e.field}", e.message) for e in error.errors]
            continue
        if goods and row.price_e4 is None and not ask:
            sentence = f"No price list has {line.product} ({goods[1].name}); please give a price."
            errors.append(FieldError(f"lines.{i}.unit_price", sentence))
        rows.append(row)
    return rows, errors


def _words(line: QuoteLineInput) -> QuoteLine:
    """A line without a product."""
    if line.choice is not LineChoice.INCLUDED:
        raise Invalid("Words are no option and no alternative.", field="choice")
    return QuoteLine(
        kind=LineKind.TEXT,
        choice=LineChoice.INCLUDED,
        choice_group="",
        chosen=False,
        section=text.optional_line(line.section, "section"),
        packs=0,
        price_reason="",
        discount_bp=0,
        tax_code="",
        tax_ppm=0,
        tax_reason="",
        tax_category=TaxCategory.OUTSIDE,
        tax_detail="",
        own_use=False,
        text=_said(line.text),
        note="",
        net_minor=0,
        offers=[],
    )


def _said(words: str) -> str:
    if not (said := text.prose(words, "text")):
        raise Invalid("Please write something.", field="text")
    return said


def _row(
    line: QuoteLineInput, goods: _Goods, book: PriceBook, taxes: Taxing, today: date
) -> QuoteLine:
    product, pack = goods
    found = book.price(pack.id, line.packs, today)
    if line.price is not None and line.price.currency != book.currency:
        raise Invalid(f"This quote is in {book.currency}.", field="unit_price")
    if not 0 <= line.discount.basis_points <= 10_000:
        raise Invalid("A discount lies between 0 and 100 %.", field="discount_percent")
    sample = line.kind is LineKind.SAMPLE
    if sample and line.choice is not LineChoice.INCLUDED:
        raise Invalid("A sample is no option and no alternative.", field="choice")
    price = line.price or (found.price if found else None)
    reason = _reason(line.price, found.price if found else None, found.reason if found else "")
    tax = taxes.of(
        is_service=product.kind is Kind.SERVICE,
        own_use=line.own_use,
        code=line.tax_code,
        rate=line.tax,
    )
    return QuoteLine(
        kind=line.kind,
        choice=line.choice,
        choice_group=line.choice_group,
        chosen=line.chosen,
        section=text.optional_line(line.section, "section"),
        product_id=product.id,
        pack_id=pack.id,
        packs=line.packs,
        list_price_e4=found.price.e4 if found else None,
        price_e4=0 if sample else price.e4 if price else None,
        price_reason="Sample, free of charge" if sample else reason,
        discount_bp=0 if sample else line.discount.basis_points,
        tax_code=tax.code,
        tax_ppm=tax.rate.ppm,
        tax_reason=tax.why,
        tax_category=tax.category,
        tax_detail=tax.detail,
        own_use=line.own_use,
        text=text.prose(line.text, "text"),
        note=text.optional_line(line.note, "note"),
        net_minor=0,
        offers=_offers(line, pack, book, today),
    )


def _offers(
    line: QuoteLineInput, pack: OfferedPack, book: PriceBook, today: date
) -> list[QuoteLineOffer]:
    if line.offers and line.kind is not LineKind.PRODUCT:
        raise Invalid("A sample has one quantity.", field="offers")
    if len(line.offers) > MOST_OFFERS:
        raise Invalid(f"At most {MOST_OFFERS} other quantities.", field="offers")
    seen = {line.packs}
    rows = []
    for j, offer in enumerate(line.offers):
        if not 1 <= offer.packs <= MOST_PACKS:
            raise Invalid(f"From 1 to {MOST_PACKS:,} packs.", field=f"offers.{j}.packs")
        if offer.packs in seen:
            raise Invalid("This quantity stands on the line already.", field=f"offers.{j}.packs")
        if not 0 <= offer.discount.basis_points <= 10_000:
            sentence = "A discount lies between 0 and 100 %."
            raise Invalid(sentence, field=f"offers.{j}.discount_percent")
        seen.add(offer.packs)
        found = book.price(pack.id, offer.packs, today)
        price = offer.price or (found.price if found else None)
        if price is None:
            raise Invalid(
                "No price list has it; please give a price.", field=f"offers.{j}.unit_price"
            )
        if price.currency != book.currency:
            raise Invalid(f"This quote is in {book.currency}.", field=f"offers.{j}.unit_price")
        discount = offer.discount
        rows.append(
            QuoteLineOffer(
                packs=offer.packs,
                list_price_e4=found.price.e4 if found else None,
                price_e4=price.e4,
                discount_bp=discount.basis_points,
                net_minor=price.total(offer.packs, discount).minor,
            )
        )
    return sorted(rows, key=lambda row: row.packs)


def _reason(given: UnitPrice | None, listed: UnitPrice | None, words: str) -> str:
    if given is None or given == listed:
        return words or "No price list has it"
    if listed is None:
        return "Agreed price; on no price list"
    return f"Agreed price; {words}: {listed.amount}"


def copied(line: QuoteLine) -> QuoteLine:
    """The same line for another revision, with everything it offers."""
    names = {column.key for column in inspect(QuoteLine).column_attrs} - {"id", "quote_id"}
    offers = [
        QuoteLineOffer(
            packs=offer.packs,
            list_price_e4=offer.list_price_e4,
            price_e4=offer.price_e4,
            discount_bp=offer.discount_bp,
            net_minor=offer.net_minor,
        )
        for offer in line.offers
    ]
    return QuoteLine(**{name: getattr(line, name) for name in names}, offers=offers)


def _replace(session: Session, quote: Quote, rows: Sequence[QuoteLine]) -> None:
    """A line that says what is stored at its place stays; the others go in one statement and come in bulk.

    Nothing points at a draft's lines.
    """
    stored = {line.position: line for line in quote.lines}
    lines = []
    for position, row in enumerate(rows, start=1):
        row.position = position
        there = stored.get(position)
        lines.append(there if there is not None and _said_of(there) == _said_of(row) else row)
    kept = [line for line in lines if line is stored.get(line.position)]
    gone = stored.keys() - {line.position for line in kept}
    if gone:
        session.execute(
            delete(QuoteLine)
            .where(QuoteLine.quote_id == quote.id, QuoteLine.position.in_(gone))
            .execution_options(synchronize_session=False)
        )
        for position in gone:
            session.expunge(stored[position])
        set_committed_value(quote, "lines", kept)
    quote.lines = lines


_NOT_SAID = {"id", "quote_id", "net_minor"}
_SAID = (one.key for one in QuoteLine.__table__.columns)
_COLUMNS = attrgetter(*(key for key in _SAID if key not in _NOT_SAID))


def _said_of(line: QuoteLine) -> tuple[object, ...]:
    """All a line says; its amount follows from it."""
    offers = tuple((one.packs, one.price_e4, one.discount_bp) for one in line.offers)
    return (*_COLUMNS(line), offers)


def total_up(quote: Quote) -> QuoteTotals:
    """Write the figures of the one function onto the quote and its lines."""
    totals = add_up(list(_priced(quote)), quote.currency, quote.rounding_rule)
    for line, amounts in zip(quote.lines, totals.lines, strict=True):
        line.net_minor = amounts.net
    quote.net_minor, quote.tax_minor, quote.gross_minor = totals.net, totals.tax, totals.gross
    return totals


def _priced(quote: Quote) -> Iterator[PricedLine]:
    for line in quote.lines:
        yield PricedLine(
            price=UnitPrice(line.price_e4 or 0, quote.currency),
            packs=line.packs,
            discount=Rate(line.discount_bp),
            tax_code=line.tax_code,
            tax=TaxRate(line.tax_ppm),
            section=line.section,
            kind=line.kind,
            choice=line.choice,
            group=line.choice_group,
            chosen=line.chosen,
            offers=tuple(
                Step(
                    offer.packs, UnitPrice(offer.price_e4, quote.currency), Rate(offer.discount_bp)
                )
                for offer in line.offers
            ),
        )
