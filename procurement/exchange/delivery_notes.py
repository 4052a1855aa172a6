"""A delivery note as a file, UBL or a table, laid against one of our orders: it fills the receipt form.

Nothing is posted here. What cannot be found on the order, or is no whole number of its packs, is listed for a person.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from procurement.exchange.finding import MOST_PACKS, line_meant, packs_by_gtin, packs_meant
from procurement.exchange.tabular import Table, UnusableFile, read_table
from procurement.exchange.ubl.despatch_advice import read_despatch_advice
from procurement.kernel.db import ReadSession
from procurement.purchasing.rules.receiving import DeliveredLine
from procurement.purchasing.terms import OrderLineRow, OrderPage

# How suppliers call the columns; our own names first.
_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "line": ("line", "orderline", "position", "pos", "lineno"),
    "code": ("suppliercode", "code", "item", "itemcode", "article", "articleno", "theircode"),
    "sku": ("sku", "product", "ourcode", "buyercode", "customercode"),
    "gtin": ("gtin", "ean", "barcode"),
    "quantity": ("quantity", "qty", "packs", "delivered", "menge"),
    "lot": ("lot", "batch", "lotno", "batchno", "charge"),
    "expires": ("expiry", "useby", "expires", "expireson", "bestbefore", "expirydate"),
    "price": ("price", "unitprice", "packprice"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteLine:
    """A line of the note as it is written; `label` says where it stands."""

    label: str
    order_line: str = ""
    code: str = ""
    sku: str = ""
    gtin: str = ""
    quantity: Decimal
    unit_code: str = ""
    lots: tuple[tuple[str, date | None], ...] = ()
    price: str = ""

    @property
    def called(self) -> str:
        return self.code or self.sku or self.gtin or f"order line {self.order_line or '?'}"


@dataclass(frozen=True, slots=True)
class DeliveryNote:
    number: str
    order: str  # empty where the file names none
    lines: tuple[NoteLine, ...]


@dataclass(frozen=True, slots=True)
class Prefill:
    """The lines for the receipt form, what differs from the order, and what was not found."""

    number: str
    lines: tuple[DeliveredLine, ...]
    differences: tuple[str, ...]
    unknown: tuple[str, ...]


def read_delivery_note(data: bytes) -> DeliveryNote:
    """A UBL 2.1 DespatchAdvice, or a CSV or XLSX with a header. UnusableFile says what is wrong."""
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return _from_ubl(data)
    return _from_table(read_table(data, recognise=_score))


def prefill(session: ReadSession, note: DeliveryNote, order: OrderPage) -> Prefill:
    """Lay the note against an order's lines."""
    differences: list[str] = []
    unknown: list[str] = []
    if note.order and note.order.strip().upper() != order.number:
        differences.append(f"The note names {note.order[:64]}, this is {order.number}.")
    packs_of = packs_by_gtin(session, [line.gtin for line in note.lines])
    found: list[DeliveredLine] = []
    waiting_first = sorted(order.lines, key=lambda one: not one.outstanding)
    for line in note.lines:
        try:
            ordered = line_meant(line, waiting_first, packs_of, missing=f"not on {order.number}")
            packs = packs_meant(line, ordered, packs_of)
        except ValueError as error:
            unknown.append(f"{line.label}, {line.called[:80]}: {error}")
            continue
        found += _delivered(line, ordered, packs)
        if len(line.lots) > 1:
            several = f"{len(line.lots)} lots of {ordered.product_name} share {packs} packs"
            differences.append(f"{several}: type how many came of each.")
    differences += _compared(found, order)
    return Prefill(note.number, tuple(found), tuple(differences), tuple(unknown))


