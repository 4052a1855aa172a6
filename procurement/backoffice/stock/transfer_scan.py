"""One scan adds a line to a transfer, or says where it goes."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from werkzeug.datastructures import MultiDict

from procurement.kernel.quantity import Quantity
from procurement.stock.queries.scanning import Found, Scanned

_ROW = re.compile(r"lines-([0-9]{1,4})-product", re.ASCII)
Sent = MultiDict[str, str]


@dataclass(frozen=True, slots=True)
class Added:
    """The form after a scan, and what the person is told."""

    sent: Sent
    message: str
    tone: str = "ok"
    choices: tuple[Found, ...] = field(default=())


def added(before: Mapping[str, str], found: Found) -> Added:
    """Nothing is guessed: what cannot be moved is said, and the form stays as it is."""
    sent: Sent = MultiDict(before)
    if found.what is Scanned.LOCATION:
        sent["destination"] = found.location or ""
        return Added(sent, f"Goes to {found.location_name}.")
    if found.what is Scanned.UNCLEAR:
        return Added(sent, found.message, "soon", found.choices)
    if not found.is_goods:
        return Added(sent, found.message, "past")
    if found.supplier_lot and not found.lot:
        return Added(sent, f"Lot {found.supplier_lot} of {found.product_name} is not here.", "past")
    return _line(sent, found)


def _line(sent: Sent, found: Found) -> Added:
    """A row of its own, or more of the row that has the same lot."""
    row = _row_of(sent, found)
    typed = sent.get(f"lines-{row}-quantity", "").strip()
    quantity = found.quantity or (None if found.what is Scanned.CONTAINER else found.pack_size)
    name = f"{found.product_name}, lot {found.lot}" if found.lot else f"{found.product_name}"
    sent[f"lines-{row}-product"] = found.product or ""
    sent[f"lines-{row}-lot"] = found.lot or ""
    if quantity is None:
        return Added(sent, f"{name}: type how much of it goes.", "soon")
    if typed:
        try:
            quantity += Quantity.parse(typed, quantity.unit)
        except ValueError:
            return Added(sent, f"{name} is in the list; type how much of it goes.", "soon")
    sent[f"lines-{row}-quantity"] = quantity.amount
    return Added(sent, f"{name}: {quantity}.")


def _row_of(sent: Sent, found: Found) -> int:
    """The row of this product and lot; else the first blank one."""
    rows = sorted(int(match[1]) for name in sent if (match := _ROW.fullmatch(name)))
    for row in rows:
        same_lot = sent.get(f"lines-{row}-lot", "").strip() == (found.lot or "")
        if sent[f"lines-{row}-product"].strip() == found.product and same_lot:
            return row
    blank = (row for row in rows if not sent[f"lines-{row}-product"].strip())
    return next(blank, rows[-1] + 1 if rows else 0)
