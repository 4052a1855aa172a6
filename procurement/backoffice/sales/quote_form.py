"""The form of the quote editor: the head, the lines, and lines typed or pasted as text."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from wtforms import FormField

from procurement.kernel.errors import DomainError, FieldError, Invalid
from procurement.kernel.money import Rate, UnitPrice
from procurement.sales.operations.lines import MOST_PACKS, NOTHING, OfferInput, QuoteLineInput
from procurement.sales.operations.quoting import ChangeQuote
from procurement.sales.queries.quotes import QuoteLineRow, QuoteOfferRow, QuotePage
from procurement.sales.terms import LineChoice, LineKind
from procurement.web.fields import (
    ChoiceField,
    DateField,
    PercentField,
    PriceField,
    ProseField,
    TextField,
    TickField,
    WholeNumberField,
    plain_figure,
    shown_figure,
)
from procurement.web.forms import BaseForm, LineForm, LineList

_PASTED = re.compile(
    r"(?P<sku>[^\s;,]+)(?:[\s;,]+(?P<packs>[0-9]{1,7}))?(?:[\s;,]+(?P<price>\S+))?\s*"
)
_OF_LINE = re.compile(r"lines\.(?P<line>[0-9]+)\.(?P<field>\w+)")
MOST_PASTED = 200
_OFFER = re.compile(
    r"(?P<packs>[0-9]{1,7})(?:\s*@\s*(?P<price>[0-9.,]+))?(?:\s*-\s*(?P<off>[0-9.,]+)\s*%)?"
)
KINDS = (
    (LineKind.PRODUCT.value, "Goods or a service"),
    (LineKind.SAMPLE.value, "Sample, free"),
    (LineKind.TEXT.value, "Words"),
)
CHOICES = (
    (LineChoice.INCLUDED.value, "In the total"),
    (LineChoice.OPTIONAL.value, "Option"),
    (LineChoice.ALTERNATIVE.value, "Alternative"),
)


class QuoteLineForm(LineForm):
    kind = ChoiceField("Kind", KINDS, required=False)
    product = TextField("Product", required=False, most=64)
    pack = TextField("Pack", required=False, most=64)
    packs = WholeNumberField("Packs", required=False, least=1, most=MOST_PACKS)
    offers = TextField("Other quantities", required=False)
    unit_price = PriceField("Price", required=False)
    discount_percent = PercentField("Discount", required=False)
    tax_code = TextField("Tax", required=False, most=64)
    section = TextField("Section", required=False)
    note = TextField("Note", required=False)
    choice = ChoiceField("In the total", CHOICES, required=False)
    choice_group = TextField("Alternatives of", required=False, most=64)
    chosen = TickField("Suggested")
    own_use = TickField("Own use")
    text = ProseField("Words", required=False)
    remove = TickField("Remove")

    def to_input(self, currency: str) -> QuoteLineInput:
        price = self.unit_price.data
        return QuoteLineInput(
            product=self.product.data,
            packs=1 if self.packs.data is None else self.packs.data,
            pack=self.pack.data or None,
            price=UnitPrice(price.e4, currency) if price else None,
            discount=self.discount_percent.data or NOTHING,
            tax_code=self.tax_code.data or None,
            kind=LineKind(self.kind.data or LineKind.PRODUCT),
            choice=LineChoice(self.choice.data or LineChoice.INCLUDED),
            choice_group=self.choice_group.data,
            chosen=self.chosen.data,
            own_use=self.own_use.data,
            text=self.text.data,
            offers=parse_offers(self.offers.data, currency),
            section=self.section.data,
            note=self.note.data,
        )


class QuoteForm(BaseForm):
    version = WholeNumberField("Version", most=10**9)
    contact = WholeNumberField("For", required=False, most=10**15)
    price_list = TextField("Price list", required=False, most=64)
    valid_until = DateField("Valid until")
    introduction = ProseField("Note to the customer", required=False)
    terms = ProseField("Terms", required=False)
    lines = LineList(FormField(QuoteLineForm), spare=0, least=0)
    add = TextField("Add a product", required=False)
    pick = TextField("Picked", required=False, most=64)
    paste = ProseField("Paste lines", required=False, most=20_000)

    def to_command(self, number: str, currency: str, *, with_typed: bool = True) -> ChangeQuote:
        kept = tuple(self.lines[i].form.to_input(currency) for i in self.kept)
        typed = self.typed(currency) if with_typed else ()
        return ChangeQuote(
            number=number,
            version=self.version.data,
            valid_until=self.valid_until.data,
            lines=(*kept, *typed),
            contact_id=self.contact.data,
            price_list=self.price_list.data or None,
            introduction=self.introduction.data,
            terms=self.terms.data,
        )

    @property
    def kept(self) -> list[int]:
        """The rows that stay; a command's line is one of these, then come the typed ones."""
        return [i for i, entry in enumerate(self.lines) if not entry.form.remove.data]

    def typed(self, currency: str) -> tuple[QuoteLineInput, ...]:
        """Lines to add: a product picked from those found, else the code typed; and what was pasted."""
        added = parse_lines(self.pick.data or self.add.data, currency)
        return (*added, *parse_lines(self.paste.data, currency))

    def blame(self, error: DomainError) -> None:
        """A line's message goes to its row, or to where the line was typed."""
        super().blame(Invalid(error.message, errors=[self._placed(e) for e in error.errors]))

    def _placed(self, error: FieldError) -> FieldError:
        if not (found := _OF_LINE.fullmatch(error.field)):
            return error
        place = int(found["line"])
        if place < len(self.kept):
            return FieldError(f"lines.{self.kept[place]}.{found['field']}", error.message)
        return FieldError("paste" if self.paste.data else "add", error.message)

    @property
    def skus(self) -> list[str]:
        return [entry.form.product.data or "" for entry in self.lines]


