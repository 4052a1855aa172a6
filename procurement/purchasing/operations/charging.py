"""What the delivery of an order costs: as agreed for it, else by the supplier's terms for goods of that value."""

from sqlalchemy.orm import Session

from procurement.kernel.db import MAX_MINOR
from procurement.kernel.errors import Invalid
from procurement.kernel.money import Money
from procurement.purchasing.models import PurchaseOrder
from procurement.purchasing.operations.lines import default_tax
from procurement.settings.terms import CompanyProfile
from procurement.sourcing.models import Supplier


def freight_after(order: PurchaseOrder, supplier: Supplier, goods: Money) -> Money | None:
    """What it costs when the goods come to so much; None: the order has never said."""
    if order.freight_minor is None or order.freight_agreed:
        return order.freight
    return supplier.terms.freight_on(goods)


def charge_freight(
    session: Session,
    order: PurchaseOrder,
    supplier: Supplier,
    goods: Money,
    told: Money | None,
    company: CompanyProfile,
) -> None:
    """Write a draft's freight down; it is taxed as goods are that say nothing else."""
    if told is not None and told.currency != order.currency:
        raise Invalid(f"The supplier is paid in {order.currency}.", field="freight")
    if told is not None and not 0 <= told.minor <= MAX_MINOR:
        raise Invalid("An amount from nothing on, please.", field="freight")
    freight = supplier.terms.freight_on(goods) if told is None else told
    order.freight_minor, order.freight_agreed = freight.minor, told is not None
    rate = default_tax(session, company, supplier, order.deliver_to_id)
    order.freight_tax_ppm = rate.ppm
