"""Taking back what was done to an opened container: the last step first, each once."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from procurement.kernel.actor import Actor
from procurement.kernel.errors import Conflict, NotFound
from procurement.kernel.permissions import Permission
from procurement.stock import ledger
from procurement.stock.models import Balance, Lot, Posting
from procurement.stock.terms import Posted, Reason

_NEEDS = {
    Reason.OPEN: Permission.USE_STOCK,
    Reason.DECANT: Permission.USE_STOCK,
    Reason.CONSUMPTION: Permission.USE_STOCK,
    Reason.TRANSFER: Permission.MOVE_STOCK,
    Reason.WRITE_OFF: Permission.WRITE_OFF_STOCK,
    Reason.ADJUSTMENT: Permission.COUNT_STOCK,
}


def take_back(
    session: Session, refs: Sequence[str], *, actor: Actor, at: datetime, why: str = "Undone"
) -> list[Posted]:
    """Reverse the postings of one step ("finished and opened the next"), the latest first, all or none.

    Everybody may take back their own; somebody else's needs the permission to adjust stock. Raises NotFound,
    Conflict (more was done to it since), AlreadyReversed, InsufficientStock.
    """
    return [_take_back(session, ref, actor=actor, at=at, why=why) for ref in reversed(refs)]


def _take_back(session: Session, ref: str, *, actor: Actor, at: datetime, why: str) -> Posted:
    posting = session.scalar(
        select(Posting).where(Posting.ref == ref).options(selectinload(Posting.movements))
    )
    if posting is None or posting.reason not in _NEEDS or not _is_of_a_container(session, posting):
        raise NotFound("There is no such step to take back.")
    own = posting.actor_id is not None and posting.actor_id == actor.id
    actor.require(_NEEDS[posting.reason] if own else Permission.ADJUST_STOCK)
    made = list(session.scalars(select(Lot).where(Lot.made_by_id == posting.id).order_by(Lot.id)))
    if made:
        _require_untouched(session, posting, made)
    return ledger.reverse(session, posting, actor=actor, at=at, why=why, document=posting.document)


def _is_of_a_container(session: Session, posting: Posting) -> bool:
    found = session.scalar(
        select(Lot.id).where(Lot.number == posting.document, Lot.parent_id.is_not(None))
    )
    return found is not None


def _require_untouched(session: Session, posting: Posting, made: Sequence[Lot]) -> None:
    """A container that was used from, moved or poured from since goes on existing."""
    products = {lot.product_id for lot in made}
    places = {m.from_id for m in posting.movements} | {m.to_id for m in posting.movements}
    rows = session.execute(
        select(Balance.lot_id, Balance.on_hand)
        .where(Balance.product_id.in_(products), Balance.location_id.in_(places))
        .order_by(Balance.location_id, Balance.lot_id)
        .with_for_update()
    )
    there: dict[int, int] = {}
    for lot_id, on_hand in rows:
        there[lot_id] = there.get(lot_id, 0) + on_hand
    for lot in made:
        if there.get(lot.id, 0) != lot.filled:
            raise Conflict(f"{lot.number} was used since; take that back first.")
