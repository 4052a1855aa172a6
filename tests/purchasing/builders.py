"""A spa that orders: places, a supplier with two items, and orders as far as a story needs them."""

from datetime import UTC, date, datetime

from sqlalchemy.orm import Session

from procurement.kernel.quantity import Unit
from procurement.purchasing.models import PurchaseOrder
from procurement.purchasing.operations.deciding import approve_order, place_order
from procurement.purchasing.operations.lines import NewOrderLine
from procurement.purchasing.operations.ordering import DraftOrder, draft_order
from procurement.purchasing.operations.receiving import ReceiveGoods, receive_goods
from procurement.purchasing.rules.receiving import DeliveredLine
from procurement.purchasing.terms import Condition
from tests.builders import a_company, a_product, a_supplier, a_supplier_item, an_actor
from tests.stock.builders import a_spa

MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
NEXT_YEAR = date(2027, 11, 30)
ANA = an_actor(name="Ana")
GOOD, DOUBTFUL, REFUSED = Condition.GOOD, Condition.DOUBTFUL, Condition.REFUSED

CASES = NewOrderLine(product="ALM-500", pack="case", packs=10)
COVERS = NewOrderLine(product="COV-020", pack="pack", packs=8)


def a_spa_that_orders(session: Session, **company: object) -> None:
    """Almond oil in bottles and cases of 12, and face-cradle covers, from CORRIB in euros."""
    a_company(session, **company)
    a_spa(session)
    a_product(
        session,
        name="Sweet Almond Oil",
        packs={"bottle": "500", "case": "6000"},
        shelf_life_days=700,
    )
    a_product(session, "COV-020", name="Face-cradle Covers", unit=Unit.PIECE, packs={"pack": "20"})
    a_supplier(session, email="orders@corrib.example")
    a_supplier_item(session, pack="case", prices={1: "84.00", 10: "79.50"}, lead_time_days=4)
    a_supplier_item(session, "COV-020", prices={1: "39.60"}, lead_time_days=9)


def a_draft(session: Session, *lines: NewOrderLine, **more: object) -> PurchaseOrder:
    """Ten cases of almond oil, unless told otherwise."""
    command = DraftOrder(
        **{"supplier": "CORRIB", "lines": lines or (CASES,), "deliver_to": "STORE", **more}
    )
    order = draft_order(session, command, actor=ANA, at=MONDAY)
    session.flush()
    return order


def a_placed_order(session: Session, *lines: NewOrderLine, **more: object) -> PurchaseOrder:
    order = a_draft(session, *lines, **more)
    approve_order(session, order.number, actor=ANA, at=MONDAY)
    place_order(session, order.number, actor=ANA, at=MONDAY)
    session.flush()
    return order


def delivered(packs: int, position: int = 1, **more: object) -> DeliveredLine:
    values = {"expires_on": NEXT_YEAR, "supplier_lot": f"L{position}", **more}
    return DeliveredLine(position=position, packs=packs, **values)


def received(session: Session, number: str, *lines: DeliveredLine, **more: object):
    command = ReceiveGoods(
        order_number=number, lines=lines, **{"into": "STORE", "delivery_note": "DN-1", **more}
    )
    receipt = receive_goods(session, command, actor=ANA, at=MONDAY)
    session.flush()
    return receipt
