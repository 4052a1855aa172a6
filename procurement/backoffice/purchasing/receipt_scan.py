"""One scan fills a line of a delivery: which one, its lot, its use-by, and how many where the label says so."""

from dataclasses import dataclass, field
from typing import Any

from procurement.purchasing.terms import OrderLineRow, OrderPage
from procurement.stock.queries.scanning import Found, Scanned

Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Filled:
    """The rows after a scan, and what the person is told. `into` is a place that was scanned."""

    rows: Rows
    message: str
    tone: str = "ok"
    into: str | None = None
    choices: tuple[Found, ...] = field(default=())


def filled(rows: Rows, found: Found, order: OrderPage) -> Filled:
    """Nothing is guessed: what does not fit this delivery is said, and the rows stay as they are."""
    if found.what is Scanned.LOCATION:
        return Filled(rows, f"Goes into {found.location_name}.", into=found.location)
    if found.what is Scanned.UNCLEAR:
        return Filled(rows, found.message, "soon", choices=found.choices)
    if not found.is_goods or found.what is Scanned.CONTAINER:
        return Filled(rows, found.message, "past")
    line = _line(rows, found, order)
    if line is None:
        return Filled(rows, f"{found.product_name} is not on {order.number}.", "past")
    try:
        packs = _packs(found, line)
    except ValueError as error:
        return Filled(rows, str(error), "soon")
    return _put(rows, found, line, packs)


def _line(rows: Rows, found: Found, order: OrderPage) -> OrderLineRow | None:
    """The line of that product in this delivery; of several the one in the scanned pack."""
    shown = {row["position"] for row in rows}
    lines = [
        line for line in order.lines if line.product == found.product and line.position in shown
    ]
    same = [line for line in lines if line.pack == found.pack]
    return next(iter(same or lines), None)


def _packs(found: Found, line: OrderLineRow) -> int | None:
    """How many of the ordered packs the label says; None when it says nothing."""
    if found.quantity is None:
        return None
    packs, rest = divmod(found.quantity.steps, line.pack_value.size.steps)
    if rest:
        raise ValueError(
            f"The label says {found.quantity} of {line.product_name}, no whole packs of {line.pack_value.name}. "
            "Type how many came."
        )
    return packs


def _put(rows: Rows, found: Found, line: OrderLineRow, packs: int | None) -> Filled:
    mine = [index for index, row in enumerate(rows) if row["position"] == line.position]
    lot = found.supplier_lot or found.lot
    if lot is None:
        note = ""
        if packs is not None:
            rows[mine[0]]["packs"] = packs
            note = f": {packs} packs"
        return Filled(rows, f"{line.product_name}{note}. The label names no lot; type it.", "soon")
    index = next((i for i in mine if rows[i].get("lot") == lot), None)
    if index is not None:
        return _again(rows, index, line, lot, packs)
    index = next((i for i in mine if not rows[i].get("lot")), None)
    new = {"lot": lot, "expires_on": found.expires_on}
    if index is None:
        rows.insert(mine[-1] + 1, {"position": line.position, "packs": packs or 0, **new})
        index = mine[-1] + 1
    else:
        rows[index] |= new if packs is None else {**new, "packs": packs}
    count = rows[index]["packs"]
    said = f"{line.product_name}, lot {lot}: {count} packs."
    if not count:
        return Filled(rows, f"{said} Another lot; type how many of each came.", "soon")
    if found.expires_on is None:
        return Filled(rows, f"{said} {_dateless(found)}", "soon")
    return Filled(
        rows, said if not found.disagrees else found.message, "soon" if found.disagrees else "ok"
    )


def _again(rows: Rows, index: int, line: OrderLineRow, lot: str, packs: int | None) -> Filled:
    """The same lot once more: another box where boxes say how many, else only a second look."""
    if packs is None:
        return Filled(rows, f"Lot {lot} of {line.product_name} is filled in already.", "info")
    rows[index]["packs"] = (rows[index].get("packs") or 0) + packs
    return Filled(
        rows, f"{line.product_name}, lot {lot}: {packs} more, {rows[index]['packs']} packs."
    )


def _dateless(found: Found) -> str:
    if found.best_before:
        return f"Its label says best before {found.best_before.isoformat()}, no use-by: type the date you go by."
    return "The label names no use-by; type it."
