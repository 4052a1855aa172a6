"""OpenBoxes' inventory levels: how much a place should hold. The file does not say which place."""

from decimal import Decimal

from procurement.exchange.layouts.base import Layout, Line, Sheet, columns
from procurement.exchange.records import At, RuleDraft
from procurement.exchange.tabular import UnusableFile
from procurement.kernel.quantity import plain


def read(sheet: Sheet) -> None:
    location = sheet.options.location
    if location is None:
        raise UnusableFile(
            "This file does not say where the levels apply; name the location.",
            field="location",
        )
    for line in sheet.lines():
        _read_line(sheet, line, location)
    sheet.warn_of_columns_not_taken()


def _read_line(sheet: Sheet, line: Line, location: str) -> None:
    sku = line.code("sku", required=True)
    least, reorder, most = line.decimal("minimum"), line.decimal("reorder"), line.decimal("maximum")
    point = reorder if reorder is not None else least
    if point is None and most is None and not line.problems:
        line.blame("minimum", "is missing, and so is the maximum")
    point = point if point is not None else Decimal(0)
    par = most if most is not None else point
    if par < point:
        line.blame("maximum", f"is {plain(par)}, below the reorder point {plain(point)}")
    if (before := sheet.harvest.rules.get((location, sku))) is not None:
        line.blame("sku", f"{sku} is already in row {before.row}")
    if not line.refused():
        draft = RuleDraft(sku, location, plain(par), plain(point))
        sheet.harvest.rules[location, sku] = At(line.number, draft)


LAYOUT = Layout(
    name="openboxes",
    title="OpenBoxes inventory levels",
    subjects=frozenset({"stocking_rule"}),
    columns=columns(
        sku="Product code",
        minimum="Min quantity",
        reorder="Reorder quantity",
        maximum="Max quantity",
    ),
    required=("sku", "minimum", "maximum"),
    read=read,
    ignored=frozenset({"status", "product", "category", "unit of measure"}),
)
