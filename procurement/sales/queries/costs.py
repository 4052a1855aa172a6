"""What goods cost us, a step of each product: for cost-plus rules and floors. Never shown to a customer."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import func, select

from procurement.kernel.actor import SYSTEM
from procurement.kernel.db import ReadSession
from procurement.kernel.money import minor_digits
from procurement.sales.queries.standing import ways_to_buy
from procurement.sales.rules.margins import Buying
from procurement.sales.rules.price_rules import CostBasis
from procurement.settings.queries import exchange_rates, get_company
from procurement.stock.models import Lot

AVERAGED = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class _Paid:
    """Lots of one product bought on one day in one currency."""

    on: date
    currency: str
    minor: int
    steps: int

    @property
    def per_step(self) -> Decimal:
        return Decimal(self.minor).scaleb(-minor_digits(self.currency)) / self.steps


@dataclass(frozen=True, slots=True)
class CostBook:
    """What some products cost, by product key; worked out for a day and a currency when asked."""

    home: str
    rates: tuple[
        tuple[str, date, Decimal], ...
    ]  # currency, from, worth in the home currency; newest first
    paid: Mapping[int, tuple[_Paid, ...]]  # newest first
    ways: Mapping[int, list[Buying]]

    def of_pack(
        self, product_id: int, steps: int, currency: str, on: date
    ) -> dict[CostBasis, Decimal]:
        """What so many steps cost by each basis that is known and has a rate."""
        worth = self._worth(on)
        if currency not in worth:
            return {}
        costs: dict[CostBasis, Decimal] = {}
        paid = [p for p in self.paid.get(product_id, ()) if p.on <= on and p.currency in worth]
        if paid:
            newest = paid[0]
            costs[CostBasis.LAST_PURCHASE] = newest.per_step * worth[newest.currency]
        year = [p for p in paid if p.on > on - AVERAGED]
        if year:
            whole = sum((p.per_step * p.steps * worth[p.currency] for p in year), Decimal(0))
            costs[CostBasis.AVERAGE_PURCHASE] = whole / sum(p.steps for p in year)
        if (first := self._first_supplier(product_id, worth)) is not None:
            costs[CostBasis.SUPPLIER_PRICE] = first
        return {basis: cost * steps / worth[currency] for basis, cost in costs.items()}

    def _first_supplier(self, product_id: int, worth: Mapping[str, Decimal]) -> Decimal | None:
        """A step at the preferred supplier's price for the least quantity, else at the lowest."""
        found = []
        for way in self.ways.get(product_id, ()):
            breaks = sorted(way.offer.price_breaks, key=lambda step: step.from_packs)
            if breaks and way.offer.currency in worth:
                price = breaks[0].price.decimal * worth[way.offer.currency]
                each = price / way.offer.pack.size.steps
                found.append((not way.preferred, each))
        return min(found)[1] if found else None

    def _worth(self, on: date) -> dict[str, Decimal]:
        worth = {self.home: Decimal(1)}
        for currency, valid_from, rate in self.rates:
            if valid_from <= on:
                worth.setdefault(currency, rate)
        return worth


def cost_book(session: ReadSession, product_ids: Collection[int]) -> CostBook:
    """Purchases and suppliers' prices of these products; the same few queries for one as for many."""
    rates = tuple((row.currency, row.valid_from, row.rate) for row in exchange_rates(session))
    home = get_company(session).currency
    ways = ways_to_buy(session, product_ids, actor=SYSTEM)
    return CostBook(home, rates, _purchases(session, product_ids), ways)


def _purchases(session: ReadSession, product_ids: Collection[int]) -> dict[int, tuple[_Paid, ...]]:
    """Days on which a product was bought, newest first; opened and filled containers are no purchase."""
    rows = session.execute(
        select(
            Lot.product_id,
            Lot.received_on,
            Lot.cost_currency,
            func.sum(Lot.cost_minor),
            func.sum(Lot.cost_steps),
        )
        .where(
            Lot.product_id.in_(set(product_ids)),
            Lot.parent_id.is_(None),
            Lot.received_on.is_not(None),
            Lot.cost_minor.is_not(None),
            Lot.cost_currency.is_not(None),
            Lot.cost_steps > 0,
        )
        .group_by(Lot.product_id, Lot.received_on, Lot.cost_currency)
        .order_by(Lot.received_on.desc(), Lot.cost_currency)
    )
    found: defaultdict[int, list[_Paid]] = defaultdict(list)
    for product_id, on, currency, minor, steps in rows:
        found[product_id].append(_Paid(on, currency, int(minor), int(steps)))
    return {key: tuple(paid) for key, paid in found.items()}
