"""Blanket orders: what was agreed, what is left of it, and which orders draw on it."""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import ColumnElement, Row, func, select, tuple_
from sqlalchemy.orm import Session, selectinload

from procurement.catalogue.models import Pack, Product
from procurement.kernel.db import ReadSession
from procurement.kernel.errors import NotFound
from procurement.kernel.money import UnitPrice
from procurement.kernel.paging import Page, PageRequest, day_of
from procurement.kernel.quantity import Pack as PackValue
from procurement.kernel.quantity import Quantity
from procurement.purchasing.models import (
    BlanketLine,
    BlanketOrder,
    BlanketRevision,
    PurchaseOrder,
    PurchaseOrderLine,
)
from procurement.purchasing.terms import (
    BlanketLineRow,
    BlanketPage,
    BlanketRevisionRow,
    BlanketRow,
    CallOffRow,
)
from procurement.sourcing.models import Supplier

_KEY = (BlanketOrder.closed, BlanketOrder.valid_until, BlanketOrder.id)
EXPIRY_DAYS = 30  # before its last day what is left is worth a warning


def blanket_for_update(session: Session, number: str) -> BlanketOrder:
    found = session.scalar(
        select(BlanketOrder)
        .where(BlanketOrder.number == number)
        .with_for_update()
        .options(selectinload(BlanketOrder.lines))
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound(f"There is no blanket order {number}.")
    return found


def blanket_list(session: ReadSession, paging: PageRequest) -> Page[BlanketRow]:
    """Blanket orders: the open ones first, each group by its last day."""
    conditions = []
    if (after := paging.key(int, str, int)) is not None:
        closed, until, key = after
        conditions.append(tuple_(*_KEY) > tuple_(bool(closed), day_of(until), key))
    found = _blankets(session, *conditions, most=paging.limit + 1)
    keys = {blanket.number: blanket.id for blanket, *_ in found}
    return paging.page(
        [_row(*row) for row in found],
        lambda row: (int(row.closed), row.valid_until.isoformat(), keys[row.number]),
    )


def _blankets(
    session: ReadSession, *conditions: ColumnElement[bool], most: int | None = None
) -> Sequence[Row[BlanketOrder, Supplier, int, int]]:
    return session.execute(
        select(
            BlanketOrder,
            Supplier,
            func.coalesce(func.sum(BlanketLine.packs), 0),
            func.coalesce(func.sum(BlanketLine.drawn), 0),
        )
        .join(Supplier, Supplier.id == BlanketOrder.supplier_id)
        .outerjoin(BlanketLine, BlanketLine.blanket_id == BlanketOrder.id)
        .where(*conditions)
        .group_by(BlanketOrder.id, Supplier.id)
        .order_by(*_KEY)
        .limit(most)
    ).all()


def expiring_blankets(session: ReadSession, today: date) -> list[BlanketRow]:
    """Those that end soon with something left on them."""
    found = _blankets(
        session,
        ~BlanketOrder.closed,
        BlanketOrder.valid_until.between(today, today + timedelta(days=EXPIRY_DAYS)),
    )
    rows = [_row(*row) for row in found]
    return [row for row in rows if row.drawn < row.packs]


def blanket_page(session: ReadSession, number: str) -> BlanketPage:
    """A blanket order with what is left of each line, and the orders that draw on it."""
    found = _blankets(session, BlanketOrder.number == number)
    if not found:
        raise NotFound(f"There is no blanket order {number}.")
    blanket, supplier = session.execute(
        select(BlanketOrder, Supplier)
        .join(Supplier, Supplier.id == BlanketOrder.supplier_id)
        .where(BlanketOrder.number == number)
    ).one()
    lines = session.execute(
        select(BlanketLine, Product, Pack)
        .join(Product, Product.id == BlanketLine.product_id)
        .join(Pack, Pack.id == BlanketLine.pack_id)
        .where(BlanketLine.blanket_id == blanket.id)
        .order_by(BlanketLine.position)
    )
    return BlanketPage(
        _row(*found[0]),
        blanket.note,
        supplier.currency,
        blanket.agreed_at,
        blanket.agreed_by,
        tuple(_line(*row, currency=supplier.currency) for row in lines),
        _call_offs(session, blanket.id),
        blanket.revision,
        _revisions(session, blanket.id),
    )


def _call_offs(session: ReadSession, blanket_id: int) -> tuple[CallOffRow, ...]:
    rows = session.execute(
        select(PurchaseOrder.number, PurchaseOrder.status, func.sum(PurchaseOrderLine.packs))
        .join(PurchaseOrderLine, PurchaseOrderLine.order_id == PurchaseOrder.id)
        .join(BlanketLine, BlanketLine.id == PurchaseOrderLine.blanket_line_id)
        .where(BlanketLine.blanket_id == blanket_id)
        .group_by(PurchaseOrder.id)
        .order_by(PurchaseOrder.id.desc())
    )
    return tuple(CallOffRow(number, status, int(packs)) for number, status, packs in rows)


def _revisions(session: ReadSession, blanket_id: int) -> tuple[BlanketRevisionRow, ...]:
    rows = session.scalars(
        select(BlanketRevision)
        .where(BlanketRevision.blanket_id == blanket_id)
        .order_by(BlanketRevision.number.desc())
    )
    return tuple(
        BlanketRevisionRow(
            row.number, row.why, tuple(row.changed.splitlines()), row.changed_at, row.changed_by
        )
        for row in rows
    )


def _row(blanket: BlanketOrder, supplier: Supplier, packs: int, drawn: int) -> BlanketRow:
    return BlanketRow(
        number=blanket.number,
        name=blanket.name,
        supplier=supplier.code,
        supplier_name=supplier.name,
        valid_from=blanket.valid_from,
        valid_until=blanket.valid_until,
        closed=blanket.closed,
        packs=int(packs),
        drawn=int(drawn),
    )


def _line(line: BlanketLine, product: Product, pack: Pack, *, currency: str) -> BlanketLineRow:
    return BlanketLineRow(
        position=line.position,
        product=product.sku,
        product_name=product.name,
        pack=pack.code,
        pack_value=PackValue(pack.name, Quantity(pack.size_steps, product.unit)),
        packs=line.packs,
        price=UnitPrice(line.price_e4, currency),
        drawn=line.drawn,
    )
