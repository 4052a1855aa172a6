"""What things cost whom: a price book holds the lists that apply, for the packs asked about."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select

from procurement.kernel.actor import Actor
from procurement.kernel.db import ReadSession
from procurement.kernel.money import UnitPrice
from procurement.kernel.permissions import Permission
from procurement.kernel.validity import Validity
from procurement.sales.models import Customer, Price, PriceList
from procurement.sales.rules.pricing import ListedPrices, PriceFound, Step, find_price


@dataclass(frozen=True, slots=True)
class PriceBook:
    """The lists to try, in order, and their steps for each pack (by key)."""

    currency: str
    lists: tuple[PriceList, ...]
    steps: dict[tuple[int, int], tuple[Step, ...]] = field(default_factory=dict)

    def price(self, pack_id: int, packs: int, on: date) -> PriceFound | None:
        """The price of so many packs on a day, with its reason; None when no list has one."""
        listed = [
            ListedPrices(
                list_name=one.name,
                validity=Validity(one.valid_from, one.valid_until),
                steps=self.steps.get((one.id, pack_id), ()),
                is_default=one.is_default,
            )
            for one in self.lists
        ]
        return find_price(listed, packs, on)


def price_book(
    session: ReadSession, currency: str, price_list_id: int | None, pack_ids: Collection[int]
) -> PriceBook:
    """The given list, then the default list of the currency, with their prices for these packs: two queries."""
    found = session.scalars(
        select(PriceList).where(
            PriceList.currency == currency,
            (PriceList.id == price_list_id) | PriceList.is_default,
        )
    ).all()
    lists = tuple(sorted(found, key=lambda one: one.id != price_list_id))
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
    return PriceBook(currency, lists, steps)


def price_book_of_buyer(
    session: ReadSession, pack_ids: Collection[int], *, actor: Actor
) -> PriceBook | None:
    """The prices a signed-in buyer pays; None for somebody who buys for nobody."""
    actor.require(Permission.BUY)
    customer = session.get(Customer, actor.customer_id) if actor.customer_id else None
    if customer is None:
        return None
    return price_book(session, customer.currency, customer.price_list_id, pack_ids)
