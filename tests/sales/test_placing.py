"""A buyer places an order: own prices, once, within their credit; prepaid is paid before it leaves."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from procurement.catalogue.models import Pack, Product
from procurement.kernel.actor import Actor
from procurement.kernel.db import make_engine
from procurement.kernel.errors import Conflict, Forbidden, Invalid
from procurement.kernel.money import Money
from procurement.kernel.paging import PageRequest
from procurement.kernel.permissions import GRANTS, Role
from procurement.kernel.unit_of_work import UnitOfWork
from procurement.outbox.models import Message
from procurement.sales.errors import CreditExceeded, NotPaid, OrderUnknown, PaymentRefused
from procurement.sales.models import Address, Customer, SalesOrder
from procurement.sales.operations.baskets import set_basket
from procurement.sales.operations.confirming import cancel_sales_order, confirm_order
from procurement.sales.operations.paying import PaymentTold, record_payment, take_payment
from procurement.sales.operations.placing import PlaceOrder, place_order, preview_order
from procurement.sales.operations.wanting import WantedLine
from procurement.sales.queries.baskets import basket_of
from procurement.sales.queries.credit import own_credit
from procurement.sales.queries.offers import offered_products
from procurement.sales.queries.own_orders import (
    own_addresses,
    own_confirmation,
    own_delivery_note,
    own_order_page,
    own_orders,
    own_proforma,
)
from procurement.sales.queries.shop import most_ordered
from procurement.sales.rules.webhooks import is_signed, signed
from procurement.sales.terms import AddressKind
from procurement.sales.terms.orders import Payment, SalesOrderStatus
from procurement.settings.models import Company
from tests.builders import NOON, a_product
from tests.doors import an_account
from tests.sales.fulfilling import (
    SELLER,
    a_confirmed_order,
    a_stocked_shop,
    an_accepted_quote,
    ordered,
    shipped,
)
from tests.sales.stories import a_customer
from tests.threads import at_once

TWO = (WantedLine("ALM-500", 2),)
SECRET = "s" * 40


def a_buyer(session, code: str = "LINDEN") -> Actor:
    customer = session.scalars(select(Customer).where(Customer.code == code)).one()
    user = an_account(session, Role.WHOLESALE_BUYER, customer_id=customer.id)
    return Actor(user.id, "Aoife", GRANTS[Role.WHOLESALE_BUYER], customer_id=customer.id)


@pytest.fixture
def shop(session):
    a_stocked_shop(session)
    a_customer(session, "BIRCH")
    return session


@pytest.fixture
def buyer(shop):
    return a_buyer(shop)


def place(session, buyer, **more):
    command = PlaceOrder(**({"key": "one", "lines": TWO} | more))
    made = place_order(session, command, actor=buyer, at=NOON)
    session.flush()
    return made


def limit(session, minor: int | None) -> None:
    customer = session.scalars(select(Customer).where(Customer.code == "LINDEN")).one()
    customer.credit_limit_minor = minor


def mails(session) -> list[str]:
    return list(session.scalars(select(Message.subject).order_by(Message.id)))


def test_the_basket_becomes_an_order_once(shop, buyer):
    pack = offered_products(shop, skus={"ALM-500"})["ALM-500"].pack(None)
    set_basket(shop, {pack.id: 3}, actor=buyer, at=NOON)
    preview = preview_order(shop, actor=buyer, at=NOON)
    command = {"lines": (), "total": preview.gross, "customer_ref": "PO 7", "note": "Ring twice"}
    made = place(shop, buyer, **command)
    assert place(shop, buyer, **command).number == made.number  # the same click again
    assert basket_of(shop, actor=buyer) == {}
    with pytest.raises(Conflict, match="empty"):
        place(shop, buyer, key="two", lines=())
    page = own_order_page(shop, made.number, actor=buyer)
    assert (page.status, page.placed_by, page.customer_ref) == ("draft", "Aoife", "PO 7")
    assert [(line.product, line.packs) for line in page.lines] == [("ALM-500", 3)]
    assert (page.gross, page.note_to_us) == (preview.gross, "Ring twice")
    assert [subject.split(",")[0] for subject in mails(shop)] == [
        f"We have your order {made.number}"
    ]
    confirm_order(shop, made.number, actor=SELLER, at=NOON)
    assert mails(shop)[-1].startswith("Order confirmation")


def test_prices_that_changed_a_past_day_and_what_has_no_price_are_refused(shop, buyer):
    for more, field, said in (
        ({"total": Money(1, "EUR")}, "total", "It comes to"),
        ({"wanted_on": NOON.date() - timedelta(days=1)}, "wanted_on", "over"),
        ({"lines": (WantedLine("CRR-01", 1),)}, "lines.0.product", "ask for a quote"),
        ({"lines": (WantedLine("NONE", 1),)}, "lines.0.product", "no product"),
        ({"lines": (WantedLine("ALM-500", 0),)}, "lines.0.packs", "From 1"),
        ({"address": 7}, "address", "one of your addresses"),
    ):
        with pytest.raises(Invalid, match=said) as refused:
            place(shop, buyer, **more)
        assert refused.value.errors[0].field == field
    assert shop.scalar(select(func.count()).select_from(SalesOrder)) == 0
    with pytest.raises(Forbidden):
        place(shop, SELLER)


def test_it_goes_to_the_address_chosen(shop, buyer):
    for i, (kind, lines) in enumerate(
        [(AddressKind.BILLING, "1 Mill Lane\nCork"), (AddressKind.DELIVERY, "2 Quay\nCork")]
    ):
        customer_id = buyer.customer_id
        shop.add(
            Address(customer_id=customer_id, position=10 + i, kind=kind, lines=lines, street="")
        )
    shop.flush()
    addresses = own_addresses(shop, actor=buyer)
    usual = next(one for one in addresses if one.is_usual)
    assert usual.lines == "2 Quay\nCork"
    other = next(one for one in addresses if one.lines.startswith("1 Mill"))
    made = place(shop, buyer, address=other.id)
    assert made.deliver_to.endswith("1 Mill Lane\nCork")
    assert place(shop, buyer, key="two").deliver_to.endswith("2 Quay\nCork")
    (first,) = shop.scalars(select(Address).where(Address.id == addresses[0].id))
    first.position = 99  # a colleague makes another one the usual one
    shop.flush()
    again = place(shop, buyer, key="four", address=other.id)
    assert again.deliver_to.endswith("1 Mill Lane\nCork")
    assert place(shop, buyer, key="three", deliver_to="The yard").deliver_to == "The yard"


def test_within_the_credit_it_is_confirmed_at_once_where_the_house_does_so(shop, buyer):
    shop.get_one(Company, 1).confirms_orders = True
    gross = preview_order(shop, actor=buyer, at=NOON, lines=TWO).gross
    limit(shop, gross.minor + 1)
    assert place(shop, buyer).status is SalesOrderStatus.CONFIRMED
    assert mails(shop)[-1].startswith("Order confirmation")
    beyond = place(shop, buyer, key="two")
    assert beyond.status is SalesOrderStatus.DRAFT  # somebody looks at it
    with pytest.raises(CreditExceeded):
        confirm_order(shop, beyond.number, actor=SELLER, at=NOON)
    prepaid = place(shop, buyer, key="three", payment=Payment.PREPAID)
    assert prepaid.status is SalesOrderStatus.CONFIRMED  # takes no credit
    assert own_credit(shop, actor=buyer).used == gross
    limit(shop, 2 * gross.minor)
    assert place(shop, buyer, key="four").status is SalesOrderStatus.CONFIRMED


def told(order: SalesOrder, /, **more) -> PaymentTold:
    amount = Money(order.gross_minor, order.currency)
    return PaymentTold(
        **(
            {"event_id": "evt_1", "order": order.number, "amount": amount, "reference": "pi_9"}
            | more
        )
    )


def test_a_prepaid_order_leaves_when_it_is_paid(shop, buyer):
    order = place(shop, buyer, payment=Payment.PREPAID)
    confirm_order(shop, order.number, actor=SELLER, at=NOON)
    with pytest.raises(NotPaid):
        shipped(shop, order.number, 2)
    for _ in range(2):  # told twice, paid once
        assert take_payment(shop, told(order), at=NOON).paid_at == NOON
        shop.flush()
    assert order.payment_reference == "pi_9"
    for again in (told(order, event_id="evt_2"), told(order, reference="other")):
        with pytest.raises(PaymentRefused):
            take_payment(shop, again, at=NOON)
    shipped(shop, order.number, 2)


def test_a_payment_of_something_else_is_refused(shop, buyer):
    order = place(shop, buyer, payment=Payment.PREPAID)
    on_account = place(shop, buyer, key="two")
    gone = place(shop, buyer, key="three", payment=Payment.PREPAID)
    cancel_sales_order(shop, gone.number, actor=SELLER, at=NOON)
    for event, refusal in (
        (told(order, amount=Money(order.gross_minor - 1, "EUR")), Invalid),
        (told(order, amount=Money(order.gross_minor, "USD")), Invalid),
        (told(order, order="SO-0000-0000"), OrderUnknown),
        (told(on_account), PaymentRefused),
        (told(gone), PaymentRefused),
    ):
        with pytest.raises(refusal):
            take_payment(shop, event, at=NOON)
    assert order.paid_at is None
    record_payment(shop, order.number, "bank, 23 Nov", actor=SELLER, at=NOON)
    assert order.payment_reference == "bank, 23 Nov"


def test_whose_the_orders_are(shop, buyer):
    other = a_buyer(shop, "BIRCH")
    placed = place(shop, buyer)
    confirmed = a_confirmed_order(shop, 2)
    draft = ordered(shop, an_accepted_quote(shop))
    number = shipped(shop, confirmed, 2).number
    shop.flush()
    rows = own_orders(shop, PageRequest(), actor=buyer).items
    assert [row.number for row in rows] == [confirmed, placed.number]
    assert own_orders(shop, PageRequest(), actor=other).items == ()
    assert own_confirmation(shop, confirmed, actor=buyer).content.startswith(b"%PDF")
    assert own_proforma(shop, placed.number, actor=buyer).content.startswith(b"%PDF")
    assert own_delivery_note(shop, confirmed, number, actor=buyer).content.startswith(b"%PDF")
    said = set()
    for actor, call in (
        (other, lambda actor: own_order_page(shop, placed.number, actor=actor)),
        (other, lambda actor: own_confirmation(shop, confirmed, actor=actor)),
        (other, lambda actor: own_proforma(shop, confirmed, actor=actor)),
        (other, lambda actor: own_delivery_note(shop, confirmed, number, actor=actor)),
        (buyer, lambda actor: own_order_page(shop, draft.number, actor=actor)),
        (buyer, lambda actor: own_order_page(shop, "SO-0000-0000", actor=actor)),
        (buyer, lambda actor: own_delivery_note(shop, placed.number, number, actor=actor)),
        (buyer, lambda actor: own_confirmation(shop, placed.number, actor=actor)),
    ):
        with pytest.raises(OrderUnknown) as refused:
            call(actor)
        said.add(refused.value.message)
    assert said == {"There is no such document."}


def test_two_clicks_at_once_make_one_order(fresh_database):
    engine = make_engine(fresh_database)
    work = UnitOfWork(engine)
    with work.write() as session:
        a_stocked_shop(session)
        buyer = a_buyer(session)
        pack = offered_products(session, skus={"ALM-500"})["ALM-500"].pack(None)
        set_basket(session, {pack.id: 1}, actor=buyer, at=NOON)

    def click(n):
        command = PlaceOrder(key="same" if n < 3 else "another tab")
        try:
            with work.write() as session:
                return place_order(session, command, actor=buyer, at=NOON).number
        except Conflict:
            return None

    numbers = [number for number in at_once(4, click) if number]
    assert len(set(numbers)) == 1
    with work.read() as session:
        assert session.scalar(select(func.count()).select_from(SalesOrder)) == 1
    engine.dispose()


def test_the_money_told_twice_at_once_is_taken_once(fresh_database):
    engine = make_engine(fresh_database)
    work = UnitOfWork(engine)
    with work.write() as session:
        a_stocked_shop(session)
        order = place(session, a_buyer(session), payment=Payment.PREPAID)
        event = told(order)

    def tell(_):
        with work.write() as session:
            return take_payment(session, event, at=NOON).number

    assert set(at_once(4, tell)) == {event.order}
    engine.dispose()


NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
AT = int(NOW.timestamp())


@pytest.mark.parametrize(
    ("header", "secret", "right"),
    [
        (signed(SECRET, b"{}", AT), SECRET, True),
        (signed(SECRET, b"{}", AT - 300), SECRET, True),
        (signed(SECRET, b"{}", AT - 301), SECRET, False),
        (signed(SECRET, b"{}", AT + 301), SECRET, False),
        (signed(SECRET, b"{ }", AT), SECRET, False),
        (signed("t" * 40, b"{}", AT), SECRET, False),
        (signed(SECRET, b"{}", AT).replace(f"t={AT}", f"t={AT - 1}"), SECRET, False),
        (signed("", b"{}", AT), "", False),  # no secret: nobody is believed
        ("", SECRET, False),
        ("t=,v1=", SECRET, False),
        (signed(SECRET, b"{}", AT).upper(), SECRET, False),
    ],
)
def test_who_is_believed(header, secret, right):
    assert is_signed(secret, header, b"{}", NOW) is right


def test_the_signature_is_what_another_program_reckons():
    """As openssl says: printf '1795435200.{}' | openssl dgst -sha256 -hmac ssss... (40 times s)."""
    mac = "f2f2b5a3c8081dc360cf5c583a69754a7cecbe1ebdc868622817d4fbf4973ae6"
    assert signed(SECRET, b"{}", 1795435200) == f"t=1795435200,v1={mac}"


def in_sixes(session) -> None:
    packs = select(Pack).join(Product).where(Product.sku == "ALM-500", Pack.is_sales_pack)
    pack = session.scalars(packs).one()
    pack.order_least, pack.order_step, pack.order_most = 6, 6, 12
    session.flush()


@pytest.mark.parametrize(
    ("packs", "said"),
    [
        ((4,), "At least 6 an order: make it 6."),
        ((6, 1), "Sold in sixes: make it 12."),
        ((18,), "At most 12 an order: make it 12."),
    ],
)
def test_only_so_many_as_packs_are_sold_in(shop, buyer, packs, said):
    in_sixes(shop)
    lines = tuple(WantedLine("ALM-500", number) for number in packs)
    with pytest.raises(Invalid) as refused:
        place(shop, buyer, lines=lines)
    (error,) = refused.value.errors
    assert (error.field, error.message.endswith(said)) == ("lines.0.packs", True)
    assert preview_order(shop, actor=buyer, at=NOON, lines=lines).problems == (error,)
    place(shop, buyer, lines=(WantedLine("ALM-500", 4), WantedLine("ALM-500", 8)))


def test_two_at_once_do_not_both_take_what_is_left_of_the_credit(fresh_database):
    """Two colleagues, two orders, credit for one of them: one is confirmed, one waits for our people."""
    engine = make_engine(fresh_database)
    work = UnitOfWork(engine)
    with work.write() as session:
        a_stocked_shop(session)
        session.get_one(Company, 1).confirms_orders = True
        colleagues = [a_buyer(session), a_buyer(session)]
        gross = preview_order(session, actor=colleagues[0], at=NOON, lines=TWO).gross
        limit(session, gross.minor + 1)

    def order(n):
        command = PlaceOrder(key="mine", lines=TWO)
        with work.write() as session:
            return place_order(session, command, actor=colleagues[n], at=NOON).status

    assert sorted(at_once(2, order)) == [SalesOrderStatus.CONFIRMED, SalesOrderStatus.DRAFT]
    with work.read() as session:
        assert own_credit(session, actor=colleagues[0]).used == gross
    engine.dispose()


def test_what_two_customers_order_is_not_told_by_the_order_of_the_shop(shop):
    """Only what three order comes first under "most ordered"."""
    a_product(shop, "AAA-1")
    a_customer(shop, "OAK")
    shop.get_one(Company, 1).confirms_orders = True

    def first() -> str:
        return shop.scalars(select(Product.sku).order_by(most_ordered(), Product.sku)).first()

    for code in ("LINDEN", "BIRCH"):
        place(shop, a_buyer(shop, code))
        assert first() == "AAA-1"
    place(shop, a_buyer(shop, "OAK"))
    assert first() == "ALM-500"
