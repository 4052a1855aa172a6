"""The demo's wholesale buyer orders from the basket: one to confirm, one to be paid, one on its way."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from procurement.demo import house
from procurement.demo.cast import Cast
from procurement.demo.founding import actor_of
from procurement.demo.fulfilling import plenty
from procurement.kernel.actor import Actor
from procurement.kernel.money import Money
from procurement.sales.models import SalesOrder
from procurement.sales.operations.confirming import confirm_order
from procurement.sales.operations.paying import PaymentTold, take_payment
from procurement.sales.operations.placing import PlaceOrder, place_order
from procurement.sales.operations.shipping import ShipGoods, ShippedLine, ship_goods
from procurement.sales.operations.wanting import WantedLine
from procurement.sales.terms.orders import Payment


def place_orders(session: Session, cast: Cast, *, at: datetime) -> None:
    """Nothing where the house has no buyer, or too little stands in the storeroom."""
    emails = [user.email for user in house.users() if user.customer]
    goods = plenty(session, house.sites()[0].code)
    if not emails or len(goods) < 3:
        return
    buyer = actor_of(session, emails[0])
    skus = [one.sku for one in goods]

    shipped = _placed(session, buyer, [(skus[0], 2), (skus[1], 2)], at=at - timedelta(hours=100))
    confirm_order(session, shipped.number, actor=cast.seller, at=at - timedelta(hours=98))
    paid = PaymentTold(
        event_id="evt_demo_1",
        order=shipped.number,
        amount=Money(shipped.gross_minor, shipped.currency),
        reference="pay_7Q2X",
    )
    take_payment(session, paid, at=at - timedelta(hours=90))
    command = ShipGoods(order=shipped.number, lines=(ShippedLine(1, 2),), carrier="An Post")
    ship_goods(session, command, actor=cast.keeper, at=at - timedelta(hours=70))

    waits = _placed(session, buyer, [(skus[2], 1)], at=at - timedelta(hours=30))
    confirm_order(session, waits.number, actor=cast.seller, at=at - timedelta(hours=28))

    placed = PlaceOrder(
        key="demo-to-confirm",
        lines=(WantedLine(skus[1], 3), WantedLine(skus[0], 1)),
        wanted_on=(at + timedelta(days=5)).date(),
        customer_ref="PO 2210",
        note="Side entrance, please",
    )
    place_order(session, placed, actor=buyer, at=at - timedelta(hours=3))


def _placed(
    session: Session, buyer: Actor, lines: list[tuple[str, int]], *, at: datetime
) -> SalesOrder:
    """Prepaid."""
    command = PlaceOrder(
        key=f"demo-{at.isoformat()}",
        lines=tuple(WantedLine(sku, packs) for sku, packs in lines),
        payment=Payment.PREPAID,
    )
    return place_order(session, command, actor=buyer, at=at)
