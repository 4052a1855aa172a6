"""What stays outstanding: lines of orders that came in part or are late, by supplier, and what credit is expected."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, and_, case, func, or_, select, tuple_

from procurement.catalogue.models import Pack, Product
from procurement.kernel.clock import today_in
from procurement.kernel.db import ReadSession
from procurement.kernel.errors import Invalid
from procurement.kernel.money import Money, UnitPrice
from procurement.kernel.paging import PageRequest
from procurement.purchasing.models import (
    Claim,
    GoodsReceipt,
    PurchaseOrder,
    PurchaseOrderLine,
    SupplierReturn,
)
from procurement.purchasing.queries.return_origins import is_credit_due
from procurement.purchasing.terms import (
    ON_THE_WAY,
    UNSETTLED,
    BackorderPage,
    BackorderRow,
    ClaimStatus,
    OrderStatus,
    SupplierBackorders,
)
from procurement.settings.queries import get_company
from procurement.sourcing.models import Supplier

_NEVER = date(9999, 12, 31)  # sorts what is due on no day behind all others
_DUE = func.coalesce(
    PurchaseOrderLine.confirmed_on, PurchaseOrderLine.wanted_by, PurchaseOrder.due_on
)
_SORTED = func.coalesce(
    PurchaseOrderLine.confirmed_on, PurchaseOrderLine.wanted_by, PurchaseOrder.due_on, _NEVER
)


@dataclass(frozen=True, slots=True)
class _Credit:
    claimed: Money
    returned: Money


def backorders(
    session: ReadSession, *, at: datetime, supplier: str | None = None
) -> list[SupplierBackorders]:
    """Suppliers with outstanding lines or credit to come, by name; their lines by the day they were due."""
    day = today_in(get_company(session).time_zone, at)
    lines = [_line(day, *row) for row in session.execute(_lines(day, supplier))]
    return _by_supplier(session, lines, supplier, with_credits=True)


def backorder_page(
    session: ReadSession, paging: PageRequest, *, at: datetime, supplier: str | None = None
) -> BackorderPage:
    """Some lines by the day they were due; the credit to come of every supplier stands on the first page."""
    day = today_in(get_company(session).time_zone, at)
    whole = _lines(day, supplier)
    statement = whole.limit(paging.limit + 1)
    if (after := paging.key(str, str, int)) is not None:
        due, number, position = after
        key = tuple_(_SORTED, PurchaseOrder.number, PurchaseOrderLine.position)
        statement = statement.where(key > tuple_(_day_of(due), number, position))
    rows = [_line(day, *row) for row in session.execute(statement)]
    page = paging.page(
        rows, lambda row: ((row.due_on or _NEVER).isoformat(), row.order, row.position)
    )
    counted = whole.with_only_columns(_DUE.label("due"), maintain_column_froms=True).order_by(None)
    counted_rows = counted.subquery()
    lines, late = session.execute(
        select(func.count(), func.count(case((counted_rows.c.due < day, 1)))).select_from(
            counted_rows
        )
    ).one()
    suppliers = _by_supplier(session, page.items, supplier, with_credits=after is None)
    return BackorderPage(tuple(suppliers), int(lines), int(late), page.next)


def _by_supplier(
    session: ReadSession,
    lines: Sequence[BackorderRow],
    supplier: str | None,
    *,
    with_credits: bool,
) -> list[SupplierBackorders]:
    names, expected = _credits(session, supplier) if with_credits else ({}, {})
    for line in lines:
        names.setdefault(line.supplier, line.supplier_name)
    return [
        SupplierBackorders(
            supplier=code,
            supplier_name=names[code],
            claimed=expected[code].claimed if code in expected else None,
            returned=expected[code].returned if code in expected else None,
            lines=tuple(line for line in lines if line.supplier == code),
        )
        for code in sorted(names, key=lambda code: (names[code].casefold(), code))
    ]


def _day_of(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError as error:
        raise Invalid("The cursor is not one of ours.", field="cursor") from error


def _lines(day: date, supplier: str | None) -> Select[*tuple[Any, ...]]:
    last = (
        select(func.max(GoodsReceipt.received_at))
        .where(GoodsReceipt.order_id == PurchaseOrder.id, GoodsReceipt.reversed_at.is_(None))
        .scalar_subquery()
    )
    statement: Select[*tuple[Any, ...]] = (
        select(Supplier, PurchaseOrder, PurchaseOrderLine, Product.sku, Pack.name, _DUE, last)
        .join(PurchaseOrder, PurchaseOrder.supplier_id == Supplier.id)
        .join(PurchaseOrderLine, PurchaseOrderLine.order_id == PurchaseOrder.id)
        .join(Product, Product.id == PurchaseOrderLine.product_id)
        .join(Pack, Pack.id == PurchaseOrderLine.pack_id)
        .where(
            PurchaseOrder.status.in_(sorted(ON_THE_WAY)),
            ~PurchaseOrderLine.closed,
            PurchaseOrderLine.received < PurchaseOrderLine.packs,
            or_(PurchaseOrder.status == OrderStatus.PARTIALLY_RECEIVED, day > _DUE),
        )
        .order_by(_SORTED, PurchaseOrder.number, PurchaseOrderLine.position)
    )
    if supplier is not None:
        statement = statement.where(Supplier.code == supplier)
    return statement


def _line(day: date, *row: Any) -> BackorderRow:
    seller, order, line, sku, pack_name, due, last = row
    return BackorderRow(
        supplier=seller.code,
        supplier_name=seller.name,
        order=order.number,
        position=line.position,
        product=sku,
        product_name=line.name,
        pack_name=pack_name,
        packs=line.outstanding,
        ordered=line.packs,
        value=UnitPrice(line.price_e4, order.currency).total(line.outstanding),
        due_on=due,
        days_late=max(0, (day - due).days) if due else 0,
        last_delivery=last,
    )


def _credits(
    session: ReadSession, supplier: str | None
) -> tuple[dict[str, str], dict[str, _Credit]]:
    """What claims that were sent ask or agreed, and what returns expect that no claim counts already."""
    asked = func.coalesce(Claim.agreed_minor, Claim.asked_minor)
    waiting = UNSETTLED - {ClaimStatus.OPEN, ClaimStatus.REJECTED}
    claimed = (
        select(func.sum(asked))
        .where(Claim.supplier_id == Supplier.id, Claim.status.in_(sorted(waiting)))
        .scalar_subquery()
    )
    returned = (
        select(func.sum(SupplierReturn.credit_minor))
        .where(
            SupplierReturn.supplier_id == Supplier.id,
            is_credit_due(),
        )
        .scalar_subquery()
    )
    statement = select(Supplier.code, Supplier.name, Supplier.currency, claimed, returned).where(
        or_(and_(claimed.is_not(None), claimed > 0), and_(returned.is_not(None), returned > 0))
    )
    if supplier is not None:
        statement = statement.where(Supplier.code == supplier)
    names: dict[str, str] = {}
    found: dict[str, _Credit] = {}
    for code, name, currency, claims, returns in session.execute(statement):
        names[code] = name
        found[code] = _Credit(Money(int(claims or 0), currency), Money(int(returns or 0), currency))
    return names, found
