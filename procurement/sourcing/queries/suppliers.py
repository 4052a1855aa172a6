"""What sourcing answers: suppliers, what they sell, at which price."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, exists, func, or_, select, tuple_
from sqlalchemy.orm import Session

from procurement.catalogue.models import Pack, Product
from procurement.kernel.db import ReadSession
from procurement.kernel.money import UnitPrice
from procurement.kernel.paging import Page, PageRequest
from procurement.kernel.quantity import Pack as PackValue
from procurement.kernel.quantity import Quantity
from procurement.sourcing import terms
from procurement.sourcing.errors import SupplierUnknown
from procurement.sourcing.models import PriceBreak, Supplier, SupplierItem
from procurement.sourcing.queries.calendars import calendar_of
from procurement.sourcing.terms import SupplierItemRow, SupplierPage, SupplierRow


def supplier_for_update(session: Session, code: str) -> Supplier | None:
    return session.scalar(
        select(Supplier)
        .where(Supplier.code == code)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def has_items(session: ReadSession, supplier_id: int) -> bool:
    return bool(session.scalar(select(exists().where(SupplierItem.supplier_id == supplier_id))))


def suppliers(
    session: ReadSession, paging: PageRequest, *, text: str = "", active: bool | None = None
) -> Page[SupplierRow]:
    """Suppliers in the order of their names; `text` is part of a name or code."""
    items = (
        select(func.count())
        .where(SupplierItem.supplier_id == Supplier.id, SupplierItem.active)
        .scalar_subquery()
    )
    # The database's own idea of lower case is part of the cursor: SQLite's stops at ASCII.
    folded = func.lower(Supplier.name)
    statement = select(
        folded,
        Supplier.code,
        Supplier.name,
        Supplier.currency,
        Supplier.email,
        Supplier.phone,
        Supplier.contact,
        items,
        Supplier.active,
    ).order_by(folded, Supplier.code)
    if text:
        like = f"%{_escaped(text.lower())}%"
        statement = statement.where(
            or_(
                func.lower(Supplier.name).like(like, escape="\\"),
                func.lower(Supplier.code).like(like, escape="\\"),
            )
        )
    if active is not None:
        statement = statement.where(Supplier.active == active)
    if after := paging.key(str, str):
        statement = statement.where(tuple_(folded, Supplier.code) > tuple_(*after))
    found = session.execute(statement.limit(paging.limit + 1)).all()
    keys = {row[1]: row[0] for row in found}
    rows = [SupplierRow(*row[1:]) for row in found]
    return paging.page(rows, lambda row: (keys[row.code], row.code))


def supplier_page(session: ReadSession, code: str) -> SupplierPage:
    """A supplier with all its items."""
    supplier = session.scalar(select(Supplier).where(Supplier.code == code))
    if supplier is None:
        raise SupplierUnknown(f"There is no supplier {code}.")
    items = _item_rows(session, _items().where(Supplier.id == supplier.id).order_by(Product.name))
    return SupplierPage(
        code=supplier.code,
        name=supplier.name,
        currency=supplier.currency,
        email=supplier.email,
        phone=supplier.phone,
        address=supplier.address,
        contact=supplier.contact,
        note=supplier.note,
        peppol_id=supplier.peppol_id,
        wants_ubl=supplier.wants_ubl,
        active=supplier.active,
        terms=supplier.terms,
        calendar=calendar_of(session, supplier.id),
        items=tuple(items),
    )


_ITEM_KEY = (Supplier.code, Product.sku, Pack.code)


def supplier_items(
    session: ReadSession,
    paging: PageRequest,
    *,
    supplier: str | None = None,
    product: str | None = None,
) -> Page[SupplierItemRow]:
    """Supplier items in the order of supplier, product and pack."""
    statement = _items().order_by(*_ITEM_KEY).limit(paging.limit + 1)
    if supplier is not None:
        statement = statement.where(Supplier.code == supplier)
    if product is not None:
        statement = statement.where(Product.sku == product)
    if (after := paging.key(str, str, str)) is not None:
        statement = statement.where(tuple_(*_ITEM_KEY) > tuple_(*after))
    rows = _item_rows(session, statement)
    return paging.page(rows, lambda row: (row.supplier, row.product, row.pack))


def supplier_item_row(session: ReadSession, item: SupplierItem) -> SupplierItemRow:
    """One item as it is shown; one that was just made has no key yet."""
    wanted = _items().where(
        SupplierItem.supplier_id == item.supplier_id, SupplierItem.pack_id == item.pack_id
    )
    return _item_rows(session, wanted)[0]


def supplier_choices(session: ReadSession) -> list[tuple[str, str]]:
    """Code and name of every active supplier, for a choice in a form."""
    rows = session.execute(
        select(Supplier.code, Supplier.name)
        .where(Supplier.active)
        .order_by(func.lower(Supplier.name))
    )
    return [(code, name) for code, name in rows]


def price_breaks_of(
    session: ReadSession, currencies: Mapping[int, str]
) -> dict[int, tuple[terms.PriceBreak, ...]]:
    """The breaks of items, lowest first; `currencies` are those of the items' suppliers, by item."""
    found: dict[int, list[terms.PriceBreak]] = defaultdict(list)
    rows = session.execute(
        select(PriceBreak.supplier_item_id, PriceBreak.from_packs, PriceBreak.price_e4)
        .where(PriceBreak.supplier_item_id.in_(currencies.keys()))
        .order_by(PriceBreak.supplier_item_id, PriceBreak.from_packs)
    )
    for item_id, packs, price_e4 in rows:
        price = UnitPrice(price_e4, currencies[item_id])
        found[item_id].append(terms.PriceBreak(packs, price))
    return {item_id: tuple(steps) for item_id, steps in found.items()}


def _items() -> Select[SupplierItem, Supplier, Product, Pack]:
    return (
        select(SupplierItem, Supplier, Product, Pack)
        .join(Supplier, Supplier.id == SupplierItem.supplier_id)
        .join(Product, Product.id == SupplierItem.product_id)
        .join(Pack, Pack.id == SupplierItem.pack_id)
    )


def _item_rows(session: ReadSession, statement: Select[*tuple[Any, ...]]) -> list[SupplierItemRow]:
    rows = session.execute(statement).all()
    currencies = {item.id: supplier.currency for item, supplier, _, _ in rows}
    breaks = price_breaks_of(session, currencies)
    return [
        SupplierItemRow(
            supplier=supplier.code,
            supplier_name=supplier.name,
            product=product.sku,
            product_name=product.name,
            code=item.code,
            pack=pack.code,
            pack_value=PackValue(pack.name, Quantity(pack.size_steps, product.unit)),
            moq=item.moq,
            multiple=item.multiple,
            lead_time_days=item.lead_time_days,
            scheme=item.scheme,
            guaranteed_days=item.guaranteed_days,
            preferred=item.preferred,
            blocked=item.blocked,
            active=item.active,
            price_breaks=breaks.get(item.id, ()),
        )
        for item, supplier, product, pack in rows
    ]


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
