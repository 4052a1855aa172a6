"""How long deliveries take, as orders and goods receipts have it, or as the supplier promises."""

from collections import defaultdict
from decimal import Decimal

from sqlalchemy import func, or_, select

from procurement.kernel.clock import today_in
from procurement.kernel.db import ReadSession
from procurement.planning.rules.measuring import measured_lead_time
from procurement.planning.rules.safety import LeadTime
from procurement.purchasing.models import GoodsReceipt, PurchaseOrder
from procurement.settings.queries import get_company
from procurement.sourcing.models import Supplier, SupplierItem
from procurement.sourcing.terms import Standing

LAST_DELIVERIES = 20


def supplier_lead_times(session: ReadSession) -> dict[int, LeadTime]:
    """By supplier: from placing an order to its first goods receipt, where there were enough deliveries lately."""
    zone = get_company(session).time_zone
    rows = session.execute(
        select(
            PurchaseOrder.supplier_id,
            PurchaseOrder.placed_at,
            func.min(GoodsReceipt.received_at, type_=GoodsReceipt.received_at.type),
        )
        .join(GoodsReceipt, GoodsReceipt.order_id == PurchaseOrder.id)
        .where(PurchaseOrder.placed_at.is_not(None), GoodsReceipt.reversed_at.is_(None))
        .group_by(PurchaseOrder.id, PurchaseOrder.supplier_id, PurchaseOrder.placed_at)
        .order_by(PurchaseOrder.placed_at.desc(), PurchaseOrder.id)
    )
    days: defaultdict[int, list[int]] = defaultdict(list)
    for supplier, placed_at, came_at in rows:
        if len(days[supplier]) < LAST_DELIVERIES:
            days[supplier].append((today_in(zone, came_at) - today_in(zone, placed_at)).days)
    measured = {supplier: measured_lead_time(taken) for supplier, taken in days.items()}
    return {supplier: lead for supplier, lead in measured.items() if lead is not None}


def product_lead_times(session: ReadSession, product: int | None = None) -> dict[int, LeadTime]:
    """By product: its preferred supplier's, else the longest of those who sell it."""
    measured = supplier_lead_times(session)
    statement = (
        select(
            SupplierItem.product_id,
            SupplierItem.supplier_id,
            SupplierItem.lead_time_days,
            or_(SupplierItem.preferred, Supplier.standing == Standing.PREFERRED),
        )
        .join(Supplier, Supplier.id == SupplierItem.supplier_id)
        .where(SupplierItem.active, ~SupplierItem.blocked)
        .where(Supplier.active, Supplier.standing != Standing.BLOCKED)
    )
    if product is not None:
        statement = statement.where(SupplierItem.product_id == product)
    found: dict[int, tuple[bool, LeadTime]] = {}
    for product_id, supplier, promised, preferred in session.execute(statement):
        lead = measured.get(supplier) or LeadTime(Decimal(promised))
        before = found.get(product_id)
        if before is None or (preferred, lead.days) > (before[0], before[1].days):
            found[product_id] = bool(preferred), lead
    return {product_id: lead for product_id, (_, lead) in found.items()}
