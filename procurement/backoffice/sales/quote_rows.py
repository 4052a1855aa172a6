"""The rows of the quote editor that nobody is working on.

A shut row is text on the page. The form sends where it stands and the mark of the line it was read from, and the
line itself is taken from what is stored: two thousand lines are two thousand short fields instead of 36,000.
"""

import re
from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from procurement.backoffice.sales.quote_typed import offers_said
from procurement.kernel.money import UnitPrice
from procurement.sales.operations.lines import OfferInput, QuoteLineInput
from procurement.sales.queries.clashes import mark_of
from procurement.sales.queries.quotes import QuoteLineRow
from procurement.sales.terms import LineKind

# A quote with more lines opens with all of them shut.
MOST_OPEN = 60
MOST_KEPT_OPEN = 150
_SHUT = re.compile(r"shut-(?P<number>[0-9]{1,5})-(?P<mark>[0-9a-f]{12})")
_PLACE = re.compile(r"[0-9]{1,6}")


@dataclass(frozen=True, slots=True)
class Shut:
    """Where the row stands, and the mark of the line it was read from."""

    place: int
    was: str


@dataclass(frozen=True, slots=True)
class Row:
    """A stored line as the form shows it: a price only where somebody typed one."""

    place: int
    was: str
    role: str
    product: str
    pack: str
    packs: int | None
    offers: str
    unit_price: UnitPrice | None
    discount_percent: object
    tax_code: str
    section: str
    note: str
    choice_group: str
    chosen: bool
    own_use: bool
    text: str
    remove: bool = False


def marked(lines: Iterable[QuoteLineRow]) -> list[tuple[str, QuoteLineRow]]:
    """The lines with their marks."""
    return [(mark_of(line), line) for line in lines]


def shut_rows(sent: Mapping[str, str]) -> dict[int, Shut]:
    """The shut rows of a form that was sent, by their number on the page."""
    rows = {}
    for name, value in sent.items():
        if found := _SHUT.fullmatch(name):
            number = int(found["number"])
            place = int(value) if _PLACE.fullmatch(value) else number
            rows[number] = Shut(place, found["mark"])
    return rows


def row_of(line: QuoteLineRow) -> Row:
    """The stored line ready to be typed over."""
    typed = line.is_goods and line.kind is not LineKind.SAMPLE and not line.is_list_price
    return Row(
        place=line.position,
        was=mark_of(line),
        role=line.choice if line.kind is LineKind.PRODUCT else line.kind,
        product=line.product,
        pack=line.pack,
        packs=line.packs or None,
        offers=offers_said(line.offers),
        unit_price=line.price if typed else None,
        discount_percent=line.discount if line.discount.basis_points else None,
        tax_code="" if line.tax_reason else line.tax_code,  # left to the customer's papers
        section=line.section,
        note=line.note,
        choice_group=line.choice_group,
        chosen=line.chosen,
        own_use=line.own_use,
        text=line.text,
    )


def opened_rows(text: str) -> set[int]:
    """The rows a link asks to have open: "16.1999"."""
    numbers = [part for part in text.split(".") if _PLACE.fullmatch(part)]
    return {int(part) for part in numbers[-MOST_KEPT_OPEN:]}


def input_of(line: QuoteLineRow, sections: Mapping[str, str]) -> QuoteLineInput:
    """A stored line as somebody would type it again: a price and a tax only where a person chose them."""
    section = sections.get(line.section, line.section)
    if not line.is_goods:
        return QuoteLineInput(kind=LineKind.TEXT, text=line.text, section=section)
    agreed = line.kind is LineKind.PRODUCT and not line.is_list_price
    return QuoteLineInput(
        product=line.product,
        packs=line.packs,
        pack=line.pack,
        price=line.price if agreed else None,
        discount=line.discount,
        tax_code=None if line.tax_reason else line.tax_code,
        section=section,
        note=line.note,
        kind=line.kind,
        choice=line.choice,
        choice_group=line.choice_group,
        chosen=line.chosen,
        own_use=line.own_use,
        text=line.text,
        offers=tuple(OfferInput(one.packs, one.price, one.discount) for one in line.offers),
    )


def rejoined(
    stored: Sequence[QuoteLineRow],
    opened: Iterable[tuple[str, str]],
    shut: Mapping[int, Shut],
    last: int,
) -> dict[int, Shut]:
    """The shut rows after somebody else has saved: their lines as they are now, gone where they took them away.

    What they added or changed comes as rows numbered after `last`, unless it stands open here: of the `opened`, each
    with its mark and product, one whose line is not stored any more is taken for the same product's new line.
    """
    left: defaultdict[str, deque[QuoteLineRow]] = defaultdict(deque)
    for mark, line in marked(stored):
        left[mark].append(line)
    changed: Counter[str] = Counter()
    for was, product in opened:
        if left[was]:
            left[was].popleft()
        else:
            changed[product] += 1
    rows = {}
    for number, row in shut.items():
        if left[row.was]:
            rows[number] = Shut(left[row.was].popleft().position, row.was)
    new = sorted((line for lines in left.values() for line in lines), key=lambda one: one.position)
    for line in new:
        if changed[line.product]:
            changed[line.product] -= 1
        else:
            last += 1
            rows[last] = Shut(line.position, mark_of(line))
    return rows
