"""What rooms ask for. A request is answered by the goods themselves: nobody has to tick it off."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import aliased

from procurement.catalogue.models import Product
from procurement.catalogue.terms import Kind
from procurement.kernel.db import ReadSession
from procurement.stock.models import Location, Movement, TopUpRequest
from procurement.stock.terms import LocationKind


@dataclass(frozen=True, slots=True)
class TopUpRow:
    """A room asks for a product."""

    location: str
    location_name: str
    product: str
    product_name: str
    kind: Kind
    asked_at: datetime
    asked_by: str
    note: str


def is_open() -> ColumnElement[bool]:
    """Not settled, and nothing of the product has come to the room since: another place's stock, or a delivery."""
    source = aliased(Location)
    came = (
        exists()
        .where(
            Movement.to_id == TopUpRequest.location_id,
            Movement.product_id == TopUpRequest.product_id,
            Movement.occurred_at > TopUpRequest.asked_at,
            Movement.from_id == source.id,
            source.is_physical | (source.kind == LocationKind.SUPPLIER),
        )
        .correlate(TopUpRequest)
    )
    return TopUpRequest.settled_at.is_(None) & ~came


def is_answered(session: ReadSession, asked: TopUpRequest) -> bool:
    still: Any = session.scalar(
        select(TopUpRequest.id).where(TopUpRequest.id == asked.id, is_open())
    )
    return still is None


def top_up_requests(
    session: ReadSession, *, location: str | None = None, limit: int = 100
) -> list[TopUpRow]:
    """Open requests, the oldest first."""
    statement = (
        select(
            Location.code,
            Location.name,
            Product.sku,
            Product.name,
            Product.kind,
            TopUpRequest.asked_at,
            TopUpRequest.asked_by,
            TopUpRequest.note,
        )
        .join_from(TopUpRequest, Location, Location.id == TopUpRequest.location_id)
        .join(Product, Product.id == TopUpRequest.product_id)
        .where(is_open())
        .order_by(TopUpRequest.asked_at, TopUpRequest.id)
        .limit(limit)
    )
    if location is not None:
        statement = statement.where(Location.code == location)
    return [TopUpRow(*row) for row in session.execute(statement)]
