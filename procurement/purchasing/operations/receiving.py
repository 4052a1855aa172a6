"""Taking deliveries into stock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from procurement.audit.operations import record
from procurement.kernel import text
from procurement.kernel.actor import Actor
from procurement.kernel.clock import today_in
from procurement.kernel.errors import Conflict, FieldError, Invalid, NotFound
from procurement.kernel.money import UnitPrice
from procurement.kernel.permissions import Permission
from procurement.kernel.serial import Series, next_number
from procurement.purchasing.errors import OrderNotPlaced
from procurement.purchasing.models import (
    GoodsReceipt,
    GoodsReceiptLine,
    PurchaseOrder,
    PurchaseOrderLine,
)
from procurement.purchasing.operations.deciding import refresh_status
from procurement.purchasing.operations.matching import match_order_invoices
from procurement.purchasing.operations.photos import keep_photo
from procurement.purchasing.queries.accepting import least_days_of
from procurement.purchasing.queries.orders import purchase_order_for_update
from procurement.purchasing.queries.receipts import goods_receipt_by_key
from procurement.purchasing.rules.receiving import DeliveredLine, OrderedLine, check_delivery
from procurement.purchasing.rules.status import WORDS
from procurement.purchasing.terms import ON_THE_WAY, Condition
from procurement.stock import ledger
from procurement.stock.operations.lots import NewLot, open_lots
from procurement.stock.queries.places import place_of_kind, places_by_code
from procurement.stock.terms import LocationKind, Place, PostedMove, Reason

_SUPPLIER = LocationKind.SUPPLIER.value.upper()
_TAKES_GOODS = frozenset(
    {LocationKind.STOREROOM, LocationKind.TREATMENT_ROOM, LocationKind.QUARANTINE}
)


MOST_PHOTOS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveredPhoto:
    """What the goods of a line looked like; `line` is its index in the command."""

    line: int
    content: bytes
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiveGoods:
    """One delivery of one order. The same `idempotency_key` again gives the same receipt and no second effect."""

    order_number: str
    into: str
    lines: tuple[DeliveredLine, ...]
    delivery_note: str = ""
    photos: tuple[DeliveredPhoto, ...] = ()
    idempotency_key: str | None = None


@dataclass(frozen=True, slots=True)
class _Arrival:
    """A delivered line with what it is of and where it goes; `place` None: it went back with the driver."""

    field: str
    told: DeliveredLine
    ordered: PurchaseOrderLine
    place: Place | None

    @property
    def steps(self) -> int:
        return self.told.packs * self.ordered.pack_steps


def receive_goods(
    session: Session, command: ReceiveGoods, *, actor: Actor, at: datetime
) -> GoodsReceipt:
    """Take a delivery into stock, whole or in part; what is missing stays on order or is closed short.

    Raises OrderNotPlaced, OverReceipt, ShortDated, Conflict (the lot is here with another expiry), Invalid (also of a
    picture, at "lines.0.photos").
    """
    actor.require(Permission.RECEIVE_GOODS)
    order = purchase_order_for_update(session, command.order_number)
    if command.idempotency_key and (
        before := goods_receipt_by_key(session, command.idempotency_key)
    ):
        return _of_this_order(before, order)
    if order.status not in ON_THE_WAY:
        raise OrderNotPlaced(f"{order.number} is {WORDS[order.status]}; nothing is expected of it.")
    places = _places(session, command)
    zone = places[command.into].time_zone or "UTC"
    on = today_in(zone, at)
    least = least_days_of(session, order)
    check_delivery(
        [_as_ordered(line, least) for line in order.lines],
        command.lines,
        on=on,
        may_take_short=actor.may(Permission.HOLD_LOTS),
    )
    arrivals = _arrivals(session, command, order, places)
    prices = _noted_prices(arrivals, order.currency)
    receipt = GoodsReceipt(
        number=next_number(session, Series.GOODS_RECEIPT, on),
        order_id=order.id,
        delivery_note=text.prose(command.delivery_note, "delivery_note"),
        received_at=at,
        received_by=actor.name,
        idempotency_key=command.idempotency_key,
    )
    moved = _take_in(session, receipt, arrivals, order, places[_SUPPLIER], actor=actor, at=at)
    receipt.lines = [
        _receipt_line(
            position,
            arrival,
            moved.get(arrival.field),
            price=prices.get(arrival.field),
            least_days=least[arrival.ordered.id],
        )
        for position, arrival in enumerate(arrivals, start=1)
    ]
    session.add(receipt)
    _keep_photos(session, receipt, command, at)
    _count(order, arrivals)
    match_order_invoices(session, order.id)  # an invoice may have come before the goods
    record(session, "receive goods", order.number, receipt.number, actor=actor, at=at)
    return receipt


def _of_this_order(receipt: GoodsReceipt, order: PurchaseOrder) -> GoodsReceipt:
    if receipt.order_id != order.id:
        raise Conflict(f"This key was used for {receipt.number}, a delivery of another order.")
    return receipt


def _as_ordered(line: PurchaseOrderLine, least_days: Mapping[int, int]) -> OrderedLine:
    return OrderedLine(
        line.position,
        line.name,
        line.packs,
        line.received,
        line.tolerance,
        line.closed,
        least_days[line.id],
    )


def _noted_prices(arrivals: Sequence[_Arrival], currency: str) -> dict[str, UnitPrice]:
    """What the delivery note asks for a pack, by the line's field; every bad one is reported."""
    prices: dict[str, UnitPrice] = {}
    errors: list[FieldError] = []
    for arrival in arrivals:
        noted, field = arrival.told.noted_price, f"{arrival.field}.noted_price"
        if noted is None:
            continue
        try:
            price = noted if isinstance(noted, UnitPrice) else UnitPrice.parse(noted, currency)
        except ValueError as error:
            errors.append(FieldError(field, str(error)))
            continue
        if price.currency != currency:
            errors.append(FieldError(field, f"The order is in {currency}."))
        prices[arrival.field] = price
    if errors:
        raise Invalid.of(errors)
    return prices


