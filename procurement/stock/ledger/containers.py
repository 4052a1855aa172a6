"""What the ledger keeps of opened containers: each stands in one place, and is finished when nothing is left in it."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from procurement.stock.errors import ContainerElsewhere
from procurement.stock.models import Balance, Lot


def keep_containers(session: Session, lots: Iterable[Lot], at: datetime) -> None:
    """After a posting, with its balances locked: mark the containers among its lots finished, or open again.

    Raises ContainerElsewhere when a part of one would stand in a second place.
    """
    containers = {lot.id: lot.number for lot in lots if lot.parent_id is not None}
    if not containers:
        return
    rows = session.execute(
        select(Balance.lot_id, func.count())
        .where(Balance.lot_id.in_(containers), Balance.on_hand > 0)
        .group_by(Balance.lot_id)
    )
    places = {lot_id: int(several) for lot_id, several in rows}
    for lot_id, several in places.items():
        if several > 1:
            raise ContainerElsewhere(
                f"{containers[lot_id]} is open: it is moved whole or not at all."
            )
    _mark(session, containers.keys() - places.keys(), at)
    _mark(session, places.keys(), None)


def _mark(session: Session, lots: Iterable[int], finished_at: datetime | None) -> None:
    """A container finished earlier keeps its moment."""
    session.execute(
        update(Lot)
        .where(
            Lot.id.in_(set(lots)),
            Lot.finished_at.is_(None) if finished_at else Lot.finished_at.is_not(None),
        )
        .values(finished_at=finished_at)
        .execution_options(synchronize_session="fetch")
    )
