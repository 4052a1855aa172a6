"""What every layout is made of: names of columns, rows that collect what is wrong with them, the options of a run."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from procurement.catalogue.terms import Kind, ProductDraft
from procurement.exchange import cells
from procurement.exchange.cells import BadCell
from procurement.exchange.records import At, Harvest
from procurement.exchange.slugs import sku_of
from procurement.exchange.tabular import Row, Table
from procurement.kernel.quantity import Unit

T = TypeVar("T")
_KINDS = {kind.value: kind for kind in Kind}
LIQUID_KINDS = frozenset({Kind.OIL, Kind.LOTION, Kind.CREAM, Kind.GEL, Kind.BALM})


@dataclass(frozen=True, slots=True)
class Options:
    """What a person says about a file that the file does not."""

    kind: Kind | None = None
    location: str | None = None
    sku_from_name: bool = False
    accept_barcodes: bool = False  # take the barcodes offered in place of damaged ones
    currency: str = "EUR"  # of prices without one


@dataclass(frozen=True, slots=True)
class Layout:
    """One kind of file: its fields and the column names they go by, and how its rows are read."""

    name: str  # what --layout calls it; several may share one
    title: str
    subjects: frozenset[str]
    columns: Mapping[str, tuple[str, ...]]
    required: tuple[str, ...]
    read: Callable[["Sheet"], None]
    any_of: tuple[str, ...] = ()  # at least one of these, where that is enough
    ignored: frozenset[str] = frozenset()  # columns of the layout that carry nothing for us
    ignored_beginnings: tuple[
        str, ...
    ] = ()  # columns read in another way, found by how their names begin

    def places(self, header: Sequence[str], mapping: Mapping[str, str]) -> dict[str, int] | None:
        """Where each field stands; None when the header is not of this layout.

        `mapping` goes from columns to fields and comes first; a column mapped to "" is left out.
        """
        names = [plain_name(name) for name in header]
        first = {name: index for index, name in reversed(list(enumerate(names))) if name}
        found: dict[str, int] = {}
        left_out: set[int] = set()
        for column, name in mapping.items():
            place = first.get(plain_name(column))
            if place is None or (name and name not in self.columns):
                return None
            if name:
                found[name] = place
            else:
                left_out.add(place)
        for name, accepted in self.columns.items():
            place = next((first[a] for a in accepted if a in first), None)
            if (
                name not in found
                and place is not None
                and place not in left_out | {*found.values()}
            ):
                found[name] = place
        complete = all(name in found for name in self.required)
        enough = not self.any_of or any(name in found for name in self.any_of)
        return found if complete and enough and len(found) > 1 else None

    def score(self, header: Sequence[str], mapping: Mapping[str, str]) -> int:
        found = self.places(header, mapping)
        return 0 if found is None else len(found)


def plain_name(name: str) -> str:
    """A column's name for comparison: lower case, words only."""
    return re.sub(r"[^\w]+|_", " ", name.casefold()).strip()


def columns(**names: str) -> dict[str, tuple[str, ...]]:
    """field="Column | Other name" pairs, each also found under its own name."""
    return {
        name: tuple(dict.fromkeys(plain_name(part) for part in (*written.split("|"), name)))
        for name, written in names.items()
    }


class Sheet:
    """A table read through a layout: rows to go through, and the harvest they fill."""

    def __init__(
        self, layout: Layout, table: Table, places: dict[str, int], options: Options
    ) -> None:
        self.layout = layout
        self.table = table
        self.places = places
        self.options = options
        self.mark = table.detected.decimal_mark
        self.harvest = Harvest(layout.name, layout.subjects, read=len(table.rows))
        self.harvest.warnings.extend(table.notes)
        self.gtins: set[str] = set()  # met so far: a barcode names one pack

    def lines(self) -> Iterator["Line"]:
        return (Line(self, row) for row in self.table.rows)

    def column(self, name: str) -> str:
        """The file's own name of a field's column; the usual one where the file has none."""
        place = self.places.get(name)
        return self.layout.columns[name][0] if place is None else self.table.header[place]

    def warn_of_columns_not_taken(self) -> None:
        """Say once which filled columns were left behind."""
        used = set(self.places.values())
        left = [
            name
            for index, name in enumerate(self.table.header)
            if index not in used
            and plain_name(name) not in self.layout.ignored
            and not plain_name(name).startswith(self.layout.ignored_beginnings or ("\0",))
            and any(row.cells[index].strip() for row in self.table.rows)
        ]
        if left:
            self.harvest.warnings.append(
                f"Not taken, because Stillroom keeps no such thing: {', '.join(left)}."
            )


