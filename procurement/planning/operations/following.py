"""What the levels follow: the house's measuring rule, what people know of the use to come, and place by place."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from procurement.audit.operations import record
from procurement.catalogue.models import Family, Product
from procurement.kernel.actor import Actor
from procurement.kernel.errors import FieldError, Invalid, NotFound
from procurement.kernel.permissions import Permission
from procurement.kernel.quantity import Quantity
from procurement.planning.models import DemandFactor, MeasuredLevel, MeasuringRule
from procurement.planning.operations.measuring import lock_measuring, measure_use
from procurement.planning.queries.measuring import ONLY
from procurement.planning.terms import SERVICE_LEVELS, FactorKind
from procurement.stock.models import Location, Site, StockingRule
from procurement.stock.operations.stocking import SetStockingRule, set_stocking_rules

SUBJECT = "Needs"
_SERVICE = "One of 90, 95, 98, 99 and 99.5 %."
LONGEST_COVER = 365


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeMeasuring:
    """The service level in per mille; the rest in weeks and days."""

    service_permille: int
    history_weeks: int
    review_days: int
    top_up_days: int


def change_measuring(
    session: Session, command: ChangeMeasuring, *, actor: Actor, at: datetime
) -> None:
    """Measure another way from now on, and do so at once. Raises Invalid naming each field."""
    actor.require(Permission.EDIT_LOCATIONS)
    faults = []
    if command.service_permille not in SERVICE_LEVELS:
        faults.append(FieldError("service_level", _SERVICE))
    for field, value, least, most in (
        ("history_weeks", command.history_weeks, 4, 104),
        ("review_days", command.review_days, 0, 90),
        ("top_up_days", command.top_up_days, 1, 90),
    ):
        if not least <= value <= most:
            faults.append(FieldError(field, f"From {least} to {most}."))
    if faults:
        raise Invalid.of(faults)
    lock_measuring(session)
    rule = session.get_one(MeasuringRule, ONLY)
    rule.service_permille = command.service_permille
    rule.history_weeks = command.history_weeks
    rule.review_days = command.review_days
    rule.top_up_days = command.top_up_days
    record(session, "change measuring", SUBJECT, _said(command), actor=actor, at=at)
    measure_use(session, actor=actor, at=at)


def _said(command: ChangeMeasuring) -> str:
    return (
        f"service level {Decimal(command.service_permille) / 10} %, {command.history_weeks} weeks back,"
        f" looked at every {command.review_days} days, topped up within {command.top_up_days} days"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUse:
    """The levels of a product at a place follow its use; None takes the house's service level."""

    location: str
    product: str
    cover_days: int
    service_permille: int | None = None


def follow_use(
    session: Session, commands: Sequence[FollowUse], *, actor: Actor, at: datetime
) -> None:
    """From now on, beginning at once; all or none. Raises NotFound (no stocking rule), Invalid naming each field."""
    actor.require(Permission.EDIT_LOCATIONS)
    faults = []
    for command in commands:
        if command.service_permille is not None and command.service_permille not in SERVICE_LEVELS:
            faults.append(FieldError("service_level", _SERVICE))
        if not 1 <= command.cover_days <= LONGEST_COVER:
            faults.append(FieldError("cover_days", f"From 1 to {LONGEST_COVER}."))
    if faults:
        raise Invalid.of(faults)
    lock_measuring(session)
    for command in commands:
        key = _rule_of(session, command.location, command.product)
        level = session.get(MeasuredLevel, key)
        if level is None:
            level = MeasuredLevel(location_id=key[0], product_id=key[1])
            session.add(level)
        level.service_permille = command.service_permille
        level.cover_days = command.cover_days
    session.flush()  # measuring reads it
    measure_use(session, actor=actor, at=at)


@dataclass(frozen=True, slots=True)
class FixLevels:
    """Levels that somebody sets and that stay."""

    location: str
    product: str
    par_level: Quantity
    reorder_point: Quantity


def fix_levels(session: Session, command: FixLevels, *, actor: Actor) -> None:
    """Set the levels, and let them stay whatever is used; where there was no rule there is one. Raises Invalid."""
    actor.require(Permission.EDIT_LOCATIONS)
    key = _known_rule(session, command.location, command.product)
    if key is not None:
        session.execute(
            delete(MeasuredLevel).where(
                MeasuredLevel.location_id == key[0], MeasuredLevel.product_id == key[1]
            )
        )
    rule = SetStockingRule(
        command.location, command.product, command.par_level, command.reorder_point
    )
    set_stocking_rules(session, [rule], actor=actor)


