"""Lines of a quote written as text: typed into one field, scanned, or pasted from a spreadsheet."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from procurement.kernel.errors import Invalid
from procurement.kernel.money import Rate, UnitPrice
from procurement.sales.operations.lines import NOTHING, OfferInput, QuoteLineInput
from procurement.sales.queries.finding import NotUnderstood, Understood
from procurement.sales.queries.quotes import QuoteOfferRow
from procurement.sales.rules.scanned import is_scan
from procurement.web.fields import plain_figure, shown_figure

MOST_PASTED = 500
_CELLS = re.compile(r"[\t;]")
_PACKS = re.compile(r"[0-9]{1,7}")
_FIGURE = re.compile(r"[0-9]+(?:[.,][0-9]{1,6})?")
_OFFER = re.compile(
    r"(?P<packs>[0-9]{1,7})(?:\s*@\s*(?P<price>[0-9.,]+))?(?:\s*-\s*(?P<off>[0-9.,]+)\s*%)?"
)


@dataclass(frozen=True, slots=True)
class Written:
    """One written line, taken apart: a code or name, a number of packs and a price where they are there."""

    text: str
    product: str
    packs: int | None
    price: UnitPrice | None


@dataclass(frozen=True, slots=True)
class Reading:
    """What became of written lines: lines to add, and what nobody understood, as it was written, with the reason."""

    lines: tuple[QuoteLineInput, ...]
    left: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()


def take_apart(text: str, currency: str, today: date) -> list[Written | tuple[str, str]]:
    """Every line that is not empty; one that cannot be read comes with its reason."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > MOST_PASTED:
        raise Invalid(f"At most {MOST_PASTED} lines at a time, please.", field="paste")
    parts: list[Written | tuple[str, str]] = []
    for line in lines:
        try:
            parts.append(_written(line, currency, today))
        except ValueError as error:
            parts.append((line, str(error)))
    return parts


def _written(line: str, currency: str, today: date) -> Written:
    cells = [cell.strip() for cell in _CELLS.split(line)]
    if len(cells) == 1 and is_scan(line, today=today):
        return Written(line, line, None, None)
    if len(cells) == 1:
        cells = _words(line)
    product, rest = cells[0], [cell for cell in cells[1:] if cell]
    packs = None
    if rest and _PACKS.fullmatch(rest[0]):
        packs = int(rest.pop(0))
    if not product or len(rest) > 1:
        raise ValueError("Write a code or name, a number and perhaps a price.")
    price = UnitPrice.parse(plain_figure(rest[0].lstrip("€$£ ")), currency) if rest else None
    return Written(line, product, packs, price)


def _words(line: str) -> list[str]:
    """Without tabs or semicolons the figures stand at the end: "Sweet almond oil 12 11.90", "ALM-500, 12"."""
    words = line.replace(", ", " ").split()
    figures: list[str] = []
    while len(words) > 1 and len(figures) < 2 and _FIGURE.fullmatch(words[-1]):
        figures.insert(0, words.pop())
    if len(figures) == 2 and not _PACKS.fullmatch(figures[0]):
        words.append(figures.pop(0))
    if len(figures) == 1 and not _PACKS.fullmatch(figures[0]):
        figures.insert(0, "1")
    return [" ".join(words).rstrip(","), *figures]


def read_lines(
    parts: Sequence[Written | tuple[str, str]],
    known: Mapping[str, Understood | NotUnderstood],
    section: str,
) -> Reading:
    """The written lines as lines of the quote, as far as their products are known."""
    lines, left, reasons = [], [], []
    for part in parts:
        if not isinstance(part, Written):
            left.append(part[0])
            reasons.append(f"“{part[0][:60]}”: {part[1]}")
            continue
        found = known[part.product]
        if isinstance(found, NotUnderstood):
            left.append(part.text)
            reasons.append(found.why)
        else:
            lines.append(
                QuoteLineInput(
                    product=found.sku,
                    packs=part.packs or found.count or 1,
                    pack=found.pack,
                    price=part.price,
                    section=section,
                )
            )
    return Reading(tuple(lines), tuple(left), tuple(reasons))


def parse_offers(text: str, currency: str) -> tuple[OfferInput, ...]:
    """Other quantities as "6; 12 @ 130.50; 24 -5%": packs, then a price and a discount of their own."""
    offers = []
    for part in filter(None, (part.strip() for part in text.split(";"))):
        found = _OFFER.fullmatch(part)
        if found is None:
            raise Invalid(f"Write “6; 12 @ 130.50; 24 -5%”, not “{part[:40]}”.", field="offers")
        try:
            price = (
                UnitPrice.parse(plain_figure(found["price"]), currency) if found["price"] else None
            )
            off = Rate.parse(plain_figure(found["off"])) if found["off"] else NOTHING
        except ValueError as error:
            raise Invalid(f"“{part[:40]}”: {error}", field="offers") from error
        offers.append(OfferInput(int(found["packs"]), price, off))
    return tuple(offers)


def offers_said(offers: Sequence[QuoteOfferRow]) -> str:
    """The same the other way round."""
    return "; ".join(
        f"{one.packs} @ {shown_figure(one.price.amount)}"
        + (f" -{shown_figure(one.discount.percent)}%" if one.discount.basis_points else "")
        for one in offers
    )
