"""The demo's orders after the quotes: one to pick, one shipped in part, one that waits, one that came back in part."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from procurement.catalogue.models import Pack, Product
from procurement.catalogue.terms import Kind
from procurement.demo.cast import Cast
from procurement.kernel.actor import Actor
from procurement.sales.models import Customer, Quote
from procurement.sales.operations.confirming import confirm_order
from procurement.sales.operations.order_lines import OrderedLine
from procurement.sales.operations.sales_orders import (
    Delivering,
    DraftSalesOrder,
    OrderFromQuote,
    draft_sales_order,
    order_from_quote,
)
from procurement.sales.operations.shipping import ShipGoods, ShippedLine, ship_goods
from procurement.sales.operations.taking_back import ReturnedLine, TakeBack, take_back
from procurement.sales.terms import QuoteStatus
from procurement.sales.terms.orders import CustomerReturnReason
from procurement.stock.models import Balance, Location, Lot, Site
from procurement.stock.queries.places import place_of_kind
from procurement.stock.terms import LocationKind, LotStatus

_RETAIL = (Kind.OIL, Kind.LOTION, Kind.CREAM, Kind.BALM)


@dataclass(frozen=True, slots=True)
class _Goods:
    """A product of which so many sales packs stand in the storeroom."""

    sku: str
    packs: int


def fulfil_orders(session: Session, cast: Cast, *, at: datetime) -> None:
    """A few orders of the last days, by the people who sell and ship."""
    session.flush()  # quotes and stock are looked up
    site = session.scalars(select(Site.code).order_by(Site.id)).first() or ""
    goods = plenty(session, site)
    customers = session.scalars(
        select(Customer.code)
        .where(Customer.currency == "EUR", Customer.active)
        .order_by(Customer.id)
    ).all()
    if len(goods) < 4 or not customers:
        return
    story = _Story(session, cast.seller, cast.keeper, at, site, tuple(customers))
    story.of_a_quote()
    story.confirmed(0, [(goods[0].sku, 2), (goods[1].sku, 1)], wanted=1, ref="PO 4711", hours=20)
    parts = story.confirmed(1, [(goods[2].sku, 3), (goods[3].sku, 2)], wanted=3, hours=50)
    story.ship(parts, [ShippedLine(1, 2)], carrier="An Post", hours=26)
    story.confirmed(2, [(goods[0].sku, goods[0].packs + 4)], wanted=10, hours=4)
    whole = story.confirmed(3, [(goods[1].sku, 2)], wanted=0, hours=70)
    number = story.ship(whole, [], carrier="DPD", hours=60)
    story.take_back(number, hours=3)


@dataclass(frozen=True, slots=True)
class _Story:
    session: Session
    seller: Actor
    keeper: Actor
    at: datetime
    site: str
    customers: tuple[str, ...]

    def of_a_quote(self) -> None:
        """Of the first quote that was accepted all is ordered; nobody has confirmed it yet."""
        number = self.session.scalars(
            select(Quote.number).where(Quote.status == QuoteStatus.ACCEPTED).order_by(Quote.id)
        ).first()
        if number is not None:
            command = OrderFromQuote(quote=number, delivering=Delivering(site=self.site))
            at = self.at - timedelta(hours=2)
            order_from_quote(self.session, command, actor=self.seller, at=at)

    def confirmed(
        self, who: int, lines: list[tuple[str, int]], *, wanted: int, hours: int, ref: str = ""
    ) -> str:
        """An order without a quote, confirmed so many hours ago, wanted in so many days."""
        at = self.at - timedelta(hours=hours)
        command = DraftSalesOrder(
            customer=self.customers[who % len(self.customers)],
            lines=tuple(OrderedLine(sku, packs) for sku, packs in lines),
            delivering=Delivering(
                site=self.site,
                wanted_on=(self.at + timedelta(days=wanted)).date(),
                customer_ref=ref,
            ),
        )
        number = draft_sales_order(self.session, command, actor=self.seller, at=at).number
        confirm_order(self.session, number, actor=self.seller, at=at)
        return str(number)

    def ship(self, number: str, lines: list[ShippedLine], *, carrier: str, hours: int) -> str:
        command = ShipGoods(
            order=number, lines=tuple(lines), carrier=carrier, tracking="RR482913IE"
        )
        at = self.at - timedelta(hours=hours)
        return str(ship_goods(self.session, command, actor=self.keeper, at=at).number)

    def take_back(self, number: str, *, hours: int) -> None:
        """Half of the first lot came back, to be looked at."""
        place = place_of_kind(self.session, LocationKind.QUARANTINE, site=self.site)
        command = TakeBack(
            shipment=number,
            lines=(ReturnedLine(1),),
            into=place.code,
            reason=CustomerReturnReason.DAMAGED,
            note="The pump leaks",
        )
        at = self.at - timedelta(hours=hours)
        take_back(self.session, command, actor=self.keeper, at=at)


def plenty(session: Session, site: str) -> list[_Goods]:
    """What stands in the site's storerooms in whole sales packs, most of it first."""
    free = func.sum(Balance.on_hand - Balance.reserved)
    rows = session.execute(
        select(Product.sku, free, Pack.size_steps)
        .join(Lot, Lot.id == Balance.lot_id)
        .join(Location, Location.id == Balance.location_id)
        .join(Site, Site.id == Location.site_id)
        .join(Product, Product.id == Balance.product_id)
        .join(Pack, (Pack.product_id == Product.id) & Pack.is_sales_pack)
        .where(
            Site.code == site,
            Location.kind == LocationKind.STOREROOM,
            Lot.status == LotStatus.AVAILABLE,
            Lot.parent_id.is_(None),
            Product.kind.in_(_RETAIL),
        )
        .group_by(Product.sku, Pack.size_steps)
        .order_by(Product.sku)
    )
    found = [_Goods(sku, int(steps) // size) for sku, steps, size in rows]
    return sorted((one for one in found if one.packs >= 6), key=lambda one: (-one.packs, one.sku))
