"""What is held or recalled goes nowhere it could be used or sold: asked again when the balances are locked."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.stock.errors import LotNotUsable
from procurement.stock.ledger.moves import Move
from procurement.stock.models import Lot
from procurement.stock.terms import LocationKind, LotStatus, Reason

# Used in a treatment, sold, or opened and poured into something else.
_USED_UP = frozenset({LocationKind.CONSUMED, LocationKind.CUSTOMER, LocationKind.CONVERSION})
# Where people reach for goods to use them.
AT_HAND = frozenset({LocationKind.TREATMENT_ROOM, LocationKind.PERSON, LocationKind.LAUNDRY})


def require_not_held(session: Session, reason: Reason, moves: Sequence[Move]) -> None:
    """With the balances locked, whoever held a lot first is known. What is counted, or arrives, may be held.

    Raises LotNotUsable.
    """
    asked = [move for move in moves if move.lot and _is_for_use(reason, move)]
    if not asked:
        return
    for move in asked:
        if move.source.kind is LocationKind.QUARANTINE and move.destination.kind in _USED_UP:
            raise LotNotUsable(
                f"What stands in {move.source.name} is not used.", field=f"{move.line}.from"
            )
    rows = session.execute(
        select(Lot.id, Lot.number, Lot.status).where(
            Lot.id.in_({move.lot.id for move in asked if move.lot}),
            Lot.status != LotStatus.AVAILABLE,
        )
    )
    held = {lot_id: (number, status) for lot_id, number, status in rows}
    for move in asked:
        if move.lot and move.lot.id in held:
            number, status = held[move.lot.id]
            word = "recalled" if status is LotStatus.RECALLED else "in quarantine"
            raise LotNotUsable(
                f"Lot {number} is {word}: it is not used, sold or opened, nor put into a room.",
                field=f"{move.line}.lot",
            )


def _is_for_use(reason: Reason, move: Move) -> bool:
    if not move.source.is_physical or reason is Reason.COUNT:
        return False
    arrives = move.source.kind is LocationKind.IN_TRANSIT
    return move.destination.kind in _USED_UP or (move.destination.kind in AT_HAND and not arrives)
