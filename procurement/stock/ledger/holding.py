"""Keeping other writers away from some lots while their figures are read and then posted, or the lots held."""

from collections.abc import Iterable, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.stock import balances
from procurement.stock.balances import Delta
from procurement.stock.models import Balance
from procurement.stock.terms import Place


def hold(session: Session, place: Place, lots: Mapping[int, int]) -> None:
    """Lock the balances of lots (lot -> product) at a place in key order, making those that are not there yet."""
    deltas = {(place.id, lot_id): Delta(lots[lot_id], 0, 0) for lot_id in sorted(lots)}
    balances.ensure(session, deltas)
    balances.lock(session, deltas)


def hold_everywhere(session: Session, lots: Iterable[int]) -> None:
    """Lock every balance of some lots in key order: who takes from them now has posted, or waits and asks again."""
    session.execute(
        select(Balance.lot_id)
        .where(Balance.lot_id.in_(set(lots)))
        .order_by(Balance.location_id, Balance.lot_id)
        .with_for_update()
    ).all()