class Line:
    """One row, read field by field. What is wrong is collected, so that a person hears all of it at once."""

    __slots__ = ("_cells", "_places", "number", "problems", "sheet")

    def __init__(self, sheet: Sheet, row: Row) -> None:
        self.sheet = sheet
        self.number = row.number
        self._cells = row.cells
        self._places = sheet.places
        self.problems: list[tuple[str, str]] = []
        if row.surplus:
            self.problems.append(
                (
                    "",
                    f"has {row.surplus} more filled cells than the header; is a text with a separator not quoted?",
                )
            )

    def raw(self, name: str) -> str:
        """The cell as it stands (numbers of workbooks keep their type); empty where there is no such column."""
        place = self._places.get(name)
        return "" if place is None else self._cells[place]

    def values(self) -> tuple[str, ...]:
        return self._cells

    def has(self, name: str) -> bool:
        return bool(self.raw(name).strip())

    def blame(self, name: str, reason: str) -> None:
        self.problems.append((self.sheet.column(name), reason))

    def refused(self) -> bool:
        """Whether the row cannot be taken; if so it is now on the list, with everything that is wrong in it."""
        if not self.problems:
            return False
        (column, reason), *more = self.problems
        also = "".join(f"; {other} {why}" for other, why in more)
        self.sheet.harvest.refuse(self.number, column, reason + also)
        return True

    def text(self, name: str, most: int = cells.NAME_MOST, *, required: bool = False) -> str:
        value = self._read(name, lambda raw: cells.one_line(raw, most), "")
        if required and not value and self.raw(name).strip() == "":
            self.blame(name, "is missing")
        return value

    def code(self, name: str, *, required: bool = False) -> str:
        return self.text(name, cells.CODE_MOST, required=required)

    def prose(self, name: str) -> str:
        return self._read(name, cells.prose, "")

    def parts(self, name: str, separators: str = ";\n") -> tuple[str, ...]:
        return self._read(name, lambda raw: cells.parts(raw, separators), ())

    def flag(self, name: str) -> bool | None:
        return self._read(name, cells.flag, None) if self.has(name) else None

    def whole(self, name: str, *, least: int = 0, most: int = 1_000_000) -> int | None:
        mark = self.sheet.mark
        return self._read(name, lambda raw: cells.whole(raw, mark, least=least, most=most), None)

    def decimal(self, name: str) -> Decimal | None:
        """A number that is not below zero."""
        found = self._read(name, lambda raw: cells.number(raw, self.sheet.mark), None)
        if found is not None and found < 0:
            self.blame(name, "is below zero")
            return None
        return found

    def price(self, name: str, currency: str) -> int | None:
        mark = self.sheet.mark
        return self._read(name, lambda raw: cells.price_e4(raw, mark, currency), None)

    def currency(self, name: str, otherwise: str | None) -> str | None:
        return self._read(name, cells.currency, otherwise)

    def steps(self, name: str, unit: str, within: Unit, *, least: int = 0) -> int | None:
        mark = self.sheet.mark
        return self._read(name, lambda raw: cells.steps(raw, mark, unit, within, least=least), None)

    def sku(self, name: str, of_name: str) -> str:
        """The row's SKU, made from the name where that was asked for."""
        written = self.code(name)
        if written.startswith(("'", "\u2019")) and written[1:]:
            self.sheet.harvest.warnings.append(
                f"Row {self.number}, {self.sheet.column(name)}: the apostrophe before {written[1:]} was left out."
            )
            written = written[1:].strip()
        if written:
            return written
        if self.sheet.options.sku_from_name and of_name:
            return sku_of(of_name)
        if not self.has(name):
            self.blame(name, "is missing; one can be made from the name")
        return ""

    def kind(self, written: str, otherwise: Kind | None = None) -> Kind | None:
        """The kind where the text names one, in the singular or plural."""
        return kind_named(written) or self.sheet.options.kind or otherwise

    def gtin(self, name: str) -> str | None:
        """A valid barcode; a damaged one is left out and what it probably was is offered."""
        written = self.raw(name).strip()
        try:
            return cells.gtin(written)
        except BadCell as bad:
            offered = cells.offered_gtin(written)
            if offered and self.sheet.options.accept_barcodes:
                return cells.gtin(offered)
            advice = (
                f" {offered} would be valid; it is taken when offered barcodes are accepted."
                if offered
                else ""
            )
            self.sheet.harvest.warnings.append(
                f"Row {self.number}, {self.sheet.column(name)}: {bad}. The barcode was left out.{advice}"
            )
            return None

    def _read(self, name: str, parse: Callable[[str], T], otherwise: T) -> T:
        raw = self.raw(name)
        if not raw or raw.isspace():
            return otherwise
        try:
            return parse(raw)
        except BadCell as bad:
            self.blame(name, str(bad))
            return otherwise


def kind_named(written: str) -> Kind | None:
    """The kind that a word names, in the singular or plural."""
    word = written.strip().casefold().replace(" ", "_").replace("-", "_")
    forms = (word, word.removesuffix("s"), word.removesuffix("es"))
    return next((_KINDS[form] for form in forms if form in _KINDS), None)


def add_product(line: Line, draft: ProductDraft) -> bool:
    """Take the product unless the file has had its SKU; then the row is refused."""
    products = line.sheet.harvest.products
    if (before := products.get(draft.sku)) is not None:
        line.blame("sku", f"{draft.sku} is already in row {before.row}")
        return not line.refused()
    products[draft.sku] = At(line.number, draft)
    return True
