"""The form of the quote editor: the head, the sections, the lines, and what is added to them."""

import re
from dataclasses import dataclass, replace
from datetime import date

from wtforms import FormField

from procurement.backoffice.sales.quote_typed import Reading, offers_said, parse_offers
from procurement.catalogue.terms import Wishes
from procurement.kernel.errors import DomainError, FieldError, Invalid
from procurement.kernel.money import UnitPrice
from procurement.sales.operations.lines import MOST_LINES, MOST_PACKS, NOTHING, QuoteLineInput
from procurement.sales.operations.quoting import ChangeQuote
from procurement.sales.queries.clashes import mark_of
from procurement.sales.queries.quotes import QuoteLineRow, QuotePage
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
)
from procurement.web.forms import BaseForm, LineForm, LineList

_OF_LINE = re.compile(r"lines\.(?P<line>[0-9]+)\.(?P<field>[\w.]+)")
_MOVE = re.compile(r"(?P<line>[0-9]{1,5})-(?P<way>up|down)")
_REPLACE = re.compile(r"(?P<line>[0-9]{1,5}):(?P<sku>[^:]{1,64}):(?P<pack>[^:]{1,64})")
# What a line is, in one choice: a kind and whether it is in the total.
ROLES = (
    ("included", "In the total"),
    ("optional", "Option"),
    ("alternative", "Alternative to the line above"),
    ("sample", "Sample, free"),
    ("text", "Words"),
)


class QuoteLineForm(LineForm):
    place = WholeNumberField("Place", required=False, most=10**6)
    was = TextField("Was", required=False, most=64)  # the mark of the line as it was read
    role = ChoiceField("In the total?", ROLES, required=False)
    product = TextField("Product", required=False, most=64)
    pack = TextField("Pack", required=False, most=64)
    packs = WholeNumberField("Packs", required=False, least=1, most=MOST_PACKS)
    offers = TextField("Other quantities", required=False)
    unit_price = PriceField("Price", required=False)
    discount_percent = PercentField("Discount", required=False)
    tax_code = TextField("Tax", required=False, most=64)
    section = TextField("Section", required=False)
    note = TextField("Note", required=False)
    choice_group = TextField("Group", required=False, most=64)
    chosen = TickField("Suggested")
    own_use = TickField("Own use")
    text = ProseField("Words", required=False)
    remove = TickField("Remove")

    @property
    def is_words(self) -> bool:
        return bool(self.role.data == "text")

    def to_input(self, currency: str, sections: dict[str, str]) -> QuoteLineInput:
        price, role = self.unit_price.data, self.role.data or "included"
        is_kind = role in {"sample", "text"}
        choice = LineChoice.INCLUDED if is_kind else LineChoice(role)
        return QuoteLineInput(
            product=self.product.data,
            packs=1 if self.packs.data is None else self.packs.data,
            pack=self.pack.data or None,
            price=UnitPrice(price.e4, currency) if price else None,
            discount=self.discount_percent.data or NOTHING,
            tax_code=self.tax_code.data or None,
            kind=LineKind(role) if is_kind else LineKind.PRODUCT,
            choice=choice,
            choice_group=self.choice_group.data if choice is LineChoice.ALTERNATIVE else "",
            chosen=self.chosen.data and choice is LineChoice.ALTERNATIVE,
            own_use=self.own_use.data,
            text=self.text.data,
            offers=() if is_kind else parse_offers(self.offers.data, currency),
            section=sections.get(self.section.data, self.section.data),
            note=self.note.data,
        )


class SectionForm(LineForm):
    """The head of a section: its name as it was, and as it should be."""

    was = TextField("Was", required=False)
    name = TextField("Section", required=False)


