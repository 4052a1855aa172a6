"""What measuring stands on: the house's rule, what people know of the use to come, and which levels follow it."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import and_, case, func, select

from procurement.catalogue.models import Family, Pack, Product
from procurement.kernel.clock import today_in
from procurement.kernel.db import ReadSession
from procurement.kernel.quantity import Unit
from procurement.kernel.validity import Validity
from procurement.planning.models import DemandFactor, MeasuredLevel, MeasuringRule
from procurement.planning.queries.lead_times import product_lead_times
from procurement.planning.queries.use import PlaceKey
from procurement.planning.rules.factors import Factor
from procurement.planning.rules.measuring import Following
from procurement.planning.rules.safety import LeadTime
from procurement.planning.terms import (
    DEFAULT_HISTORY_WEEKS,
    DEFAULT_REVIEW_DAYS,
    DEFAULT_ROOM_COVER,
    DEFAULT_SERVICE,
    DEFAULT_STORE_COVER,
    DEFAULT_TOP_UP_DAYS,
    FactorRow,
)
from procurement.settings.models import Company
from procurement.stock.models import Location, Site, StockingRule
from procurement.stock.terms import LocationKind

ONLY = 1


@dataclass(frozen=True, slots=True)
class HouseRule:
    """How the house measures; the service level in per mille."""

    service_permille: int = DEFAULT_SERVICE
    history_weeks: int = DEFAULT_HISTORY_WEEKS
    review_days: int = DEFAULT_REVIEW_DAYS
    top_up_days: int = DEFAULT_TOP_UP_DAYS
    measured_on: date | None = None


def house_rule(session: ReadSession) -> HouseRule:
    """As it was set, or as houses usually have it."""
    row = session.get(MeasuringRule, ONLY)
    if row is None:
        return HouseRule()
    return HouseRule(
        row.service_permille, row.history_weeks, row.review_days, row.top_up_days, row.measured_on
    )


def is_measuring_due(session: ReadSession, at: datetime) -> bool:
    """Whether a day has begun on which nothing was measured yet; an installation without a company has nothing to."""
    zone = session.scalar(select(Company.time_zone))
    measured_on = session.scalar(select(MeasuringRule.measured_on))
    return zone is not None and (measured_on is None or measured_on < today_in(zone, at))


def factor_rows(session: ReadSession) -> list[FactorRow]:
    """The factors as people see them, seasons by month first."""
    rows = session.execute(
        select(DemandFactor, Product.name, Family.name, Site.name)
        .outerjoin(Product, Product.id == DemandFactor.product_id)
        .outerjoin(Family, Family.id == DemandFactor.family_id)
        .outerjoin(Site, Site.id == DemandFactor.site_id)
        .order_by(DemandFactor.kind.desc(), DemandFactor.month, DemandFactor.id)
    )
    return [
        FactorRow(
            row.id,
            row.kind,
            row.month,
            Decimal(row.permille) / 10,
            (product or family or "Everything") + (f" at {site}" if site else ""),
            row.valid_from,
            row.valid_until,
        )
        for row, product, family, site in rows
    ]


def factors(session: ReadSession) -> list[Factor]:
    """All of them, the oldest first."""
    rows = session.scalars(select(DemandFactor).order_by(DemandFactor.id))
    return [
        Factor(
            row.kind,
            row.permille,
            row.month,
            row.product_id,
            row.family_id,
            row.site_id,
            Validity(row.valid_from, row.valid_until),
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class Followed:
    """How the levels of a stocking rule follow the use, and those it has; `follows` is False where they only could."""

    following: Following
    levels: tuple[int, int]  # par, reorder point
    own_service: int | None
    follows: bool = True


def followed(session: ReadSession, house: HouseRule) -> dict[PlaceKey, Followed]:
    """The rules that follow the use; one statement and those of the lead times."""
    return _rules(session, house, None)


def rule_at(session: ReadSession, house: HouseRule, place: PlaceKey) -> Followed | None:
    """The stocking rule of a place, with how it follows the use or could; None where there is none."""
    return _rules(session, house, place).get(place)


def _rules(
    session: ReadSession, house: HouseRule, place: PlaceKey | None
) -> dict[PlaceKey, Followed]:
    container = select(func.min(Pack.size_steps)).where(
        Pack.product_id == Product.id, Pack.is_sales_pack
    )
    in_store = Location.kind == LocationKind.STOREROOM
    buys = and_(in_store, Site.buying_site_id.is_(None))
    usual_cover = case((in_store, DEFAULT_STORE_COVER), else_=DEFAULT_ROOM_COVER)
    statement = (
        select(
            StockingRule.location_id,
            StockingRule.product_id,
            MeasuredLevel.service_permille,
            func.coalesce(MeasuredLevel.cover_days, usual_cover),
            case((buys, 1), else_=0),
            container.scalar_subquery(),
            Product.unit,
            Product.shelf_life_days,
            StockingRule.par_level,
            StockingRule.reorder_point,
            MeasuredLevel.product_id.is_not(None),
        )
        .join_from(StockingRule, Location, Location.id == StockingRule.location_id)
        .join(Site, Site.id == Location.site_id)
        .join(Product, Product.id == StockingRule.product_id)
        .outerjoin(
            MeasuredLevel,
            and_(
                MeasuredLevel.location_id == StockingRule.location_id,
                MeasuredLevel.product_id == StockingRule.product_id,
            ),
        )
    )
    if place is None:
        statement = statement.where(MeasuredLevel.product_id.is_not(None))
    else:
        statement = statement.where(
            StockingRule.location_id == place[0], StockingRule.product_id == place[1]
        )
    rows = session.execute(statement).all()
    if not rows:
        return {}
    leads = product_lead_times(session, None if place is None else place[1])
    found = {}
    for location, product, service, cover, buys_it, pack, unit, life, par, reorder, follows in rows:
        lead = leads.get(product) if buys_it else None
        following = _following(house, service, cover, lead, pack or 1, unit, life)
        found[location, product] = Followed(following, (par, reorder), service, bool(follows))
    return found


def _following(
    house: HouseRule,
    service: int | None,
    cover: int,
    lead: LeadTime | None,
    pack: int,
    unit: Unit,
    life: int | None,
) -> Following:
    """A storeroom that buys waits for its supplier and the next look; every other place for the next top-up."""
    if lead is None:
        lead, review = LeadTime(Decimal(house.top_up_days)), 0
    else:
        review = house.review_days
    return Following(service or house.service_permille, cover, review, lead, pack, unit.steps, life)
