"""The form of the quote editor: the head, the sections, the lines, and what is added to them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Self

from flask import request
from wtforms import FormField

from procurement.backoffice.sales.quote_rows import (
    MOST_OPEN,
    Shut,
    input_of,
    marked,
    rejoined,
    row_of,
    shut_rows,
)
from procurement.backoffice.sales.quote_typed import Reading, parse_offers
from procurement.catalogue.rules.gs1 import SEPARATOR
from procurement.catalogue.rules.scanning import LONGEST
from procurement.catalogue.terms import Wishes
from procurement.documents.languages import LANGUAGES
from procurement.kernel.errors import DomainError, FieldError, Invalid
from procurement.kernel.money import UnitPrice
from procurement.sales.errors import StaleVersion
from procurement.sales.operations.lines import MOST_LINES, MOST_PACKS, NOTHING, QuoteLineInput
from procurement.sales.operations.quoting import ChangeQuote
from procurement.sales.queries.quotes import QuoteLineRow, QuotePage
from procurement.sales.terms import LineChoice, LineKind, PaperLook
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


LANGUAGE_CHOICES = (
    ("", "As the customer"),
    *((words.language, words.own_name) for words in LANGUAGES.values()),
)
COVERS = (("", "As always"), ("yes", "With a cover page"), ("no", "Without a cover"))
_COVER = {"": None, "yes": True, "no": False}


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


class ScannedField(TextField):
    """One line that a scanner may type: its separator, a mark nobody can print, is kept as a word."""

    def parsed(self, text: str) -> str:
        return str(super().parsed(text.strip(SEPARATOR).replace(SEPARATOR, "{GS}")))


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
    language = ChoiceField("Language", LANGUAGE_CHOICES, required=False, validate_choice=False)
    cover = ChoiceField("Cover", COVERS, required=False)
    heads = LineList(FormField(SectionForm), spare=0, least=0, most=MOST_LINES)
    lines = LineList(FormField(QuoteLineForm), spare=0, least=0, most=MOST_LINES, numbered=True)
    into = TextField("In section", required=False)
    add = ScannedField("Add a product", required=False, most=LONGEST)
    pick = TextField("Picked", required=False, most=64)
    paste = ProseField("Paste lines", required=False, most=50_000)
    words = ProseField("Words between the lines", required=False)
    move = TextField("Moved", required=False, most=64)
    suggest = TextField("Suggested", required=False, most=64)
    swap = TextField("Replaced", required=False, most=140)
    open = TextField("Opened", required=False, most=64)
    over = WholeNumberField("Over version", required=False, most=10**9)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.shut: dict[int, Shut] = {}  # rows that are text on the page, by their number
        self.stored: dict[str, QuoteLineRow] = {}  # the lines as they are stored, by their mark

    @classmethod
    def sent(cls, page: QuotePage) -> Self:
        """The form as it was sent, over what is stored."""
        form = cls.from_request()
        form.shut = shut_rows(request.form)
        form.read_from(page)
        return form

    def read_from(self, page: QuotePage) -> None:
        """Shut rows stand for these lines."""
        self.stored = dict(marked(page.lines))

    def open_row(self, number: int) -> None:
        """Fields for a row that was shut."""
        if (row := self.shut.get(number)) and (line := self.stored.get(row.was)):
            del self.shut[number]
            # Two lines that say the same have one mark; each stays where it stands.
            self.lines.put(number, replace(row_of(line), place=row.place))

    @property
    def open_positions(self) -> set[int]:
        """Where the lines one can type in are stored."""
        lines = (self.stored.get(row.was.data or "") for row in self.rows.values())
        return {line.position for line in lines if line}

    @property
    def skus(self) -> list[str]:
        return [row.product.data for row in self.rows.values() if row.product.data]

    def rejoin(self, page: QuotePage) -> None:
        """Somebody else has saved: rows that are shut here follow what is stored now."""
        opened = [(row.was.data or "", row.product.data or "") for row in self.rows.values()]
        last = max([*self.rows, *self.shut], default=-1)
        self.shut = rejoined(page.lines, opened, self.shut, last)
        self.read_from(page)

    @property
    def rows(self) -> dict[int, QuoteLineForm]:
        """The rows that can be typed in, by their number on the page, which is that of their fields' names."""
        return {entry.index: entry.form for entry in self.lines}

    def to_command(
        self, number: str, currency: str, added: Reading | None = None, *, over: bool = False
    ) -> ChangeQuote:
        names = {head.form.was.data: head.form.name.data for head in self.heads}
        rows, kept = self.rows, list[QuoteLineInput]()
        for i in self.kept:
            try:
                line = self._line(i, rows, currency, names)
            except Invalid as error:
                found = [
                    FieldError(f"lines.{len(kept)}.{e.field}", e.message) for e in error.errors
                ]
                raise Invalid.of(found) from error
            kept.append(self._changed(i, line, rows))
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
            look=PaperLook(self.language.data or "", _COVER[self.cover.data or ""]),
        )

    def _line(
        self,
        i: int,
        rows: Mapping[int, QuoteLineForm],
        currency: str,
        sections: dict[str, str],
    ) -> QuoteLineInput:
        if i in rows:
            return rows[i].to_input(currency, sections)
        line = self.stored.get(self.shut[i].was)
        if line is None:
            raise StaleVersion("Somebody else changed lines of this quote.")
        return input_of(line, sections)

    @property
    def section_of_added(self) -> str:
        return str(self.into.data or "")

    @property
    def kept(self) -> list[int]:
        """The rows that stay, in their order; a command's line is one of these, then come those added."""
        rows = [i for i in self.in_order if i in self.shut or not self.rows[i].remove.data]
        if found := _MOVE.fullmatch(self.move.data or ""):
            self._step(rows, int(found["line"]), -1 if found["way"] == "up" else 1)
        return rows

    @property
    def in_order(self) -> list[int]:
        """All rows, as they stand on the page."""
        places = {
            i: i if row.place.data is None else row.place.data for i, row in self.rows.items()
        }
        places |= {i: row.place for i, row in self.shut.items()}
        return sorted(places, key=lambda i: (places[i], i))

    @staticmethod
    def _step(rows: list[int], line: int, by: int) -> None:
        if line in rows:
            at = rows.index(line)
            to = min(max(at + by, 0), len(rows) - 1)
            rows[at], rows[to] = rows[to], rows[at]

    def _changed(
        self, i: int, line: QuoteLineInput, rows: Mapping[int, QuoteLineForm]
    ) -> QuoteLineInput:
        """The line as the buttons beside it want it: suggested, or another product in its place."""
        if (found := _REPLACE.fullmatch(self.swap.data or "")) and int(found["line"]) == i:
            return replace(line, product=found["sku"], pack=found["pack"], price=None)
        if (wanted := row_number(self.suggest.data)) in rows:
            if wanted == i:
                return replace(line, chosen=True)
            if line.choice_group == rows[wanted].choice_group.data:
                return replace(line, chosen=False)
        return line

    @property
    def is_adding(self) -> bool:
        return bool(self.pick.data or self.add.data or self.paste.data or self.words.data)

    def blame(self, error: DomainError) -> None:
        """A line's message goes to its row, opened for it, or to where the line was typed."""
        kept, found = self.kept, []
        for one in error.errors:
            found += self._placed(one, kept)
        if left := len(error.errors) - len(found):
            more = "One more line needs" if left == 1 else f"{left:,} more lines need"
            found.append(FieldError("more", f"{more} looking at."))
        super().blame(Invalid(error.message, errors=found))

    def _placed(self, error: FieldError, kept: Sequence[int]) -> list[FieldError]:
        """The error at its field; none where too many rows would have to be opened."""
        if not (named := _OF_LINE.fullmatch(error.field)):
            return [error]
        place, field = int(named["line"]), named["field"]
        field = "offers" if field.startswith("offers.") else field
        field = "role" if field in {"choice", "chosen"} else field
        if place >= len(kept):
            return [FieldError("paste" if self.paste.data else "add", error.message)]
        if kept[place] in self.shut:
            if len(self.lines) >= MOST_OPEN:
                return []
            self.open_row(kept[place])
        entry = list(self.rows).index(kept[place])
        return [FieldError(f"lines.{entry}.{field}", error.message)]


def row_number(text: str | None) -> int:
    """A row's number as a button sends it; -1, which no row has, for anything else."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 6 else -1
