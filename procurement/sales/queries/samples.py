"""What of an order is given away, and whether that may be: so many an order, each again after some time."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import select

from procurement.kernel.db import ReadSession
from procurement.kernel.errors import FieldError
from procurement.sales.models import SalesOrder, SalesOrderLine
from procurement.sales.queries.shop import shop
from procurement.sales.terms.orders import SalesOrderStatus


def sample_problems(
    session: ReadSession, customer_id: int, lines: Iterable[SalesOrderLine], *, at: datetime
) -> list[FieldError]:
    """Of all lines that one customer orders at once. A sample is goods that cost this customer nothing."""
    given = [line for line in lines if line.is_goods and line.price_e4 == 0]
    rule = shop(session).samples
    if not given or rule.most is None:
        return []
    if rule.most == 0:
        return [FieldError("lines", f"We give no samples: please take {_named(given)} out.")]
    if sum(line.packs for line in given) > rule.most:
        return [FieldError("lines", f"An order may hold {_samples(rule.most)}; these are more.")]
    had = session.scalars(
        select(SalesOrderLine.pack_id)
        .join(SalesOrder, SalesOrder.id == SalesOrderLine.order_id)
        .where(
            SalesOrder.customer_id == customer_id,
            SalesOrder.status != SalesOrderStatus.CANCELLED,
            SalesOrder.placed_at > at - timedelta(days=rule.days),
            SalesOrderLine.pack_id.in_([line.pack_id for line in given]),
            SalesOrderLine.price_e4 == 0,
        )
    ).all()
    again = [line for line in given if line.pack_id in had]
    if not again:
        return []
    said = (
        f"You had a sample of {_named(again)} within the last {rule.days} days: please take it out."
    )
    return [FieldError("lines", said)]


def _named(lines: Iterable[SalesOrderLine]) -> str:
    return ", ".join(dict.fromkeys(line.name for line in lines))


def _samples(number: int) -> str:
    return "1 sample" if number == 1 else f"{number:,} samples"
