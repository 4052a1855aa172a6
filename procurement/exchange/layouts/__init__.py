"""The kinds of file we know, told apart by their headers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from procurement.exchange.layouts import (
    openboxes_levels,
    openboxes_locations,
    openboxes_products,
    openboxes_suppliers,
    shopify,
    spree,
    stillroom,
    woocommerce,
)
from procurement.exchange.layouts.base import Layout, Options, Sheet
from procurement.exchange.records import Harvest
from procurement.exchange.tabular import ByHand, Table, UnusableFile, read_table

__all__ = ["LAYOUTS", "LAYOUT_NAMES", "Layout", "Options", "Reading", "read_file"]

# Where two fit equally well, the first wins: our own layout stands last, for it fits most headers a little.
LAYOUTS: tuple[Layout, ...] = (
    spree.LAYOUT,
    shopify.LAYOUT,
    woocommerce.LAYOUT,
    openboxes_products.LAYOUT,
    openboxes_suppliers.LAYOUT,
    openboxes_levels.LAYOUT,
    openboxes_locations.LAYOUT,
    stillroom.LAYOUT,
)
LAYOUT_NAMES = ("auto", *dict.fromkeys(layout.name for layout in reversed(LAYOUTS)))


@dataclass(frozen=True, slots=True)
class Reading:
    """A file read: how, as which layout, and what came of it."""

    table: Table
    layout: Layout
    harvest: Harvest
    places: Mapping[str, int]

    def column_of(self, field: str) -> str:
        """The file's own name for a field; the field's where the file has no such column."""
        place = self.places.get(field)
        return field if place is None else self.table.header[place]

    def uses(self) -> tuple[tuple[str, str], ...]:
        """Every column of the file with the field it was taken for."""
        fields = {place: name for name, place in self.places.items()}
        return tuple((name, fields.get(index, "")) for index, name in enumerate(self.table.header))


def read_file(
    data: bytes,
    options: Options,
    *,
    layout: str = "auto",
    mapping: Mapping[str, str] | None = None,
    by_hand: ByHand | None = None,
) -> Reading:
    """Bytes to drafts. Raises `UnusableFile` where nothing can be taken; single bad rows are in the harvest."""
    names = mapping or {}
    candidates = [one for one in LAYOUTS if layout in ("auto", one.name)]
    if not candidates:
        raise UnusableFile(f"There is no layout {layout[:30]}.", field="layout")
    _check_fields(candidates, names)

    def recognise(header: Sequence[str]) -> int:
        return max(one.score(header, names) for one in candidates)

    table = read_table(data, by_hand, recognise=recognise)
    best = max(candidates, key=lambda one: one.score(table.header, names))
    places = best.places(table.header, names)
    if places is None:
        raise UnusableFile(_not_recognised(layout, candidates, table), field="map")
    sheet = Sheet(best, table, places, options)
    best.read(sheet)
    return Reading(table, best, sheet.harvest, places)


def _check_fields(candidates: Sequence[Layout], mapping: Mapping[str, str]) -> None:
    for column, name in mapping.items():
        if name and not any(name in one.columns for one in candidates):
            fields = ", ".join(sorted({known for one in candidates for known in one.columns}))
            raise UnusableFile(
                f"{column[:40]} cannot be the field {name[:40]}; fields are {fields}.", field="map"
            )


def _not_recognised(layout: str, candidates: Sequence[Layout], table: Table) -> str:
    shown = ", ".join(name for name in table.header[:12] if name) or "none"
    if layout == "auto":
        return (
            f"The columns are not those of a list Stillroom knows: {shown}. Say which of them is the SKU, the name"
            " and so on."
        )
    needed = " or ".join(
        ", ".join(one.columns[name][0] for name in one.required or one.any_of) for one in candidates
    )
    return f"This is no {layout} file: it needs the columns {needed}; it has {shown}."
