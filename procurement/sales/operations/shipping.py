"""Shipping what is reserved for an order, whole or in parts, and taking a wrong shipment back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.audit.operations import record
from procurement.catalogue.models import Product
from procurement.documents.goods_list import render_goods_list
from procurement.files.operations.papers import keep_paper
from procurement.kernel import text
from procurement.kernel.actor import Actor
from procurement.kernel.clock import today_in
from procurement.kernel.errors import Conflict, FieldError, Invalid
from procurement.kernel.permissions import Permission
from procurement.kernel.serial import Series, next_number
from procurement.sales.errors import AlreadyReversed, NotPaid, OverShipment, WrongStatus
from procurement.sales.models import (
    Customer,
    SalesOrder,
    SalesOrderLine,
    SalesReservation,
    Shipment,
    ShipmentLine,
)
from procurement.sales.operations.confirming import refresh_status
from procurement.sales.operations.promising import top_up
from procurement.sales.operations.telling import tell_shipped
from procurement.sales.queries.exports import is_exported
from procurement.sales.queries.order_papers import delivery_note_content
from procurement.sales.queries.sales_orders import open_reservations, order_for_update
from procurement.sales.queries.shipments import (
    order_number_of_shipment,
    posting_with_movements,
    shipment_by_key,
    shipment_for_update,
)
from procurement.sales.rules.orders import ORDER_WORDS
from procurement.sales.terms.orders import TO_SHIP, Payment
from procurement.stock import ledger
from procurement.stock.errors import LotNotUsable
from procurement.stock.models import Lot, Reservation, Site
from procurement.stock.queries.places import place_of_kind, places_by_id
from procurement.stock.rules.labelling import is_sellable
from procurement.stock.terms import LocationKind, Place, Posted, Reason


@dataclass(frozen=True, slots=True)
class ShippedLine:
    """So many packs of a line of the order."""

    position: int
    packs: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ShipGoods:
    """One delivery. Without lines all that is reserved goes, and all services. The same key: the same shipment."""

    order: str
    lines: tuple[ShippedLine, ...] = ()
    carrier: str = ""
    tracking: str = ""
    note: str = ""
    idempotency_key: str | None = None


@dataclass(frozen=True, slots=True)
class _Take:
    """So much of one reservation goes for a line; a service has no reservation."""

    line: SalesOrderLine
    steps: int
    row: Reservation | None
    field: str


def ship_goods(session: Session, command: ShipGoods, *, actor: Actor, at: datetime) -> Shipment:
    """Post the reserved lots to CUSTOMER and count them on the order.

    Raises WrongStatus, NotPaid, OverShipment, LotNotUsable (past its use-by, held, recalled, or with an
    old label), Invalid.
    """
    actor.require(Permission.SHIP_GOODS)
    order = order_for_update(session, command.order)
    if command.idempotency_key and (before := shipment_by_key(session, command.idempotency_key)):
        return before
    if order.status not in TO_SHIP:
        raise WrongStatus(
            f"{order.number} is {ORDER_WORDS[order.status]}; nothing of it is to ship."
        )
    if order.payment is Payment.PREPAID and order.paid_at is None:
        raise NotPaid(f"{order.number} is prepaid and not paid yet; nothing of it leaves before.")
    promised = open_reservations(session, order)
    lots = _lots(session, promised)
    takes, packs = _takes(order, command.lines, promised, lots)
    site = session.get_one(Site, order.site_id)
    _require_labels(session, takes, lots, today_in(site.time_zone, at))
    customer = session.get_one(Customer, order.customer_id)
    number = next_number(session, Series.SHIPMENT, today_in(site.time_zone, at))
    shipment = Shipment(
        number=number,
        order_id=order.id,
        shipped_at=at,
        shipped_by=actor.name[:200],
        carrier=text.optional_line(command.carrier, "carrier"),
        tracking=text.optional_line(command.tracking, "tracking"),
        note=text.prose(command.note, "note"),
        reversed_why="",
        idempotency_key=command.idempotency_key,
    )
    posted = _post(session, takes, lots, number, f"To {customer.name}"[:200], actor=actor, at=at)
    shipment.posting_id = posted.id if posted else None
    shipment.lines = _lines(takes, posted)
    session.add(shipment)
    for line, count in packs:
        line.shipped += count
    refresh_status(order)
    session.flush()  # the delivery note is read from the tables
    note = render_goods_list(delivery_note_content(session, number, actor=actor))
    shipment.pdf_id = keep_paper(session, note, f"{number}.pdf", at=at).id
    tell_shipped(session, order, shipment, at=at)
    record(session, "ship", order.number, number, actor=actor, at=at)
    return shipment


def reverse_shipment(
    session: Session, number: str, *, why: str, actor: Actor, at: datetime
) -> Shipment:
    """It did not leave, or was written down wrongly: the goods stand where they stood, and the order waits again.

    Raises AlreadyReversed; Conflict when some of it has come back as a return, or it went out to be invoiced.
    """
    actor.require(Permission.SHIP_GOODS)
    why = text.name(why, "why")
    order = order_for_update(session, order_number_of_shipment(session, number))
    shipment = shipment_for_update(session, number)
    if shipment.reversed_at is not None:
        raise AlreadyReversed(f"{number} was reversed already.")
    if batch := is_exported(session, shipment=shipment.id):
        raise Conflict(
            f"{number} went out to be invoiced with {batch}; take its goods back instead."
        )
    if any(line.returned for line in shipment.lines):
        raise Conflict(f"Some of {number} came back; take that return back first.")
    if shipment.posting_id is not None:
        posting = posting_with_movements(session, shipment.posting_id)
        ledger.reverse(session, posting, actor=actor, at=at, why=why, document=number)
    lines = {line.id: line for line in order.lines}
    gone: dict[int, int] = {}
    for went in shipment.lines:
        gone[went.order_line_id] = gone.get(went.order_line_id, 0) + went.quantity
    for line_id, steps in gone.items():
        lines[line_id].shipped -= steps // lines[line_id].pack_steps
    shipment.reversed_at, shipment.reversed_by, shipment.reversed_why = at, actor.name[:200], why
    refresh_status(order)
    top_up(session, order, at=at)
    record(session, "reverse shipment", order.number, f"{number}: {why}", actor=actor, at=at)
    return shipment


def _lots(session: Session, promised: dict[int, list[Reservation]]) -> dict[int, Lot]:
    ids = {row.lot_id for rows in promised.values() for row in rows}
    return {lot.id: lot for lot in session.scalars(select(Lot).where(Lot.id.in_(ids)))}


def _takes(
    order: SalesOrder,
    told: Sequence[ShippedLine],
    promised: dict[int, list[Reservation]],
    lots: dict[int, Lot],
) -> tuple[list[_Take], list[tuple[SalesOrderLine, int]]]:
    """Which reservations go, earliest use-by first, and how many packs of each line that is."""
    if not told:
        ready = [(line, _ready(line, promised)) for line in order.lines]
        told = [ShippedLine(line.position, packs) for line, packs in ready if packs]
        if not told:
            raise Conflict(f"Nothing of {order.number} is reserved; there is nothing to ship.")
    by_position = {line.position: line for line in order.lines}
    errors: list[FieldError] = []
    packs: list[tuple[SalesOrderLine, int]] = []
    takes: list[_Take] = []
    for index, one in enumerate(told):
        field, line = f"lines.{index}", by_position.pop(one.position, None)
        if line is None:
            errors.append(FieldError(f"{field}.position", f"There is no line {one.position}."))
            continue
        if one.packs < 1:
            errors.append(FieldError(f"{field}.packs", "At least one pack."))
            continue
        _require_ready(line, one.packs, promised, field)
        packs.append((line, one.packs))
        takes += _of_line(line, one.packs, promised.get(line.id, []), lots, field)
    if errors:
        raise Invalid.of(errors)
    return takes, packs


def _ready(line: SalesOrderLine, promised: dict[int, list[Reservation]]) -> int:
    """Packs that can go now."""
    if not line.is_goods:
        return line.outstanding
    held = sum(row.quantity for row in promised.get(line.id, ()))
    return min(line.outstanding, held // line.pack_steps)


def _require_ready(
    line: SalesOrderLine, packs: int, promised: dict[int, list[Reservation]], field: str
) -> None:
    if packs > line.outstanding:
        raise OverShipment(
            f"Of line {line.position} {line.outstanding} packs are left to ship.",
            field=f"{field}.packs",
        )
    if packs > (ready := _ready(line, promised)):
        raise OverShipment(
            f"Of line {line.position} {ready or 'no'} packs are reserved.", field=f"{field}.packs"
        )


def _of_line(
    line: SalesOrderLine, packs: int, rows: list[Reservation], lots: dict[int, Lot], field: str
) -> list[_Take]:
    left = packs * line.pack_steps
    if not line.is_goods:
        return [_Take(line, left, None, field)]
    takes: list[_Take] = []
    for row in sorted(rows, key=lambda row: (lots[row.lot_id].use_by or date.max, row.id)):
        steps = min(left, row.quantity)
        if steps:
            takes.append(_Take(line, steps, row, field))
        left -= steps
    return takes


def _require_labels(
    session: Session, takes: Sequence[_Take], lots: dict[int, Lot], on: date
) -> None:
    """What was promised on the last day of old labels is not sold the day after."""
    ids = {take.line.product_id for take in takes}
    rows = session.execute(select(Product.id, Product.kind).where(Product.id.in_(ids)))
    kinds = {row[0]: row[1] for row in rows}
    for take in takes:
        lot = lots[take.row.lot_id] if take.row else None
        if lot and not is_sellable(
            kinds[take.line.product_id], lot.names_allergens, lot.received_on, on
        ):
            raise LotNotUsable(
                f"Lot {lot.number} may not be sold any more: its label does not name the allergens.",
                field=f"{take.field}.packs",
            )


def _post(
    session: Session,
    takes: Sequence[_Take],
    lots: dict[int, Lot],
    number: str,
    note: str,
    *,
    actor: Actor,
    at: datetime,
) -> Posted | None:
    goods = [(take, take.row) for take in takes if take.row is not None]
    if not goods:
        return None
    places = places_by_id(session, {row.location_id for _, row in goods})
    # All that could be touched is locked in one sorted pass; what follows takes locks it has.
    ledger.locked_shelves(session, places.values(), {take.line.product_id for take, _ in goods})
    _split(session, goods, places, at)
    customer = place_of_kind(session, LocationKind.CUSTOMER)
    return ledger.post(
        session,
        Reason.SHIPMENT,
        [
            ledger.Move(
                take.line.product_id,
                take.steps,
                places[row.location_id],
                customer,
                lots[row.lot_id],
                take.field,
            )
            for take, row in goods
        ],
        actor=actor,
        at=at,
        releases=[row for _, row in goods if row.released_at is None],
        note=note,
        document=number,
    )


def _split(
    session: Session,
    goods: Sequence[tuple[_Take, Reservation]],
    places: dict[int, Place],
    at: datetime,
) -> None:
    """A reservation of which only a part goes is given up; its rest is promised again."""
    rest = [(take, row) for take, row in goods if take.steps < row.quantity]
    if not rest:
        return
    ledger.release(session, [row for _, row in rest], at=at)
    promises = [
        ledger.Promise(
            take.line.product_id,
            row.quantity - take.steps,
            places[row.location_id],
            take.field,
            row.lot_id,
        )
        for take, row in rest
    ]
    made = ledger.reserve(session, promises, demand=rest[0][1].demand, at=at)
    session.add_all(
        SalesReservation(reservation_id=new.id, line_id=take.line.id)
        for (take, _), rows in zip(rest, made, strict=True)
        for new in rows
    )


def _lines(takes: Sequence[_Take], posted: Posted | None) -> list[ShipmentLine]:
    moves = iter(posted.moves if posted else ())
    lines: list[ShipmentLine] = []
    for position, take in enumerate(takes, start=1):
        line = ShipmentLine(
            position=position,
            order_line_id=take.line.id,
            product_id=take.line.product_id,
            quantity=take.steps,
            returned=0,
        )
        if take.row is not None:
            line.lot_id, line.from_id = take.row.lot_id, take.row.location_id
            line.movement_id = next(moves).movement_id  # one move for each, in their order
        lines.append(line)
    return lines
