"""What stories of orders and shipments begin with: a shop whose storeroom holds lots with dates."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.catalogue.models import Product
from procurement.kernel.actor import Actor
from procurement.kernel.money import UnitPrice
from procurement.kernel.permissions import GRANTS, Role
from procurement.sales.models import SalesOrder, Shipment
from procurement.sales.operations.answering import Answer, accept_quote
from procurement.sales.operations.confirming import confirm_order
from procurement.sales.operations.order_lines import OrderedLine
from procurement.sales.operations.sales_orders import (
    DraftSalesOrder,
    OrderFromQuote,
    draft_sales_order,
    order_from_quote,
)
from procurement.sales.operations.shipping import ShipGoods, ShippedLine, ship_goods
from procurement.sales.queries.sales_orders import sales_order_page
from procurement.sales.terms.orders import SalesOrderPage
from procurement.stock import ledger
from procurement.stock.operations.lots import NewLot, open_lots
from procurement.stock.queries.places import place_of_kind, places_by_code
from procurement.stock.terms import LocationKind, Reason
from tests.builders import NOON, a_location, virtual_locations
from tests.sales.stories import SELLER, a_draft, a_line, a_ready_shop, issue

KEEPER = Actor(None, "Niamh", GRANTS[Role.STOCK_KEEPER] | GRANTS[Role.SALES])
BOTTLE = 500_000  # steps


def a_stocked_shop(session: Session) -> None:
    """Three bottles of lot EARLY (best first) and five of LATE in the storeroom; nothing of the tool."""
    a_ready_shop(session)
    virtual_locations(session)
    a_location(session, "STORE")
    a_location(session, "HOLD", LocationKind.QUARANTINE)
    stock(session, "EARLY", 3, date(2027, 3, 1))
    stock(session, "LATE", 5, date(2027, 9, 1))


def stock(
    session: Session,
    number: str,
    bottles: int,
    expires: date | None,
    *,
    sku: str = "ALM-500",
    size: int = BOTTLE,
) -> None:
    product = session.scalars(select(Product).where(Product.sku == sku)).one()
    new = NewLot(
        product_id=product.id,
        received_on=NOON.date(),
        supplier_lot=number,
        expires_on=expires,
        container_pack_id=None,
        cost_minor=None,
        cost_currency=None,
        quantity=bottles * size,
        names_allergens=True,
        line="lines.0",
    )
    (lot,) = open_lots(session, [new], at=NOON)
    place = places_by_code(session, {"STORE"})["STORE"]
    opening = place_of_kind(session, LocationKind.OPENING)
    move = ledger.Move(product.id, bottles * size, opening, place, lot, "moves.0")
    ledger.post(session, Reason.OPENING, [move], actor=KEEPER, at=NOON)


def an_accepted_quote(session: Session, *lines) -> str:
    quote = a_draft(session, *(lines or (a_line(packs=6),)))
    issue(session, quote.number)
    accept_quote(session, quote.number, Answer(name="Aoife"), actor=SELLER, at=NOON)
    session.flush()
    return str(quote.number)


def ordered(session: Session, quote: str, packs: dict[int, int] | None = None) -> SalesOrder:
    return order_from_quote(
        session, OrderFromQuote(quote=quote, packs=packs), actor=SELLER, at=NOON
    )


def a_confirmed_order(
    session: Session, packs: int = 6, *, product: str = "ALM-500", price: UnitPrice | None = None
) -> str:
    """An order without a quote, by the list where no price is told."""
    lines = (OrderedLine(product, packs, price=price),)
    made = draft_sales_order(
        session, DraftSalesOrder(customer="LINDEN", lines=lines), actor=SELLER, at=NOON
    )
    confirm_order(session, made.number, actor=SELLER, at=NOON)
    return str(made.number)


def shipped(session: Session, number: str, *packs: int, **more) -> Shipment:
    lines = tuple(ShippedLine(i, count) for i, count in enumerate(packs, start=1))
    command = ShipGoods(order=number, lines=lines, **more)
    return ship_goods(session, command, actor=KEEPER, at=NOON)


def the_order(session: Session, number: str) -> SalesOrderPage:
    session.flush()
    return sales_order_page(session, number, actor=KEEPER)