class QuoteForm(BaseForm):
    version = WholeNumberField("Version", most=10**9)
    contact = WholeNumberField("For", required=False, most=10**15)
    price_list = TextField("Price list", required=False, most=64)
    valid_until = DateField("Valid until")
    introduction = ProseField("Note to the customer", required=False)
    terms = ProseField("Terms", required=False)
    nut_free = TickField("Nut-free")
    fragrance_free = TickField("Fragrance-free")
    vegan = TickField("Vegan")
    avoid = TextField("Without", required=False)
    heads = LineList(FormField(SectionForm), spare=0, least=0)
    lines = LineList(FormField(QuoteLineForm), spare=0, least=0, most=MOST_LINES)
    into = TextField("In section", required=False)
    add = TextField("Add a product", required=False)
    pick = TextField("Picked", required=False, most=64)
    paste = ProseField("Paste lines", required=False, most=50_000)
    words = ProseField("Words between the lines", required=False)
    move = TextField("Moved", required=False, most=64)
    suggest = TextField("Suggested", required=False, most=64)
    swap = TextField("Replaced", required=False, most=140)
    over = WholeNumberField("Over version", required=False, most=10**9)

    def to_command(
        self, number: str, currency: str, added: Reading | None = None, *, over: bool = False
    ) -> ChangeQuote:
        names = {head.form.was.data: head.form.name.data for head in self.heads}
        kept: list[QuoteLineInput] = []
        for i in self.kept:
            try:
                line = self.lines[i].form.to_input(currency, names)
            except Invalid as error:
                found = [
                    FieldError(f"lines.{len(kept)}.{e.field}", e.message) for e in error.errors
                ]
                raise Invalid.of(found) from error
            kept.append(self._changed(i, line))
        more = list(added.lines if added else ())
        if added is not None and self.words.data:
            more.append(
                QuoteLineInput(
                    kind=LineKind.TEXT, text=self.words.data, section=self.section_of_added
                )
            )
        return ChangeQuote(
            number=number,
            version=self.over.data if over and self.over.data else self.version.data,
            valid_until=self.valid_until.data,
            lines=(*kept, *more),
            contact_id=self.contact.data,
            price_list=self.price_list.data or None,
            introduction=self.introduction.data,
            terms=self.terms.data,
            wishes=Wishes(
                self.nut_free.data, self.fragrance_free.data, self.vegan.data, self.avoid.data
            ),
        )

    @property
    def section_of_added(self) -> str:
        return str(self.into.data or "")

    @property
    def kept(self) -> list[int]:
        """The rows that stay, in their order; a command's line is one of these, then come those added."""
        rows = [i for i, entry in enumerate(self.lines) if not entry.form.remove.data]
        rows.sort(key=lambda i: (self._place(i), i))
        if found := _MOVE.fullmatch(self.move.data or ""):
            self._step(rows, int(found["line"]), -1 if found["way"] == "up" else 1)
        return rows

    def _place(self, i: int) -> int:
        place = self.lines[i].form.place.data
        return i if place is None else int(place)

    @staticmethod
    def _step(rows: list[int], line: int, by: int) -> None:
        if line in rows:
            at = rows.index(line)
            to = min(max(at + by, 0), len(rows) - 1)
            rows[at], rows[to] = rows[to], rows[at]

    def _changed(self, i: int, line: QuoteLineInput) -> QuoteLineInput:
        """The line as the buttons beside it want it: suggested, or another product in its place."""
        if (found := _REPLACE.fullmatch(self.swap.data or "")) and int(found["line"]) == i:
            return replace(line, product=found["sku"], pack=found["pack"], price=None)
        wanted = self.suggest.data
        if wanted and wanted.isascii() and wanted.isdigit() and int(wanted) < len(self.lines):
            if int(wanted) == i:
                return replace(line, chosen=True)
            if line.choice_group == self.lines[int(wanted)].form.choice_group.data:
                return replace(line, chosen=False)
        return line

    @property
    def is_adding(self) -> bool:
        return bool(self.pick.data or self.add.data or self.paste.data or self.words.data)

    def blame(self, error: DomainError) -> None:
        """A line's message goes to its row, or to where the line was typed."""
        super().blame(Invalid(error.message, errors=[self._placed(e) for e in error.errors]))

    def _placed(self, error: FieldError) -> FieldError:
        if not (found := _OF_LINE.fullmatch(error.field)):
            return error
        place, field = int(found["line"]), found["field"]
        field = "offers" if field.startswith("offers.") else field
        field = "role" if field in {"choice", "chosen"} else field
        if place < len(self.kept):
            return FieldError(f"lines.{self.kept[place]}.{field}", error.message)
        return FieldError("paste" if self.paste.data else "add", error.message)

    @property
    def skus(self) -> list[str]:
        return [entry.form.product.data or "" for entry in self.lines]


@dataclass(frozen=True, slots=True)
class _Row:
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


@dataclass(frozen=True, slots=True)
class _SectionHead:
    was: str
    name: str


@dataclass(frozen=True, slots=True)
class _Head:
    version: int
    contact: int | None
    price_list: str | None
    valid_until: date
    introduction: str
    terms: str
    nut_free: bool
    fragrance_free: bool
    vegan: bool
    avoid: str
    heads: tuple[_SectionHead, ...]
    lines: tuple[_Row, ...]
    into: str
    add: str = ""
    pick: str = ""
    paste: str = ""
    words: str = ""
    move: str = ""
    suggest: str = ""
    swap: str = ""
    over: int | None = None


def form_of(page: QuotePage, left: str = "") -> QuoteForm:
    """The form filled with what is stored; `left` is pasted text that was not understood."""
    sections = dict.fromkeys(line.section for line in page.lines)
    head = _Head(
        version=page.version,
        contact=page.contact_id,
        price_list=page.price_list,
        valid_until=page.valid_until,
        introduction=page.introduction,
        terms=page.terms,
        nut_free=page.wishes.nut_free,
        fragrance_free=page.wishes.fragrance_free,
        vegan=page.wishes.vegan,
        avoid=page.wishes.avoid,
        heads=tuple(_SectionHead(name, name) for name in sections if name),
        lines=tuple(_row(line) for line in page.lines),
        into=page.lines[-1].section if page.lines else "",
        paste=left,
    )
    return QuoteForm(obj=head)


def _row(line: QuoteLineRow) -> _Row:
    typed = line.is_goods and line.kind is not LineKind.SAMPLE and not line.is_list_price
    return _Row(
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
