"""What somebody wants, as a list: pasted, or in a CSV or XLSX file, with names of columns or without."""

import csv
from collections.abc import Iterable, Sequence
from datetime import date

from procurement.exchange.layouts.base import Layout, Sheet, columns
from procurement.exchange.tabular import ByHand, Limits, NumberText, read_table
from procurement.kernel.errors import Invalid
from procurement.sales.rules.written import (
    MOST_WRITTEN,
    WrittenLine,
    read_cells,
    read_line,
    read_named,
)

MOST_BYTES = 2_000_000
_WIDEST = 20_000  # characters of a pasted row; more is no row of a list
# A price list with a column for quantities may be long; what has none is not wanted.
_LIMITS = Limits(file_bytes=MOST_BYTES, rows=20_000, columns=100, cells=400_000)
# English, German, French, Spanish, Italian, Dutch.
COLUMNS = columns(
    product=(
        "SKU | Code | Item | Item code | Item no | Item number | Product | Product code | Product number | Article"
        " | Article no | Article number | Part number | Ref | Reference | Artikelnummer | Artikel-Nr | Artikelnr"
        " | Art-Nr | Artikel | Bestellnummer | Référence | Réf | Code article | Code produit | Produit | Referencia"
        " | Código | Código de producto | Artículo | Producto | Codice | Codice articolo | Codice prodotto | Articolo"
        " | Riferimento | Prodotto | Bestelnummer | Productcode | Produkt"
    ),
    gtin=(
        "GTIN | EAN | EAN13 | EAN code | UPC | Barcode | Strichcode | Code-barres | Código de barras | Codice EAN"
        " | Streepjescode"
    ),
    name=(
        "Name | Product name | Description | Title | Bezeichnung | Produktname | Nom | Désignation | Nombre"
        " | Descripción | Nome | Descrizione | Naam | Omschrijving"
    ),
    pack=(
        "Pack | Pack size | Packing | Packaging | Unit of sale | Gebinde | Verpackung | Conditionnement | Envase"
        " | Confezione | Verpakking"
    ),
    packs=(
        "Quantity | Qty | Packs | Amount | Order quantity | Menge | Anzahl | Stück | Stückzahl | Bestellmenge"
        " | Quantité | Qté | Cantidad | Cant | Unidades | Quantità | Qtà | Pezzi | Aantal | Hoeveelheid"
    ),
)


def _nothing(sheet: Sheet) -> None:
    """The layout machinery reads into a harvest; these lines go into nothing yet."""


LAYOUT = Layout(
    name="order list",
    title="Order list",
    subjects=frozenset(),
    columns=COLUMNS,
    required=("packs",),
    any_of=("product", "gtin", "name"),
    read=_nothing,
)


def pasted_lines(text: str, *, today: date) -> list[WrittenLine]:
    """What was pasted, line by line. Raises Invalid where it is more than one list may hold."""
    lines = [line for line in text.splitlines() if line.strip()]
    for mark in "\t;|,":
        if not lines or mark not in lines[0] or len(lines[0]) > _WIDEST:
            continue
        header = _apart(lines[0], mark)
        places = LAYOUT.places(header, {})
        if places is not None:
            found = (_under_names(places, line, mark, today) for line in lines[1:])
            return _bounded((line for line in found if line is not None), "paste")
    return _bounded((read_line(line, today=today) for line in lines), "paste")


def file_lines(data: bytes, *, today: date) -> list[WrittenLine]:
    """The lines of a CSV or XLSX file. Raises UnusableFile, and Invalid where there are too many."""
    table = read_table(data, recognise=lambda header: LAYOUT.score(header, {}), limits=_LIMITS)
    places = LAYOUT.places(table.header, {})
    if places is not None:
        found = (_named(places, row.cells) for row in table.rows)
        return _bounded((line for line in found if line is not None), "file")
    # Without names of columns its first row is a line like the others.
    table = read_table(data, ByHand(header_row=1), limits=_LIMITS)
    rows = [table.header, *(row.cells for row in table.rows)]
    return _bounded((read_cells(_plain(cells), today=today) for cells in rows), "file")


def _under_names(places: dict[str, int], line: str, mark: str, today: date) -> WrittenLine | None:
    """A line below the names of columns; one that is not in columns is read as it stands."""
    if mark not in line or len(line) > _WIDEST:
        return read_line(line, today=today)
    return _named(places, _apart(line, mark))


def _named(places: dict[str, int], row: Sequence[str]) -> WrittenLine | None:
    cells = _plain(row)
    said = {name: cells[at] if at < len(cells) else "" for name, at in places.items()}
    products = [said.get(name, "") for name in ("product", "gtin", "name")]
    # The name is what people read beside a code: it counts where there is no code.
    wanted = [one for one in products[:2] if one.strip()] or products[2:]
    return read_named(wanted, said["packs"], said.get("pack", ""))


def _plain(cells: Sequence[str]) -> list[str]:
    """A workbook's numbers as one types them: 12, not 12.0."""
    return [
        cell.partition(".")[0]
        if isinstance(cell, NumberText) and not cell.partition(".")[2].strip("0")
        else cell
        for cell in cells
    ]


def _apart(line: str, mark: str) -> list[str]:
    return next(csv.reader([line], delimiter=mark), [])


def _bounded(lines: Iterable[WrittenLine], field: str) -> list[WrittenLine]:
    found = [line for line in lines if line.text]
    if len(found) > MOST_WRITTEN:
        raise Invalid(f"At most {MOST_WRITTEN:,} lines at a time, please.", field=field)
    return found
