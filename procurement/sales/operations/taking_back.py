"""Goods that a customer sends back, against the lots of one shipment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.audit.operations import record
from procurement.catalogue.models import Product
from procurement.kernel import text
from procurement.kernel.actor import Actor
from procurement.kernel.clock import today_in
from procurement.kernel.errors import Conflict, FieldError, Invalid
from procurement.kernel.permissions import Permission
from procurement.kernel.quantity import Quantity
from procurement.kernel.serial import Series, next_number
from procurement.sales.errors import AlreadyReversed, OverReturn, WrongStatus
from procurement.sales.models import (
    Customer,
    CustomerReturn,
    CustomerReturnLine,
    SalesOrder,
    Shipment,
    ShipmentLine,
)
from procurement.sales.queries.customer_returns import (
    return_by_key,
    return_for_update,
    shipment_number_of_return,
)
from procurement.sales.queries.exports import is_exported
from procurement.sales.queries.sales_orders import order_for_update
from procurement.sales.queries.shipments import (
    order_number_of_shipment,
    posting_with_movements,
    shipment_for_update,
)
from procurement.sales.rules.orders import RETURN_WORDS
from procurement.sales.terms.orders import CustomerReturnReason
from procurement.settings.queries import get_company
from procurement.stock import ledger
from procurement.stock.errors import LotNotUsable
from procurement.stock.models import Lot
from procurement.stock.queries.places import place_of_kind, places_by_code
from procurement.stock.terms import LocationKind, LotStatus, Place, Reason

_INTO = frozenset({LocationKind.STOREROOM, LocationKind.QUARANTINE})


@dataclass(frozen=True, slots=True)
class ReturnedLine:
    """So much of a line of the shipment; without a quantity all that is not back yet."""

    position: int
    quantity: Quantity | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeBack:
    """`into` is the code of a storeroom (to be sold again) or quarantine; None throws the goods away."""

    shipment: str
    lines: tuple[ReturnedLine, ...]
    into: str | None
    reason: CustomerReturnReason
    note: str = ""
    idempotency_key: str | None = None


@dataclass(frozen=True, slots=True)
class Back:
    """So much of a lot that came back."""

    line: ShipmentLine
    lot: Lot
    steps: int
    field: str


def take_back(session: Session, command: TakeBack, *, actor: Actor, at: datetime) -> CustomerReturn:
    """Post the goods from CUSTOMER to where they go now; never more than was shipped.

    Raises OrderUnknown, WrongStatus, OverReturn, LotNotUsable (a held lot is not sold again), Invalid.
    """
    actor.require(Permission.SHIP_GOODS)
    order = order_for_update(session, order_number_of_shipment(session, command.shipment))
    if command.idempotency_key and (before := return_by_key(session, command.idempotency_key)):
        return before
    shipment = shipment_for_update(session, command.shipment)
    if shipment.reversed_at is not None:
        raise WrongStatus(f"{shipment.number} was reversed: nothing of it is with the customer.")
    place = _place(session, command.into)
    backs = backs_of(session, shipment, command.lines)
    _require_not_sold_again(backs, place)
    company = get_company(session)
    zone = place.time_zone or company.time_zone
    number = next_number(session, Series.CUSTOMER_RETURN, today_in(zone, at))
    customer = session.get_one(Customer, order.customer_id)
    virtual = place_of_kind(session, LocationKind.CUSTOMER)
    posted = ledger.post(
        session,
        Reason.CUSTOMER_RETURN,
        [
            ledger.Move(back.line.product_id, back.steps, virtual, place, back.lot, back.field)
            for back in backs
        ],
        actor=actor,
        at=at,
        note=f"From {customer.name}: {RETURN_WORDS[command.reason]}"[:200],
        document=number,
    )
    made = CustomerReturn(
        number=number,
        shipment_id=shipment.id,
        reason=command.reason,
        into_id=place.id,
        note=text.prose(command.note, "note"),
        taken_at=at,
        taken_by=actor.name[:200],
        posting_id=posted.id,
        reversed_why="",
        idempotency_key=command.idempotency_key,
    )
    made.lines = [
        CustomerReturnLine(
            position=position,
            shipment_id=shipment.id,
            shipment_position=back.line.position,
            quantity=back.steps,
        )
        for position, back in enumerate(backs, start=1)
    ]
    session.add(made)
    for back in backs:
        back.line.returned += back.steps
    session.flush()  # its lines and counters are read again for the answer
    record(session, "take back", order.number, f"{number} of {shipment.number}", actor=actor, at=at)
    return made


def reverse_customer_return(
    session: Session, number: str, *, why: str, actor: Actor, at: datetime
) -> CustomerReturn:
    """It did not come back after all. Raises AlreadyReversed, InsufficientStock (the goods have gone on)."""
    actor.require(Permission.SHIP_GOODS)
    why = text.name(why, "why")
    shipped = shipment_number_of_return(session, number)
    order: SalesOrder = order_for_update(session, order_number_of_shipment(session, shipped))
    shipment = shipment_for_update(session, shipped)
    made = return_for_update(session, number)
    if made.reversed_at is not None:
        raise AlreadyReversed(f"{number} was reversed already.")
    if batch := is_exported(session, back=made.id):
        raise Conflict(f"{number} went out to be credited with {batch}.")
    posting = posting_with_movements(session, made.posting_id)
    ledger.reverse(session, posting, actor=actor, at=at, why=why, document=number)
    lines = {line.position: line for line in shipment.lines}
    for back in made.lines:
        lines[back.shipment_position].returned -= back.quantity
    made.reversed_at, made.reversed_by, made.reversed_why = at, actor.name[:200], why
    record(session, "reverse return", order.number, f"{number}: {why}", actor=actor, at=at)
    return made


def _place(session: Session, code: str | None) -> Place:
    if code is None:
        return place_of_kind(session, LocationKind.ADJUSTMENT)
    place = places_by_code(session, {code}).get(code)
    if place is None or place.kind not in _INTO:
        raise Invalid(f"{code[:64]} is no storeroom or quarantine.", field="into")
    return place


def backs_of(session: Session, shipment: Shipment, told: Sequence[ReturnedLine]) -> list[Back]:
    """The lots that are told of, each within what is with the customer. Raises Invalid, OverReturn."""
    lines = {line.position: line for line in shipment.lines}
    products = {line.product_id for line in shipment.lines}
    rows = session.execute(select(Product.id, Product.unit).where(Product.id.in_(products)))
    units = {row[0]: row[1] for row in rows}
    ids = {line.lot_id for line in shipment.lines if line.lot_id}
    lots = {lot.id: lot for lot in session.scalars(select(Lot).where(Lot.id.in_(ids)))}
    errors: list[FieldError] = []
    backs: list[Back] = []
    for index, one in enumerate(told):
        field, line = f"lines.{index}", lines.pop(one.position, None)
        if line is None or line.lot_id is None:
            message = f"{shipment.number} has no goods in line {one.position}."
            errors.append(FieldError(f"{field}.position", message))
            continue
        unit = units[line.product_id]
        left = Quantity(line.quantity - line.returned, unit)
        wanted = one.quantity or left
        if wanted.unit is not unit or wanted.steps <= 0:
            message = f"More than nothing, counted in {unit}."
            errors.append(FieldError(f"{field}.quantity", message))
        elif wanted.steps > left.steps:
            raise OverReturn(f"{left} of that are with the customer.", field=f"{field}.quantity")
        else:
            backs.append(Back(line, lots[line.lot_id], wanted.steps, field))
    if errors:
        raise Invalid.of(errors)
    if not backs:
        raise Invalid("Say of at least one lot how much came back.", field="lines")
    return backs


def _require_not_sold_again(backs: Sequence[Back], place: Place) -> None:
    if place.kind is not LocationKind.STOREROOM:
        return
    for back in backs:
        if back.lot.status is not LotStatus.AVAILABLE:
            raise LotNotUsable(
                f"Lot {back.lot.number} is held; put it into a quarantine or throw it away.",
                field=f"{back.field}.position",
            )
