"""Use as the ledger has it: what left each place in each of the weeks before a day, two statements for the house."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    and_,
    case,
    cast,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from procurement.kernel.clock import start_of_day
from procurement.kernel.db import ReadSession
from procurement.stock.models import Location, Movement
from procurement.stock.terms import LocationKind

PlaceKey = tuple[int, int]  # location, product

_PLACES = (LocationKind.STOREROOM, LocationKind.TREATMENT_ROOM)
# Used up in a treatment, or sold.
_USED = (LocationKind.CONSUMED, LocationKind.CUSTOMER)
# Where a storeroom passes things on to, and from where they come back to its shelf.
_PASSED_ON = (
    LocationKind.TREATMENT_ROOM,
    LocationKind.IN_TRANSIT,
    LocationKind.STOREROOM,
    LocationKind.PERSON,
)
_BACK = (LocationKind.TREATMENT_ROOM, LocationKind.PERSON, LocationKind.LAUNDRY)


@dataclass(slots=True)
class WeeklyUse:
    """What left a place, by whole week, the oldest first, in steps: all of it, and the part used up or sold there."""

    first_week: int  # before which the product was not there
    left: list[int] = field(default_factory=list)
    used: list[int] = field(default_factory=list)


def week_starts(today: date, weeks: int) -> list[date]:
    """The first days of the whole weeks before a day, the oldest first."""
    return [today - timedelta(days=7 * n) for n in range(weeks, 0, -1)]


def weekly_use(
    session: ReadSession,
    today: date,
    zone: str,
    weeks: int,
    *,
    place: PlaceKey | None = None,
) -> dict[PlaceKey, WeeklyUse]:
    """Of every place that anything left in the last whole weeks, or of one.

    Weeks before the product first came to the place are not in it; one that came less than a week ago is left out.
    What was taken back is taken off in the week in which that happened; a week is never below nothing.
    """
    days = week_starts(today, weeks)
    moments = [start_of_day(day, zone) for day in [*days, today]]
    amounts: defaultdict[PlaceKey, dict[int, tuple[int, int]]] = defaultdict(dict)
    for location, product, week, left, used in session.execute(_left(moments, place)):
        amounts[location, product][week] = max(left, 0), min(max(used, 0), max(left, 0))
    if not amounts:
        return {}
    found = {}
    for location, product, came_at in session.execute(_first_came(place)):
        of_weeks = amounts.get((location, product))
        if of_weeks is None:
            continue
        first = next((n for n, start in enumerate(moments[:-1]) if start >= came_at), weeks)
        if first < weeks:
            whole = range(first, weeks)
            found[location, product] = WeeklyUse(
                first,
                [of_weeks.get(week, (0, 0))[0] for week in whole],
                [of_weeks.get(week, (0, 0))[1] for week in whole],
            )
    return found


def _left(moments: Sequence[datetime], place: PlaceKey | None) -> Select[*tuple[Any, ...]]:
    """(location, product, week) -> steps that left, and steps used or sold of them."""
    here, there = aliased(Location), aliased(Location)
    is_used = there.kind.in_(_USED)
    in_store = here.kind == LocationKind.STOREROOM
    week = _week_of(moments, 0, len(moments) - 1)

    def flow(
        at: ColumnElement[int], other: ColumnElement[int], kinds: Sequence[LocationKind], sign: int
    ) -> Select[*tuple[Any, ...]]:
        quantity = Movement.quantity * sign
        flowed = (
            select(
                at.label("location_id"),
                Movement.product_id.label("product_id"),
                week.label("week"),
                quantity.label("steps"),
                case((is_used, quantity), else_=0).label("used"),
            )
            .join_from(Movement, here, here.id == at)
            .join(there, there.id == other)
            .where(
                Movement.occurred_at >= moments[0],
                Movement.occurred_at < moments[-1],
                here.kind.in_(_PLACES),
                or_(is_used, and_(in_store, there.kind.in_(kinds))),
            )
        )
        return _of(flowed, at, place)

    source, destination = Movement.from_id.expression, Movement.to_id.expression
    flows = union_all(
        flow(source, destination, _PASSED_ON, 1), flow(destination, source, _BACK, -1)
    ).subquery()
    key = (flows.c.location_id, flows.c.product_id, flows.c.week)
    return select(
        *key,
        cast(func.sum(flows.c.steps), BigInteger),
        cast(func.sum(flows.c.used), BigInteger),
    ).group_by(*key)


def _week_of(moments: Sequence[datetime], low: int, high: int) -> ColumnElement[int]:
    """Which week a movement lies in, found by halving: exact on both databases, whatever the clocks did."""
    if high - low == 1:
        return literal(low)
    middle = (low + high) // 2
    return case(
        (Movement.occurred_at < moments[middle], _week_of(moments, low, middle)),
        else_=_week_of(moments, middle, high),
    )


def _first_came(place: PlaceKey | None) -> Select[*tuple[Any, ...]]:
    """(location, product) -> when the first of it came."""
    came = (
        select(
            Movement.to_id,
            Movement.product_id,
            func.min(Movement.occurred_at, type_=Movement.occurred_at.type),
        )
        .join(Location, Location.id == Movement.to_id)
        .where(Location.kind.in_(_PLACES))
        .group_by(Movement.to_id, Movement.product_id)
    )
    return _of(came, Movement.to_id.expression, place)


def _of(
    statement: Select[*tuple[Any, ...]], at: ColumnElement[int], place: PlaceKey | None
) -> Select[*tuple[Any, ...]]:
    if place is None:
        return statement
    return statement.where(at == place[0], Movement.product_id == place[1])
