"""Every figure kept beside the ledger, derived from it again."""

from typing import Any

from sqlalchemy import and_, case, func, literal, or_, select, union_all
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
    StockCount,
    StockCountLine,
    Transfer,
    TransferLine,
)
from procurement.stock.terms import UNDER_WAY, CountStatus, Discrepancy, LocationKind


def verify(session: ReadSession) -> list[Discrepancy]:
    """Derive every balance from the ledger again and name each difference; an empty list is the promise kept."""
    return [
        *_balance_differences(session),
        *_reserved_differences(session),
        *_conversions(session),
        *_containers(session),
        *_fillings(session),
        *_longer_dates(session),
        *_counts(session),
        *_transfers(session),
        *_under_way(session),
    ]


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


def _containers(session: ReadSession) -> list[Discrepancy]:
    """An opened container stands in one place while something is left in it, and is finished when nothing is."""
    there = (
        select(Balance.lot_id, func.count().label("places"))
        .where(Balance.on_hand > 0)
        .group_by(Balance.lot_id)
        .subquery()
    )
    places = func.coalesce(there.c.places, 0)
    is_open = case((Lot.finished_at.is_(None), 1), else_=0)
    rows = session.execute(
        select(Lot.number, is_open, places)
        .outerjoin(there, there.c.lot_id == Lot.id)
        .where(Lot.parent_id.is_not(None), places != is_open)
    )
    return [
        Discrepancy(f"places of container {number}", int(expected), int(found))
        for number, expected, found in rows
    ]


def _fillings(session: ReadSession) -> list[Discrepancy]:
    """What a container held at first is what its posting put into it."""
    rows = session.execute(
        select(Lot.number, Lot.filled, func.coalesce(func.sum(Movement.quantity), 0))
        .join_from(Lot, Location, Location.kind == LocationKind.CONVERSION)
        .outerjoin(
            Movement,
            (Movement.lot_id == Lot.id)
            & (Movement.posting_id == Lot.made_by_id)
            & (Movement.from_id == Location.id),
        )
        .where(Lot.parent_id.is_not(None))
        .group_by(Lot.id, Lot.number, Lot.filled)
        .having(func.coalesce(func.sum(Movement.quantity), 0) != Lot.filled)
    )
    return [
        Discrepancy(f"filling of container {number}", int(found), int(filled))
        for number, filled, found in rows
    ]


def _longer_dates(session: ReadSession) -> list[Discrepancy]:
    """Opening and decanting never extend a date."""
    parent = aliased(Lot)
    rows = session.execute(
        select(Lot.number)
        .join(parent, parent.id == Lot.parent_id)
        .where(
            or_(
                Lot.use_by > parent.use_by,
                and_(Lot.use_by.is_(None), parent.use_by.is_not(None)),
                Lot.opened_at < parent.opened_at,
            )
        )
    )
    return [
        Discrepancy(f"containers whose date is later than their parent's ({number})", 0, 1)
        for (number,) in rows
    ]


def _counts(session: ReadSession) -> list[Discrepancy]:
    """What a count's posting moved is what was counted less what was expected, product by product."""
    told = select(
        StockCountLine.count_id,
        StockCountLine.product_id,
        (StockCountLine.counted - StockCountLine.expected).label("told"),
        literal(0).label("moved"),
    ).where(StockCountLine.counted.is_not(None))
    change = case(
        (Movement.to_id == StockCount.location_id, Movement.quantity), else_=-Movement.quantity
    )
    moved = select(StockCount.id, Movement.product_id, literal(0), change).join(
        Movement, Movement.posting_id == StockCount.posting_id
    )
    both = union_all(told, moved).subquery()
    rows = session.execute(
        select(StockCount.number, Product.sku, func.sum(both.c.told), func.sum(both.c.moved))
        .join_from(both, StockCount, StockCount.id == both.c.count_id)
        .join(Product, Product.id == both.c.product_id)
        .group_by(StockCount.number, Product.sku, StockCount.status)
        .having(
            or_(
                func.sum(both.c.told) != func.sum(both.c.moved),
                StockCount.status != CountStatus.POSTED,
            )
        )
    )
    return [
        Discrepancy(f"difference of {sku} in count {number}", int(told), int(moved))
        for number, sku, told, moved in rows
    ]


def _transfers(session: ReadSession) -> list[Discrepancy]:
    """What a transfer says was sent, arrived and was explained is what its postings moved."""
    names = ("sent", "arrived", "explained")
    moved = (
        select(
            Transfer.id.label("transfer_id"),
            *_sums(
                case((Movement.from_id == Transfer.from_id, Movement.quantity), else_=0),
                case((Movement.to_id == Transfer.to_id, Movement.quantity), else_=0),
                # Back to its source, or out of the house: whatever left transit another way.
                case(
                    (
                        and_(
                            Movement.from_id == Transfer.transit_id,
                            Movement.to_id != Transfer.to_id,
                        ),
                        Movement.quantity,
                    ),
                    else_=0,
                ),
            ),
        )
        .join(Posting, Posting.document == Transfer.number)
        .join(Movement, Movement.posting_id == Posting.id)
        .group_by(Transfer.id)
        .subquery()
    )
    said = (
        select(
            TransferLine.transfer_id,
            *_sums(TransferLine.sent, TransferLine.arrived, TransferLine.explained),
        )
        .group_by(TransferLine.transfer_id)
        .subquery()
    )
    pairs = [
        (func.coalesce(moved.c[column], 0), func.coalesce(said.c[column], 0))
        for column in ("first", "second", "third")
    ]
    rows = session.execute(
        select(Transfer.number, *(figure for pair in pairs for figure in pair))
        .outerjoin(moved, moved.c.transfer_id == Transfer.id)
        .outerjoin(said, said.c.transfer_id == Transfer.id)
        .where(or_(*(by_ledger != by_line for by_ledger, by_line in pairs)))
    )
    return [
        Discrepancy(f"{name} of transfer {row[0]}", int(row[1 + 2 * n]), int(row[2 + 2 * n]))
        for row in rows
        for n, name in enumerate(names)
        if row[1 + 2 * n] != row[2 + 2 * n]
    ]


def _sums(first: Any, second: Any, third: Any) -> tuple[Any, ...]:
    return (
        func.sum(first).label("first"),
        func.sum(second).label("second"),
        func.sum(third).label("third"),
    )


def _under_way(session: ReadSession) -> list[Discrepancy]:
    """What is under way stands where its transfer passes, reserved for it."""
    left = TransferLine.sent - TransferLine.arrived - TransferLine.explained
    held = case(
        (
            and_(
                Reservation.location_id == Transfer.transit_id,
                Reservation.released_at.is_(None),
                Reservation.demand == Transfer.number,
            ),
            Reservation.quantity,
        ),
        else_=0,
    )
    rows = session.execute(
        select(Transfer.number, TransferLine.position, left, held)
        .join_from(TransferLine, Transfer, Transfer.id == TransferLine.transfer_id)
        .join(Reservation, Reservation.id == TransferLine.reservation_id)
        .where(Transfer.status.in_(UNDER_WAY), left != held)
    )
    return [
        Discrepancy(f"under way of transfer {number}, line {position}", int(expected), int(found))
        for number, position, expected, found in rows
    ]
