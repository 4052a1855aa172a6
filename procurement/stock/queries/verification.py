"""Every figure kept beside the ledger, derived from it again."""

from sqlalchemy import case, func, literal, or_, select, union_all
from sqlalchemy.orm import aliased

from procurement.catalogue.models import Product
from procurement.kernel.db import ReadSession
from procurement.stock.models import (
    Balance,
    Location,
    Lot,
    Movement,
    Posting,
    Reservation,
)
from procurement.stock.terms import Discrepancy, LocationKind


def verify(session: ReadSession) -> list[Discrepancy]:
    """Derive every balance from the ledger again and name each difference; an empty list is the promise kept."""
    return [*_balance_differences(session), *_reserved_differences(session), *_conversions(session)]


def _balance_differences(session: ReadSession) -> list[Discrepancy]:
    # One statement, so that writers at work meanwhile cannot make a difference appear.
    signed = union_all(
        select(
            Movement.to_id.label("location_id"),
            Movement.lot_id,
            Movement.quantity.label("moved"),
            literal(0).label("kept"),
        ),
        select(Movement.from_id, Movement.lot_id, -Movement.quantity, literal(0)),
        select(Balance.location_id, Balance.lot_id, literal(0), Balance.on_hand),
    ).subquery()
    rows = session.execute(
        select(
            Location.code,
            Product.sku,
            Lot.number,
            func.sum(signed.c.moved),
            func.sum(signed.c.kept),
        )
        .join_from(signed, Location, Location.id == signed.c.location_id)
        .join(Lot, Lot.id == signed.c.lot_id)
        .join(Product, Product.id == Lot.product_id)
        .where(Location.is_physical)
        .group_by(Location.code, Product.sku, Lot.number)
        .having(func.sum(signed.c.moved) != func.sum(signed.c.kept))
    )
    return [
        Discrepancy(f"on hand of {sku}, lot {lot}, at {location}", int(moved), int(kept))
        for location, sku, lot, moved, kept in rows
    ]


def _reserved_differences(session: ReadSession) -> list[Discrepancy]:
    signed = union_all(
        select(
            Balance.location_id,
            Balance.lot_id,
            Balance.reserved.label("kept"),
            literal(0).label("promised"),
        ),
        select(Reservation.location_id, Reservation.lot_id, literal(0), Reservation.quantity).where(
            Reservation.released_at.is_(None)
        ),
    ).subquery()
    rows = session.execute(
        select(Location.code, Lot.number, func.sum(signed.c.promised), func.sum(signed.c.kept))
        .join_from(signed, Location, Location.id == signed.c.location_id)
        .join(Lot, Lot.id == signed.c.lot_id)
        .group_by(Location.code, signed.c.lot_id, Lot.number)
        .having(func.sum(signed.c.promised) != func.sum(signed.c.kept))
    )
    return [
        Discrepancy(f"reserved of lot {lot} at {location}", int(promised), int(kept))
        for location, lot, promised, kept in rows
    ]


def _conversions(session: ReadSession) -> list[Discrepancy]:
    """What goes into CONVERSION comes out of it again, for each posting and product."""
    place = aliased(Location)
    change = case((Movement.to_id == place.id, Movement.quantity), else_=-Movement.quantity)
    rows = session.execute(
        select(Posting.ref, Product.sku, func.sum(change))
        .join_from(Movement, place, or_(place.id == Movement.to_id, place.id == Movement.from_id))
        .join(Posting, Posting.id == Movement.posting_id)
        .join(Product, Product.id == Movement.product_id)
        .where(place.kind == LocationKind.CONVERSION)
        .group_by(Posting.ref, Product.sku)
        .having(func.sum(change) != 0)
    )
    return [Discrepancy(f"conversion of {sku} in {ref}", 0, int(left)) for ref, sku, left in rows]
