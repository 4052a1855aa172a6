"""Turning needs into drafts: a purchase order for each supplier and place of delivery, a transfer for each way."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Insert
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from procurement.kernel.actor import Actor
from procurement.kernel.permissions import Permission
from procurement.planning.models import PlanningRun
from procurement.planning.queries.needs import needs
from procurement.planning.terms import Drafted, Need
from procurement.purchasing.operations.lines import MAX_LINES, NewOrderLine
from procurement.purchasing.operations.ordering import DraftOrder, draft_order
from procurement.stock.operations.transfers import DraftTransfer, TransferItem, draft_transfer


@dataclass(frozen=True, slots=True)
class DraftOrders:
    """Draft what all sites need, or one."""

    site: str | None = None


def draft_orders(session: Session, command: DraftOrders, *, actor: Actor, at: datetime) -> Drafted:
    """Draft what is needed and not drafted yet; a second run finds nothing left to draft.

    Who may not move stock drafts only the orders, who may not order only the transfers.
    """
    actor.require(Permission.SEE_PURCHASING)
    actor.require_any(Permission.DRAFT_ORDERS, Permission.MOVE_STOCK)
    take_turn(session, actor, at)
    found = needs(session, at=at, site=command.site).open
    transfers: list[str] = []
    orders: list[str] = []
    if actor.may(Permission.MOVE_STOCK):
        transfers = [
            draft_transfer(session, transfer, actor=actor, at=at).number
            for transfer in transfers_of(found)
        ]
    if actor.may(Permission.DRAFT_ORDERS):
        orders = [
            draft_order(session, order, actor=actor, at=at).number for order in _orders(found)
        ]
    return Drafted(tuple(orders), tuple(transfers))


def take_turn(session: Session, actor: Actor, at: datetime) -> None:
    """Change the row of runs: on PostgreSQL another run waits here until this one has committed its drafts."""
    postgresql = session.get_bind().dialect.name == "postgresql"
    insert = postgresql_insert if postgresql else sqlite_insert
    row = {"id": 1, "runs": 1, "ran_at": at, "ran_by": actor.name}
    statement: Insert = (
        insert(PlanningRun)
        .values(row)
        .on_conflict_do_update(
            index_elements=["id"],
            set_={"runs": PlanningRun.runs + 1, "ran_at": at, "ran_by": actor.name},
        )
    )
    session.execute(statement)


def transfers_of(found: Sequence[Need]) -> Iterable[DraftTransfer]:
    """One transfer for each way from a storeroom to a room."""
    ways: defaultdict[tuple[str, str], list[TransferItem]] = defaultdict(list)
    for need in found:
        for refill in need.refills:
            ways[refill.source, need.location].append(TransferItem(need.product, refill.quantity))
    for (source, destination), items in sorted(ways.items(), key=lambda way: way[0]):
        yield DraftTransfer(source, destination, tuple(items))


def _orders(found: Sequence[Need]) -> Iterable[DraftOrder]:
    """Needs that share a pack are one line: their packs add up to one order for the product."""
    wanted: defaultdict[tuple[str, str], dict[tuple[str, str, str], list[Need]]] = defaultdict(dict)
    for need in found:
        if need.supplier is not None and need.pack is not None:
            lines = wanted[need.supplier, need.deliver_to]
            lines.setdefault((need.product, need.pack, need.blanket), []).append(need)
    for (supplier, deliver_to), by_pack in sorted(wanted.items(), key=lambda order: order[0]):
        lines_of = [_line(product, pack, group) for (product, pack, _), group in by_pack.items()]
        for start in range(0, len(lines_of), MAX_LINES):
            yield DraftOrder(
                supplier=supplier,
                deliver_to=deliver_to,
                lines=tuple(lines_of[start : start + MAX_LINES]),
                note_to_us="Drafted from the needs.",
            )


def _line(product: str, pack: str, group: Sequence[Need]) -> NewOrderLine:
    price = group[0].price
    return NewOrderLine(
        product=product,
        pack=pack,
        packs=sum(need.packs for need in group),
        unit_price=None if price else "0",  # else the supplier's breaks for so many
        blanket=group[0].blanket or None,
    )
