"""The cycle-count plan: what is used most, by value, is counted most often."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlalchemy import func, select

from procurement.catalogue.models import Product
from procurement.catalogue.terms import Kind, ProductStatus
from procurement.kernel.clock import today_in
from procurement.kernel.db import ReadSession
from procurement.kernel.money import round_half_up
from procurement.settings.queries import get_company
from procurement.stock.models import (
    Balance,
    Location,
    Lot,
    Movement,
    StockCount,
    StockCountLine,
    StockingRule,
)
from procurement.stock.queries.counting.counts import active_counts
from procurement.stock.queries.counting.review import worth_of_currencies
from procurement.stock.queries.places import places
from procurement.stock.rules.counting import AbcClass, classes, due_on
from procurement.stock.terms import LocationKind, Place

USED_DAYS = 90
_USED = (LocationKind.CONSUMED, LocationKind.CUSTOMER)
_NOT_PLANNED = {LocationKind.IN_TRANSIT, LocationKind.QUARANTINE}


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A room in the plan. `due` counts its products to be counted by class; `last` is its last posted count."""

    place: Place
    products: int
    due: dict[AbcClass, int]
    last: date | None
    next_due: date | None  # of what is not due yet
    running: str | None  # the count that is at work

    @property
    def all_due(self) -> int:
        return sum(self.due.values())


@dataclass(slots=True)
class _Tally:
    products: int = 0
    due: Counter[AbcClass] = field(default_factory=Counter)
    last: datetime | None = None
    later: list[date] = field(default_factory=list)


def count_plan(session: ReadSession, *, at: datetime, site: str | None = None) -> list[PlanRow]:
    """Every room and storeroom with something to count, what is due first; a fixed number of statements."""
    rooms = [p for p in places(session, site=site) if p.kind not in _NOT_PLANNED]
    classed = abc_classes(session, at=at)
    last = _last_counted(session)
    tallies: defaultdict[int, _Tally] = defaultdict(_Tally)
    zones = {place.id: place.time_zone or "UTC" for place in rooms}
    for location_id, product_id in _belonging(session):
        if location_id not in zones:
            continue
        tally, counted = tallies[location_id], last.get((location_id, product_id))
        abc = classed.get(product_id, AbcClass.C)
        tally.products += 1
        if counted and (tally.last is None or counted > tally.last):
            tally.last = counted
        day = due_on(today_in(zones[location_id], counted) if counted else None, abc)
        if day is None or day <= today_in(zones[location_id], at):
            tally.due[abc] += 1
        else:
            tally.later.append(day)
    running = {count.place.id: count.number for count in active_counts(session)}
    rows = [
        _row(place, tallies[place.id], running.get(place.id))
        for place in rooms
        if place.id in tallies
    ]
    return sorted(rows, key=lambda row: (not row.all_due, row.last or date.min, row.place.name))


def _row(place: Place, tally: _Tally, running: str | None) -> PlanRow:
    last = today_in(place.time_zone or "UTC", tally.last) if tally.last else None
    later = min(tally.later) if tally.later else None
    due = {abc: tally.due[abc] for abc in AbcClass}
    return PlanRow(place, tally.products, due, last, later, running)


def due_products(session: ReadSession, place: Place, *, at: datetime) -> set[int]:
    """What the plan says is to be counted at a place."""
    classed, last = abc_classes(session, at=at), _last_counted(session, place)
    today = today_in(place.time_zone or "UTC", at)
    due = set()
    for _, product_id in _belonging(session, place):
        counted = last.get((place.id, product_id))
        day = due_on(
            today_in(place.time_zone or "UTC", counted) if counted else None,
            classed.get(product_id, AbcClass.C),
        )
        if day is None or day <= today:
            due.add(product_id)
    return due


def abc_classes(
    session: ReadSession, *, at: datetime, days: int = USED_DAYS
) -> dict[int, AbcClass]:
    """Product -> class by the value used and sold within so many days; what was not used is left out (C)."""
    worth = worth_of_currencies(session, get_company(session).currency)
    rows = session.execute(
        select(
            Movement.product_id,
            Lot.cost_currency,
            Lot.cost_minor,
            Lot.cost_steps,
            func.sum(Movement.quantity),
        )
        .join(Location, Location.id == Movement.to_id)
        .join(Lot, Lot.id == Movement.lot_id)
        .where(
            Location.kind.in_(_USED),
            Movement.occurred_at > at - timedelta(days=days),
            Lot.cost_minor.is_not(None),
        )
        .group_by(Movement.product_id, Lot.cost_currency, Lot.cost_minor, Lot.cost_steps)
    )
    used: defaultdict[int, int] = defaultdict(int)
    for product_id, currency, minor, steps, quantity in rows:
        if currency in worth and steps:
            value = Decimal(minor) * int(quantity) / steps * worth[currency]
            used[product_id] += round_half_up(value)
    return classes(used)


def _belonging(session: ReadSession, place: Place | None = None) -> set[tuple[int, int]]:
    """(location, product) of what is there or should be, of products that are counted."""
    counted = select(Product.id).where(
        Product.kind != Kind.SERVICE, Product.status == ProductStatus.ACTIVE
    )
    there = (
        select(Balance.location_id, Balance.product_id)
        .where(Balance.on_hand > 0, Balance.product_id.in_(counted))
        .distinct()
    )
    should = select(StockingRule.location_id, StockingRule.product_id).where(
        StockingRule.par_level > 0, StockingRule.product_id.in_(counted)
    )
    if place is not None:
        there = there.where(Balance.location_id == place.id)
        should = should.where(StockingRule.location_id == place.id)
    return {(row[0], row[1]) for found in (there, should) for row in session.execute(found)}


def _last_counted(
    session: ReadSession, place: Place | None = None
) -> dict[tuple[int, int], datetime]:
    """(location, product) -> when a count that counted it was posted last."""
    statement = (
        select(StockCount.location_id, StockCountLine.product_id, func.max(StockCount.closed_at))
        .join(StockCountLine, StockCountLine.count_id == StockCount.id)
        .where(StockCountLine.counted.is_not(None))
        .group_by(StockCount.location_id, StockCountLine.product_id)
    )
    if place is not None:
        statement = statement.where(StockCount.location_id == place.id)
    return {(row[0], row[1]): row[2] for row in session.execute(statement)}
