"""Tools: given a number, issued to a person or a room, brought back, cleaned, and written off at the end of their days.

A tool is a lot of one piece, so that the ledger says where it is and who brought it there.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.catalogue.models import Product
from procurement.catalogue.terms import Kind
from procurement.kernel.actor import Actor
from procurement.kernel.clock import today_in
from procurement.kernel.errors import Conflict, Invalid, NotFound
from procurement.kernel.money import round_half_up
from procurement.kernel.permissions import Permission
from procurement.kernel.quantity import Unit
from procurement.kernel.serial import Series, next_number
from procurement.stock import ledger
from procurement.stock.errors import InsufficientStock
from procurement.stock.models import Balance, Lot, Tool, ToolCleaning
from procurement.stock.queries.places import place_of_kind, places_by_code, places_by_id
from procurement.stock.rules.fefo import pick
from procurement.stock.terms import Cause, LocationKind, Place, Posted, Reason

ENDINGS = frozenset({Cause.WORN_OUT, Cause.DAMAGED, Cause.LOST, Cause.OTHER})
_PIECE = Unit.PIECE.steps


@dataclass(frozen=True, slots=True)
class TagTool:
    """One piece of a product on a shelf gets a number of its own; without a lot, of the oldest one there."""

    location: str
    product: str
    lot: str | None = None
    serial: str | None = None
    warranty_until: date | None = None
    clean_every_days: int | None = None


def tag_tool(session: Session, command: TagTool, *, actor: Actor, at: datetime) -> Tool:
    """Raises Invalid, InsufficientStock."""
    actor.require(Permission.MOVE_STOCK)
    place = _place(session, command.location, "location")
    product = session.scalar(select(Product).where(Product.sku == command.product))
    if product is None or product.kind is not Kind.TOOL or product.unit is not Unit.PIECE:
        raise Invalid(f"There is no tool {command.product}.", field="product")
    if command.clean_every_days is not None and not 0 < command.clean_every_days <= 3650:
        raise Invalid("Between 1 and 3650 days.", field="clean_every_days")
    whole = _lot_there(session, place, product, command.lot, at)
    number = next_number(session, Series.TOOL, today_in(place.time_zone or "UTC", at))
    own = Lot(
        product_id=product.id,
        number=number,
        status=whole.status,
        supplier_lot=whole.supplier_lot,
        received_on=whole.received_on,
        expires_on=whole.expires_on,
        use_by=whole.use_by,
        names_allergens=whole.names_allergens,
        cost_minor=_cost_of_one(whole),
        cost_currency=whole.cost_currency,
        cost_steps=_PIECE if whole.cost_steps else None,
    )
    session.add(own)
    session.flush()  # the movements need its id
    conversion = place_of_kind(session, LocationKind.CONVERSION)
    ledger.post(
        session,
        Reason.TAG,
        [
            ledger.Move(product.id, _PIECE, place, conversion, whole, "tool"),
            ledger.Move(product.id, _PIECE, conversion, place, own, "tool"),
        ],
        actor=actor,
        at=at,
        document=number,
    )
    tool = Tool(
        lot_id=own.id,
        number=number,
        from_lot_id=whole.id,
        serial=command.serial,
        warranty_until=command.warranty_until,
        clean_every_days=command.clean_every_days,
        tagged_at=at,
    )
    session.add(tool)
    return tool


def move_tool(
    session: Session, number: str, to: str, *, actor: Actor, at: datetime, key: str | None = None
) -> Posted:
    """Issued to a person or a room, or brought back to its shelf. Raises Invalid, Conflict."""
    actor.require(Permission.MOVE_STOCK)
    tool, place = _held(session, number)
    destination = _place(session, to, "to")
    if destination.id == place.id:
        raise Conflict(f"{number} is with {place.name} already.", field="to")
    return _post(session, tool, place, destination, Reason.TRANSFER, actor=actor, at=at, key=key)


def clean_tool(
    session: Session, number: str, *, actor: Actor, at: datetime, note: str = ""
) -> ToolCleaning:
    """It was cleaned just now; the next time is counted from here."""
    actor.require_any(Permission.USE_STOCK, Permission.MOVE_STOCK)
    tool, _ = _held(session, number)
    cleaning = ToolCleaning(lot_id=tool.lot_id, cleaned_at=at, cleaned_by=actor.name, note=note)
    session.add(cleaning)
    return cleaning


def retire_tool(
    session: Session,
    number: str,
    cause: Cause,
    *,
    actor: Actor,
    at: datetime,
    note: str = "",
) -> Posted:
    """Worn out, broken or lost: written off, its history stays."""
    actor.require(Permission.WRITE_OFF_STOCK)
    if cause not in ENDINGS:
        raise Invalid("A tool is worn out, damaged, lost, or something else.", field="cause")
    tool, place = _held(session, number)
    gone = places_by_code(session, {"ADJUSTMENT"})["ADJUSTMENT"]
    return _post(
        session, tool, place, gone, Reason.WRITE_OFF, actor=actor, at=at, cause=cause, note=note
    )


def _post(  # noqa: PLR0913 (keywords, each said once)
    session: Session,
    tool: Tool,
    source: Place,
    destination: Place,
    reason: Reason,
    *,
    actor: Actor,
    at: datetime,
    key: str | None = None,
    cause: Cause | None = None,
    note: str = "",
) -> Posted:
    lot = session.get_one(Lot, tool.lot_id)
    move = ledger.Move(lot.product_id, _PIECE, source, destination, lot, "tool")
    return ledger.post(
        session,
        reason,
        [move],
        actor=actor,
        at=at,
        key=key,
        cause=cause,
        note=note,
        document=tool.number,
    )


def _held(session: Session, number: str) -> tuple[Tool, Place]:
    """The tool, locked, and where it is. Raises NotFound, Conflict when it was written off."""
    tool = session.scalar(select(Tool).where(Tool.number == number).with_for_update())
    if tool is None:
        raise NotFound(f"There is no tool {number}.")
    place_id = session.scalar(
        select(Balance.location_id).where(Balance.lot_id == tool.lot_id, Balance.on_hand > 0)
    )
    if place_id is None:
        raise Conflict(f"{number} is not in use any more.")
    return tool, places_by_id(session, {place_id})[place_id]


def _place(session: Session, code: str, field: str) -> Place:
    place = places_by_code(session, {code}).get(code)
    if place is None or not place.is_physical:
        raise Invalid(f"There is no person, room or storeroom {code}.", field=field)
    return place


def _lot_there(
    session: Session, place: Place, product: Product, number: str | None, at: datetime
) -> Lot:
    """The lot on the shelf that one piece is taken from; not one that is a tool itself."""
    shelves = ledger.locked_shelves(session, {place}, {product.id})
    free = [
        one for one in ledger.sealed(shelves, place, product.id, at) if number in {None, one.number}
    ]
    picks = pick(free, _PIECE)
    if picks is None:
        raise InsufficientStock(
            f"{place.name} has no {product.name} without a number.", field="product", left=0
        )
    return shelves[place.id, picks[0].candidate.lot_id].lot


def _cost_of_one(whole: Lot) -> int | None:
    if whole.cost_minor is None or not whole.cost_steps:
        return None
    return round_half_up(Decimal(whole.cost_minor) * _PIECE / whole.cost_steps)
