"""One product at one place with every figure of its need opened."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import func, select

from procurement.catalogue.models import Product
from procurement.kernel.clock import today_in
from procurement.kernel.db import ReadSession
from procurement.kernel.errors import NotFound
from procurement.kernel.quantity import Quantity, Unit
from procurement.planning.queries.measuring import Followed, factors, house_rule, rule_at
from procurement.planning.queries.needs import needs
from procurement.planning.queries.use import week_starts, weekly_use
from procurement.planning.rules.demand import Estimate
from procurement.planning.rules.factors import PLAIN, Course, course_of, mean_season
from procurement.planning.rules.lasting import lost
from procurement.planning.rules.measuring import AHEAD_DAYS, Measured, levels_of, measure
from procurement.planning.rules.safety import Levels, Z, neat
from procurement.planning.terms import Method, Need
from procurement.purchasing.queries.supply import on_order
from procurement.sales.queries.owed import Owed, owed_at
from procurement.settings.queries import get_company
from procurement.stock.models import (
    Balance,
    Location,
    Lot,
    Reservation,
    Site,
    Tool,
    Transfer,
    TransferLine,
    TransferWish,
)
from procurement.stock.rules.shelf_life import is_usable
from procurement.stock.terms import UNDER_WAY, LocationKind, TransferStatus


@dataclass(frozen=True, slots=True)
class LotHere:
    """A lot at the place: `free` is promised to nobody; `lost` of it will be past its use-by before it is used."""

    number: str
    use_by: date | None
    on_hand: Quantity
    free: Quantity
    lost: Quantity
    counts: bool  # may be used, and is not an opened container of a storeroom


@dataclass(frozen=True, slots=True)
class Coming:
    """Goods on their way by a document; a draft has no day."""

    document: str
    is_order: bool
    due_on: date | None
    quantity: Quantity


@dataclass(frozen=True, slots=True)
class Promised:
    """So much of what is here is promised to a document."""

    document: str
    quantity: Quantity


@dataclass(frozen=True, slots=True)
class UseFigures:
    """The use measured now: the weeks (first day, what left), the usual week, and what season and growth make of it."""

    weeks: tuple[tuple[date, Quantity], ...]
    method: Method
    usual: Quantity
    deviation: Quantity
    season: Decimal  # percent, of the next four weeks
    growth: Decimal  # percent a year
    per_week: Quantity


@dataclass(frozen=True, slots=True)
class LevelFigures:
    """What the levels would be, or are, when they follow the use; days and percent."""

    lead_days: Decimal
    lead_deviation: Decimal
    deliveries: int
    review_days: int
    cover_days: int
    service: Decimal
    own_service: int | None
    z: Decimal
    demand: Quantity
    safety: Quantity
    reorder_point: Quantity
    cover: Quantity
    par_level: Quantity


@dataclass(frozen=True, slots=True)
class NeedPage:
    """`need` is None where nothing is short; `levels` where nothing was measured."""

    site: str
    location: str
    location_name: str
    product: str
    product_name: str
    unit: Unit
    today: date
    need: Need | None
    par_level: Quantity
    reorder_point: Quantity
    follows: bool
    use: UseFigures | None
    levels: LevelFigures | None
    lots: tuple[LotHere, ...]
    coming: tuple[Coming, ...]
    promised: tuple[Promised, ...]
    owed: tuple[Owed, ...]

    @property
    def owed_sum(self) -> Quantity:
        return Quantity(sum(one.quantity.steps for one in self.owed), self.unit)


def need_page(session: ReadSession, location: str, product: str, *, at: datetime) -> NeedPage:
    """Raises NotFound where the place has no stocking rule for the product and no customer waits for it there."""
    row = session.execute(
        select(Location, Site, Product)
        .join(Site, Site.id == Location.site_id)
        .join(Product, Product.sku == product)
        .where(Location.code == location)
    ).first()
    if row is None:
        raise NotFound(f"There is no stocking rule for {product} at {location}.")
    place, site, item = row
    house = house_rule(session)
    rule = rule_at(session, house, (place.id, item.id))
    owed = owed_at(session, location, product)
    if rule is None and not owed:
        raise NotFound(f"There is no stocking rule for {product} at {location}.")
    today = today_in(site.time_zone, at)
    company = get_company(session)
    day = today_in(company.time_zone, at)
    known = course_of(factors(session), item.id, item.family_id, site.id, day)
    weeks = weekly_use(
        session, day, company.time_zone, house.history_weeks, place=(place.id, item.id)
    ).get((place.id, item.id))
    use = levels = None
    per_week = 0
    if weeks is not None:
        usual, measured = measure(weeks.left, weeks.used, known, day, item.unit.steps)
        starts = week_starts(day, house.history_weeks)[weeks.first_week :]
        use = _use(usual, measured, list(zip(starts, weeks.left, strict=True)), known, day, item)
        if rule:
            levels = _levels(levels_of(usual, rule.following, known, day), rule, item.unit)
        per_week = measured.per_week
    found = needs(session, at=at, site=site.code)
    mine = (n for n in (*found.open, *found.waiting, *found.snoozed) if n.location == location)
    return NeedPage(
        site=site.code,
        location=location,
        location_name=place.name,
        product=product,
        product_name=item.name,
        unit=item.unit,
        today=today,
        need=next((need for need in mine if need.product == product), None),
        par_level=Quantity(rule.levels[0] if rule else 0, item.unit),
        reorder_point=Quantity(rule.levels[1] if rule else 0, item.unit),
        follows=bool(rule and rule.follows),
        use=use,
        levels=levels,
        lots=_lots(session, place, item, per_week, today),
        coming=(*_orders(session, location, item, site), *_transfers(session, place, item)),
        promised=_promised(session, place, item),
        owed=owed,
    )


def _use(
    usual: Estimate,
    measured: Measured,
    weeks: list[tuple[date, int]],
    known: Course,
    day: date,
    item: Product,
) -> UseFigures:
    unit = item.unit
    return UseFigures(
        tuple((start, Quantity(steps, unit)) for start, steps in weeks),
        measured.method,
        Quantity(neat(usual.per_week, unit.steps), unit),
        Quantity(neat(usual.deviation, unit.steps), unit),
        (100 * (mean_season(known, day, AHEAD_DAYS) if known != PLAIN else Decimal(1))),
        Decimal(known.growth) / 10,
        Quantity(measured.per_week, unit),
    )


def _levels(found: Levels, rule: Followed, unit: Unit) -> LevelFigures:
    following = rule.following
    return LevelFigures(
        lead_days=following.lead.days,
        lead_deviation=following.lead.variance.sqrt(),
        deliveries=following.lead.deliveries,
        review_days=following.review_days,
        cover_days=following.cover_days,
        service=Decimal(following.service_permille) / 10,
        own_service=rule.own_service,
        z=Z[following.service_permille],
        demand=Quantity(found.demand, unit),
        safety=Quantity(found.safety, unit),
        reorder_point=Quantity(found.reorder_point, unit),
        cover=Quantity(found.cover, unit),
        par_level=Quantity(found.par_level, unit),
    )


def _lots(
    session: ReadSession, place: Location, item: Product, per_week: int, today: date
) -> tuple[LotHere, ...]:
    rows = session.execute(
        select(Lot, Balance.on_hand, Balance.on_hand - Balance.reserved, Tool.lot_id)
        .join(Balance, Balance.lot_id == Lot.id)
        .outerjoin(Tool, Tool.lot_id == Lot.id)
        .where(Balance.location_id == place.id, Balance.product_id == item.id, Balance.on_hand > 0)
        .order_by(Lot.use_by.is_(None), Lot.use_by, Lot.id)
    ).all()
    in_store = place.kind is not LocationKind.TREATMENT_ROOM
    counts = [
        is_usable(lot.status, lot.use_by, today)
        and not (in_store and (lot.parent_id is not None or tool is not None))
        for lot, _, _, tool in rows
    ]
    gone = lost(
        [
            (lot.use_by, free if counted else 0)
            for (lot, _, free, _), counted in zip(rows, counts, strict=True)
        ],
        per_week,
        today,
    )
    return tuple(
        LotHere(
            lot.number,
            lot.use_by,
            Quantity(there, item.unit),
            Quantity(free, item.unit),
            Quantity(expiring, item.unit),
            counted,
        )
        for (lot, there, free, _), counted, expiring in zip(rows, counts, gone, strict=True)
    )


def _orders(session: ReadSession, location: str, item: Product, site: Site) -> tuple[Coming, ...]:
    return tuple(
        Coming(row.order, True, row.due_on, row.quantity)
        for row in on_order(session, product=item.sku, site=site.code)
        if row.deliver_to == location
    )


def _transfers(session: ReadSession, place: Location, item: Product) -> tuple[Coming, ...]:
    under_way = func.sum(TransferLine.quantity - TransferLine.arrived - TransferLine.explained)
    lines = (
        select(Transfer.number, under_way)
        .join(TransferLine, TransferLine.transfer_id == Transfer.id)
        .where(
            Transfer.to_id == place.id,
            TransferLine.product_id == item.id,
            Transfer.status.in_({TransferStatus.DRAFT, *UNDER_WAY}),
        )
        .group_by(Transfer.number)
        .having(under_way > 0)
    )
    wishes = (
        select(Transfer.number, func.sum(TransferWish.quantity))
        .join(TransferWish, TransferWish.transfer_id == Transfer.id)
        .where(
            Transfer.to_id == place.id,
            TransferWish.product_id == item.id,
            Transfer.status == TransferStatus.REQUESTED,
        )
        .group_by(Transfer.number)
    )
    rows = sorted((*session.execute(lines).all(), *session.execute(wishes).all()), key=str)
    return tuple(Coming(number, False, None, Quantity(int(n), item.unit)) for number, n in rows)


def _promised(session: ReadSession, place: Location, item: Product) -> tuple[Promised, ...]:
    rows = session.execute(
        select(Reservation.demand, func.sum(Reservation.quantity))
        .join(Lot, Lot.id == Reservation.lot_id)
        .where(
            Reservation.location_id == place.id,
            Lot.product_id == item.id,
            Reservation.released_at.is_(None),
        )
        .group_by(Reservation.demand)
        .order_by(Reservation.demand)
    )
    return tuple(Promised(demand, Quantity(int(steps), item.unit)) for demand, steps in rows)
