"""What placed orders hold of the blanket orders they draw on."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from procurement.kernel.errors import Conflict
from procurement.purchasing.errors import OverDraw
from procurement.purchasing.models import (
    BlanketLine,
    BlanketOrder,
    PurchaseOrder,
    PurchaseOrderLine,
)
from procurement.purchasing.terms import OrderStatus
from procurement.sourcing.models import Supplier

_HOLDS_NOTHING = frozenset({OrderStatus.DRAFT, OrderStatus.APPROVED, OrderStatus.CANCELLED})


def settle_draws(session: Session, order: PurchaseOrder) -> None:
    """Take of each blanket line what the order holds now, or give back what it holds no more.

    Raises OverDraw; the rows are written in the order of their keys, and a CHECK watches.
    """
    deltas: defaultdict[int, int] = defaultdict(int)
    for line in order.lines:
        if line.blanket_line_id is not None:
            holds = _holds(order, line)
            deltas[line.blanket_line_id] += holds - line.drawn
            line.drawn = holds
    for line_id, delta in sorted(deltas.items()):
        if delta:
            _draw(session, line_id, delta)


def require_valid(session: Session, order: PurchaseOrder, on: date) -> None:
    """Every blanket order it draws on holds on the day it is placed."""
    keys = {line.blanket_line_id for line in order.lines if line.blanket_line_id is not None}
    if not keys:
        return
    rows = session.scalars(
        select(BlanketOrder)
        .join(BlanketLine, BlanketLine.blanket_id == BlanketOrder.id)
        .where(BlanketLine.id.in_(keys))
        .distinct()
    )
    for blanket in rows:
        if blanket.closed or not blanket.valid_from <= on <= blanket.valid_until:
            why = "is closed" if blanket.closed else f"ran until {blanket.valid_until}"
            if not blanket.closed and on < blanket.valid_from:
                why = f"begins on {blanket.valid_from}"
            raise Conflict(f"{blanket.number} {why}; nothing is ordered on it on {on}.")


def agreed_lines(
    session: Session, supplier: Supplier, numbers: Collection[str]
) -> dict[tuple[str, int], BlanketLine]:
    """The lines of these blanket orders of a supplier, by number and key of the pack."""
    if not numbers:
        return {}
    rows = session.execute(
        select(BlanketOrder.number, BlanketLine)
        .join(BlanketLine, BlanketLine.blanket_id == BlanketOrder.id)
        .where(BlanketOrder.number.in_(numbers), BlanketOrder.supplier_id == supplier.id)
    )
    return {(number, line.pack_id): line for number, line in rows}


def keep_links(
    session: Session, lines: Sequence[PurchaseOrderLine], by_pack: Mapping[int, int]
) -> None:
    """Lines of these packs draw on their blanket line as long as their price is the one agreed."""
    if not by_pack:
        return
    rows = session.execute(
        select(BlanketLine.id, BlanketLine.price_e4).where(BlanketLine.id.in_(by_pack.values()))
    )
    agreed = dict(list(rows))
    for line in lines:
        key = by_pack.get(line.pack_id)
        if key is not None and agreed.get(key) == line.price_e4:
            line.blanket_line_id = key


def _holds(order: PurchaseOrder, line: PurchaseOrderLine) -> int:
    """A closed line keeps what came of it; tolerance is not drawn."""
    if order.status in _HOLDS_NOTHING or line.dropped:
        return 0
    return min(line.received, line.packs) if line.closed else line.packs


def _draw(session: Session, line_id: int, delta: int) -> None:
    drawn = session.execute(
        update(BlanketLine)
        .where(BlanketLine.id == line_id, BlanketLine.drawn + delta <= BlanketLine.packs)
        .values(drawn=BlanketLine.drawn + delta)
        .returning(BlanketLine.id)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    if drawn is None:
        number, packs, held = session.execute(
            select(BlanketOrder.number, BlanketLine.packs, BlanketLine.drawn)
            .join(BlanketOrder, BlanketOrder.id == BlanketLine.blanket_id)
            .where(BlanketLine.id == line_id)
        ).one()
        raise OverDraw(f"{packs - held} packs are left on {number}; {delta} more were asked for.")
