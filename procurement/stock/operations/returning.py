"""Sending a lot back to who delivered it; also what is held, recalled or past its use-by."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from procurement.catalogue.models import Product
from procurement.kernel import text
from procurement.kernel.actor import Actor
from procurement.kernel.errors import Invalid
from procurement.kernel.permissions import Permission
from procurement.kernel.quantity import Quantity
from procurement.stock import ledger
from procurement.stock.models import Lot
from procurement.stock.queries.lots import lot_key
from procurement.stock.queries.places import place_of_kind, places_by_code
from procurement.stock.terms import LocationKind, Posted, Reason


@dataclass(frozen=True, slots=True)
class SendBack:
    """`lot` is "SKU/NUMBER". Without a quantity all goes that is there and promised to nobody."""

    lot: str
    location: str
    why: str
    quantity: Quantity | None = None
    idempotency_key: str | None = None


def send_back(session: Session, command: SendBack, *, actor: Actor, at: datetime) -> Posted:
    """Post the goods to SUPPLIER. Raises NotFound (lot), Invalid, InsufficientStock."""
    actor.require(Permission.HOLD_LOTS)
    why = text.name(command.why, "why")
    lot = session.get_one(Lot, lot_key(session, command.lot))
    product = session.get_one(Product, lot.product_id)
    place = places_by_code(session, {command.location}).get(command.location)
    if place is None or not place.is_physical:
        raise Invalid(f"There is no room or storeroom {command.location}.", field="location")
    wanted = command.quantity
    if wanted is not None and (wanted.unit is not product.unit or wanted.steps <= 0):
        raise Invalid(f"More than nothing, counted in {product.unit}.", field="quantity")
    shelf = ledger.locked_shelves(session, {place}, {product.id}).get((place.id, lot.id))
    free = shelf.free if shelf else 0
    steps = wanted.steps if wanted else free
    if free < max(steps, 1):
        raise ledger.too_little(session, "", product.id, place, free, lot.number)
    supplier = place_of_kind(session, LocationKind.SUPPLIER)
    return ledger.post(
        session,
        Reason.RETURN,
        [ledger.Move(product.id, steps, place, supplier, lot)],
        actor=actor,
        at=at,
        key=command.idempotency_key,
        note=why,
    )
