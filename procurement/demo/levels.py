"""How much of what a demo house uses in a day, and what its storeroom should therefore hold."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from procurement.demo import goods, house
from procurement.demo.goods import DemoProduct
from procurement.demo.house import DemoLocation, DemoSite
from procurement.kernel.quantity import Quantity

_PAR_DAYS = 30
_REORDER_DAYS = 18
_DEAR = Decimal(150)  # of a pack dearer than this a storeroom keeps one


@dataclass(frozen=True, slots=True)
class Level:
    """Par level and reorder point, in steps."""

    par: int
    reorder: int


@cache
def used_in(room: DemoLocation, treatment: str) -> tuple[tuple[str, Quantity], ...]:
    """What one appointment takes from this room's shelf; what the room does not hold is not used there."""
    held = {sku for sku, _, _ in house.shelf(room.shelf).rules}
    return tuple((sku, amount) for sku, amount in house.uses(treatment) if sku in held)


def used_a_day(room: DemoLocation) -> dict[str, int]:
    """Steps of each product on an average day, its treatments being equally loved."""
    total: defaultdict[str, int] = defaultdict(int)
    for treatment in room.treatments:
        for sku, amount in used_in(room, treatment):
            total[sku] += amount.steps * room.appointments
    return {sku: steps // len(room.treatments) for sku, steps in total.items()}


@cache
def storeroom_levels(site: DemoSite) -> dict[str, Level]:
    """What the storeroom holds: a month of what the rooms use; the house that sells keeps everything else too."""
    use: defaultdict[str, int] = defaultdict(int)
    for room in site.rooms:
        for sku, steps in used_a_day(room).items():
            use[sku] += steps
    sells = site is house.sites()[0]
    levels: dict[str, Level] = {}
    for product in goods.products():
        if not product.is_stocked:
            continue
        if use[product.sku]:
            levels[product.sku] = _for_use(product, use[product.sku])
        elif sells:
            levels[product.sku] = _for_sale(product)
    return levels


def _for_use(product: DemoProduct, a_day: int) -> Level:
    pack = product.pack(product.buys[0].pack).size.steps
    par = -(-a_day * _PAR_DAYS // pack) * pack
    small = product.packs[0].size.steps
    reorder = -(-a_day * _REORDER_DAYS // small) * small
    return Level(par, min(reorder, par))


def _for_sale(product: DemoProduct) -> Level:
    pack = product.pack(product.buys[0].pack)
    par = pack.size.steps * (1 if pack.price > _DEAR else 2)
    small = product.packs[0].size.steps
    return Level(par, max(small, par // 3 // small * small))
