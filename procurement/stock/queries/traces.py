"""From a lot to everything made of it, and back: one recursive statement each, however deep it goes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import case, func, literal, or_, select
from sqlalchemy.orm import aliased

from procurement.catalogue.models import Product
from procurement.kernel.db import ReadSession
from procurement.kernel.quantity import Quantity, Unit
from procurement.stock.models import Balance, Location, Lot, Movement, Posting
from procurement.stock.terms import LocationKind, LotStatus, Reason


def family_of(session: ReadSession, lots: Iterable[int]) -> list[int]:
    """The lots and everything opened or filled from them, at any depth, by their keys."""
    family = select(Lot.id).where(Lot.id.in_(set(lots))).cte("family", recursive=True)
    daughters = select(Lot.id).join(family, Lot.parent_id == family.c.id)
    return sorted(session.scalars(select(family.union(daughters).c.id)))


def roots_of(session: ReadSession, lots: Iterable[int]) -> dict[int, int]:
    """Key of each lot -> key of the lot that was received, of which it was opened or filled."""
    up = (
        select(Lot.id.label("lot"), Lot.id, Lot.parent_id)
        .where(Lot.id.in_(set(lots)))
        .cte("up", recursive=True)
    )
    parents = select(up.c.lot, Lot.id, Lot.parent_id).join(up, Lot.id == up.c.parent_id)
    chain = up.union_all(parents)
    rows = session.execute(select(chain.c.lot, chain.c.id).where(chain.c.parent_id.is_(None)))
    return {row.lot: row.id for row in rows}


@dataclass(frozen=True, slots=True)
class MadeFrom:
    """A lot on the way back from a container: `how` it came to be ("decanted", "opened", "received")."""

    number: str
    how: str
    on: datetime | date | None
    expires_on: date | None
    use_by: date | None
    is_container: bool
    posting: str | None


def line_of(session: ReadSession, lot: int) -> tuple[MadeFrom, ...]:
    """The lot, what it was opened or filled from, and so on to the lot that was received, last."""
    up = (
        select(Lot.id, Lot.parent_id, literal(0).label("depth"))
        .where(Lot.id == lot)
        .cte("up", recursive=True)
    )
    parents = select(Lot.id, Lot.parent_id, up.c.depth + 1).join(up, Lot.id == up.c.parent_id)
    chain = up.union_all(parents)
    rows = session.execute(
        select(Lot, Posting.ref)
        .join(chain, chain.c.id == Lot.id)
        .outerjoin(Posting, Posting.id == Lot.made_by_id)
        .order_by(chain.c.depth)
    )
    return tuple(_made_from(lot, ref) for lot, ref in rows)


def _made_from(lot: Lot, ref: str | None) -> MadeFrom:
    how = "received"
    moment: datetime | date | None = lot.received_on
    if lot.decanted_at is not None:
        how, moment = "decanted", lot.decanted_at
    elif lot.parent_id is not None:
        how, moment = "opened", lot.opened_at
    return MadeFrom(
        lot.number, how, moment, lot.expires_on, lot.use_by, lot.parent_id is not None, ref
    )


@dataclass(frozen=True, slots=True)
class Standing:
    """A lot of the family at a place."""

    lot: str
    parent: str | None
    status: LotStatus
    use_by: date | None
    location: str
    location_name: str
    kind: LocationKind
    on_hand: Quantity
    reserved: Quantity
    is_decanted: bool

    @property
    def free(self) -> Quantity:
        """Promised to nobody."""
        return Quantity(self.on_hand.steps - self.reserved.steps, self.on_hand.unit)


def where_they_are(session: ReadSession, family: Iterable[int]) -> tuple[Standing, ...]:
    """Every place where something of the lots stands, room by room."""
    parent = aliased(Lot)
    rows = session.execute(
        select(
            Lot.number,
            parent.number,
            Lot.status,
            Lot.use_by,
            Location.code,
            Location.name,
            Location.kind,
            Balance.on_hand,
            Balance.reserved,
            Product.unit,
            Lot.decanted_at,
        )
        .join_from(Balance, Lot, Lot.id == Balance.lot_id)
        .join(Product, Product.id == Lot.product_id)
        .join(Location, Location.id == Balance.location_id)
        .outerjoin(parent, parent.id == Lot.parent_id)
        .where(Balance.lot_id.in_(set(family)), Balance.on_hand > 0)
        .order_by(Location.name, Location.code, Lot.id)
    )
    return tuple(
        Standing(
            row[0],
            row[1],
            row[2],
            row[3],
            row[4],
            row[5],
            row[6],
            Quantity(row[7], Unit(row[9])),
            Quantity(row[8], Unit(row[9])),
            row[10] is not None,
        )
        for row in rows
    )


@dataclass(frozen=True, slots=True)
class Gone:
    """Goods of the family that left for good: used in a treatment, sold, written off, sent back."""

    ref: str
    occurred_at: datetime
    lot: str
    reason: Reason
    kind: LocationKind  # of where they went
    from_name: str
    from_code: str
    actor: str
    document: str | None
    note: str
    quantity: Quantity  # less than nothing where it was taken back


MOST_GONE = 500


def where_they_went(
    session: ReadSession, family: Iterable[int], *, limit: int = MOST_GONE
) -> tuple[Gone, ...]:
    """What was used, sold, written off or sent back, the latest first; what was taken back stands against it."""
    source, destination = aliased(Location), aliased(Location)
    out = [
        LocationKind.CONSUMED,
        LocationKind.CUSTOMER,
        LocationKind.ADJUSTMENT,
        LocationKind.SUPPLIER,
    ]
    left = destination.kind.in_(out)
    came_back = source.kind.in_(out[:2])  # receipts and corrections come from the others
    rows = session.execute(
        select(
            Posting.ref,
            Posting.occurred_at,
            Lot.number,
            Posting.reason,
            case((left, destination.kind), else_=source.kind),
            case((left, source.name), else_=destination.name),
            case((left, source.code), else_=destination.code),
            Posting.actor_name,
            Posting.document,
            Posting.note,
            case((left, Movement.quantity), else_=-Movement.quantity),
            Product.unit,
        )
        .join_from(Movement, Posting, Posting.id == Movement.posting_id)
        .join(Lot, Lot.id == Movement.lot_id)
        .join(Product, Product.id == Lot.product_id)
        .join(source, source.id == Movement.from_id)
        .join(destination, destination.id == Movement.to_id)
        .where(Movement.lot_id.in_(set(family)), or_(left, came_back))
        .order_by(Movement.id.desc())
        .limit(limit)
    )
    return tuple(_gone(*row) for row in rows)


def _gone(*row: Any) -> Gone:
    *said, steps, unit = row
    return Gone(*(*said, Quantity(steps, Unit(unit))))


@dataclass(frozen=True, slots=True)
class Used:
    """How much of the family went one way in all."""

    kind: LocationKind
    quantity: Quantity


def used_in_all(session: ReadSession, family: Iterable[int]) -> tuple[Used, ...]:
    """Sums of what went to treatments, customers, write-offs and back to the supplier, less what was taken back."""
    place = aliased(Location)
    keys = set(family)
    out = [LocationKind.CONSUMED, LocationKind.CUSTOMER, LocationKind.ADJUSTMENT]
    signed = case((Movement.to_id == place.id, Movement.quantity), else_=-Movement.quantity)
    rows = session.execute(
        select(place.kind, func.sum(signed), Product.unit)
        .join_from(Movement, place, or_(Movement.to_id == place.id, Movement.from_id == place.id))
        .join(Product, Product.id == Movement.product_id)
        .where(Movement.lot_id.in_(keys), place.kind.in_(out))
        .group_by(place.kind, Product.unit)
        .order_by(place.kind)
    )
    return tuple(Used(row[0], Quantity(int(row[1]), Unit(row[2]))) for row in rows)
