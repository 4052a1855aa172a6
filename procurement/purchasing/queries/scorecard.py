"""Scorecards of suppliers, read from orders, receipts, claims and invoices: as many statements for one as for all."""

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, select

from procurement.catalogue.models import Pack, Product
from procurement.kernel.clock import start_of_day, today_in
from procurement.kernel.db import ReadSession
from procurement.kernel.money import UnitPrice
from procurement.purchasing.models import (
    GoodsReceipt,
    GoodsReceiptLine,
    PurchaseOrder,
    PurchaseOrderLine,
)
from procurement.purchasing.queries.scorecard_papers import papers_of
from procurement.purchasing.rules.scorecard import judged, price_drift, scorecard
from procurement.purchasing.terms import Condition, OrderStatus
from procurement.purchasing.terms.scorecard import (
    Arrival,
    Delivered,
    Judged,
    Period,
    Scorecard,
    TheirPapers,
)
from procurement.settings.queries import get_company
from procurement.sourcing.models import Supplier
from procurement.stock.models import Location, Site


def scorecards(session: ReadSession, period: Period, *, at: datetime) -> list[Scorecard]:
    """Every supplier we ordered from in the time, by name."""
    lines, names = _delivered(session, period)
    today = today_in(get_company(session).time_zone, at)
    papers = papers_of(session, period)
    cards = [
        scorecard(
            code,
            names[code],
            judged(found, today=today),
            price_drift(found),
            papers.get(code, TheirPapers()),
        )
        for code, found in lines.items()
    ]
    return sorted(cards, key=lambda card: (card.supplier_name.casefold(), card.supplier))


def supplier_scorecard(
    session: ReadSession, code: str, period: Period, *, at: datetime
) -> tuple[Scorecard | None, list[Judged]]:
    """One supplier's figures and the order lines they were made of, the latest first; None when none was placed."""
    lines, names = _delivered(session, period, supplier=code)
    if code not in lines:
        return None, []
    today = today_in(get_company(session).time_zone, at)
    found = judged(lines[code], today=today)
    papers = papers_of(session, period, supplier=code).get(code, TheirPapers())
    card = scorecard(code, names[code], found, price_drift(lines[code]), papers)
    found.sort(
        key=lambda one: (one.line.placed_on, one.line.order, one.line.position), reverse=True
    )
    return card, found


def _delivered(
    session: ReadSession, period: Period, *, supplier: str | None = None
) -> tuple[dict[str, list[Delivered]], dict[str, str]]:
    """Lines of placed orders by supplier with what came of them, and the suppliers' names."""
    zone = get_company(session).time_zone
    rows = [
        row
        for row in session.execute(_lines(period, supplier))
        if period.since <= today_in(row.time_zone or zone, row.placed_at) <= period.until
    ]
    arrivals = _arrivals(session, period, supplier, zone)
    found: defaultdict[str, list[Delivered]] = defaultdict(list)
    names: dict[str, str] = {}
    for row in rows:
        names[row.supplier] = row.supplier_name
        found[row.supplier].append(
            Delivered(
                order=row.number,
                position=row.position,
                product=row.sku,
                product_name=row.name,
                pack=row.pack,
                placed_on=today_in(row.time_zone or zone, row.placed_at),
                due_on=row.due_on,
                packs=row.packs,
                price=UnitPrice(row.price_e4, row.currency),
                is_closed=row.closed or row.status is OrderStatus.CLOSED_SHORT,
                arrivals=tuple(arrivals.get(row.id, ())),
            )
        )
    return dict(found), names


def _lines(period: Period, supplier: str | None) -> Select[*tuple[Any, ...]]:
    statement: Select[*tuple[Any, ...]] = (
        select(
            PurchaseOrderLine.id,
            PurchaseOrderLine.position,
            PurchaseOrderLine.packs,
            PurchaseOrderLine.price_e4,
            PurchaseOrderLine.closed,
            PurchaseOrderLine.name,
            PurchaseOrder.number,
            PurchaseOrder.placed_at,
            # What the supplier said later does not make a late delivery timely.
            func.coalesce(PurchaseOrder.promised_on, PurchaseOrder.due_on).label("due_on"),
            PurchaseOrder.status,
            PurchaseOrder.currency,
            Supplier.code.label("supplier"),
            Supplier.name.label("supplier_name"),
            Product.sku,
            Pack.code.label("pack"),
            Site.time_zone,
        )
        .select_from(PurchaseOrderLine)
        .join(PurchaseOrder, PurchaseOrder.id == PurchaseOrderLine.order_id)
        .join(Supplier, Supplier.id == PurchaseOrder.supplier_id)
        .join(Product, Product.id == PurchaseOrderLine.product_id)
        .join(Pack, Pack.id == PurchaseOrderLine.pack_id)
        .outerjoin(Location, Location.id == PurchaseOrder.deliver_to_id)
        .outerjoin(Site, Site.id == Location.site_id)
    )
    return _of_period(statement, period, supplier)


def _arrivals(
    session: ReadSession, period: Period, supplier: str | None, zone: str
) -> dict[int, list[Arrival]]:
    """What came of each order line, day by day; receipts that were taken back brought nothing."""
    statement: Select[*tuple[Any, ...]] = (
        select(
            GoodsReceiptLine.order_line_id,
            GoodsReceipt.received_at,
            GoodsReceiptLine.packs,
            GoodsReceiptLine.condition,
            Site.time_zone,
        )
        .select_from(GoodsReceiptLine)
        .join(GoodsReceipt, GoodsReceipt.id == GoodsReceiptLine.receipt_id)
        .join(PurchaseOrder, PurchaseOrder.id == GoodsReceipt.order_id)
        .join(Supplier, Supplier.id == PurchaseOrder.supplier_id)
        .outerjoin(Location, Location.id == PurchaseOrder.deliver_to_id)
        .outerjoin(Site, Site.id == Location.site_id)
        .where(GoodsReceipt.reversed_at.is_(None), GoodsReceiptLine.packs > 0)
        .order_by(GoodsReceipt.received_at, GoodsReceipt.id, GoodsReceiptLine.position)
    )
    found: defaultdict[int, list[Arrival]] = defaultdict(list)
    for line, received_at, packs, condition, time_zone in session.execute(
        _of_period(statement, period, supplier)
    ):
        on = today_in(time_zone or zone, received_at)
        refused = condition is Condition.REFUSED
        found[line].append(Arrival(on, 0 if refused else packs, packs if refused else 0))
    return found


def _of_period(
    statement: Select[*tuple[Any, ...]], period: Period, supplier: str | None
) -> Select[*tuple[Any, ...]]:
    """Placed orders that were not called off; a day more at both ends, since sites have zones of their own."""
    statement = statement.where(
        PurchaseOrder.placed_at.is_not(None),
        PurchaseOrder.due_on.is_not(None),
        PurchaseOrder.status != OrderStatus.CANCELLED,
        PurchaseOrder.placed_at >= start_of_day(period.since - timedelta(days=1), "UTC"),
        PurchaseOrder.placed_at < start_of_day(period.until + timedelta(days=2), "UTC"),
    )
    return statement if supplier is None else statement.where(Supplier.code == supplier)
