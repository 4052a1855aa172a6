"""A small house of one room that keeps no purchasing of its own: the harbour house buys for it."""

from datetime import datetime

from sqlalchemy.orm import Session

from procurement.catalogue.terms import Kind
from procurement.demo import goods, house
from procurement.demo.cast import Cast
from procurement.kernel.quantity import Quantity
from procurement.stock.operations.places import (
    CreateLocation,
    CreateSite,
    create_location,
    create_site,
    set_buying_site,
)
from procurement.stock.operations.posting import PostStock, StockMove, post_stock
from procurement.stock.operations.stocking import SetStockingRule, set_stocking_rules
from procurement.stock.terms import LocationKind, Reason

_SITE, _ROOM, _CUPBOARD = "HEADLAND", "H-BEACON", "H-CUPBOARD"
_PLACES = (
    (_CUPBOARD, "Stair Cupboard", LocationKind.STOREROOM),
    ("H-TRANSIT", "On the way to the headland", LocationKind.IN_TRANSIT),
    (_ROOM, "Beacon Room", LocationKind.TREATMENT_ROOM),
)
_KINDS = (Kind.OIL, Kind.LOTION, Kind.CREAM)
_SHORT = 2  # of so many products the room has run low


def open_branch(session: Session, cast: Cast, *, at: datetime) -> None:
    """It opened lately with what a massage room holds; part of that runs low, and nothing stands in its cupboard."""
    buyer = house.sites()[0]
    site = CreateSite(
        _SITE, "Fernhallow Headland", buyer.time_zone, "2 Beacon Lane, Kinsale P17 HL08, Ireland"
    )
    create_site(session, site, actor=cast.administrator)
    for code, name, kind in _PLACES:
        create_location(session, CreateLocation(code, name, kind, _SITE), actor=cast.administrator)
    held = [rule for rule in house.shelf("massage").rules if goods.by_sku()[rule[0]].kind in _KINDS]
    rules = [SetStockingRule(_ROOM, sku, par, reorder) for sku, par, reorder in held]
    set_stocking_rules(session, rules, actor=cast.manager)
    there = tuple(StockMove(sku, "OPENING", _ROOM, par, lot="H1") for sku, par, _ in held)
    post_stock(session, PostStock(Reason.OPENING, there), actor=cast.keeper, at=at)
    gone = tuple(
        StockMove(sku, _ROOM, "CONSUMED", Quantity(par.steps - reorder.steps // 2, par.unit))
        for sku, par, reorder in held[:_SHORT]
    )
    post_stock(session, PostStock(Reason.CONSUMPTION, gone), actor=cast.therapist, at=at)
    set_buying_site(session, _SITE, buyer.code, actor=cast.administrator)
