"""A small spa and what happens in it, for the stories about stock."""

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from procurement.kernel.actor import SYSTEM
from procurement.kernel.quantity import Quantity
from procurement.stock.models import Balance, Location, Lot, Period
from procurement.stock.operations.places import (
    CreateLocation,
    CreateSite,
    create_location,
    create_site,
    ensure_virtual_locations,
)
from procurement.stock.operations.posting import PostStock, StockMove, post_stock
from procurement.stock.terms import LocationKind, LotStatus, Posted, Reason
from tests.builders import a_product

MORNING = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def a_spa(session: Session, *, site: str = "KIN", rooms: int = 2) -> None:
    """A site with a storeroom STORE, a quarantine and rooms ROOM-1, ROOM-2, ..."""
    ensure_virtual_locations(session)
    create_site(session, CreateSite(site, "Kinsale", "Europe/Dublin"), actor=SYSTEM)
    places = [("STORE", LocationKind.STOREROOM), ("QUARANTINE", LocationKind.QUARANTINE)]
    places += [(f"ROOM-{n}", LocationKind.TREATMENT_ROOM) for n in range(1, rooms + 1)]
    for code, kind in places:
        create_location(session, CreateLocation(code, code.capitalize(), kind, site), actor=SYSTEM)


def ml(amount: str | int) -> Quantity:
    return Quantity.parse(str(amount), "ml")


def opened(
    session: Session,
    amount: str | int,
    *,
    product: str = "ALM-500",
    into: str = "STORE",
    lot: str | None = None,
    expires_on: date | None = None,
    at: datetime = MORNING,
) -> Posted:
    """Opening stock."""
    move = StockMove(product, "OPENING", into, ml(amount), lot, expires_on)
    return post_stock(session, PostStock(Reason.OPENING, (move,)), actor=SYSTEM, at=at)


def moved(
    session: Session,
    amount: str | int,
    source: str,
    destination: str,
    *,
    product: str = "ALM-500",
    lot: str | None = None,
    at: datetime = MORNING,
    reason: Reason = Reason.TRANSFER,
    occurred_at: datetime | None = None,
) -> Posted:
    move = StockMove(product, source, destination, ml(amount), lot)
    return post_stock(
        session, PostStock(reason, (move,), occurred_at=occurred_at), actor=SYSTEM, at=at
    )


def used(session: Session, amount: str | int, room: str, **more: object) -> Posted:
    """Used in a treatment."""
    return moved(session, amount, room, "CONSUMED", reason=Reason.CONSUMPTION, **more)


def closed_until(session: Session, moment: datetime) -> None:
    """The books are closed up to this moment, whatever day that is."""
    session.add(
        Period(
            closed_until=moment,
            last_day=moment.date(),
            closed_at=moment + timedelta(seconds=1),
            closed_by="Ada",
        )
    )
    session.flush()  # postings ask for it


def a_hundred_rooms(session: Session, *, each: int = 20) -> None:
    """A site with a hundred rooms and so many open bottles in each, of five products; written as rows, in a moment."""
    a_spa(session, rooms=100)
    places = dict(session.execute(select(Location.code, Location.id)).all())
    rooms = [places[f"ROOM-{n}"] for n in range(1, 101)]
    for number in range(5):
        sku = f"OIL-{number}"
        product = a_product(session, sku)
        opened(session, 1_000_000, product=sku, into="STORE", lot="A1")
        parent = session.scalars(select(Lot).where(Lot.product_id == product.id)).one()
        bottles = [
            {
                "product_id": product.id,
                "number": f"B-{number}-{room}-{bottle}",
                "status": LotStatus.AVAILABLE,
                "parent_id": parent.id,
                "opened_at": MORNING,
                "filled": 500_000,
                "use_by": MORNING.date() + timedelta(days=(room + bottle) % 60 - 5),
            }
            for room in range(100)
            for bottle in range(each // 5)
        ]
        ids = session.scalars(
            insert(Lot).returning(Lot.id, sort_by_parameter_order=True), bottles
        ).all()
        session.execute(
            insert(Balance),
            [
                {
                    "location_id": rooms[index * 5 // each],
                    "lot_id": lot_id,
                    "product_id": product.id,
                    "on_hand": 100_000 + index * 997 % 400_000,
                    "reserved": 0,
                }
                for index, lot_id in enumerate(ids)
            ],
        )
