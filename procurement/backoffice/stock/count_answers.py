"""The shapes in which the counting phone hears of counts, sheets and entries (docs/counting.md)."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from procurement.kernel.actor import Actor
from procurement.kernel.clock import today_in
from procurement.kernel.quantity import Quantity
from procurement.stock.operations.counting.entering import Entered
from procurement.stock.queries.counting.counts import CountRow
from procurement.stock.queries.counting.review import CountLine, EntryRow
from procurement.stock.queries.counting.sheets import CountablePack, CountableProduct
from procurement.stock.terms import CountConflict
from procurement.web.scripts import moment_text


def quantity_shape(quantity: Quantity) -> dict[str, str]:
    return {"amount": quantity.amount, "unit": quantity.unit.value}


def count_shape(count: CountRow) -> dict[str, Any]:
    place = count.place
    return {
        "number": count.number,
        "location": {"code": place.code, "name": place.name, "site": place.site},
        "status": count.status.value,
        "blind": count.blind,
        "started_at": moment_text(count.started_at),
        "started_by": count.started_by,
        "lines": count.lines,
        "counted": count.counted,
    }


def sheet_shape(
    count: CountRow,
    lines: Sequence[CountLine],
    products: Sequence[CountableProduct],
    *,
    actor: Actor,
    at: datetime,
) -> dict[str, Any]:
    today = today_in(count.place.time_zone or "UTC", at)
    return {
        "count": count_shape(count),
        "lines": [line_shape(line, actor, blind=count.blind, today=today) for line in lines],
        "products": [
            {
                "sku": product.sku,
                "name": product.name,
                "unit": product.unit.value,
                "packs": [pack_shape(pack) for pack in product.packs],
            }
            for product in products
        ],
    }


def line_shape(line: CountLine, actor: Actor, *, blind: bool, today: date) -> dict[str, Any]:
    """In a blind count what is expected is not there at all."""
    shape: dict[str, Any] = {
        "line": line.position,
        "product": line.product,
        "lot": line.lot,
        "supplier_lot": line.supplier_lot,
        "expires_on": line.expires_on.isoformat() if line.expires_on else None,
        "use_by": line.use_by.isoformat() if line.use_by else None,
        "state": _state(line, today),
        "opened": None,
        "recount": line.conflict is CountConflict.RECOUNT,
        "disagree": line.conflict is CountConflict.DISAGREE,
        "entries": [entry_shape(entry, actor) for entry in line.entries],
    }
    if line.filled is not None:
        shape["opened"] = {"pack": line.container, "filled": quantity_shape(line.filled)}
    if not blind:
        shape["expected"] = quantity_shape(line.at_start)
    return shape


def _state(line: CountLine, today: date) -> str | None:
    if line.status is None:
        return None
    is_past = line.use_by is not None and line.use_by < today
    return "past_date" if is_past and line.status.value == "available" else line.status.value


def pack_shape(pack: CountablePack) -> dict[str, Any]:
    return {
        "code": pack.code,
        "name": pack.name,
        "size": quantity_shape(pack.size),
        "gtin": pack.gtin.zfill(14) if pack.gtin else None,
        "sales": pack.is_sales_pack,
    }


def entry_shape(entry: EntryRow, actor: Actor) -> dict[str, Any]:
    return {
        "id": entry.uid,
        "quantity": quantity_shape(entry.quantity),
        "counted_at": moment_text(entry.counted_at),
        "counted_by": entry.counted_by,
        "mine": entry.actor_id is not None and entry.actor_id == actor.id,
        "note": entry.note,
    }


def entered_shape(answer: Entered) -> dict[str, Any]:
    shape: dict[str, Any] = {
        "id": answer.uid,
        "result": answer.outcome.value,
        "line": answer.line,
        "counted_at": moment_text(answer.counted_at) if answer.counted_at else None,
    }
    if answer.fault is not None:
        shape |= {"field": answer.fault.field, "message": answer.fault.message}
    return shape


def conflict_shape(line: CountLine, actor: Actor) -> dict[str, Any]:
    return {
        "line": line.position,
        "product": line.product,
        "lot": line.lot,
        "kind": line.conflict.value if line.conflict else None,
        "entries": [entry_shape(entry, actor) for entry in line.entries],
    }
