"""Baskets that nobody has touched for a while, with what they are worth at their buyer's own prices."""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import func, select

from procurement.accounts.models import User
from procurement.kernel.actor import Actor
from procurement.kernel.db import ReadSession
from procurement.kernel.money import Money
from procurement.kernel.permissions import Permission
from procurement.sales.models import BasketLine, Customer
from procurement.sales.queries.baskets import BasketRow, basket_rows
from procurement.sales.queries.prices import PriceBook, price_book
from procurement.sales.rules.interest import ABANDONED_AFTER

MOST = 10  # each has a price book of its own, so a page holds few


@dataclass(frozen=True, slots=True)
class AbandonedBasket:
    """What a buyer put aside and left. `value` is the sum of what has a price, before tax."""

    buyer: str
    email: str
    customer: str  # its code
    customer_name: str
    touched_at: datetime
    rows: tuple[BasketRow, ...]
    value: Money | None
    unpriced: int


@dataclass(frozen=True, slots=True)
class AbandonedBaskets:
    """Those left longest ago first, and how many there are in all."""

    rows: tuple[AbandonedBasket, ...]
    total: int


def count_abandoned(session: ReadSession, *, actor: Actor, at: datetime) -> int:
    """How many there are, without looking into them."""
    actor.require(Permission.SEE_SALES)
    left = (
        select(BasketLine.user_id)
        .join(User, User.id == BasketLine.user_id)
        .where(User.active, User.customer_id.is_not(None))
        .group_by(BasketLine.user_id)
        .having(func.max(BasketLine.changed_at) < at - ABANDONED_AFTER)
        .subquery()
    )
    return session.scalar(select(func.count()).select_from(left)) or 0


def abandoned_baskets(
    session: ReadSession, *, actor: Actor, at: datetime, on: date
) -> AbandonedBaskets:
    """Baskets of buyers untouched for a week. `on` is today where the company is: prices have days."""
    actor.require(Permission.SEE_SALES)
    touched = func.max(BasketLine.changed_at)
    found = session.execute(
        select(User.id, User.name, User.email, Customer, touched, func.count().over())
        .join(BasketLine, BasketLine.user_id == User.id)
        .join(Customer, Customer.id == User.customer_id)
        .where(User.active)
        .group_by(User.id, User.name, User.email, Customer.id)
        .having(touched < at - ABANDONED_AFTER)
        .order_by(touched, User.id)
        .limit(MOST)
    ).all()
    packs: defaultdict[int, dict[int, int]] = defaultdict(dict)
    lines = session.execute(
        select(BasketLine.user_id, BasketLine.pack_id, BasketLine.packs).where(
            BasketLine.user_id.in_([row[0] for row in found])
        )
    )
    for user_id, pack_id, count in lines:
        packs[user_id][pack_id] = count
    known = {row.pack_id: row for row in basket_rows(session, _largest(packs))}
    rows = []
    for user_id, name, email, customer, touched_at, _ in found:
        own = packs[user_id]
        book = price_book(
            session, customer.currency, customer.price_list_id, set(own), customer_id=customer.id
        )
        value, unpriced = _value(book, own, on)
        shown = tuple(_with_packs(row, own[key]) for key, row in known.items() if key in own)
        rows.append(
            AbandonedBasket(
                name or email,
                email,
                customer.code,
                customer.name,
                touched_at,
                shown,
                value,
                unpriced,
            )
        )
    return AbandonedBaskets(tuple(rows), found[0][5] if found else 0)


def _largest(packs: dict[int, dict[int, int]]) -> dict[int, int]:
    """Every pack that stands in one of the baskets."""
    return {pack_id: count for basket in packs.values() for pack_id, count in basket.items()}


def _with_packs(row: BasketRow, packs: int) -> BasketRow:
    return replace(row, packs=packs)


def _value(book: PriceBook, packs: dict[int, int], on: date) -> tuple[Money | None, int]:
    prices = [(book.price(pack_id, count, on), count) for pack_id, count in packs.items()]
    totals = [found.price.total(count) for found, count in prices if found]
    return (sum(totals[1:], start=totals[0]) if totals else None), len(prices) - len(totals)
