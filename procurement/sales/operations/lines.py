"""The lines of a draft: looked up, priced with the reason, taxed, rounded once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from procurement.catalogue.terms import ProductStatus
from procurement.kernel import text
from procurement.kernel.errors import FieldError, Invalid
from procurement.kernel.money import Rate, UnitPrice
from procurement.sales.models import Quote, QuoteLine
from procurement.sales.queries.offers import OfferedPack, OfferedProduct, offered_products
from procurement.sales.queries.prices import PriceBook, price_book
from procurement.sales.rules.totals import PricedLine, QuoteTotals, add_up
from procurement.settings.queries import get_company, taxes

MOST_LINES = 500
MOST_PACKS = 1_000_000
NOTHING = Rate(0)


@dataclass(frozen=True, slots=True)
class QuoteLineInput:
    """So many packs of a product. No pack: the sales pack. No price: what the list says. No tax: the company's."""

    product: str
    packs: int
    pack: str | None = None
    price: UnitPrice | None = None
    discount: Rate = NOTHING
    tax_code: str | None = None
    tax: Rate | None = None
    optional: bool = False
    section: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class _Taxing:
    """The taxes there are, and the one for lines that say nothing."""

    by_code: dict[str, Rate]
    default_code: str | None

    def of(self, line: QuoteLineInput) -> tuple[str, Rate]:
        if line.tax_code:
            if line.tax_code not in self.by_code:
                if rate := _spelled_out(line.tax_code):
                    return line.tax_code, rate
                raise Invalid("There is no such tax.", field="tax_code")
            return line.tax_code, self.by_code[line.tax_code]
        if line.tax is not None:
            known = (code for code, rate in self.by_code.items() if rate == line.tax)
            # A rate nobody has set up still prints: its percentage stands where the letter would.
            return next(known, f"{line.tax.percent}%"), line.tax
        if self.default_code in self.by_code:
            return self.default_code, self.by_code[self.default_code]
        return "0%", NOTHING


def _spelled_out(code: str) -> Rate | None:
    """The rate of a code such as "19%", for rates nobody has set up."""
    try:
        return Rate.parse(code.removesuffix("%")) if code.endswith("%") else None
    except ValueError:
        return None


def put_lines(
    session: Session, quote: Quote, lines: Sequence[QuoteLineInput], *, today: date, ask: bool
) -> None:
    """Replace a draft's lines and add it up. All bad lines are named at once; nothing is changed then."""
    if len(lines) > MOST_LINES:
        raise Invalid(f"A quote has at most {MOST_LINES} lines.", field="lines")
    products = offered_products(session, skus={line.product for line in lines})
    known = {line.product_id for line in quote.lines}
    chosen, errors = _choose(lines, products, known)
    if errors:
        raise Invalid.of(errors)
    book = price_book(session, quote.currency, quote.price_list_id, {pack.id for _, pack in chosen})
    rows, errors = _rows(session, lines, chosen, book, today=today, ask=ask)
    if errors:
        raise Invalid.of(errors)
    _replace(quote, rows)
    total_up(quote)


def _choose(
    lines: Sequence[QuoteLineInput], products: dict[str, OfferedProduct], known: set[int]
) -> tuple[list[tuple[OfferedProduct, OfferedPack]], list[FieldError]]:
    chosen, errors = [], []
    for i, line in enumerate(lines):
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
            chosen.append((product, pack))
        if not 1 <= line.packs <= MOST_PACKS:
            errors.append(FieldError(f"lines.{i}.packs", f"From 1 to {MOST_PACKS:,} packs."))
    return chosen, errors


def _rows(
    session: Session,
    lines: Sequence[QuoteLineInput],
    chosen: Sequence[tuple[OfferedProduct, OfferedPack]],
    book: PriceBook,
    *,
    today: date,
    ask: bool,
) -> tuple[list[QuoteLine], list[FieldError]]:
    company = get_company(session)
    taxing = _Taxing({tax.code: tax.rate for tax in taxes(session)}, company.default_tax_code)
    rows, errors = [], []
    for i, (line, (product, pack)) in enumerate(zip(lines, chosen, strict=True)):
        try:
            row = _row(line, product, pack, book, taxing, today)
        except Invalid as error:
            errors += [FieldError(f"lines.{i}.{e.field}", e.message) for e in error.errors]
            continue
        if row.price_e4 is None and not ask:
            sentence = f"No price list has {product.sku} ({pack.name}); please give a price."
            errors.append(FieldError(f"lines.{i}.unit_price", sentence))
        rows.append(row)
    return rows, errors


def _row(
    line: QuoteLineInput,
    product: OfferedProduct,
    pack: OfferedPack,
    book: PriceBook,
    taxing: _Taxing,
    today: date,
) -> QuoteLine:
    found = book.price(pack.id, line.packs, today)
    if line.price is not None and line.price.currency != book.currency:
        raise Invalid(f"This quote is in {book.currency}.", field="unit_price")
    if not 0 <= line.discount.basis_points <= 10_000:
        raise Invalid("A discount lies between 0 and 100 %.", field="discount_percent")
    price = line.price or (found.price if found else None)
    tax_code, tax = taxing.of(line)
    return QuoteLine(
        section=text.optional_line(line.section, "section"),
        product_id=product.id,
        pack_id=pack.id,
        packs=line.packs,
        list_price_e4=found.price.e4 if found else None,
        price_e4=price.e4 if price else None,
        price_reason=_reason(
            line.price, found.price if found else None, found.reason if found else ""
        ),
        discount_bp=line.discount.basis_points,
        tax_code=tax_code,
        tax_bp=tax.basis_points,
        optional=line.optional,
        note=text.optional_line(line.note, "note"),
        net_minor=0,
    )


def _reason(given: UnitPrice | None, listed: UnitPrice | None, words: str) -> str:
    if given is None or given == listed:
        return words or "No price list has it"
    if listed is None:
        return "Agreed price; on no price list"
    return f"Agreed price; {words}: {listed.amount}"


# Everything of a line but its own key, its quote and its place.
_COPIED = (
    "section",
    "product_id",
    "pack_id",
    "packs",
    "list_price_e4",
    "price_e4",
    "price_reason",
    "discount_bp",
    "tax_code",
    "tax_bp",
    "optional",
    "note",
    "net_minor",
)


def copied(line: QuoteLine) -> QuoteLine:
    """The same line for another revision."""
    row = QuoteLine(**{name: getattr(line, name) for name in _COPIED})
    row.position = line.position
    return row


def _replace(quote: Quote, rows: Sequence[QuoteLine]) -> None:
    """Rows keep their place: written over in place, because inserts come before deletes in a flush."""
    for position, row in enumerate(rows, start=1):
        if position <= len(quote.lines):
            for name in _COPIED:
                setattr(quote.lines[position - 1], name, getattr(row, name))
        else:
            row.position = position
            quote.lines.append(row)
    del quote.lines[len(rows) :]


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
            tax=Rate(line.tax_bp),
            section=line.section,
            optional=line.optional,
        )
