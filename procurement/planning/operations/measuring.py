"""Measuring the use anew, and letting the levels that follow it follow."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from procurement.catalogue.models import Product
from procurement.kernel.actor import Actor
from procurement.kernel.clock import today_in
from procurement.kernel.db import ReadSession
from procurement.kernel.permissions import Permission
from procurement.planning.models import MeasuredUse, MeasuringRule
from procurement.planning.queries.measuring import ONLY, Followed, factors, followed, house_rule
from procurement.planning.queries.use import PlaceKey, WeeklyUse, weekly_use
from procurement.planning.rules.demand import Estimate
from procurement.planning.rules.factors import PLAIN, Course, Factor, course_of
from procurement.planning.rules.measuring import Measured, levels_of, measure
from procurement.settings.queries import get_company
from procurement.stock.models import Location
from procurement.stock.operations.stocking import renew_levels


@dataclass(frozen=True, slots=True)
class MeasuringDone:
    """How many uses were measured, and how many levels changed."""

    measured: int
    levels: int


@dataclass(frozen=True, slots=True)
class Reading:
    """The ledger as it was read on a day: the use of every place, and the factors that hold there."""

    today: date
    found: Mapping[PlaceKey, tuple[Estimate, Measured]]
    courses: Mapping[PlaceKey, Course]


def read_use(session: ReadSession, *, at: datetime) -> Reading:
    """Half a year of the ledger takes a while in a large house: whoever need not wait reads before writing."""
    company = get_company(session)
    today = today_in(company.time_zone, at)
    weeks = weekly_use(session, today, company.time_zone, house_rule(session).history_weeks)
    courses = _courses(session, factors(session), weeks, today)
    units = {row.id: row.unit for row in session.execute(select(Product.id, Product.unit))}
    found = {
        place: measure(use.left, use.used, courses.get(place, PLAIN), today, units[place[1]].steps)
        for place, use in weeks.items()
    }
    return Reading(today, found, courses)


def measure_use(
    session: Session, *, actor: Actor, at: datetime, reading: Reading | None = None
) -> MeasuringDone:
    """Measure the use of the whole house anew; a second one at the same time waits for the first.

    A `reading` made shortly before spares the writer the reading.
    """
    actor.require(Permission.EDIT_LOCATIONS)
    lock_measuring(session)
    reading = reading or read_use(session, at=at)
    _keep(session, {place: measured for place, (_, measured) in reading.found.items()})
    changed = _changed(followed(session, house_rule(session)), reading)
    renew_levels(session, changed, actor=actor)
    row = session.get_one(MeasuringRule, ONLY)
    row.measured_on = reading.today
    return MeasuringDone(len(reading.found), len(changed))


def lock_measuring(session: Session) -> None:
    """Take the one row of measuring: on PostgreSQL whoever comes next waits here until this one has committed."""
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    insert_or_not = sqlite_insert if is_sqlite else postgresql_insert
    session.execute(
        insert_or_not(MeasuringRule).values(id=ONLY).on_conflict_do_nothing(index_elements=["id"])
    )
    session.execute(
        select(MeasuringRule)
        .where(MeasuringRule.id == ONLY)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def _courses(
    session: ReadSession, known: list[Factor], places: Mapping[PlaceKey, WeeklyUse], today: date
) -> dict[PlaceKey, Course]:
    """The factors that hold at each place; nothing where nobody knows anything."""
    if not known:
        return {}
    sites = {row.id: row.site_id for row in session.execute(select(Location.id, Location.site_id))}
    families = {
        row.id: row.family_id for row in session.execute(select(Product.id, Product.family_id))
    }
    kept: dict[tuple[int, int], Course] = {}
    for place, product in places:
        key = sites[place], product
        if key not in kept:
            kept[key] = course_of(known, product, families[product], sites[place], today)
    return {(place, product): kept[sites[place], product] for place, product in places}


def _keep(session: Session, found: Mapping[PlaceKey, Measured]) -> None:
    session.execute(delete(MeasuredUse))
    rows = [
        {
            "location_id": place,
            "product_id": product,
            "method": measured.method,
            "weeks": measured.weeks,
            "per_week": measured.per_week,
            "deviation": measured.deviation,
            "used_per_week": measured.used_per_week,
        }
        for (place, product), measured in sorted(found.items())
    ]
    if rows:
        session.execute(insert(MeasuredUse), rows)


def _changed(
    rules: Mapping[PlaceKey, Followed], reading: Reading
) -> dict[PlaceKey, tuple[int, int]]:
    """The levels that are others now. Where nothing was measured yet, they stay as they were set."""
    changed = {}
    for place, rule in rules.items():
        if place not in reading.found:
            continue
        usual, _ = reading.found[place]
        course = reading.courses.get(place, PLAIN)
        levels = levels_of(usual, rule.following, course, reading.today)
        if (levels.par_level, levels.reorder_point) != rule.levels:
            changed[place] = (levels.par_level, levels.reorder_point)
    return changed
