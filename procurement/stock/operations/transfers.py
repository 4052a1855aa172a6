"""Transfers: asked for, reserved at their source when drafted or picked, carried in one step, or cancelled.

Goods that travel between houses are sent and arrive: `operations/arrivals.py`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from procurement.catalogue.models import Product
from procurement.kernel.actor import Actor
from procurement.kernel.clock import today_in
from procurement.kernel.errors import Conflict, FieldError, Invalid, NotFound
from procurement.kernel.permissions import Permission
from procurement.kernel.quantity import Quantity
from procurement.kernel.serial import Series, next_number
from procurement.stock import ledger
from procurement.stock.errors import InsufficientStock, LotNotUsable
from procurement.stock.models import Lot, Reservation, Transfer, TransferLine, TransferWish
from procurement.stock.queries.places import places_by_code, places_by_id
from procurement.stock.terms import LocationKind, LotStatus, Place, Posted, Reason, TransferStatus

_PASSED = frozenset({LocationKind.IN_TRANSIT, LocationKind.LAUNDRY})


@dataclass(frozen=True, slots=True)
class TransferItem:
    """Lots are picked by FEFO; a named one goes as it is, an opened container whole."""

    product: str
    quantity: Quantity
    lot: str | None = None


@dataclass(frozen=True, slots=True)
class DraftTransfer:
    """What should go from one room or storeroom to another (codes); linen goes `via` the laundry."""

    source: str
    destination: str
    items: tuple[TransferItem, ...]
    via: str | None = None
    note: str = ""


def draft_transfer(
    session: Session,
    command: DraftTransfer,
    *,
    actor: Actor,
    at: datetime,
    run_id: int | None = None,
) -> Transfer:
    """Write the transfer down and reserve its goods, lots by FEFO. Raises Invalid, InsufficientStock."""
    actor.require(Permission.MOVE_STOCK)
    ends = _ends(session, command)
    promises = _promises(session, command, ends)
    transfer = _new(session, command, ends, TransferStatus.DRAFT, actor=actor, at=at)
    transfer.transit_id = ends[2].id if ends[2] else None
    transfer.run_id = run_id
    transfer.lines = _reserved(session, transfer.number, promises, at)
    session.add(transfer)
    return transfer


def request_transfer(
    session: Session, command: DraftTransfer, *, actor: Actor, at: datetime
) -> Transfer:
    """Ask another place for goods; who stands there picks them. Raises Invalid."""
    actor.require_any(Permission.USE_STOCK, Permission.MOVE_STOCK)
    ends = _ends(session, command)
    if command.via is not None or any(item.lot for item in command.items):
        raise Invalid("A request names products; lots are picked later.", field="lines")
    promises = _promises(session, command, ends)
    transfer = _new(session, command, ends, TransferStatus.REQUESTED, actor=actor, at=at)
    transfer.lines = []
    session.add(transfer)
    session.flush()  # the wishes name it by its key
    session.add_all(
        TransferWish(
            transfer_id=transfer.id,
            position=position,
            product_id=promise.product_id,
            quantity=promise.quantity,
        )
        for position, promise in enumerate(promises, start=1)
    )
    return transfer


def pick_transfer(session: Session, number: str, *, actor: Actor, at: datetime) -> Transfer:
    """Answer a request: reserve by FEFO what the source has of it. Raises InsufficientStock when that is nothing."""
    actor.require(Permission.MOVE_STOCK)
    transfer = transfer_for_update(session, number)
    transfer.become(TransferStatus.DRAFT)
    source = places_by_id(session, {transfer.from_id})[transfer.from_id]
    wishes = session.scalars(
        select(TransferWish)
        .where(TransferWish.transfer_id == transfer.id)
        .order_by(TransferWish.position)
    ).all()
    shelves = ledger.locked_shelves(session, {source}, {wish.product_id for wish in wishes})
    free = {
        product_id: sum(one.free for one in ledger.sealed(shelves, source, product_id, at))
        for product_id in {wish.product_id for wish in wishes}
    }
    promises = []
    for wish in wishes:
        taken = min(wish.quantity, free[wish.product_id])
        free[wish.product_id] -= taken
        if taken:
            promises.append(ledger.Promise(wish.product_id, taken, source))
    if not promises:
        raise InsufficientStock(f"{source.name} has nothing of what is asked for.", left=0)
    transfer.lines = _reserved(session, number, promises, at)
    return transfer


def complete_transfer(
    session: Session, number: str, *, actor: Actor, at: datetime, key: str | None = None
) -> Posted:
    """The goods have been carried: release and post in one step. Raises TransferState unless it is a draft."""
    actor.require(Permission.MOVE_STOCK)
    transfer = transfer_for_update(session, number)
    transfer.require_draft()
    transfer.become(TransferStatus.DONE)
    places = places_by_id(session, {transfer.from_id, transfer.to_id})
    moves = moves_of(session, transfer, places[transfer.from_id], places[transfer.to_id])
    posted = ledger.post(
        session,
        Reason.TRANSFER,
        moves,
        actor=actor,
        at=at,
        key=key,
        releases=reservations_of(session, transfer.lines),
        document=transfer.number,
    )
    for line in transfer.lines:
        line.sent = line.arrived = line.quantity
    transfer.done_at = at
    transfer.posting_id = posted.id
    return posted


def cancel_transfer(session: Session, number: str, *, actor: Actor, at: datetime) -> Transfer:
    """It will not be carried: what was reserved is free again."""
    actor.require(Permission.MOVE_STOCK)
    transfer = transfer_for_update(session, number)
    transfer.become(TransferStatus.CANCELLED)
    ledger.release(session, reservations_of(session, transfer.lines), at=at)
    return transfer


def transfer_for_update(session: Session, number: str) -> Transfer:
    """The transfer with its lines, locked before anything it touches. Raises NotFound."""
    transfer = session.scalar(
        select(Transfer)
        .where(Transfer.number == number)
        .options(selectinload(Transfer.lines))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if transfer is None:
        raise NotFound(f"There is no transfer {number}.")
    return transfer


def reservations_of(session: Session, lines: Sequence[TransferLine]) -> list[Reservation]:
    ids = {line.reservation_id for line in lines}
    return list(session.scalars(select(Reservation).where(Reservation.id.in_(ids))))


def moves_of(
    session: Session, transfer: Transfer, source: Place, destination: Place
) -> list[ledger.Move]:
    """All that was picked, from one place to the other."""
    ids = {line.lot_id for line in transfer.lines}
    lots = {lot.id: lot for lot in session.scalars(select(Lot).where(Lot.id.in_(ids)))}
    return [
        ledger.Move(
            line.product_id,
            line.quantity,
            source,
            destination,
            lots[line.lot_id],
            f"lines.{line.position - 1}",
        )
        for line in transfer.lines
    ]


def _new(
    session: Session,
    command: DraftTransfer,
    ends: tuple[Place, Place, Place | None],
    status: TransferStatus,
    *,
    actor: Actor,
    at: datetime,
) -> Transfer:
    source, destination, _ = ends
    number = next_number(session, Series.TRANSFER, today_in(source.time_zone or "UTC", at))
    return Transfer(
        number=number,
        status=status,
        from_id=source.id,
        to_id=destination.id,
        note=command.note,
        drafted_at=at,
        drafted_by=actor.name,
    )


def _reserved(
    session: Session, number: str, promises: Sequence[ledger.Promise], at: datetime
) -> list[TransferLine]:
    reserved = ledger.reserve(session, promises, demand=number, at=at)
    picked = [
        (promise.product_id, reservation)
        for promise, reservations in zip(promises, reserved, strict=True)
        for reservation in reservations
    ]
    return [
        TransferLine(
            position=position,
            product_id=product_id,
            lot_id=reservation.lot_id,
            quantity=reservation.quantity,
            sent=0,
            arrived=0,
            explained=0,
            reservation_id=reservation.id,
        )
        for position, (product_id, reservation) in enumerate(picked, start=1)
    ]


def _ends(session: Session, command: DraftTransfer) -> tuple[Place, Place, Place | None]:
    via = {command.via} if command.via else set()
    places = places_by_code(session, {command.source, command.destination} | via)
    errors = [
        FieldError(field, f"There is no room or storeroom {code}.")
        for field, code in (("from", command.source), ("to", command.destination))
        if code not in places or not places[code].is_physical
    ]
    if not errors and command.source == command.destination:
        errors = [FieldError("to", "A transfer leads somewhere else.")]
    if command.via and (command.via not in places or places[command.via].kind not in _PASSED):
        errors.append(FieldError("via", f"There is no laundry {command.via}."))
    elif command.via in {command.source, command.destination}:
        errors.append(FieldError("via", "It passes somewhere else."))
    if errors:
        raise Invalid.of(errors)
    return (
        places[command.source],
        places[command.destination],
        places[command.via] if command.via else None,
    )


def _promises(
    session: Session, command: DraftTransfer, ends: tuple[Place, Place, Place | None]
) -> list[ledger.Promise]:
    source, destination, _ = ends
    skus = {item.product for item in command.items}
    found = session.scalars(select(Product).where(Product.sku.in_(skus)))
    products = {product.sku: product for product in found}
    lots = _lots(session, command)
    errors: list[FieldError] = []
    if not command.items:
        errors.append(FieldError("lines", "A transfer carries something."))
    promises: list[ledger.Promise] = []
    for index, item in enumerate(command.items):
        line, product = f"lines.{index}", products.get(item.product)
        if product is None:
            errors.append(FieldError(f"{line}.product", f"There is no product {item.product}."))
            continue
        if item.quantity.unit is not product.unit or item.quantity.steps <= 0:
            errors.append(
                FieldError(f"{line}.quantity", f"More than nothing, counted in {product.unit}.")
            )
        lot = lots.get((product.id, item.lot)) if item.lot else None
        if item.lot and lot is None:
            errors.append(FieldError(f"{line}.lot", f"There is no lot {item.lot} of that product."))
        lot_id = lot.id if lot else None
        promises.append(ledger.Promise(product.id, item.quantity.steps, source, line, lot_id))
    if errors:
        raise Invalid.of(errors)
    _require_whole(session, promises, source)
    _require_not_held(lots, command, destination)
    return promises


def _require_not_held(lots: dict[tuple[int, str], Lot], command: DraftTransfer, to: Place) -> None:
    """A lot in quarantine or recalled is put aside, never carried to where people would use it."""
    if to.kind not in ledger.AT_HAND:
        return
    held = {lot.number for lot in lots.values() if lot.status is not LotStatus.AVAILABLE}
    for index, item in enumerate(command.items):
        if item.lot in held:
            raise LotNotUsable(
                f"Lot {item.lot} is held; carry it to a quarantine or a storeroom.",
                field=f"lines.{index}.lot",
            )


def _lots(session: Session, command: DraftTransfer) -> dict[tuple[int, str], Lot]:
    named = {item.lot for item in command.items if item.lot}
    if not named:
        return {}
    rows = session.scalars(select(Lot).where(Lot.number.in_(named)))
    return {(lot.product_id, lot.number): lot for lot in rows}


def _require_whole(session: Session, promises: Sequence[ledger.Promise], source: Place) -> None:
    """An opened container stands in one place: it travels whole or not at all."""
    named = [promise for promise in promises if promise.lot_id is not None]
    if not named:
        return
    shelves = ledger.locked_shelves(session, {source}, {promise.product_id for promise in named})
    for promise in named:
        shelf = shelves.get((source.id, promise.lot_id or 0))
        if shelf and shelf.lot.parent_id is not None and shelf.free != promise.quantity:
            raise Conflict(
                f"{shelf.lot.number} is open: it travels whole.", field=f"{promise.line}.quantity"
            )
