"""Why this price: the answer for a customer, a pack and a quantity, with every step the asker may see."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from procurement.kernel.actor import Actor
from procurement.kernel.db import ReadSession
from procurement.kernel.errors import Invalid, NotFound
from procurement.kernel.permissions import Permission
from procurement.kernel.text import is_storable
from procurement.sales.models import Customer
from procurement.sales.queries.offers import OfferedPack, OfferedProduct, offered_products
from procurement.sales.queries.prices import price_book
from procurement.sales.rules.pricing import PriceFound, WhyRow
from procurement.settings.queries import get_company

MOST_PACKS = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceAsked:
    """Whose price of what. No customer: what one without a list pays. No pack: the sales pack."""

    product: str
    packs: int = 1
    pack: str | None = None
    customer: str | None = None
    currency: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceAnswer:
    """The price, or none, and why."""

    product: str
    product_name: str
    pack: str
    pack_name: str
    packs: int
    on: date
    currency: str
    customer: str | None
    customer_name: str | None
    found: PriceFound | None
    why: tuple[WhyRow, ...]


def price_answer(session: ReadSession, asked: PriceAsked, on: date, *, actor: Actor) -> PriceAnswer:
    """For staff about any customer; for buyers about themselves. Costs are told to who sees margins."""
    customer = _customer(session, asked.customer, actor)
    product, pack = _pack(session, asked)
    if not 1 <= asked.packs <= MOST_PACKS:
        raise Invalid(f"From 1 to {MOST_PACKS:,} packs.", field="packs")
    currency = customer.currency if customer else get_company(session).currency
    if actor.may(Permission.SEE_SALES) and asked.currency:
        currency = asked.currency
    own = customer.price_list_id if customer else None
    whom = customer.id if customer else None
    book = price_book(session, currency, own, [pack.id], customer_id=whom)
    explained = book.explain(pack.id, asked.packs, on)
    return PriceAnswer(
        product=product.sku,
        product_name=product.name,
        pack=pack.code,
        pack_name=pack.name,
        packs=asked.packs,
        on=on,
        currency=currency,
        customer=customer.code if customer else None,
        customer_name=customer.name if customer else None,
        found=explained.found,
        why=seen_by(actor, explained.why),
    )


def seen_by(actor: Actor, why: Iterable[WhyRow]) -> tuple[WhyRow, ...]:
    """The steps somebody may see. Buyers hear of lists and quantities only: rules tell how we work out prices."""
    if actor.may(Permission.SEE_MARGIN):
        return tuple(why)
    if actor.may(Permission.SEE_SALES):
        return tuple(row for row in why if not row.staff_only)
    return ()


def _customer(session: ReadSession, code: str | None, actor: Actor) -> Customer | None:
    """Staff name anybody; a buyer is told of their own, whatever was asked, and of no other."""
    query = select(Customer)
    if actor.may(Permission.SEE_SALES):
        if not code:
            return None
        query = query.where(Customer.code == code)
    else:
        actor.require(Permission.BUY)
        query = query.where(Customer.id == actor.customer_id)
        if code:
            query = query.where(Customer.code == code)
    customer: Customer | None = None
    if not code or is_storable(code):
        customer = session.scalar(query)
    if customer is None:
        raise NotFound("There is no such customer.", field="customer")
    return customer


def _pack(session: ReadSession, asked: PriceAsked) -> tuple[OfferedProduct, OfferedPack]:
    product = offered_products(session, skus=[asked.product]).get(asked.product)
    if product is None:
        raise NotFound("There is no such product.", field="product")
    pack = product.pack(asked.pack)
    if pack is None:
        packs = ", ".join(one.code for one in product.packs)
        raise NotFound(f"{product.sku} has no such pack; it has {packs or 'none'}.", field="pack")
    return product, pack
