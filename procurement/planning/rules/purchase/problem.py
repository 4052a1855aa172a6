"""A purchase as a problem: what is needed, who offers it, what suppliers ask of an order, and what must hold."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from procurement.kernel.money import Money, Rate
from procurement.kernel.quantity import Quantity, Unit
from procurement.sourcing.rules.offers import Offer
from procurement.sourcing.terms import SupplierTerms

# One minor unit of the plan's currency in the whole numbers that costs of several currencies are added up in.
SCALE = 10**12
SupplyKey = tuple[str, str, str, str]  # product, supplier, pack, blanket order


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """So much of a product for one place. `most` is what can be used before it expires; None: no limit.

    `caps` says how much of one supply can be: (supplier, pack, steps), less where less shelf life is promised.
    """

    product: str
    product_name: str
    deliver_to: str
    deliver_to_name: str
    unit: Unit
    steps: int
    wanted_by: date | None = None
    most: int | None = None
    caps: tuple[tuple[str, str, int], ...] = ()

    @property
    def key(self) -> tuple[str, str]:
        return (self.deliver_to, self.product)

    @property
    def quantity(self) -> Quantity:
        return Quantity(self.steps, self.unit)


@dataclass(frozen=True, slots=True, kw_only=True)
class Supply:
    """A supplier item as the plan sees it; `lead_time_days` have become the day its goods would come."""

    product: str
    supplier: str
    supplier_name: str
    pack: str
    offer: Offer
    arrives_on: date
    preferred: bool = False
    # The blanket order whose price it is; `left` packs can be called off it, by all demands together.
    blanket: str = ""
    left: int | None = None

    @property
    def key(self) -> SupplyKey:
        return (self.product, self.supplier, self.pack, self.blanket)


@dataclass(frozen=True, slots=True)
class Pin:
    """A decision of a person: so many packs (or as many as are right) of this item, and none of another."""

    deliver_to: str
    product: str
    supplier: str
    pack: str
    packs: int | None = None


@dataclass(frozen=True, slots=True)
class Forbid:
    """A decision of a person: not this supplier; with a product, not this supplier for it."""

    supplier: str
    product: str | None = None
    pack: str | None = None

    def holds(self, supply: Supply) -> bool:
        return (
            self.supplier == supply.supplier
            and self.product in (None, supply.product)
            and self.pack in (None, supply.pack)
        )


PREFERENCE = Rate(500)  # 5 %


@dataclass(frozen=True, slots=True)
class Rules:
    """What the person who plans asks for.

    A preferred item is taken unless it is dearer by more than `preference`; `budget` bounds goods and freight.
    """

    preference: Rate = PREFERENCE
    budget: Money | None = None
    pins: tuple[Pin, ...] = ()
    forbids: tuple[Forbid, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """Everything a plan depends on, in one order whatever order it came in: the same problem, the same answer.

    `worth` is what one minor unit of a currency is, in 1/SCALE minor units of the plan's `currency`.
    """

    currency: str
    demands: tuple[Demand, ...]
    supplies: tuple[Supply, ...]
    terms: Mapping[str, SupplierTerms] = field(repr=False)
    worth: Mapping[str, int]
    rules: Rules = Rules()

    @classmethod
    def of(
        cls,
        currency: str,
        demands: Iterable[Demand],
        supplies: Iterable[Supply],
        terms: Mapping[str, SupplierTerms],
        worth: Mapping[str, int],
        rules: Rules | None = None,
    ) -> "Problem":
        return cls(
            currency,
            tuple(sorted(demands, key=lambda demand: demand.key)),
            tuple(sorted(supplies, key=lambda supply: supply.key)),
            dict(sorted(terms.items())),
            dict(sorted(worth.items())),
            rules or Rules(),
        )


@dataclass(frozen=True, slots=True)
class Way:
    """One way to meet a demand: an offer that may be used for it, and how many packs it may be.

    `least` covers the demand alone; any number kept by `offer` from `floor` to `most` may be mixed with others.
    """

    demand: int  # its place in Problem.demands
    supply: Supply
    floor: int  # the least the supplier accepts
    least: int  # the least that covers the demand
    most: int  # never more
    days_late: int
    pinned: int | None = None

    @property
    def step(self) -> int:
        return self.supply.offer.multiple


@dataclass(frozen=True, slots=True)
class Unmet:
    """A demand for which nothing is bought, and why."""

    demand: Demand
    reason: str


# An answer: packs by (place of the demand, key of the supply). What is not named is not bought.
Choice = Mapping[tuple[int, SupplyKey], int]
