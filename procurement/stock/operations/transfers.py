"""Transfers: reserved at their source when drafted, posted when somebody has carried the goods."""

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
from procurement.stock.models import Lot, Reservation, Transfer, TransferLine
from procurement.stock.queries.places import places_by_code, places_by_id
from procurement.stock.terms import Place, Posted, Reason, TransferStatus


@dataclass(frozen=True, slots=True)
class TransferItem:
    product: str
    quantity: Quantity


@dataclass(frozen=True, slots=True)
class DraftTransfer:
    """What should go from one room or storeroom to another (codes)."""

    source: str
    destination: str
    items: tuple[TransferItem, ...]


def draft_transfer(
    session: Session, command: DraftTransfer, *, actor: Actor, at: datetime
) -> Transfer:
    """Write the transfer down and reserve its goods, lots by FEFO. Raises Invalid, InsufficientStock."""
    actor.require(Permission.MOVE_STOCK)
    source, destination = _ends(session, command)
    found = session.scalars(
        select(Product).where(Product.sku.in_({item.product for item in command.items}))
    )
    products = {product.sku: product for product in found}
    promises = _promises(command, products, source)
    number = next_number(session, Series.TRANSFER, today_in(source.time_zone or "UTC", at))
    reserved = ledger.reserve(session, promises, demand=number, at=at)
    transfer = Transfer(
        number=number,
        status=TransferStatus.DRAFT,
        from_id=source.id,
        to_id=destination.id,
        drafted_at=at,
        drafted_by=actor.name,
    )
    picked = [
        (promise.product_id, reservation)
        for promise, reservations in zip(promises, reserved, strict=True)
        for reservation in reservations
    ]
    transfer.lines = [
        TransferLine(
            position=position,
            product_id=product_id,
            lot_id=reservation.lot_id,
            quantity=reservation.quantity,
            reservation_id=reservation.id,
        )
        for position, (product_id, reservation) in enumerate(picked, start=1)
    ]
    session.add(transfer)
    return transfer


def complete_transfer(session: Session, number: str, *, actor: Actor, at: datetime) -> Posted:
    """The goods have been carried: release and post in one step. Raises Conflict unless it is a draft."""
    actor.require(Permission.MOVE_STOCK)
    transfer = _draft_for_update(session, number)
    places = places_by_id(session, {transfer.from_id, transfer.to_id})
    lots = {
        lot.id: lot
        for lot in session.scalars(
            select(Lot).where(Lot.id.in_({line.lot_id for line in transfer.lines}))
        )
    }
    posted = ledger.post(
        session,
        Reason.TRANSFER,
        [
            ledger.Move(
                line.product_id,
                line.quantity,
                places[transfer.from_id],
                places[transfer.to_id],
                lots[line.lot_id],
                f"lines.{line.position - 1}",
            )
            for line in transfer.lines
        ],
        actor=actor,
        at=at,
        releases=_reservations(session, transfer),
        document=transfer.number,
    )
    transfer.status = TransferStatus.DONE
    transfer.done_at = at
    transfer.posting_id = posted.id
    return posted


def cancel_transfer(session: Session, number: str, *, actor: Actor, at: datetime) -> Transfer:
    """It will not be carried: what was reserved is free again."""
    actor.require(Permission.MOVE_STOCK)
    transfer = _draft_for_update(session, number)
    ledger.release(session, _reservations(session, transfer), at=at)
    transfer.status = TransferStatus.CANCELLED
    return transfer


def _ends(session: Session, command: DraftTransfer) -> tuple[Place, Place]:
    places = places_by_code(session, {command.source, command.destination})
    errors = [
        FieldError(field, f"There is no room or storeroom {code}.")
        for field, code in (("from", command.source), ("to", command.destination))
        if code not in places or not places[code].is_physical
    ]
    if not errors and command.source == command.destination:
        errors = [FieldError("to", "A transfer leads somewhere else.")]
    if errors:
        raise Invalid.of(errors)
    return places[command.source], places[command.destination]


def _promises(
    command: DraftTransfer, products: dict[str, Product], source: Place
) -> list[ledger.Promise]:
    errors: list[FieldError] = []
    if not command.items:
        errors.append(FieldError("lines", "A transfer carries something."))
    promises: list[ledger.Promise] = []
    for index, item in enumerate(command.items):
        line, product = f"lines.{index}", products.get(item.product)
        if product is None:
            errors.append(FieldError(f"{line}.product", f"There is no product {item.product}."))
        elif item.quantity.unit is not product.unit or item.quantity.steps <= 0:
            errors.append(
                FieldError(f"{line}.quantity", f"More than nothing, counted in {product.unit}.")
            )
        else:
            promises.append(ledger.Promise(product.id, item.quantity.steps, source, line))
    if errors:
        raise Invalid.of(errors)
    return promises


def _draft_for_update(session: Session, number: str) -> Transfer:
    transfer = session.scalar(
        select(Transfer)
        .where(Transfer.number == number)
        .options(selectinload(Transfer.lines))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if transfer is None:
        raise NotFound(f"There is no transfer {number}.")
    if transfer.status is not TransferStatus.DRAFT:
        raise Conflict(f"Transfer {number} is {transfer.status} already.")
    return transfer


def _reservations(session: Session, transfer: Transfer) -> list[Reservation]:
    ids = {line.reservation_id for line in transfer.lines}
    return list(session.scalars(select(Reservation).where(Reservation.id.in_(ids))))
