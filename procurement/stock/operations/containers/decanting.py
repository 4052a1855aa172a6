"""Filling bottles from a gallon: the daughters keep its lot, its dates and its label, and get numbers of their own."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.catalogue.models import Pack
from procurement.kernel.actor import Actor
from procurement.kernel.clock import today_in
from procurement.kernel.errors import FieldError, Invalid
from procurement.kernel.permissions import Permission
from procurement.kernel.quantity import Quantity
from procurement.kernel.serial import Series, next_numbers
from procurement.stock import ledger
from procurement.stock.errors import InsufficientStock
from procurement.stock.models import Lot
from procurement.stock.operations.containers.finishing import write_off
from procurement.stock.operations.containers.opening import a_container_of
from procurement.stock.operations.containers.using import require_in_date
from procurement.stock.queries.containers import Held, container_for_update
from procurement.stock.queries.places import place_of_kind, places_by_code
from procurement.stock.terms import Cause, Done, LocationKind, Place, Posted, Reason

MOST_BOTTLES = 200


@dataclass(frozen=True, slots=True)
class Fill:
    """So many bottles filled with so much each; `pack` is the empty bottle, where the product has such a pack."""

    bottles: int
    each: Quantity
    pack: str | None = None


@dataclass(frozen=True, slots=True)
class Decant:
    """Fill bottles from an opened container.

    `to` is where they stand then, its own room if None. `expires_on` shortens their date, never lengthens it.
    `loss` stuck to the funnel or was spilled; with `finish` so did all that is left.
    """

    number: str
    fills: tuple[Fill, ...]
    to: str | None = None
    expires_on: date | None = None
    loss: Quantity | None = None
    cause: Cause = Cause.LEFTOVER
    finish: bool = False
    idempotency_key: str | None = None
    note: str = ""


def decant(session: Session, command: Decant, *, actor: Actor, at: datetime) -> Done:
    """Pour. The conversion nets to zero; what is lost is written off beside it. Answers the bottles' numbers.

    Raises Invalid, InsufficientStock, LotNotUsable, ContainerFinished.
    """
    actor.require(Permission.USE_STOCK)
    to = _destination(session, command)
    held = container_for_update(session, command.number, also=(to,) if to else ())
    require_in_date(held, at)
    packs = _packs(session, command, held)
    poured = sum(fill.bottles * fill.each.steps for fill in command.fills)
    lost = held.left - poured if command.finish else (command.loss.steps if command.loss else 0)
    if poured + max(lost, 0) > held.left:
        raise InsufficientStock(
            f"{held.lot.number} has {held.quantity} left.", field="fills", left=held.left
        )
    if lost > 0:
        actor.require(Permission.WRITE_OFF_STOCK)
    bottles = _bottles(session, command, held, packs, at)
    posted = _pour(session, command, held, bottles, to or held.place, actor=actor, at=at)
    postings = [posted]
    for bottle in bottles:
        bottle.made_by_id = posted.id
    if lost > 0:
        key = f"{command.idempotency_key}:loss" if command.idempotency_key else None
        postings.append(write_off(session, held, lost, command.cause, actor=actor, at=at, key=key))
    return Done(tuple(bottle.number for bottle in bottles), tuple(postings))


def _destination(session: Session, command: Decant) -> Place | None:
    if command.to is None:
        return None
    place = places_by_code(session, {command.to}).get(command.to)
    if place is None or not place.is_physical:
        raise Invalid(f"There is no room {command.to}.", field="to")
    return place


def _packs(session: Session, command: Decant, held: Held) -> dict[str, Pack]:
    """The packs named by their code, after every figure was looked at."""
    found = session.scalars(
        select(Pack).where(
            Pack.product_id == held.product.id,
            Pack.code.in_({fill.pack for fill in command.fills if fill.pack}),
        )
    )
    packs = {pack.code: pack for pack in found}
    errors: list[FieldError] = []
    if not command.fills:
        errors.append(FieldError("fills", "Say which bottles are filled."))
    if sum(fill.bottles for fill in command.fills) > MOST_BOTTLES:
        errors.append(FieldError("fills", f"At most {MOST_BOTTLES} bottles at once."))
    unit = held.product.unit
    for index, fill in enumerate(command.fills):
        if fill.bottles <= 0:
            errors.append(FieldError(f"fills.{index}.bottles", "At least one bottle."))
        if fill.each.unit is not unit or fill.each.steps <= 0:
            errors.append(
                FieldError(f"fills.{index}.each", f"More than nothing, counted in {unit}.")
            )
        if fill.pack and fill.pack not in packs:
            errors.append(
                FieldError(f"fills.{index}.pack", f"{held.product.sku} has no pack {fill.pack}.")
            )
    if command.loss and (command.loss.unit is not unit or command.loss.steps < 0):
        errors.append(FieldError("loss", f"Counted in {unit}."))
    if errors:
        raise Invalid.of(errors)
    return packs


def _bottles(
    session: Session, command: Decant, held: Held, packs: dict[str, Pack], at: datetime
) -> list[Lot]:
    """The daughters, not yet filled: each says what its mother's label says."""
    count = sum(fill.bottles for fill in command.fills)
    on = today_in(held.place.time_zone or "UTC", at)
    numbers = iter(next_numbers(session, Series.CONTAINER, on, count))
    bottles: list[Lot] = []
    for fill in command.fills:
        pack_id = packs[fill.pack].id if fill.pack else None
        for _ in range(fill.bottles):
            bottle = a_container_of(held.lot, next(numbers), fill.each.steps, pack_id)
            bottle.decanted_at = at
            if command.expires_on is not None:
                bottle.expires_on = min(command.expires_on, bottle.expires_on or date.max)
                bottle.use_by = min(command.expires_on, bottle.use_by or date.max)
            bottles.append(bottle)
    session.add_all(bottles)
    session.flush()  # movements need the lots' ids
    return bottles


def _pour(
    session: Session,
    command: Decant,
    held: Held,
    bottles: list[Lot],
    to: Place,
    *,
    actor: Actor,
    at: datetime,
) -> Posted:
    conversion = place_of_kind(session, LocationKind.CONVERSION)
    product_id = held.product.id
    poured = sum(bottle.filled or 0 for bottle in bottles)
    moves = [ledger.Move(product_id, poured, held.place, conversion, held.lot, "container")]
    moves += [
        ledger.Move(product_id, bottle.filled or 0, conversion, to, bottle, f"fills.{index}")
        for index, bottle in enumerate(bottles)
    ]
    return ledger.post(
        session,
        Reason.DECANT,
        moves,
        actor=actor,
        at=at,
        key=command.idempotency_key,
        note=command.note,
        document=held.lot.number,
    )
