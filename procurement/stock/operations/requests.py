"""Running low: a room asks for more, once, until goods come or somebody settles it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from procurement.catalogue.models import Product
from procurement.kernel.actor import Actor
from procurement.kernel.errors import Invalid, NotFound
from procurement.kernel.permissions import Permission
from procurement.stock.models import TopUpRequest
from procurement.stock.queries.places import places_by_code
from procurement.stock.queries.requests import is_answered


@dataclass(frozen=True, slots=True)
class AskForTopUp:
    location: str
    product: str
    note: str = ""


def ask_for_top_up(
    session: Session, command: AskForTopUp, *, actor: Actor, at: datetime
) -> TopUpRequest:
    """Ask, or find that somebody asked already. Raises Invalid."""
    actor.require(Permission.USE_STOCK)
    place_id, product_id = _named(session, command)
    asked = _open(session, place_id, product_id)
    if asked is not None:
        if not is_answered(session, asked):
            return asked
        asked.settled_at = max(at, asked.asked_at)
        session.flush()  # only one may be open
    insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
    session.execute(
        insert(TopUpRequest)
        .values(
            location_id=place_id,
            product_id=product_id,
            asked_at=at,
            asked_by=actor.name,
            note=command.note,
        )
        .on_conflict_do_nothing()  # somebody else asked at the same moment: one request is enough
    )
    found = _open(session, place_id, product_id)
    if found is None:
        raise NotFound("The request was settled this very moment.")
    return found


def settle_top_up(
    session: Session, location: str, product: str, *, actor: Actor, at: datetime
) -> None:
    """It is not needed after all; one that is not there is no matter. Raises Invalid, Forbidden."""
    actor.require(Permission.MOVE_STOCK)
    asked = _open(session, *_named(session, AskForTopUp(location, product)))
    if asked is not None:
        asked.settled_at = max(at, asked.asked_at)


def _named(session: Session, command: AskForTopUp) -> tuple[int, int]:
    place = places_by_code(session, {command.location}).get(command.location)
    if place is None or not place.is_physical:
        raise Invalid(f"There is no room {command.location}.", field="location")
    product_id = session.scalar(select(Product.id).where(Product.sku == command.product))
    if product_id is None:
        raise Invalid(f"There is no product {command.product}.", field="product")
    return place.id, product_id


def _open(session: Session, place_id: int, product_id: int) -> TopUpRequest | None:
    return session.scalar(
        select(TopUpRequest).where(
            TopUpRequest.location_id == place_id,
            TopUpRequest.product_id == product_id,
            TopUpRequest.settled_at.is_(None),
        )
    )