def _places(session: Session, command: ReceiveGoods) -> dict[str, Place]:
    """The places the delivery names, and where goods come from; every bad code is reported at once."""
    named = {"into": command.into} | {
        f"lines.{index}.into": line.into for index, line in enumerate(command.lines) if line.into
    }
    places = places_by_code(session, {*named.values(), _SUPPLIER})
    errors = [
        FieldError(field, f"Goods cannot be received into {code}.")
        for field, code in named.items()
        if code not in places or places[code].kind not in _TAKES_GOODS
    ]
    if errors:
        raise Invalid.of(errors)
    return places


def _arrivals(
    session: Session, command: ReceiveGoods, order: PurchaseOrder, places: Mapping[str, Place]
) -> list[_Arrival]:
    by_position = {line.position: line for line in order.lines}
    quarantines: dict[str | None, Place] = {}
    arrivals = []
    for index, told in enumerate(command.lines):
        place: Place | None = places[told.into or command.into]
        if told.condition is Condition.REFUSED or told.packs == 0:
            place = None
        elif told.condition is Condition.DOUBTFUL and place is not None:
            if place.site not in quarantines:
                quarantines[place.site] = _quarantine(session, place, f"lines.{index}.condition")
            place = quarantines[place.site]
        arrivals.append(_Arrival(f"lines.{index}", told, by_position[told.position], place))
    return arrivals


def _quarantine(session: Session, near: Place, field: str) -> Place:
    if near.kind is LocationKind.QUARANTINE:
        return near
    try:
        return place_of_kind(session, LocationKind.QUARANTINE, site=near.site)
    except NotFound as error:
        raise Conflict(
            f"{near.site} has no quarantine to put doubtful goods in; make one, or refuse them.",
            field=field,
        ) from error


def _take_in(
    session: Session,
    receipt: GoodsReceipt,
    arrivals: Sequence[_Arrival],
    order: PurchaseOrder,
    supplier: Place,
    *,
    actor: Actor,
    at: datetime,
) -> dict[str, PostedMove]:
    """Open the lots and post what stays here; the movements by the line that caused them."""
    kept = [(arrival, arrival.place) for arrival in arrivals if arrival.place is not None]
    if not kept:
        return {}
    new = [_new_lot(arrival, place, order.currency, at) for arrival, place in kept]
    lots = open_lots(session, new, at=at)
    posted = ledger.post(
        session,
        Reason.RECEIPT,
        [
            ledger.Move(
                arrival.ordered.product_id, arrival.steps, supplier, place, lot, arrival.field
            )
            for (arrival, place), lot in zip(kept, lots, strict=True)
        ],
        actor=actor,
        at=at,
        document=receipt.number,
    )
    receipt.posting_id = posted.id
    return {move.line: move for move in posted.moves}


def _new_lot(arrival: _Arrival, place: Place, currency: str, at: datetime) -> NewLot:
    told, ordered = arrival.told, arrival.ordered
    supplier_lot = (told.supplier_lot or "").strip()
    return NewLot(
        product_id=ordered.product_id,
        received_on=today_in(place.time_zone or "UTC", at),
        supplier_lot=text.code(supplier_lot, f"{arrival.field}.lot") if supplier_lot else None,
        expires_on=told.expires_on,
        container_pack_id=ordered.container_pack_id,
        cost_minor=UnitPrice(ordered.price_e4, currency).total(told.packs).minor,
        cost_currency=currency,
        quantity=arrival.steps,
        names_allergens=told.names_allergens,
        line=arrival.field,
    )


def _receipt_line(
    position: int,
    arrival: _Arrival,
    move: PostedMove | None,
    *,
    price: UnitPrice | None,
    least_days: int,
) -> GoodsReceiptLine:
    return GoodsReceiptLine(
        position=position,
        order_line_id=arrival.ordered.id,
        packs=arrival.told.packs,
        condition=arrival.told.condition,
        lot_id=move.lot_id if move else None,
        into_id=arrival.place.id if arrival.place else None,
        movement_id=move.movement_id if move else None,
        close_short=arrival.told.close_short,
        fault=arrival.told.fault,
        why=text.optional_line(arrival.told.why, f"{arrival.field}.why"),
        noted_packs=arrival.told.noted_packs,
        noted_price_e4=price.e4 if price else None,
        least_days=least_days,
    )


def _keep_photos(
    session: Session, receipt: GoodsReceipt, command: ReceiveGoods, at: datetime
) -> None:
    if not command.photos:
        return
    if len(command.photos) > MOST_PHOTOS:
        field = f"lines.{command.photos[MOST_PHOTOS].line}.photos"
        raise Invalid(f"At most {MOST_PHOTOS} pictures of a delivery at once.", field=field)
    session.flush()  # its lines are there
    for photo in command.photos:
        line = (receipt.id, photo.line + 1)
        field = f"lines.{photo.line}.photos"
        try:
            keep_photo(session, line, photo.content, photo.name, field=field, at=at)
        except Invalid as error:
            raise Invalid(f"{photo.name}: {error.message}", field=field) from error


def _count(order: PurchaseOrder, arrivals: Sequence[_Arrival]) -> None:
    """What was taken in, and what is closed, on the order's lines; the order is locked, and a CHECK watches."""
    for arrival in arrivals:
        if arrival.place is not None:
            arrival.ordered.received += arrival.told.packs
    for arrival in arrivals:
        if arrival.told.close_short and arrival.ordered.outstanding:
            arrival.ordered.closed = True
    refresh_status(order)