def parse_lines(text: str, currency: str) -> list[QuoteLineInput]:
    """Lines such as "ALM-500 12" or "ALM-500<tab>12<tab>11.90", one product a line; without a number, one pack."""
    written = [line for line in text.splitlines() if line.strip()]
    if len(written) > MOST_PASTED:
        raise Invalid(f"At most {MOST_PASTED} lines at a time, please.", field="paste")
    return [_parse(line, i, currency) for i, line in enumerate(written, start=1)]


def _parse(line: str, number: int, currency: str) -> QuoteLineInput:
    found = _PASTED.fullmatch(line.strip())
    if found is None:
        raise Invalid(f"Line {number}: write a code, a number and perhaps a price.", field="paste")
    price = None
    if found["price"]:
        try:
            price = UnitPrice.parse(plain_figure(found["price"]), currency)
        except ValueError as error:
            raise Invalid(f"Line {number}: {error}", field="paste") from error
    return QuoteLineInput(product=found["sku"], packs=int(found["packs"] or 1), price=price)


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


@dataclass(frozen=True, slots=True)
class _Row:
    """A stored line as the form shows it: a price only where somebody typed one."""

    product: str
    pack: str
    kind: str
    packs: int | None
    offers: str
    unit_price: UnitPrice | None
    discount_percent: object
    tax_code: str
    section: str
    note: str
    choice: str
    choice_group: str
    chosen: bool
    own_use: bool
    text: str
    remove: bool = False


@dataclass(frozen=True, slots=True)
class _Head:
    version: int
    contact: int | None
    price_list: str | None
    valid_until: date
    introduction: str
    terms: str
    lines: tuple[_Row, ...]
    add: str = ""
    pick: str = ""
    paste: str = ""


def form_of(page: QuotePage) -> QuoteForm:
    """The form filled with what is stored."""
    head = _Head(
        version=page.version,
        contact=page.contact_id,
        price_list=page.price_list,
        valid_until=page.valid_until,
        introduction=page.introduction,
        terms=page.terms,
        lines=tuple(_row(line) for line in page.lines),
    )
    return QuoteForm(obj=head)


def _row(line: QuoteLineRow) -> _Row:
    return _Row(
        product=line.product,
        pack=line.pack,
        kind=line.kind,
        packs=line.packs or None,
        offers=offers_said(line.offers),
        unit_price=None if line.is_list_price or line.kind is LineKind.SAMPLE else line.price,
        discount_percent=line.discount if line.discount.basis_points else None,
        tax_code=line.tax_code,
        section=line.section,
        note=line.note,
        choice=line.choice,
        choice_group=line.choice_group,
        chosen=line.chosen,
        own_use=line.own_use,
        text=line.text,
    )
