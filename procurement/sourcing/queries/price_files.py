"""Price files to change and to show, and what prices were when."""

from collections.abc import Collection, Iterator
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, selectinload

from procurement.catalogue.models import Pack, Product
from procurement.kernel.clock import today_in
from procurement.kernel.db import ReadSession
from procurement.kernel.errors import NotFound
from procurement.kernel.money import UnitPrice
from procurement.kernel.paging import Page, PageRequest
from procurement.settings.queries import get_company
from procurement.sourcing import terms
from procurement.sourcing.models import (
    PriceBreak,
    PriceChange,
    PriceFile,
    PriceFileLine,
    Supplier,
    SupplierItem,
)
from procurement.sourcing.rules.price_files import KnownItem, KnownPack, Steps, read
from procurement.sourcing.terms.price_files import (
    LineKind,
    PriceFilePage,
    PriceFileRow,
    PriceFileStatus,
    PriceLine,
)

_CHUNK = 900


def price_file_for_update(session: Session, number: str) -> PriceFile:
    """A file with its lines, and its supplier locked before it: two files of one supplier wait for each other."""
    supplier = select(PriceFile.supplier_id).where(PriceFile.number == number)
    session.execute(select(Supplier.id).where(Supplier.id.in_(supplier)).with_for_update())
    found = session.scalar(
        select(PriceFile)
        .where(PriceFile.number == number)
        .with_for_update()
        .options(selectinload(PriceFile.lines))
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound(f"There is no price file {number}.")
    return found


def due_price_files(session: ReadSession, on: date) -> list[str]:
    """Numbers of the files that wait for this day or an earlier one, the earliest first."""
    return list(
        session.scalars(
            select(PriceFile.number)
            .where(PriceFile.status == PriceFileStatus.SCHEDULED, PriceFile.apply_on <= on)
            .order_by(PriceFile.apply_on, PriceFile.id)
        )
    )


def is_any_price_due(session: ReadSession, at: datetime) -> bool:
    """Whether a scheduled file's day has come in the company's zone."""
    first = session.scalar(
        select(func.min(PriceFile.apply_on)).where(PriceFile.status == PriceFileStatus.SCHEDULED)
    )
    return first is not None and first <= today_in(get_company(session).time_zone, at)


def price_files_in_trouble(session: ReadSession) -> int:
    """How many could not be applied on their day and wait for somebody."""
    return int(
        session.scalar(
            select(func.count()).where(
                PriceFile.status == PriceFileStatus.READ, PriceFile.trouble != ""
            )
        )
    )


def price_files(
    session: ReadSession,
    paging: PageRequest,
    *,
    supplier: str | None = None,
    status: PriceFileStatus | None = None,
) -> Page[PriceFileRow]:
    """Price files, the latest first."""
    changed = (
        select(func.count())
        .where(PriceFileLine.file_id == PriceFile.id, PriceFileLine.kind == LineKind.CHANGED)
        .scalar_subquery()
    )
    statement: Select[*tuple[Any, ...]] = (
        select(PriceFile, Supplier.code, Supplier.name, changed)
        .join(Supplier, Supplier.id == PriceFile.supplier_id)
        .order_by(PriceFile.id.desc())
        .limit(paging.limit + 1)
    )
    if supplier is not None:
        statement = statement.where(Supplier.code == supplier)
    if status is not None:
        statement = statement.where(PriceFile.status == status)
    if after := paging.key(int):
        statement = statement.where(PriceFile.id < after[0])
    found = session.execute(statement).all()
    keys = {file.number: file.id for file, *_ in found}
    rows = [
        PriceFileRow(
            number=file.number,
            supplier=code,
            supplier_name=name,
            name=file.name,
            status=file.status,
            received_at=file.received_at,
            received_by=file.received_by,
            apply_on=file.apply_on,
            changed=changes,
            trouble=file.trouble,
        )
        for file, code, name, changes in found
    ]
    return paging.page(rows, lambda row: (keys[row.number],))


def price_file_page(session: ReadSession, number: str) -> PriceFilePage:
    """A file with every line of the difference."""
    row = session.execute(
        select(PriceFile, Supplier)
        .join(Supplier, Supplier.id == PriceFile.supplier_id)
        .where(PriceFile.number == number)
    ).one_or_none()
    if row is None:
        raise NotFound(f"There is no price file {number}.")
    file, supplier = row
    lines = session.execute(
        select(PriceFileLine, Product.sku, Product.name, Pack.code, Pack.name)
        .outerjoin(Pack, Pack.id == PriceFileLine.pack_id)
        .outerjoin(Product, Product.id == Pack.product_id)
        .where(PriceFileLine.file_id == file.id)
        .order_by(PriceFileLine.position)
    ).all()
    chosen = frozenset(line.position for line, *_ in lines if line.chosen)
    return PriceFilePage(
        number=file.number,
        supplier=supplier.code,
        supplier_name=supplier.name,
        currency=supplier.currency,
        name=file.name,
        read_as=file.read_as,
        refused=tuple(file.refused.splitlines()),
        status=file.status,
        received_at=file.received_at,
        received_by=file.received_by,
        apply_on=file.apply_on,
        applied_at=file.applied_at,
        applied_by=file.applied_by,
        undone_at=file.undone_at,
        undone_by=file.undone_by,
        trouble=file.trouble,
        lines=tuple(
            PriceLine(
                position=line.position,
                row=line.row,
                kind=line.kind,
                code=line.code,
                name=line.name,
                product=sku,
                product_name=product or line.name,
                pack=pack,
                pack_name=pack_name or "",
                before=breaks_of(line.before, supplier.currency),
                after=breaks_of(line.after, supplier.currency),
                is_applied=line.applied,
                outcome=line.outcome,
            )
            for line, sku, product, pack, pack_name in lines
        ),
        chosen=chosen or None,
    )


def breaks_of(text: str, currency: str) -> tuple[terms.PriceBreak, ...]:
    return tuple(terms.PriceBreak(packs, UnitPrice(price, currency)) for packs, price in read(text))


def known_items(session: ReadSession, supplier_id: int) -> list[KnownItem]:
    """The supplier's active items with their price breaks, by product."""
    rows = session.execute(
        select(SupplierItem, Product.sku, Product.name, Pack.code, Pack.gtin)
        .join(Product, Product.id == SupplierItem.product_id)
        .join(Pack, Pack.id == SupplierItem.pack_id)
        .where(SupplierItem.supplier_id == supplier_id, SupplierItem.active)
        .order_by(Product.name, SupplierItem.id)
    ).all()
    steps = steps_of(session, {item.id for item, *_ in rows})
    return [
        KnownItem(
            item.id, item.pack_id, item.code, sku, name, pack, gtin or "", steps.get(item.id, ())
        )
        for item, sku, name, pack, gtin in rows
    ]


def known_packs(
    session: ReadSession, gtins: Collection[str], skus: Collection[str]
) -> list[KnownPack]:
    """Packs of the catalogue that go by these barcodes, or are of these products."""
    found: dict[int, KnownPack] = {}
    conditions = [Pack.gtin.in_(part) for part in _chunks(gtins)]
    conditions += [Product.sku.in_(part) for part in _chunks(skus)]
    for condition in conditions:
        rows = session.execute(
            select(Pack, Product.sku, Product.name)
            .join(Product, Product.id == Pack.product_id)
            .where(condition)
        )
        for pack, sku, name in rows:
            found[pack.id] = KnownPack(
                pack.id, sku, name, pack.code, pack.gtin or "", pack.is_sales_pack
            )
    return list(found.values())


def steps_of(session: ReadSession, item_ids: Collection[int]) -> dict[int, Steps]:
    """The price breaks of items as they stand."""
    found: dict[int, list[tuple[int, int]]] = {}
    for part in _chunks(item_ids):
        rows = session.execute(
            select(PriceBreak.supplier_item_id, PriceBreak.from_packs, PriceBreak.price_e4)
            .where(PriceBreak.supplier_item_id.in_(part))
            .order_by(PriceBreak.supplier_item_id, PriceBreak.from_packs)
        )
        for item_id, packs, price in rows:
            found.setdefault(item_id, []).append((packs, price))
    return {item_id: tuple(steps) for item_id, steps in found.items()}


def latest_changes(session: ReadSession, item_ids: Collection[int]) -> dict[int, PriceChange]:
    """The last change of each item's price."""
    found: dict[int, PriceChange] = {}
    for part in _chunks(item_ids):
        last = (
            select(func.max(PriceChange.id))
            .where(PriceChange.item_id.in_(part))
            .group_by(PriceChange.item_id)
        )
        for change in session.scalars(select(PriceChange).where(PriceChange.id.in_(last))):
            found[change.item_id] = change
    return found


def price_history(
    session: ReadSession, supplier: str, product: str, pack: str
) -> tuple[terms.PriceChange, ...]:
    """What an item cost when, the latest change first."""
    rows = session.execute(
        select(PriceChange, Supplier.currency, PriceFile.number)
        .join(SupplierItem, SupplierItem.id == PriceChange.item_id)
        .join(Supplier, Supplier.id == SupplierItem.supplier_id)
        .join(Product, Product.id == SupplierItem.product_id)
        .join(Pack, Pack.id == SupplierItem.pack_id)
        .outerjoin(PriceFile, PriceFile.id == PriceChange.file_id)
        .where(Supplier.code == supplier, Product.sku == product, Pack.code == pack)
        .order_by(PriceChange.id.desc())
    )
    return tuple(
        terms.PriceChange(
            change.effective_on,
            change.recorded_at,
            change.recorded_by,
            breaks_of(change.before, currency),
            breaks_of(change.after, currency),
            number,
        )
        for change, currency, number in rows
    )


def _chunks(keys: Collection[Any]) -> Iterator[list[Any]]:
    ordered = sorted(keys)
    for start in range(0, len(ordered), _CHUNK):
        yield ordered[start : start + _CHUNK]
