"""The rules deliveries must keep to, and what they ask of the lines of an order."""

from collections.abc import Iterable

from sqlalchemy import func, or_, select

from procurement.catalogue.models import Product
from procurement.kernel.db import ReadSession
from procurement.kernel.money import Rate
from procurement.purchasing.models import DeliveryRule, PurchaseOrder, PurchaseOrderLine
from procurement.purchasing.rules.accepting import DeliveryRules, Rule
from procurement.purchasing.terms import DeliveryRuleRow
from procurement.sourcing.models import Supplier, SupplierItem


def rules_for(session: ReadSession, supplier_id: int, product_ids: Iterable[int]) -> DeliveryRules:
    """The rules of one supplier's products; one statement."""
    found = session.scalars(
        select(DeliveryRule).where(
            or_(DeliveryRule.supplier_id.is_(None), DeliveryRule.supplier_id == supplier_id),
            or_(DeliveryRule.product_id.is_(None), DeliveryRule.product_id.in_(set(product_ids))),
        )
    )
    return DeliveryRules(
        {
            (row.supplier_id, row.product_id): Rule(
                row.over_bp, row.least_days, row.least_life_bp, row.claim_days
            )
            for row in found
        },
        supplier_id,
    )


def least_days_of(session: ReadSession, order: PurchaseOrder) -> dict[int, int]:
    """Days the goods of each line of an order must keep when they come, by the line's key; two statements."""
    rows = session.execute(
        select(
            PurchaseOrderLine.id,
            PurchaseOrderLine.product_id,
            Product.shelf_life_days,
            SupplierItem.guaranteed_days,
        )
        .join(Product, Product.id == PurchaseOrderLine.product_id)
        .outerjoin(
            SupplierItem,
            (SupplierItem.pack_id == PurchaseOrderLine.pack_id)
            & (SupplierItem.supplier_id == order.supplier_id),
        )
        .where(PurchaseOrderLine.order_id == order.id)
    ).all()
    rules = rules_for(session, order.supplier_id, {product for _, product, *_ in rows})
    return {
        line_id: rules.least_days(product_id, shelf_life, promised)
        for line_id, product_id, shelf_life, promised in rows
    }


def delivery_rules(session: ReadSession) -> list[DeliveryRuleRow]:
    """All rules, the widest first."""
    rows = session.execute(
        select(DeliveryRule, Supplier.code, Supplier.name, Product.sku, Product.name)
        .outerjoin(Supplier, Supplier.id == DeliveryRule.supplier_id)
        .outerjoin(Product, Product.id == DeliveryRule.product_id)
        .order_by(
            DeliveryRule.product_id.is_not(None),
            DeliveryRule.supplier_id.is_not(None),
            func.lower(Product.name),
            func.lower(Supplier.name),
        )
    )
    return [
        DeliveryRuleRow(
            key=rule.id,
            supplier=supplier,
            supplier_name=supplier_name,
            product=sku,
            product_name=product_name,
            over=_rate(rule.over_bp),
            least_days=rule.least_days,
            least_life=_rate(rule.least_life_bp),
            claim_days=rule.claim_days,
        )
        for rule, supplier, supplier_name, sku, product_name in rows
    ]


def _rate(basis_points: int | None) -> Rate | None:
    return None if basis_points is None else Rate(basis_points)
