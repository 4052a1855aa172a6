"""What is taken from an opened container, and what is found to be left in it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from procurement.kernel.actor import Actor
from procurement.kernel.clock import today_in
from procurement.kernel.errors import Invalid
from procurement.kernel.permissions import Permission
from procurement.stock import ledger
from procurement.stock.errors import LotNotUsable
from procurement.stock.queries.containers import Held, container_for_update
from procurement.stock.queries.places import place_of_kind
from procurement.stock.rules.amounts import USUAL_DOSE, Reading, left_after
from procurement.stock.rules.shelf_life import is_usable
from procurement.stock.terms import Done, LocationKind, Posted, Reason, Told

# These say what somebody took; the others what somebody found.
_TAKEN = frozenset({Told.DOSES, Told.STROKES, Told.USED})


@dataclass(frozen=True, slots=True)
class ReadContainer:
    """A reading of an opened container.

    What is missing was used in treatments, unless `correction` says why the book was wrong. More than the book says
    is always a correction.
    """

    number: str
    reading: Reading
    correction: str = ""
    idempotency_key: str | None = None


def read_container(session: Session, command: ReadContainer, *, actor: Actor, at: datetime) -> Done:
    """Post the difference to what is left now. Nothing is posted when the book is right.

    Raises Invalid, LotNotUsable (past its use-by nothing is used), ContainerFinished.
    """
    actor.require(Permission.COUNT_STOCK if command.correction else Permission.USE_STOCK)
    held = container_for_update(session, command.number)
    left = left_after(held.vessel(), command.reading)
    missing = held.left - left
    if missing == 0:
        if command.reading.told in _TAKEN:
            raise Invalid("Say how much was taken.", field="amount")
        return Done((command.number,), ())
    if missing > 0 and not command.correction:
        posted = use(session, held, missing, actor=actor, at=at, key=command.idempotency_key)
    else:
        actor.require(Permission.COUNT_STOCK)
        posted = _correct(session, held, missing, command, actor=actor, at=at)
    return Done((command.number,), (posted,))


def use_dose(
    session: Session, number: str, *, actor: Actor, at: datetime, key: str | None = None
) -> Done:
    """One treatment's worth; the last drop when less is left. Raises as `read_container` does."""
    actor.require(Permission.USE_STOCK)
    held = container_for_update(session, number)
    dose = held.product.dose or USUAL_DOSE[held.product.unit]
    posted = use(session, held, min(dose, held.left), actor=actor, at=at, key=key)
    return Done((number,), (posted,))


def use(
    session: Session, held: Held, steps: int, *, actor: Actor, at: datetime, key: str | None
) -> Posted:
    """Out of the container into treatments."""
    require_in_date(held, at)
    consumed = place_of_kind(session, LocationKind.CONSUMED)
    move = ledger.Move(held.product.id, steps, held.place, consumed, held.lot, "container")
    return ledger.post(
        session,
        Reason.CONSUMPTION,
        [move],
        actor=actor,
        at=at,
        key=key,
        document=held.lot.number,
    )


def require_in_date(held: Held, at: datetime) -> None:
    """Past its use-by it can be counted, corrected, thrown away; not used."""
    lot = held.lot
    if is_usable(lot.status, lot.use_by, today_in(held.place.time_zone or "UTC", at)):
        return
    if lot.status != "available":
        raise LotNotUsable(f"{lot.number} is in {lot.status}: it is not used.")
    raise LotNotUsable(f"{lot.number} was to be used by {lot.use_by}: throw it away.")


def _correct(
    session: Session,
    held: Held,
    missing: int,
    command: ReadContainer,
    *,
    actor: Actor,
    at: datetime,
) -> Posted:
    """The book was wrong: the difference goes to or comes from ADJUSTMENT."""
    adjustment = place_of_kind(session, LocationKind.ADJUSTMENT)
    ends = (held.place, adjustment) if missing > 0 else (adjustment, held.place)
    move = ledger.Move(held.product.id, abs(missing), *ends, held.lot, "container")
    return ledger.post(
        session,
        Reason.ADJUSTMENT,
        [move],
        actor=actor,
        at=at,
        key=command.idempotency_key,
        note=command.correction or "More was left than the book said",
        document=held.lot.number,
    )
