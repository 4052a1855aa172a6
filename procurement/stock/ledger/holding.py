"""Keeping other writers away from some lots at a place while their figures are read and then posted."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from procurement.stock import balances
from procurement.stock.balances import Delta
from procurement.stock.terms import Place


def hold(session: Session, place: Place, lots: Mapping[int, int]) -> None:
    """Lock the balances of lots (lot -> product) at a place in key order, making those that are not there yet."""
    deltas = {(place.id, lot_id): Delta(lots[lot_id], 0, 0) for lot_id in sorted(lots)}
    balances.ensure(session, deltas)
    balances.lock(session, deltas)
