"""What suppliers answered to the orders that are on the way: one as ordered, one otherwise, which Today shows."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from procurement.demo.cast import Cast
from procurement.kernel.paging import PageRequest
from procurement.purchasing.operations.confirming import SupplierSays, confirm_order
from procurement.purchasing.operations.papers import SendOrder, send_order_again
from procurement.purchasing.queries.links import lines_to_answer
from procurement.purchasing.queries.orders import OrderFilter, orders
from procurement.purchasing.terms import LineAnswer, OrderStatus

_LATER = timedelta(days=6)


def let_suppliers_answer(session: Session, cast: Cast, *, at: datetime, public_url: str) -> None:
    """The latest order confirmed with a change, the one before as it was; each has a link that works."""
    placed = OrderFilter(statuses=frozenset({OrderStatus.PLACED}))
    rows = orders(session, placed, PageRequest(3)).items
    for index, row in enumerate(rows):
        again = SendOrder(
            number=row.number, public_url=public_url, recipient="orders@supplier.example"
        )
        send_order_again(session, again, actor=cast.purchaser, at=at)
        if index < 2:
            says = _otherwise(session, row.number) if index == 0 else _as_ordered()
            confirm_order(session, row.number, says, actor=cast.purchaser, at=at)


def _as_ordered() -> SupplierSays:
    return SupplierSays(said_by="Orla Keane", supplier_order="SO-20817")


def _otherwise(session: Session, number: str) -> SupplierSays:
    first, *_ = (line for line in lines_to_answer(session, number) if line.is_asked)
    later = first.due_on + _LATER if first.due_on else None
    return SupplierSays(
        said_by="Tom Burke",
        message="The harvest is late. The rest follows with the next delivery.",
        lines=(LineAnswer(first.position, max(1, first.packs - 1), later, "short this month"),),
    )
