"""Rules on top of the price lists: whom and what each is for, which comes first, and what it makes of a price.

The first rule that fits decides alone; rules never add up. They stand in one order: the smaller priority number first,
then the one that names a customer before one that names a group, the one that names a product before one for a family
before one for a brand, the higher quantity first, the older one first. A price agreed with one customer (on a list of
their own) yields only to a rule that names that customer.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from procurement.kernel.money import PRICE_SCALE, Rate, UnitPrice, minor_digits, round_half_up
from procurement.kernel.validity import Validity


class RuleKind(StrEnum):
    DISCOUNT = "discount"  # percent off what the lists say
    COST_PLUS = "cost_plus"  # percent on top of what the goods cost


class CostBasis(StrEnum):
    LAST_PURCHASE = "last_purchase"  # the newest lot that was bought
    AVERAGE_PURCHASE = "average_purchase"  # all lots bought within a year, by quantity
    SUPPLIER_PRICE = "supplier_price"  # the preferred supplier's, else the lowest


BASIS_WORDS = {
    CostBasis.LAST_PURCHASE: "last purchase",
    CostBasis.AVERAGE_PURCHASE: "average purchase of a year",
    CostBasis.SUPPLIER_PRICE: "first supplier's price",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceRule:
    """One rule; what is None or empty does not narrow it. `least_margin` is the part of the price that must remain."""

    id: int
    name: str
    kind: RuleKind
    percent: Rate
    priority: int = 100
    basis: CostBasis = CostBasis.LAST_PURCHASE
    customer_id: int | None = None
    group_id: int | None = None
    product_id: int | None = None
    family_id: int | None = None
    brand: str = ""
    from_packs: int = 1
    validity: Validity = field(default_factory=Validity)
    least_margin: Rate | None = None

    @property
    def order(self) -> tuple[int, int, int, int, int]:
        whom = 0 if self.customer_id is not None else 1 if self.group_id is not None else 2
        what = 3
        for rank, named in enumerate((self.product_id, self.family_id, self.brand)):
            if named:
                what = rank
                break
        return (self.priority, whom, what, -self.from_packs, self.id)

    @property
    def needs_cost(self) -> bool:
        return self.kind is RuleKind.COST_PLUS or self.least_margin is not None


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose price of what; None for nobody in particular."""

    customer_id: int | None = None
    group_id: int | None = None
    product_id: int | None = None
    family_id: int | None = None
    brand: str = ""


def fits(rule: PriceRule, asked: Asked, on: date) -> bool:
    """Whether a rule is for this customer and product on this day, whatever the quantity."""
    return (
        rule.customer_id in {None, asked.customer_id}
        and rule.group_id in {None, asked.group_id}
        and rule.product_id in {None, asked.product_id}
        and rule.family_id in {None, asked.family_id}
        and rule.brand.casefold() in {"", asked.brand.casefold()}
        and rule.validity.covers(on)
    )


def in_order(
    rules: Iterable[PriceRule], asked: Asked, on: date, *, agreed: bool = False
) -> list[PriceRule]:
    """The rules that fit, the first to try first; `agreed`: the price stands on the customer's own list."""
    found = (rule for rule in rules if fits(rule, asked, on))
    return sorted(
        (rule for rule in found if not agreed or rule.customer_id is not None),
        key=lambda rule: rule.order,
    )


@dataclass(frozen=True, slots=True)
class Effect:
    """What a rule makes of a price: the price and the steps to it; without a price, why it was passed over."""

    price: UnitPrice | None
    steps: tuple[tuple[str, str, UnitPrice | None], ...]  # kind, words, the price after it


def apply_rule(
    rule: PriceRule,
    base: UnitPrice | None,
    costs: Mapping[CostBasis, Decimal],
    currency: str,
) -> Effect:
    """The price after a rule. `costs` are of one pack, in the price's currency, not rounded."""
    cost = costs.get(rule.basis) if rule.needs_cost else None
    if rule.kind is RuleKind.DISCOUNT and base is None:
        return Effect(
            None, (("rule", f"{rule.name}: no list price to take a discount from", None),)
        )
    if rule.needs_cost and cost is None:
        words = f"{rule.name}: no cost is known ({BASIS_WORDS[rule.basis]}), so it is passed over"
        return Effect(None, (("rule", words, None),))
    steps: list[tuple[str, str, UnitPrice | None]] = []
    if cost is not None:
        known = UnitPrice(round_half_up(cost * PRICE_SCALE), currency)
        steps.append(("cost", f"Cost of a pack, {BASIS_WORDS[rule.basis]}", known))
    exact = _exact(rule, base, cost)
    steps.append(("rule", _words(rule), _near(exact, currency)))
    price, is_rounded = _rounded(exact, base, currency)
    if is_rounded:
        steps.append(("rounding", "Rounded to what the currency has", price))
    if rule.least_margin is not None and cost is not None:
        held = _floor(cost, rule.least_margin, price, currency)
        if base is not None and rule.kind is RuleKind.DISCOUNT:
            held = max(price, min(held, base))
        if held != price:
            price = held
            steps.append(("floor", f"At least {rule.least_margin.percent} % margin remain", price))
    return Effect(price, tuple(steps))


def _exact(rule: PriceRule, base: UnitPrice | None, cost: Decimal | None) -> Decimal:
    if rule.kind is RuleKind.COST_PLUS:
        assert cost is not None  # looked at by apply_rule
        return cost * (1 + rule.percent.fraction)
    assert base is not None
    return base.decimal * (1 - rule.percent.fraction)


def _words(rule: PriceRule) -> str:
    what = "on top of the cost" if rule.kind is RuleKind.COST_PLUS else "off"
    least = f", from {rule.from_packs:,} packs" if rule.from_packs > 1 else ""
    return f"{rule.name}: {rule.percent.percent} % {what}{least}"


def _near(exact: Decimal, currency: str) -> UnitPrice:
    return UnitPrice(round_half_up(exact * PRICE_SCALE), currency)


def _rounded(exact: Decimal, base: UnitPrice | None, currency: str) -> tuple[UnitPrice, bool]:
    """To the currency's minor unit; to 1/10000 where the list is as fine, or nothing would be left."""
    grain = _grain(currency)
    price = UnitPrice(round_half_up(exact * PRICE_SCALE / grain) * grain, currency)
    if (base is not None and base.e4 % grain) or (exact > 0 and price.e4 == 0):
        price = _near(exact, currency)
    return price, price.e4 != exact * PRICE_SCALE


def _floor(cost: Decimal, least: Rate, price: UnitPrice, currency: str) -> UnitPrice:
    """The lowest price, in whole minor units, of which so much remains above the cost."""
    kept = 1 - least.fraction
    exact = cost / kept * PRICE_SCALE
    if price.e4 >= exact:
        return price
    grain = _grain(currency)
    e4 = round_half_up(exact / grain) * grain
    return UnitPrice(e4 if e4 >= exact else e4 + grain, currency)


def _grain(currency: str) -> int:
    """One minor unit in 1/10000; finer currencies than that there are none."""
    return int(PRICE_SCALE // 10 ** min(minor_digits(currency), 4))
