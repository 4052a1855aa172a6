"""The demo's two houses: sites, their places, and what each place should hold."""

from sqlalchemy.orm import Session

from procurement.demo import goods, house
from procurement.demo.cast import Cast
from procurement.demo.house import DemoLocation, DemoSite
from procurement.demo.levels import storeroom_levels
from procurement.kernel.quantity import Quantity
from procurement.stock.operations.places import (
    CreateLocation,
    CreateSite,
    create_location,
    create_site,
)
from procurement.stock.operations.stocking import SetStockingRule, set_stocking_rules
from procurement.stock.terms import LocationKind


def open_houses(session: Session, cast: Cast) -> None:
    """Sites, storerooms, treatment rooms, quarantine and in-transit places, with their stocking rules."""
    for site in house.sites():
        create_site(
            session,
            CreateSite(site.code, site.name, site.time_zone, site.address),
            actor=cast.administrator,
        )
        for place in site.locations:
            create_location(
                session,
                CreateLocation(place.code, place.name, LocationKind(place.kind), site.code),
                actor=cast.administrator,
            )
        rules = [rule for room in site.rooms for rule in _room_rules(room)]
        rules += _storeroom_rules(site)
        set_stocking_rules(session, rules, actor=cast.manager)


def _room_rules(room: DemoLocation) -> list[SetStockingRule]:
    return [
        SetStockingRule(room.code, sku, par, reorder)
        for sku, par, reorder in house.shelf(room.shelf).rules
    ]


def _storeroom_rules(site: DemoSite) -> list[SetStockingRule]:
    rules = []
    for sku, level in storeroom_levels(site).items():
        product = goods.by_sku()[sku]
        rules.append(
            SetStockingRule(
                site.store_of(product.kind),
                sku,
                Quantity(level.par, product.unit),
                Quantity(level.reorder, product.unit),
            )
        )
    return rules
