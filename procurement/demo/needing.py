"""What the demo's houses know of the use to come: seasons, levels that follow the use, and a need put aside."""

from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy.orm import Session

from procurement.catalogue.terms import Kind
from procurement.demo import goods, house
from procurement.demo.cast import Cast
from procurement.demo.levels import storeroom_levels
from procurement.kernel.clock import today_in
from procurement.planning.operations.following import AddFactor, FollowUse, add_factor, follow_use
from procurement.planning.operations.snoozing import SnoozeNeed, snooze_need
from procurement.planning.queries.needs import needs
from procurement.planning.terms import FactorKind

_DECEMBER, _GIFTS = 12, Decimal(120)  # vouchers are given and used
_FOLLOWING = (Kind.OIL, Kind.LOTION)
_COVER_DAYS = 28
_ASIDE_DAYS = 12


def look_ahead(session: Session, cast: Cast, *, at: datetime) -> None:
    """Measure what was used in the three months; the storerooms' oils and lotions follow it from now on."""
    site = house.sites()[0]
    today = today_in(site.time_zone, at)
    gifts = AddFactor(
        kind=FactorKind.SEASON,
        month=_DECEMBER,
        percent=_GIFTS,
        valid_from=today - timedelta(days=365),
        site=site.code,
    )
    add_factor(session, gifts, actor=cast.administrator, at=at)
    used = {
        sku
        for room in site.rooms
        for sku, _, _ in house.shelf(room.shelf).rules
        if goods.by_sku()[sku].kind in _FOLLOWING
    }
    commands = [
        FollowUse(
            location=site.store_of(goods.by_sku()[sku].kind), product=sku, cover_days=_COVER_DAYS
        )
        for sku in sorted(used & set(storeroom_levels(site)))
    ]
    follow_use(session, commands, actor=cast.administrator, at=at)
    session.flush()  # the needs read the levels
    late = [
        need
        for need in needs(session, at=at, site=site.code).open
        if need.is_storeroom and need.supplier is not None
    ]
    for need in sorted(late, key=lambda need: (need.wanted_by, need.product))[-1:]:
        command = SnoozeNeed(
            location=need.location,
            product=need.product,
            until=today + timedelta(days=_ASIDE_DAYS),
            note="Waits for the new price list",
        )
        snooze_need(session, command, actor=cast.manager, at=at)
