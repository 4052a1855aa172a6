"""What customers call our packs."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select

from procurement.catalogue.models import Pack, Product
from procurement.catalogue.terms import ProductStatus
from procurement.kernel.actor import Actor
from procurement.kernel.db import ReadSession
from procurement.kernel.paging import Page, PageRequest
from procurement.kernel.permissions import Permission
from procurement.kernel.text import is_storable
from procurement.sales.models import OwnCode, SalesOrder, SalesOrderLine
from procurement.sales.rules.own_codes import key_of

_AT_ONCE = 20_000  # values of one statement; SQLite takes 32,766


@dataclass(frozen=True, slots=True)
class OwnCodeRow:
    """A code, and the pack it means."""

    code: str
    product: str
    product_name: str
    pack: str
    pack_name: str
    is_offered: bool


def own_codes(session: ReadSession, paging: PageRequest, *, actor: Actor) -> Page[OwnCodeRow]:
    """Those of the actor's company, by code."""
    actor.require(Permission.BUY)
    query = (
        select(OwnCode.code, Product.sku, Product.name, Pack.code, Pack.name, Product.status)
        .join(Pack, Pack.id == OwnCode.pack_id)
        .join(Product, Product.id == OwnCode.product_id)
        .where(OwnCode.customer_id == actor.customer_id)
        .order_by(OwnCode.code_key)
    )
    if after := paging.key(str):
        query = query.where(OwnCode.code_key > after[0])
    rows = [
        OwnCodeRow(code, sku, product, pack, pack_name, status is ProductStatus.ACTIVE)
        for code, sku, product, pack, pack_name, status in session.execute(
            query.limit(paging.limit + 1)
        )
    ]
    return paging.page(rows, lambda row: (key_of(row.code),))


def codes_of_packs(
    session: ReadSession, customer_id: int | None, packs: Collection[int]
) -> dict[int, str]:
    """The customer's own code of each pack (by key) that has one."""
    if customer_id is None or not packs:
        return {}
    rows = session.execute(
        select(OwnCode.pack_id, OwnCode.code).where(
            OwnCode.customer_id == customer_id, OwnCode.pack_id.in_(packs)
        )
    )
    return {pack_id: code for pack_id, code in rows}  # noqa: C416 (a Row is not a pair to the type checker)


def codes_on_order(session: ReadSession, number: str) -> dict[int, str]:
    """By position of the order's lines, what the customer calls their packs now."""
    rows = session.execute(
        select(SalesOrderLine.position, OwnCode.code)
        .join(SalesOrder, SalesOrder.id == SalesOrderLine.order_id)
        .join(
            OwnCode,
            (OwnCode.customer_id == SalesOrder.customer_id)
            & (OwnCode.pack_id == SalesOrderLine.pack_id),
        )
        .where(SalesOrder.number == number)
    )
    return {position: code for position, code in rows}  # noqa: C416 (a Row is not a pair to the type checker)


def packs_of_codes(
    session: ReadSession, customer_id: int | None, written: Collection[str]
) -> dict[str, tuple[int, str]]:
    """Product (by key) and pack's code of what was written, where it is a code of the customer's own."""
    keys = {one: key_of(one) for one in written if is_storable(one)}
    if customer_id is None or not keys:
        return {}
    asked, found = sorted(set(keys.values())), {}
    for start in range(0, len(asked), _AT_ONCE):
        rows = session.execute(
            select(OwnCode.code_key, OwnCode.product_id, Pack.code)
            .join(Pack, Pack.id == OwnCode.pack_id)
            .where(
                OwnCode.customer_id == customer_id,
                OwnCode.code_key.in_(asked[start : start + _AT_ONCE]),
            )
        )
        found.update({key: (product, pack) for key, product, pack in rows})
    return {one: found[key] for one, key in keys.items() if key in found}
