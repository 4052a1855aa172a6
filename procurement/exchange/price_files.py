"""A supplier's price file: CSV or XLSX, columns found by their names, rows strictly read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from procurement.exchange.layouts.base import Layout, Line, Options, Sheet, columns
from procurement.exchange.records import Refusal
from procurement.exchange.tabular import ByHand, UnusableFile, read_table
from procurement.sourcing.terms import PriceRow

COLUMNS = columns(
    code=(
        "Supplier code | Supplier SKU | Item code | Item no | Item number | Item | Article | Article number"
        " | Article no | Part number | Part no | Code | Ref | Reference | Artikelnummer | Artikelnr | Artikel"
        " | Bestellnummer | Référence | Referencia | Código | Artikelnummer leverancier"
    ),
    gtin="GTIN | EAN | EAN13 | EAN code | UPC | Barcode | Strichcode | Codice EAN",
    product="SKU | Our SKU | Our code | Customer code | Your code | Ihre Nummer",
    name="Name | Description | Product | Product name | Title | Bezeichnung | Désignation | Descripción | Omschrijving",
    pack="Pack | Packing | Unit of sale | Packaging | Gebinde | Verpackung | Conditionnement",
    from_packs=(
        "From packs | From quantity | From qty | Min qty | Min quantity | Minimum quantity | Quantity from | Qty"
        " | Quantity | Break | ab Menge | Menge ab | Staffel | Menge | À partir de | Desde"
    ),
    unit_price=(
        "Unit price | Price | New price | Net price | Pack price | Price per pack | Trade price | Cost | List price"
        " | Preis | Nettopreis | Einzelpreis | Stückpreis | Prix | Prix net | Precio | Preço | Prijs"
    ),
    currency="Currency | Währung | Devise | Moneda | Moeda | Valuta",
)
LABELS = {
    "code": "their code",
    "gtin": "barcode",
    "product": "our SKU",
    "name": "name",
    "pack": "pack",
    "from_packs": "from so many packs",
    "unit_price": "price of a pack",
    "currency": "currency",
}


def _nothing(sheet: Sheet) -> None:
    """The layout machinery reads into a harvest; a price file has rows of its own."""


LAYOUT = Layout(
    name="price file",
    title="Price file",
    subjects=frozenset(),
    columns=COLUMNS,
    required=("unit_price",),
    any_of=("code", "gtin", "product"),
    read=_nothing,
)


class ColumnsUnknown(UnusableFile):
    """A table, but not clear which column is what; `header` is its own names."""

    def __init__(self, message: str, header: tuple[str, ...]) -> None:
        super().__init__(message, field="map")
        self.header = header


@dataclass(frozen=True, slots=True)
class PriceList:
    """What was read, what was not, and which column was taken for what."""

    rows: tuple[PriceRow, ...]
    refused: tuple[Refusal, ...]
    columns: tuple[tuple[str, str], ...]  # (field, the file's name for it)
    notes: tuple[str, ...] = field(default=())

    @property
    def read_as(self) -> str:
        """In words: "price of a pack from Preis, their code from Artikelnummer"."""
        return ", ".join(f"{LABELS[name]} from {column}" for name, column in self.columns)


def read_price_list(
    data: bytes,
    *,
    currency: str,
    mapping: Mapping[str, str] | None = None,
    by_hand: ByHand | None = None,
) -> PriceList:
    """Bytes to rows in the supplier's currency. `mapping` goes from columns to fields and comes first.

    Raises UnusableFile where it is no table, ColumnsUnknown where nobody can tell what is the price.
    """
    names = mapping or {}

    def recognise(header: Sequence[str]) -> int:
        return LAYOUT.score(header, names)

    table = read_table(data, by_hand, recognise=recognise)
    places = LAYOUT.places(table.header, names)
    if places is None:
        shown = ", ".join(name for name in table.header[:12] if name) or "none"
        raise ColumnsUnknown(
            f"Say which columns hold the price and the code; the file has {shown}.",
            tuple(name for name in table.header if name),
        )
    sheet = Sheet(LAYOUT, table, places, Options(currency=currency))
    rows = [row for line in sheet.lines() if (row := _row(line, currency)) is not None]
    used = sorted(places.items(), key=lambda one: tuple(COLUMNS).index(one[0]))
    return PriceList(
        tuple(rows),
        tuple(sheet.harvest.refused),
        tuple((name, table.header[place]) for name, place in used),
        tuple(sheet.harvest.warnings),
    )


def _row(line: Line, currency: str) -> PriceRow | None:
    """A row without a price is a heading or a thing not sold any more: left out where it has no code either."""
    code, product = line.code("code"), line.code("product")
    gtin = line.gtin("gtin") or ""
    if not line.has("unit_price") and not (code or product or gtin):
        return None
    if not (code or product or gtin):
        line.blame("code" if "code" in line.sheet.places else "gtin", "is missing")
    if line.currency("currency", currency) != currency:
        line.blame("currency", f"is not {currency}, in which the supplier is paid")
    price = line.price("unit_price", currency)
    if not line.has("unit_price"):
        line.blame("unit_price", "is missing")
    from_packs = line.whole("from_packs", least=1)
    if line.refused() or price is None:
        return None
    return PriceRow(
        row=line.number,
        price_e4=price,
        from_packs=from_packs or 1,
        code=code,
        gtin=gtin,
        product=product,
        pack=line.code("pack"),
        name=line.text("name"),
    )