def _from_ubl(data: bytes) -> DeliveryNote:
    advice = read_despatch_advice(data)
    return DeliveryNote(
        advice.number,
        advice.order,
        tuple(
            NoteLine(
                label=f"Line {line.number}",
                order_line=line.order_line,
                code=line.supplier_code,
                sku=line.buyer_code,
                gtin=line.gtin,
                quantity=line.quantity,
                unit_code=line.unit_code,
                lots=tuple((lot.number, lot.expires_on) for lot in line.lots),
            )
            for line in advice.lines
        ),
    )


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.casefold())


def _columns(header: Sequence[str]) -> dict[str, int]:
    names = [_plain(name) for name in header]
    found: dict[str, int] = {}
    for field, aliases in _COLUMNS.items():
        index = next((names.index(alias) for alias in aliases if alias in names), None)
        if index is not None:
            found[field] = index
    return found


def _score(header: Sequence[str]) -> int:
    found = _columns(header)
    names_goods = found.keys() & {"line", "code", "sku", "gtin"}
    return len(found) if "quantity" in found and names_goods else 0


def _from_table(table: Table) -> DeliveryNote:
    columns = _columns(table.header)
    if "quantity" not in columns or not columns.keys() & {"line", "code", "sku", "gtin"}:
        raise UnusableFile(
            "The table needs a column quantity, and one of line, supplier code, SKU or GTIN."
        )
    lines = []
    for row in table.rows:
        cell = {field: row.cells[index].strip() for field, index in columns.items()}
        label = f"Row {row.number}"
        lot, written = cell.get("lot", ""), cell.get("expires", "")
        lines.append(
            NoteLine(
                label=label,
                order_line=cell.get("line", ""),
                code=cell.get("code", ""),
                sku=cell.get("sku", ""),
                gtin=cell.get("gtin", ""),
                quantity=_number(cell["quantity"], table.detected.decimal_mark, label),
                lots=((lot, _day(written, label)),) if lot or written else (),
                price=cell.get("price", "").replace(table.detected.decimal_mark, "."),
            )
        )
    if not lines:
        raise UnusableFile("The table has no rows below its header.")
    return DeliveryNote("", "", tuple(lines))


def _number(written: str, mark: str, label: str) -> Decimal:
    try:
        number = Decimal(written.replace(mark, ".") or "0")
    except InvalidOperation as error:
        raise UnusableFile(f"{label}: {written[:40]!r} is no quantity.") from error
    if not number.is_finite() or not 0 <= number <= MOST_PACKS * 1000:
        raise UnusableFile(f"{label}: {written[:40]!r} is no quantity.")
    return number


def _day(written: str, label: str) -> date | None:
    if not written:
        return None
    try:
        return date.fromisoformat(written[:10])
    except ValueError as error:
        message = f"{label}: {written[:40]!r} is no day; write it as 2027-11-30."
        raise UnusableFile(message) from error


def _delivered(line: NoteLine, ordered: OrderLineRow, packs: int) -> Iterator[DeliveredLine]:
    """One for each lot; how many came of each of several, only the goods say."""
    lots = line.lots or (("", None),)
    for index, (lot, expires_on) in enumerate(lots):
        yield DeliveredLine(
            position=ordered.position,
            packs=packs if len(lots) == 1 else 0,
            supplier_lot=lot or None,
            expires_on=expires_on,
            noted_packs=packs if index == 0 else None,
            noted_price=line.price or None if index == 0 else None,
        )


def _compared(found: Sequence[DeliveredLine], order: OrderPage) -> Iterator[str]:
    noted: defaultdict[int, int] = defaultdict(int)
    for told in found:
        noted[told.position] += told.noted_packs or 0
    for line in order.lines:
        said = noted.get(line.position)
        if said is not None and said != line.outstanding:
            what = f"{said} x {line.pack_value.name} on the note, {line.outstanding} outstanding."
            yield f"{line.product_name}: {what}"
    # What did not come is the longer list, and the less surprising one.
    for line in order.lines:
        if line.position not in noted and line.outstanding:
            what = f"{line.outstanding} x {line.pack_value.name} stay outstanding."
            yield f"{line.product_name}: not on the note; {what}"