def _rule_of(session: Session, location: str, product: str) -> tuple[int, int]:
    key = _known_rule(session, location, product)
    if key is None:
        raise NotFound(f"There is no stocking rule for {product} at {location}.")
    return key


def _known_rule(session: Session, location: str, product: str) -> tuple[int, int] | None:
    key = session.execute(
        select(StockingRule.location_id, StockingRule.product_id)
        .join(Location, Location.id == StockingRule.location_id)
        .join(Product, Product.id == StockingRule.product_id)
        .where(Location.code == location, Product.sku == product)
    ).first()
    return (key[0], key[1]) if key else None


@dataclass(frozen=True, slots=True, kw_only=True)
class AddFactor:
    """A month's share of the usual use in percent (130), or growth a year in percent (5, -10), from a day on."""

    kind: FactorKind
    percent: Decimal
    month: int | None
    valid_from: date
    valid_until: date | None = None
    product: str | None = None
    family: str | None = None
    site: str | None = None


def add_factor(session: Session, command: AddFactor, *, actor: Actor, at: datetime) -> DemandFactor:
    """Say what is known of the use to come; it is measured with it at once. Raises Invalid naming each field."""
    actor.require(Permission.EDIT_LOCATIONS)
    product_id = _key(session, Product, Product.sku, command.product, "product")
    family_id = _key(session, Family, Family.code, command.family, "family")
    site_id = _key(session, Site, Site.code, command.site, "site")
    if faults := _wrong(command):
        raise Invalid.of(faults)
    lock_measuring(session)
    factor = DemandFactor(
        kind=command.kind,
        month=command.month,
        permille=int(command.percent * 10),
        product_id=product_id,
        family_id=family_id,
        site_id=site_id,
        valid_from=command.valid_from,
        valid_until=command.valid_until,
    )
    session.add(factor)
    session.flush()  # measuring reads it
    record(session, "add a factor", SUBJECT, _words(command), actor=actor, at=at)
    measure_use(session, actor=actor, at=at)
    return factor


def drop_factor(session: Session, factor: int, *, actor: Actor, at: datetime) -> None:
    """It no longer counts; one that is not there is no matter."""
    actor.require(Permission.EDIT_LOCATIONS)
    lock_measuring(session)
    session.execute(delete(DemandFactor).where(DemandFactor.id == factor))
    record(session, "drop a factor", SUBJECT, str(factor), actor=actor, at=at)
    measure_use(session, actor=actor, at=at)


def _words(command: AddFactor) -> str:
    """For the trail: "season of month 12: 130 % for ALM-500 at HARBOUR, from 2026-12-01"."""
    what = f"season of month {command.month}" if command.month else "growth a year"
    whom = command.product or command.family or "everything"
    where = f" at {command.site}" if command.site else ""
    until = f" until {command.valid_until}" if command.valid_until else ""
    return f"{what}: {command.percent} % for {whom}{where}, from {command.valid_from}{until}"


def _wrong(command: AddFactor) -> list[FieldError]:
    faults = []
    is_season = command.kind is FactorKind.SEASON
    if is_season and (command.month is None or not 1 <= command.month <= 12):
        faults.append(FieldError("month", "A season names its month."))
    if not is_season and command.month is not None:
        faults.append(FieldError("month", "Growth is told for the whole year."))
    least, most = (Decimal("0.1"), Decimal(1000)) if is_season else (Decimal(-90), Decimal(1000))
    if not least <= command.percent <= most:
        faults.append(FieldError("percent", f"From {least} to {most} percent."))
    elif command.percent * 10 != int(command.percent * 10):
        faults.append(FieldError("percent", "At most one digit after the point."))
    if command.product and command.family:
        faults.append(FieldError("family", "A product or a family, not both."))
    if command.valid_until is not None and command.valid_until < command.valid_from:
        faults.append(FieldError("valid_until", "It ends before it begins."))
    return faults


def _key(
    session: Session, table: type, column: object, named: str | None, field: str
) -> int | None:
    if not named:
        return None
    key = session.scalar(select(table.id).where(column == named))  # type: ignore[attr-defined,arg-type]
    if key is None:
        raise Invalid(f"There is no {field} {named}.", field=field)
    return int(key)
