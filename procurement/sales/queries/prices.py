"""What things cost whom: a price book holds the lists and rules that apply, for the packs asked about."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from sqlalchemy import select

from procurement.catalogue.models import Pack, Product
from procurement.kernel.actor import Actor
from procurement.kernel.db import ReadSession
from procurement.kernel.money import Rate, UnitPrice
from procurement.kernel.permissions import Permission
from procurement.kernel.validity import Validity
from procurement.sales.models import Customer, Price, PriceList, PriceRuleRow
from procurement.sales.queries.costs import CostBook, cost_book
from procurement.sales.rules.price_rules import Asked, PriceRule
from procurement.sales.rules.pricing import (
    Explained,
    ListedPrices,
    PriceFound,
    PriceQuestion,
    Step,
    explain_price,
)


@dataclass(frozen=True, slots=True)
class PricedPack:
    """What rules ask about a pack: whose product it is, and how much it holds."""

    asked: Asked
    steps: int


@dataclass(frozen=True, slots=True)
class PriceBook:
    """The lists to try, in order, and their steps for each pack (by key); the rules that may change them."""

    currency: str
    lists: tuple[PriceList, ...]
    steps: dict[tuple[int, int], tuple[Step, ...]] = field(default_factory=dict)
    own_list_id: int | None = None
    rules: tuple[PriceRule, ...] = ()
    packs: Mapping[int, PricedPack] = field(default_factory=dict)
    costs: CostBook | None = None

    def price(self, pack_id: int, packs: int, on: date) -> PriceFound | None:
        """The price of so many packs on a day, with its reason; None when nothing gives one."""
        return self.explain(pack_id, packs, on).found

    def explain(self, pack_id: int, packs: int, on: date) -> Explained:
        """The same with every step, also where there is no price."""
        known = self.packs.get(pack_id)
        costs = {}
        if known and self.costs and known.asked.product_id is not None:
            costs = self.costs.of_pack(known.asked.product_id, known.steps, self.currency, on)
        return explain_price(
            PriceQuestion(
                currency=self.currency,
                lists=self._listed(pack_id),
                packs=packs,
                on=on,
                asked=known.asked if known else Asked(),
                rules=self.rules if known else (),
                costs=costs,
            )
        )

    def _listed(self, pack_id: int) -> list[ListedPrices]:
        return [
            ListedPrices(
                list_name=one.name,
                validity=Validity(one.valid_from, one.valid_until),
                steps=self.steps.get((one.id, pack_id), ()),
                is_default=one.is_default,
                is_own=one.id == self.own_list_id and not one.is_default,
            )
            for one in self.lists
        ]


def price_book(
    session: ReadSession,
    currency: str,
    price_list_id: int | None,
    pack_ids: Collection[int],
    *,
    customer_id: int | None = None,
) -> PriceBook:
    """The given list, the lists of the customer's group, the default list; their prices and rules for these packs.

    Three queries; where there are rules two more, and where one of them asks for costs, what those take.
    """
    group = select(Customer.group_id).where(Customer.id == customer_id).scalar_subquery()
    found = session.scalars(
        select(PriceList).where(
            PriceList.currency == currency,
            (PriceList.id == price_list_id) | (PriceList.group_id == group) | PriceList.is_default,
        )
    ).all()
    lists = tuple(sorted(found, key=lambda one: _place(one, price_list_id)))
    steps: dict[tuple[int, int], tuple[Step, ...]] = {}
    if lists and pack_ids:
        rows = session.execute(
            select(Price.price_list_id, Price.pack_id, Price.from_packs, Price.price_e4)
            .where(
                Price.price_list_id.in_([one.id for one in lists]),
                Price.pack_id.in_(sorted(pack_ids)),
            )
            .order_by(Price.from_packs)
        )
        for list_id, pack_id, from_packs, e4 in rows:
            key = (list_id, pack_id)
            steps[key] = (*steps.get(key, ()), Step(from_packs, UnitPrice(e4, currency)))
    book = PriceBook(currency, lists, steps, price_list_id)
    return _with_rules(session, book, pack_ids, customer_id) if pack_ids else book


def _place(one: PriceList, own_list_id: int | None) -> tuple[bool, bool, int, str]:
    """The customer's own first, then those of the group, the latest begun before older ones, then the default."""
    begun = one.valid_from.toordinal() if one.valid_from else 0
    return (one.id != own_list_id, one.is_default, -begun, one.code)


def _with_rules(
    session: ReadSession, book: PriceBook, pack_ids: Collection[int], customer_id: int | None
) -> PriceBook:
    group = select(Customer.group_id).where(Customer.id == customer_id).scalar_subquery()
    rows = session.scalars(
        select(PriceRuleRow).where(
            PriceRuleRow.active,
            PriceRuleRow.currency.is_(None) | (PriceRuleRow.currency == book.currency),
            PriceRuleRow.customer_id.is_(None) | (PriceRuleRow.customer_id == customer_id),
            PriceRuleRow.group_id.is_(None) | (PriceRuleRow.group_id == group),
        )
    ).all()
    if not rows:
        return book
    # The query has looked at customer and group already: what is left to ask is the product.
    who = {(row.customer_id, row.group_id) for row in rows}
    group_id = next((group for _, group in who if group is not None), None)
    packs = {
        pack_id: PricedPack(Asked(customer_id, group_id, product_id, family_id, brand), steps)
        for pack_id, steps, product_id, family_id, brand in session.execute(
            select(Pack.id, Pack.size_steps, Product.id, Product.family_id, Product.brand)
            .join(Product, Product.id == Pack.product_id)
            .where(Pack.id.in_(sorted(pack_ids)))
        )
    }
    rules = tuple(map(rule_of, rows))
    products = {pack.asked.product_id for pack in packs.values() if pack.asked.product_id}
    costs = cost_book(session, products) if any(rule.needs_cost for rule in rules) else None
    return replace(book, rules=rules, packs=packs, costs=costs)


def rule_of(row: PriceRuleRow) -> PriceRule:
    """The rule that a row keeps."""
    return PriceRule(
        id=row.id,
        name=row.name,
        kind=row.kind,
        percent=Rate(row.percent_bp),
        priority=row.priority,
        basis=row.basis,
        customer_id=row.customer_id,
        group_id=row.group_id,
        product_id=row.product_id,
        family_id=row.family_id,
        brand=row.brand,
        from_packs=row.from_packs,
        validity=Validity(row.valid_from, row.valid_until),
        least_margin=None if row.least_margin_bp is None else Rate(row.least_margin_bp),
    )


def price_book_of_buyer(
    session: ReadSession, pack_ids: Collection[int], *, actor: Actor
) -> PriceBook | None:
    """The prices a signed-in buyer pays; None for somebody who buys for nobody."""
    actor.require(Permission.BUY)
    customer = session.get(Customer, actor.customer_id) if actor.customer_id else None
    if customer is None:
        return None
    return price_book(
        session,
        customer.currency,
        customer.price_list_id,
        pack_ids,
        customer_id=customer.id,
    )
