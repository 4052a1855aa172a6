"""What measuring stands on: the house's rule, what people know of the use to come, and which levels follow it."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import and_, case, func, select

from procurement.catalogue.models import Pack, Product
from procurement.kernel.clock import today_in
from procurement.kernel.db import ReadSession
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
    DEFAULT_SERVICE,
    DEFAULT_TOP_UP_DAYS,
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
    """A stocking rule with how its levels follow the use, and with the levels it has."""

    following: Following
    levels: tuple[int, int]  # par, reorder point


def followed(
    session: ReadSession, house: HouseRule, *, place: PlaceKey | None = None
) -> dict[PlaceKey, Followed]:
    """The rules that follow the use; two statements and those of the lead times."""
    container = select(func.min(Pack.size_steps)).where(
        Pack.product_id == Product.id, Pack.is_sales_pack
    )
    buys = and_(Location.kind == LocationKind.STOREROOM, Site.buying_site_id.is_(None))
    statement = (
        select(
            MeasuredLevel.location_id,
            MeasuredLevel.product_id,
            func.coalesce(MeasuredLevel.service_permille, house.service_permille),
            MeasuredLevel.cover_days,
            case((buys, 1), else_=0),
            container.scalar_subquery(),
            Product.shelf_life_days,
            StockingRule.par_level,
            StockingRule.reorder_point,
        )
        .join(
            StockingRule,
            and_(
                StockingRule.location_id == MeasuredLevel.location_id,
                StockingRule.product_id == MeasuredLevel.product_id,
            ),
        )
        .join(Location, Location.id == MeasuredLevel.location_id)
        .join(Site, Site.id == Location.site_id)
        .join(Product, Product.id == MeasuredLevel.product_id)
    )
    if place is not None:
        statement = statement.where(
            MeasuredLevel.location_id == place[0], MeasuredLevel.product_id == place[1]
        )
    rows = session.execute(statement).all()
    if not rows:
        return {}
    leads = product_lead_times(session, None if place is None else place[1])
    return {
        (location, product): Followed(
            _following(house, service, cover, leads.get(product) if buys_it else None, pack, life),
            (par, reorder),
        )
        for location, product, service, cover, buys_it, pack, life, par, reorder in rows
    }


def _following(
    house: HouseRule,
    service: int,
    cover: int,
    lead: LeadTime | None,
    pack: int | None,
    life: int | None,
) -> Following:
    """A storeroom that buys waits for its supplier and the next look; every other place for the next top-up."""
    if lead is None:
        lead, review = LeadTime(Decimal(house.top_up_days)), 0
    else:
        review = house.review_days
    return Following(service, cover, review, lead, pack or 1, life)
