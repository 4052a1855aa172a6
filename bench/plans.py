"""Purchases to plan, made from a seed: so many products and suppliers, with prices as they are in shops."""

from datetime import date, timedelta
from random import Random

from procurement.kernel.money import Money, UnitPrice
from procurement.kernel.quantity import Pack, Quantity, Unit
from procurement.planning.rules.purchase.problem import SCALE, Demand, Problem, Supply
from procurement.sourcing.rules.offers import Offer
from procurement.sourcing.terms import BreakScheme, PriceBreak, SupplierTerms

TODAY = date(2026, 11, 28)


def a_problem(products: int, suppliers: int, seed: int = 1) -> Problem:
    """Each product from two to five of the suppliers, in bottles and cases, with up to three breaks."""
    random = Random(seed)
    names = [f"S{index:02d}" for index in range(suppliers)]
    terms = {name: _terms(random, products, suppliers) for name in names}
    demands, supplies = [], []
    for index in range(products):
        product = f"P{index:04d}"
        size = random.choice((250, 500, 1000)) * 1000
        need = random.randint(1, 40) * size + random.choice((0, size // 3))
        demands.append(_demand(random, product, need, size))
        price = random.randint(300, 4000)
        for name in random.sample(names, min(suppliers, random.randint(2, 5))):
            supplies.append(_supply(random, product, name, size, price))
            if random.random() < 0.3:
                supplies.append(_supply(random, product, name, size * 12, price * 11, "case"))
    return Problem.of("EUR", demands, supplies, terms, {"EUR": SCALE})


def _terms(random: Random, products: int, suppliers: int) -> SupplierTerms:
    share = 25_000 * products // suppliers  # about what an order comes to, in minor units
    free = random.choice((None, share * random.randint(2, 15) // 10))
    return SupplierTerms(
        Money(random.choice((0, share * random.randint(2, 9) // 10)), "EUR"),
        Money(random.choice((0, 950, 1840, 2790)) * random.randint(1, 4), "EUR"),
        Money(free, "EUR") if free else None,
    )


def _demand(random: Random, product: str, need: int, size: int) -> Demand:
    return Demand(
        product=product,
        product_name=f"Oil {product}",
        deliver_to="STORE",
        deliver_to_name="Storeroom",
        unit=Unit.ML,
        steps=need,
        wanted_by=TODAY + timedelta(days=random.randint(5, 20)),
        most=random.choice((None, need * 2 + 12 * size)),
    )


def _supply(
    random: Random, product: str, supplier: str, size: int, price: int, pack: str = "bottle"
) -> Supply:
    each = price * random.randint(88, 112) // 100
    steps = [PriceBreak(1, UnitPrice(each * 100, "EUR"))]
    for start in sorted(random.sample((6, 12, 24, 48), random.randint(0, 3))):
        each = each * random.randint(88, 98) // 100
        steps.append(PriceBreak(start, UnitPrice(each * 100, "EUR")))
    scheme = BreakScheme.INCREMENTAL if random.random() < 0.15 else BreakScheme.ALL_UNITS
    return Supply(
        product=product,
        supplier=supplier,
        supplier_name=f"Supplier {supplier}",
        pack=pack,
        offer=Offer(
            Pack(pack, Quantity(size, Unit.ML)),
            "EUR",
            random.choice((1, 1, 1, 3, 6)),
            random.choice((1, 1, 1, 2, 6)),
            tuple(steps),
            scheme,
        ),
        arrives_on=TODAY + timedelta(days=random.randint(2, 12)),
        preferred=random.random() < 0.2,
    )
