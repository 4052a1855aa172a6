"""An opened container carried to another room, whole."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from procurement.kernel.actor import Actor
from procurement.kernel.errors import Invalid
from procurement.kernel.permissions import Permission
from procurement.stock import ledger
from procurement.stock.queries.containers import container_for_update
from procurement.stock.queries.places import places_by_code
from procurement.stock.terms import Done, Reason


@dataclass(frozen=True, slots=True)
class MoveContainer:
    number: str
    to: str
    idempotency_key: str | None = None


def move_container(session: Session, command: MoveContainer, *, actor: Actor, at: datetime) -> Done:
    """With all that is in it; also past its date, to be returned or thrown away elsewhere."""
    actor.require(Permission.MOVE_STOCK)
    to = places_by_code(session, {command.to}).get(command.to)
    if to is None or not to.is_physical:
        raise Invalid(f"There is no room {command.to}.", field="to")
    held = container_for_update(session, command.number, also=(to,))
    if held.place.id == to.id:
        raise Invalid(f"It stands in {to.name} already.", field="to")
    posted = ledger.post(
        session,
        Reason.TRANSFER,
        [ledger.Move(held.product.id, held.left, held.place, to, held.lot, "container")],
        actor=actor,
        at=at,
        key=command.idempotency_key,
        document=held.lot.number,
    )
    return Done((command.number,), (posted,))
