"""The least an order comes to, and freight: by currency and group, once, the same wherever an order is told."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from procurement.catalogue.models import Pack
from procurement.catalogue.terms import Kind
from procurement.kernel.db import make_engine
from procurement.kernel.errors import Forbidden, Invalid
from procurement.kernel.money import Money
from procurement.kernel.permissions import Role
from procurement.kernel.quantity import Unit
from procurement.kernel.unit_of_work import UnitOfWork
from procurement.sales.models import (
    Address,
    Customer,
    CustomerGroup,
    OrderTermsRow,
    Price,
    PriceList,
    SalesOrder,
)
from procurement.sales.operations.baskets import set_basket
from procurement.sales.operations.confirming import cancel_sales_order, confirm_order
from procurement.sales.operations.order_terms import (
    SetOrderTerms,
    drop_order_terms,
    set_order_terms,
)
from procurement.sales.operations.placing import (
    PlaceOrder,
    place_order,
    place_orders,
    preview_order,
)
from procurement.sales.operations.shop import arrange_shop
from procurement.sales.operations.wanting import WantedLine, Wish
from procurement.sales.queries.offers import offered_products
from procurement.sales.queries.order_terms import order_terms
from procurement.sales.queries.own_orders import own_addresses, own_order_page, own_proforma
from procurement.sales.rules.order_terms import OrderTerms, Standing
from procurement.sales.terms import AddressKind
from procurement.sales.terms.shop import VisitorPrices
from tests.builders import NOON, a_product, an_actor
from tests.sales.fulfilling import SELLER, a_stocked_shop
from tests.sales.test_placing import a_buyer
from tests.threads import at_once

ADMIN = an_actor(Role.ADMINISTRATOR)


def eur(minor: int | None) -> Money | None:
    return None if minor is None else Money(minor, "EUR")


def terms(opening=None, reorder=None, freight=None, free_from=None) -> OrderTerms:
    return OrderTerms("EUR", eur(opening), eur(reorder), eur(freight), eur(free_from))


@pytest.mark.parametrize(
    ("said", "goods", "collected", "freight", "to_free"),
    [
        (terms(freight=890, free_from=25_000), 21_180, False, 890, 3_820),
        (terms(freight=890, free_from=25_000), 25_000, False, None, None),
        (terms(freight=890, free_from=25_000), 24_999, True, None, None),
        (terms(freight=890), 1, False, 890, None),
        (terms(freight=890), 0, False, None, None),
        (terms(freight=0, free_from=25_000), 5, False, None, None),
        (terms(), 5, False, None, None),
    ],
)
def test_what_bringing_it_costs(said, goods, collected, freight, to_free):
    standing = Standing(said, Money(goods, "EUR"), Money(goods, "EUR"), False, collected)
    assert (standing.freight, standing.to_free) == (eur(freight), eur(to_free))


@pytest.mark.parametrize(
    ("is_first", "net", "short"),
    [(True, 9_999, 1), (True, 10_000, None), (False, 4_000, 1_000), (False, 5_000, None)],
)
def test_the_least_an_order_comes_to(is_first, net, short):
    standing = Standing(terms(10_000, 5_000), Money(0, "EUR"), Money(net, "EUR"), is_first)
    assert standing.short == eur(short)
    assert bool(standing.refusal) is (short is not None)


def test_what_a_group_says_goes_first():
    assert terms(opening=0, freight=500).over(terms(10_000, 5_000, 890, 25_000)) == terms(
        0, 5_000, 500, 25_000
    )


def set_terms(session, group=None, **figures):
    said = {name: eur(minor) for name, minor in figures.items()}
    command = SetOrderTerms(currency="EUR", group=group, **said)
    return set_order_terms(session, command, actor=ADMIN, at=NOON)


@pytest.fixture
def buyer(session):
    a_stocked_shop(session)
    return a_buyer(session)


def place(session, buyer, packs=2, key="one", **more):
    more = {"lines": (WantedLine("ALM-500", packs),)} | more
    command = PlaceOrder(key=key, **more)
    made = place_order(session, command, actor=buyer, at=NOON)
    session.flush()
    return made


def test_freight_stands_on_the_order_and_its_papers(session, buyer):
    bare = preview_order(session, actor=buyer, at=NOON, lines=(WantedLine("ALM-500", 2),))
    set_terms(session, freight=890, free_from=25_000)
    shown = preview_order(session, actor=buyer, at=NOON, lines=(WantedLine("ALM-500", 2),))
    assert (shown.freight, shown.goods) == (Money(890, "EUR"), bare.net)
    order = place(session, buyer, total=shown.gross)
    goods, freight = order.lines
    assert (freight.is_goods, freight.net_minor, freight.tax_ppm) == (False, 890, goods.tax_ppm)
    assert order.net_minor == goods.net_minor + 890
    page = own_order_page(session, order.number, actor=buyer)
    assert [line.product_name for line in page.lines][1:] == ["Delivery"]
    assert own_proforma(session, order.number, actor=buyer).content.startswith(b"%PDF")
    assert confirm_order(session, order.number, actor=SELLER, at=NOON).net_minor == order.net_minor


def test_a_service_brings_no_goods_nearer_to_free_delivery(session, buyer):
    hour = a_product(session, "HOUR", kind=Kind.SERVICE, unit=Unit.PIECE, packs={"hour": "1"})
    prices = session.scalars(select(PriceList).where(PriceList.is_default)).one()
    pack = session.scalars(select(Pack).where(Pack.product_id == hour.id)).one()
    price = Price(
        price_list_id=prices.id,
        product_id=hour.id,
        pack_id=pack.id,
        from_packs=1,
        price_e4=3_000_000,
    )
    session.add(price)
    session.flush()
    set_terms(session, freight=890, free_from=25_000)
    lines = (WantedLine("ALM-500", 2), WantedLine("HOUR", 1))
    order = place(session, buyer, lines=lines)
    assert [line.net_minor for line in order.lines][1:] == [30_000, 890]


def test_what_is_fetched_costs_no_freight_where_that_is_offered(session, buyer):
    set_terms(session, freight=890)
    with pytest.raises(Invalid, match="fetched"):
        place(session, buyer, collect=True)
    arrange_shop(session, VisitorPrices.NONE, None, may_collect=True, actor=ADMIN, at=NOON)
    order = place(session, buyer, collect=True)
    assert (len(order.lines), "Fetched" in order.deliver_to) == (1, True)


def test_a_group_has_terms_of_its_own_and_other_currencies_none(session, buyer):
    session.add(CustomerGroup(code="SPAS", name="Day spas"))
    session.flush()
    set_terms(session, freight=890)
    set_terms(session, "SPAS", freight=0)
    customer = session.get(Customer, buyer.customer_id)
    assert len(place(session, buyer).lines) == 2
    customer.group_id = session.scalar(select(CustomerGroup.id))
    assert len(place(session, buyer, key="two").lines) == 1
    assert [row.group for row in order_terms(session)] == [None, "SPAS"]


def test_first_and_later_orders(session, buyer):
    set_terms(session, opening=5_000, reorder=1_000)
    with pytest.raises(Invalid, match="A first order comes to at least 50") as refused:
        place(session, buyer, 1)
    assert refused.value.errors[0].field == "lines"
    (problem,) = preview_order(
        session, actor=buyer, at=NOON, lines=(WantedLine("ALM-500", 1),)
    ).problems
    assert problem.message == str(refused.value)
    first = place(session, buyer, 6)
    place(session, buyer, 1, "two")
    cancel_sales_order(session, first.number, actor=SELLER, at=NOON)


def test_terms_are_set_again_dropped_and_refused(session, buyer):
    row = set_terms(session, freight=890, free_from=25_000)
    assert set_terms(session, reorder=5_000).id == row.id
    assert session.get(OrderTermsRow, row.id).freight_minor is None
    for figures, field in [({}, "opening"), ({"free_from": 5}, "freight")]:
        with pytest.raises(Invalid) as refused:
            set_terms(session, **figures)
        assert refused.value.errors[0].field == field
    with pytest.raises(Invalid, match="no such customer group"):
        set_terms(session, "NOBODY", freight=1)
    with pytest.raises(Forbidden):
        drop_order_terms(session, row.id, actor=SELLER, at=NOON)
    drop_order_terms(session, row.id, actor=ADMIN, at=NOON)
    assert order_terms(session) == []


def test_of_two_first_orders_at_once_one_is_first(fresh_database):
    """The second is measured against what later orders come to."""
    engine = make_engine(fresh_database)
    work = UnitOfWork(engine)
    with work.write() as session:
        a_stocked_shop(session)
        buyer = a_buyer(session)
        set_terms(session, opening=1_000, reorder=100_000)

    def order(n: int) -> str:
        try:
            with work.write() as session:
                return place(session, buyer, 2, f"key {n}").number
        except Invalid as error:
            return str(error)

    said = at_once(2, order)
    assert sum("An order comes to" in one for one in said) == 1
    with work.read() as session:
        assert len(session.scalars(select(SalesOrder.id)).all()) == 1
    engine.dispose()


TO_BOTH = (
    WantedLine("ALM-500", 2),
    WantedLine("ALM-500", 1, wanted_on=date(2026, 12, 4), address=1),
)


def with_another_address(session) -> None:
    customer = session.scalars(select(Customer).where(Customer.code == "LINDEN")).one()
    session.add(
        Address(
            customer_id=customer.id,
            kind=AddressKind.DELIVERY,
            lines="9 Quay Street\nGalway",
            country="IE",
            position=9,
        )
    )
    session.flush()


def test_each_address_has_an_order_of_its_own_and_all_is_placed_once(session, buyer):
    with_another_address(session)
    last = own_addresses(session, actor=buyer)[-1].id
    lines = tuple(replace(line, address=last if line.address else None) for line in TO_BOTH)
    set_terms(session, freight=890, opening=3_500)
    shown = preview_order(session, actor=buyer, at=NOON, lines=lines)
    assert [part.freight for part in shown.parts] == [Money(890, "EUR")] * 2
    assert (shown.problems, shown.freight) == ((), Money(1_780, "EUR"))
    command = PlaceOrder(
        key="one",
        lines=lines,
        deliver_to="2 Quay, Cork",
        wanted_on=date(2026, 12, 1),
        total=shown.gross,
    )
    here, there = place_orders(session, command, actor=buyer, at=NOON)
    assert here.gross_minor + there.gross_minor == shown.gross.minor
    assert (here.wanted_on, there.wanted_on) == (date(2026, 12, 1), date(2026, 12, 4))
    assert "Quay Street" in there.deliver_to
    assert "Quay Street" not in here.deliver_to
    again = place_orders(session, command, actor=buyer, at=NOON)
    assert [one.number for one in again] == [here.number, there.number]
    alone = preview_order(session, actor=buyer, at=NOON, lines=lines[1:])  # all of it elsewhere
    assert (alone.parts, alone.freight) == ((), Money(890, "EUR"))


def test_a_line_has_a_day_of_its_own(session, buyer):
    lines = (
        WantedLine("ALM-500", 1),
        WantedLine("ALM-500", 1, wanted_on=date(2026, 12, 4)),
    )
    command = PlaceOrder(key="one", lines=lines, wanted_on=date(2026, 12, 1))
    order = place_order(session, command, actor=buyer, at=NOON)
    page = own_order_page(session, order.number, actor=buyer)
    assert [line.wanted_on for line in page.lines] == [None, date(2026, 12, 4)]
    over = (replace(lines[1], wanted_on=date(2026, 11, 1)),)
    with pytest.raises(Invalid, match="That day is over") as refused:
        place(session, buyer, key="two", lines=over)
    assert refused.value.errors[0].field == "lines.0.wanted_on"


@pytest.mark.parametrize(
    ("here", "there", "said"),
    [
        (18, 6, ""),
        (18, 5, "come to 23; the basket has 24"),
        (24, 0, "at least one pack"),
        (20, 4, "Sold in sixes"),
    ],
)
def test_a_line_in_two_parts_costs_what_all_of_it_costs(session, buyer, here, there, said):
    with_another_address(session)
    last = own_addresses(session, actor=buyer)[-1].id
    pack = offered_products(session, skus={"ALM-500"})["ALM-500"].pack(None)
    row = session.get_one(Pack, pack.id)
    row.order_least = row.order_step = 6
    price = session.scalars(select(Price).where(Price.pack_id == pack.id)).first()
    session.add(
        Price(
            price_list_id=price.price_list_id,
            pack_id=pack.id,
            product_id=price.product_id,
            from_packs=24,
            price_e4=50_000,
        )
    )
    session.flush()
    set_basket(session, {pack.id: 24}, actor=buyer, at=NOON)
    wishes = {("ALM-500", pack.code): (Wish(packs=here), Wish(address=last, packs=there))}
    shown = preview_order(session, actor=buyer, at=NOON, wishes=wishes)
    if said:
        assert said in shown.problems[0].message
        return
    made = place_orders(session, PlaceOrder(key="one", wishes=wishes), actor=buyer, at=NOON)
    lines = [(line.packs, line.price_e4) for one in made for line in one.lines if line.is_goods]
    assert lines == [(18, 50_000), (6, 50_000)]
    assert sum(one.gross_minor for one in made) == shown.gross.minor
