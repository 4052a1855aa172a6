"""A container that is empty, or thrown away, and the next one opened in the same breath."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from procurement.kernel.actor import Actor
from procurement.kernel.clock import today_in
from procurement.kernel.errors import Invalid
from procurement.kernel.permissions import Permission
from procurement.kernel.quantity import Quantity
from procurement.stock import ledger
from procurement.stock.errors import StillGood
from procurement.stock.operations.containers.opening import OpenContainer, open_container
from procurement.stock.operations.containers.using import use
from procurement.stock.queries.containers import Held, container_for_update
from procurement.stock.queries.places import place_of_kind
from procurement.stock.terms import Cause, Done, LocationKind, Posted, Reason, Rest


@dataclass(frozen=True, slots=True)
class FinishContainer:
    """It is empty. What the book still has in it was used, or was thrown away with it."""

    number: str
    rest: Rest = Rest.USED
    idempotency_key: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class DiscardContainer:
    """It is thrown away with what is in it, or so much of that is lost."""

    number: str
    cause: Cause
    quantity: Quantity | None = None  # all of it
    idempotency_key: str | None = None
    note: str = ""


def finish_container(
    session: Session, command: FinishContainer, *, actor: Actor, at: datetime
) -> Done:
    """Take it off the board. Raises ContainerFinished for the slower of two, LotNotUsable past its use-by."""
    actor.require(Permission.USE_STOCK)
    held = container_for_update(session, command.number)
    return Done((command.number,), (_finish(session, held, command, actor=actor, at=at),))


def finish_and_open_next(
    session: Session, command: FinishContainer, *, actor: Actor, at: datetime
) -> Done:
    """Finish it and open the next of the same product in its room, both or neither.

    The container thrown away and the new one, in this order, with the postings of both.
    """
    actor.require(Permission.USE_STOCK)
    held = container_for_update(session, command.number)
    finished = _finish(session, held, command, actor=actor, at=at)
    key = command.idempotency_key
    opened = open_container(
        session,
        OpenContainer(
            held.place.code, held.product.sku, idempotency_key=f"{key}:next" if key else None
        ),
        actor=actor,
        at=at,
    )
    return Done((command.number, *opened.containers), (finished, *opened.postings))


def discard_container(
    session: Session, command: DiscardContainer, *, actor: Actor, at: datetime
) -> Done:
    """Write off what is in it; also past its date, in quarantine or recalled. Raises ContainerFinished."""
    actor.require(Permission.WRITE_OFF_STOCK)
    held = container_for_update(session, command.number)
    if command.cause is Cause.PAST_DATE and not _is_past(held, at):
        raise StillGood(f"{command.number} is not past its date.", field="cause")
    if command.quantity is not None and command.quantity.unit is not held.product.unit:
        raise Invalid(f"This is counted in {held.product.unit}.", field="quantity")
    posted = write_off(
        session,
        held,
        command.quantity.steps if command.quantity is not None else held.left,
        command.cause,
        actor=actor,
        at=at,
        key=command.idempotency_key,
        note=command.note,
    )
    return Done((command.number,), (posted,))


def _is_past(held: Held, at: datetime) -> bool:
    use_by = held.lot.use_by
    return use_by is not None and use_by < today_in(held.place.time_zone or "UTC", at)


def _finish(
    session: Session, held: Held, command: FinishContainer, *, actor: Actor, at: datetime
) -> Posted:
    key = command.idempotency_key
    if command.rest is Rest.USED:
        return use(session, held, held.left, actor=actor, at=at, key=key)
    actor.require(Permission.WRITE_OFF_STOCK)
    return write_off(
        session, held, held.left, Cause.LEFTOVER, actor=actor, at=at, key=key, note=command.note
    )


def write_off(
    session: Session,
    held: Held,
    steps: int,
    cause: Cause,
    *,
    actor: Actor,
    at: datetime,
    key: str | None,
    note: str = "",
) -> Posted:
    """So much of it is gone, and why."""
    adjustment = place_of_kind(session, LocationKind.ADJUSTMENT)
    move = ledger.Move(held.product.id, steps, held.place, adjustment, held.lot, "container")
    return ledger.post(
        session,
        Reason.WRITE_OFF,
        [move],
        actor=actor,
        at=at,
        key=key,
        cause=cause,
        note=note,
        document=held.lot.number,
    )
