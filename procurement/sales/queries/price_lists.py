"""Price lists to show and to change."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session

from procurement.catalogue.models import Pack, Product
from procurement.kernel.actor import Actor
from procurement.kernel.db import ReadSession
from procurement.kernel.errors import NotFound
from procurement.kernel.money import UnitPrice
from procurement.kernel.paging import Page, PageRequest
from procurement.kernel.permissions import Permission
from procurement.kernel.text import containing, fold
from procurement.kernel.validity import Validity
from procurement.sales.models import Customer, CustomerGroup, Price, PriceList


@dataclass(frozen=True, slots=True)
class PriceListRow:
    """A price list in a list, with how much stands on it and who has it."""

    code: str
    name: str
    currency: str
    validity: Validity
    is_default: bool
    group_name: str | None
    prices: int
    customers: int


@dataclass(frozen=True, slots=True)
class PriceRow:
    """From so many packs, one pack costs this."""

    sku: str
    product_name: str
    pack: str
    pack_name: str
    from_packs: int
    price: UnitPrice


@dataclass(frozen=True, slots=True)
class PriceListPage:
    """A price list's head; its prices come in pages of their own."""

    code: str
    name: str
    currency: str
    valid_from: date | None
    valid_until: date | None
    is_default: bool
    group: str | None
    group_name: str | None
    version: int
    prices: int


def price_lists(
    session: ReadSession, page: PageRequest, *, actor: Actor, text: str = ""
) -> Page[PriceListRow]:
    """The price lists somebody may see, by code."""
    counted = (
        select(func.count())
        .select_from(Price)
        .where(Price.price_list_id == PriceList.id)
        .scalar_subquery()
    )
    given = (
        select(func.count())
        .select_from(Customer)
        .where(Customer.price_list_id == PriceList.id)
        .scalar_subquery()
    )
    query = (
        select(PriceList, CustomerGroup.name, counted, given)
        .outerjoin(CustomerGroup, CustomerGroup.id == PriceList.group_id)
        .where(*visible_to(actor))
        .order_by(PriceList.code)
        .limit(page.limit + 1)
    )
    for word in fold(text).split():
        named = func.lower(PriceList.code + " " + PriceList.name)
        query = query.where(named.like(containing(word), escape="\\"))
    if after := page.key(str):
        query = query.where(PriceList.code > after[0])
    rows = [
        PriceListRow(
            code=one.code,
            name=one.name,
            currency=one.currency,
            validity=Validity(one.valid_from, one.valid_until),
            is_default=one.is_default,
            group_name=group_name,
            prices=prices,
            customers=customers,
        )
        for one, group_name, prices, customers in session.execute(query)
    ]
    return page.page(rows, lambda row: (row.code,))


def visible_to(actor: Actor) -> list[ColumnElement[bool]]:
    """Staff see every list; a buyer what they buy by: their own, or their group's and the default."""
    if actor.may(Permission.SEE_SALES):
        return []
    actor.require(Permission.BUY)
    buyer = Customer.id == actor.customer_id
    own = select(Customer.price_list_id).where(buyer)
    default = exists().where(
        buyer, Customer.price_list_id.is_(None), Customer.currency == PriceList.currency
    )
    shared = exists().where(
        buyer,
        Customer.price_list_id.is_(None),
        Customer.currency == PriceList.currency,
        Customer.group_id == PriceList.group_id,
    )
    return [PriceList.id.in_(own) | (PriceList.is_default & default) | shared]


def price_list_choices(session: ReadSession) -> list[tuple[str, str, str]]:
    """Code, name and currency of every list, to choose from."""
    rows = session.execute(
        select(PriceList.code, PriceList.name, PriceList.currency).order_by(PriceList.name)
    )
    return [(row.code, row.name, row.currency) for row in rows]


def price_list_page(session: ReadSession, code: str, *, actor: Actor) -> PriceListPage:
    row = session.execute(
        select(PriceList, CustomerGroup.code, CustomerGroup.name)
        .outerjoin(CustomerGroup, CustomerGroup.id == PriceList.group_id)
        .where(PriceList.code == code, *visible_to(actor))
    ).one_or_none()
    if row is None:
        raise no_such_list()
    found, group, group_name = row
    count = session.scalar(
        select(func.count()).select_from(Price).where(Price.price_list_id == found.id)
    )
    return PriceListPage(
        code=found.code,
        name=found.name,
        currency=found.currency,
        valid_from=found.valid_from,
        valid_until=found.valid_until,
        is_default=found.is_default,
        group=group,
        group_name=group_name,
        version=found.version,
        prices=count,
    )


def prices_of(
    session: ReadSession, code: str, page: PageRequest, *, actor: Actor, text: str = ""
) -> Page[PriceRow]:
    """The prices of a list by SKU, pack and quantity."""
    query = (
        select(
            Product.sku,
            Product.name,
            Pack.code,
            Pack.name,
            Price.from_packs,
            Price.price_e4,
            PriceList.currency,
        )
        .join(Price, Price.price_list_id == PriceList.id)
        .join(Pack, Pack.id == Price.pack_id)
        .join(Product, Product.id == Price.product_id)
        .where(PriceList.code == code, *visible_to(actor))
        .order_by(Product.sku, Pack.code, Price.from_packs)
        .limit(page.limit + 1)
    )
    for word in fold(text).split():
        query = query.where(Product.search_text.like(containing(word), escape="\\"))
    if after := page.key(str, str, int):
        sku, pack, packs = after
        query = query.where(
            (Product.sku > sku)
            | ((Product.sku == sku) & (Pack.code > pack))
            | ((Product.sku == sku) & (Pack.code == pack) & (Price.from_packs > packs))
        )
    rows = [
        PriceRow(sku, name, pack, pack_name, from_packs, UnitPrice(e4, currency))
        for sku, name, pack, pack_name, from_packs, e4, currency in session.execute(query)
    ]
    return page.page(rows, lambda row: (row.sku, row.pack, row.from_packs))


def price_list_by_code(session: ReadSession, code: str) -> PriceList | None:
    found: PriceList | None = session.scalar(select(PriceList).where(PriceList.code == code))
    return found


def price_list_for_update(session: Session, code: str) -> PriceList:
    found = session.scalar(
        select(PriceList)
        .where(PriceList.code == code)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise no_such_list()
    one: PriceList = found
    return one


def default_list_of(session: ReadSession, currency: str) -> PriceList | None:
    found: PriceList | None = session.scalar(
        select(PriceList).where(PriceList.currency == currency, PriceList.is_default)
    )
    return found


def no_such_list() -> NotFound:
    return NotFound("There is no such price list.")
