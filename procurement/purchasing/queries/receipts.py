"""Goods receipts: to be changed, in lists, and on their page."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import Session, selectinload

from procurement.catalogue.models import Pack, Product
from procurement.kernel.clock import today_in
from procurement.kernel.db import ReadSession
from procurement.kernel.money import UnitPrice
from procurement.kernel.paging import Page, PageRequest
from procurement.kernel.quantity import Pack as PackValue
from procurement.kernel.quantity import Quantity
from procurement.purchasing.errors import ReceiptUnknown
from procurement.purchasing.models import (
    GoodsReceipt,
    GoodsReceiptLine,
    PurchaseOrder,
    PurchaseOrderLine,
)
from procurement.purchasing.queries.photos import receipt_photos
from procurement.purchasing.rules.accepting import DeliveryRules
from procurement.purchasing.rules.receiving import date_remark
from procurement.purchasing.terms import Condition, ReceiptLineRow, ReceiptPage, ReceiptRow
from procurement.sourcing.models import Supplier
from procurement.stock.models import Location, Lot, Posting, Site


def goods_receipt_by_key(session: ReadSession, key: str) -> GoodsReceipt | None:
    found: GoodsReceipt | None = session.scalar(
        select(GoodsReceipt)
        .where(GoodsReceipt.idempotency_key == key)
        .options(selectinload(GoodsReceipt.lines))
    )
    return found


def order_number_of_receipt(session: ReadSession, number: str) -> str:
    """Which order a receipt belongs to: the order is locked before its receipts."""
    found: str | None = session.scalar(
        select(PurchaseOrder.number)
        .join(GoodsReceipt, GoodsReceipt.order_id == PurchaseOrder.id)
        .where(GoodsReceipt.number == number)
    )
    if found is None:
        raise ReceiptUnknown(f"There is no goods receipt {number}.")
    return found


def goods_receipt_for_update(session: Session, number: str) -> GoodsReceipt:
    return session.scalars(
        select(GoodsReceipt)
        .where(GoodsReceipt.number == number)
        .with_for_update()
        .options(selectinload(GoodsReceipt.lines))
        .execution_options(populate_existing=True)
    ).one()


def posting_with_movements(session: Session, posting_id: int) -> Posting:
    return session.scalars(
        select(Posting).where(Posting.id == posting_id).options(selectinload(Posting.movements))
    ).one()


def receipts_of(session: ReadSession, order_id: int) -> tuple[ReceiptRow, ...]:
    """The receipts of an order, the first delivery first."""
    statement = _receipts().where(GoodsReceipt.order_id == order_id).order_by(GoodsReceipt.id)
    return tuple(_receipt_row(row)[1] for row in session.execute(statement))


def receipts(
    session: ReadSession,
    paging: PageRequest,
    *,
    order: str | None = None,
    supplier: str | None = None,
) -> Page[ReceiptRow]:
    """Goods receipts, the latest first."""
    statement = _receipts().order_by(GoodsReceipt.id.desc()).limit(paging.limit + 1)
    if order is not None:
        statement = statement.where(PurchaseOrder.number == order)
    if supplier is not None:
        statement = statement.where(Supplier.code == supplier)
    if (after := paging.key(int)) is not None:
        statement = statement.where(GoodsReceipt.id < after[0])
    found = [_receipt_row(row) for row in session.execute(statement)]
    keys = {row.number: key for key, row in found}
    return paging.page([row for _, row in found], lambda row: (keys[row.number],))


def receipt_page(session: ReadSession, number: str) -> ReceiptPage:
    """A goods receipt with its lines."""
    row = session.execute(
        select(GoodsReceipt, PurchaseOrder, Supplier)
        .join(PurchaseOrder, PurchaseOrder.id == GoodsReceipt.order_id)
        .join(Supplier, Supplier.id == PurchaseOrder.supplier_id)
        .where(GoodsReceipt.number == number)
    ).one_or_none()
    if row is None:
        raise ReceiptUnknown(f"There is no goods receipt {number}.")
    receipt, order, supplier = row
    return ReceiptPage(
        number=receipt.number,
        order=order.number,
        order_status=order.status,
        supplier=supplier.code,
        supplier_name=supplier.name,
        delivery_note=receipt.delivery_note,
        received_at=receipt.received_at,
        received_by=receipt.received_by,
        reversed_at=receipt.reversed_at,
        reversed_by=receipt.reversed_by,
        reversed_why=receipt.reversed_why,
        currency=order.currency,
        lines=_receipt_lines(session, receipt, order.currency),
    )


def _least_days(line: GoodsReceiptLine, product: Product) -> int:
    """What was asked for at that time; of receipts from before there were rules, what was usual."""
    if line.least_days is not None:
        return line.least_days
    return DeliveryRules({}, 0).least_days(product.id, product.shelf_life_days, None)


def _receipt_lines(
    session: ReadSession, receipt: GoodsReceipt, currency: str
) -> tuple[ReceiptLineRow, ...]:
    photos = receipt_photos(session, receipt.number)
    rows = session.execute(
        select(GoodsReceiptLine, PurchaseOrderLine, Product, Pack.name, Lot, Location, Site)
        .join(PurchaseOrderLine, PurchaseOrderLine.id == GoodsReceiptLine.order_line_id)
        .join(Product, Product.id == PurchaseOrderLine.product_id)
        .join(Pack, Pack.id == PurchaseOrderLine.pack_id)
        .outerjoin(Lot, Lot.id == GoodsReceiptLine.lot_id)
        .outerjoin(Location, Location.id == GoodsReceiptLine.into_id)
        .outerjoin(Site, Site.id == Location.site_id)
        .where(GoodsReceiptLine.receipt_id == receipt.id)
        .order_by(GoodsReceiptLine.position)
    )
    lines = [_receipt_line(receipt.received_at, currency, row) for row in rows]
    return tuple(replace(line, photos=photos.get(line.position, ())) for line in lines)


def _receipt_line(at: datetime, currency: str, row: Any) -> ReceiptLineRow:
    line, ordered, product, pack_name, lot, place, site = row
    remark = ""
    if lot is not None and site is not None:
        on = today_in(site.time_zone, at)
        remark = date_remark(lot.expires_on, on, _least_days(line, product))
    return ReceiptLineRow(
        position=line.position,
        order_position=ordered.position,
        product=product.sku,
        product_name=ordered.name,
        supplier_code=ordered.supplier_code,
        pack_value=PackValue(pack_name, Quantity(ordered.pack_steps, product.unit)),
        packs=line.packs,
        condition=line.condition,
        lot=lot.number if lot else None,
        expires_on=lot.expires_on if lot else None,
        into=place.code if place else None,
        into_name=place.name if place else None,
        close_short=line.close_short,
        remark=remark,
        fault=line.fault,
        why=line.why,
        ordered_price=UnitPrice(ordered.price_e4, currency),
        noted_price=None
        if line.noted_price_e4 is None
        else UnitPrice(line.noted_price_e4, currency),
        noted_packs=line.noted_packs,
    )


def _receipts() -> Select[*tuple[Any, ...]]:
    refused = GoodsReceiptLine.condition == Condition.REFUSED
    return (
        select(
            GoodsReceipt,
            PurchaseOrder.number,
            Supplier.code,
            Supplier.name,
            _of_lines(func.count()),
            _of_lines(func.sum(case((refused, 0), else_=GoodsReceiptLine.packs))),
            _of_lines(func.sum(case((refused, GoodsReceiptLine.packs), else_=0))),
        )
        .join(PurchaseOrder, PurchaseOrder.id == GoodsReceipt.order_id)
        .join(Supplier, Supplier.id == PurchaseOrder.supplier_id)
    )


def _of_lines(figure: ColumnElement[int]) -> ColumnElement[int]:
    return select(figure).where(GoodsReceiptLine.receipt_id == GoodsReceipt.id).scalar_subquery()


def _receipt_row(row: Any) -> tuple[int, ReceiptRow]:
    receipt, order, supplier, supplier_name, lines, packs, refused = row
    return receipt.id, ReceiptRow(
        number=receipt.number,
        order=order,
        supplier=supplier,
        supplier_name=supplier_name,
        delivery_note=receipt.delivery_note,
        received_at=receipt.received_at,
        received_by=receipt.received_by,
        lines=int(lines),
        packs=int(packs or 0),
        refused=int(refused or 0),
        is_reversed=receipt.reversed_at is not None,
    )
