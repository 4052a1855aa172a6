"""Lists and usuals over the pages: made from a basket and an order, changed, put into the basket again."""

import re

import pytest

from procurement.catalogue.models import Product
from procurement.catalogue.terms import ProductStatus
from procurement.kernel.clock import utc_now
from procurement.kernel.permissions import Role
from procurement.sales.models import SalesOrder
from procurement.sales.operations.confirming import confirm_order
from tests.builders import a_location, virtual_locations
from tests.doors import sign_in
from tests.portal.test_own_orders import place
from tests.queries import assert_queries
from tests.sales.stories import SELLER, a_customer, a_ready_shop

CASE = "/basket/ALM-500/case"


@pytest.fixture
def work(app):
    return app.extensions["uow"]


@pytest.fixture
def customers(work):
    with work.write() as session:
        made = a_ready_shop(session).id, a_customer(session, "BIRCH").id
        virtual_locations(session)
        a_location(session, "STORE")
    return made


@pytest.fixture
def buyer(client, customers):
    sign_in(client, Role.WHOLESALE_BUYER, customer_id=customers[0])
    return client


def keys(page):
    return re.findall(r'name="packs-(\d+)"', page.text)


def kept(buyer, name="Weekly"):
    buyer.post(CASE, data={"packs": "6"})
    buyer.post("/basket/CRR-01/piece", data={"packs": "2"})
    return buyer.post("/account/lists", data={"name": name}).location


def test_a_list_is_made_from_the_basket_changed_and_ordered_from(buyer, work):
    assert "No lists yet" in buyer.get("/account/lists").text
    address = kept(buyer)
    page = buyer.get(address)
    assert "€813.60" in page.text
    first, second = keys(page)
    changed = {"name": "Every week", f"packs-{first}": "2", f"packs-{second}": "3", "shared": "y"}
    assert buyer.post(address, data={**changed, f"note-{first}": "room 3"}).status_code == 303
    page = buyer.get(address)
    assert "room 3" in page.text
    assert "Shared with colleagues" in page.text
    wrong = buyer.post(address, data={**changed, f"packs-{first}": "1.5"})
    assert wrong.status_code == 422
    assert "0 to 1,000,000" in wrong.text
    assert buyer.post(f"{address}/basket", data={"line": first}).location == "/basket"
    buyer.post(f"{address}/basket", data={"how": "replace"})
    basket = buyer.get("/basket").text
    assert "2 cases" in basket
    assert "3 pieces" in basket
    with work.write() as session:
        session.query(Product).filter_by(sku="CRR-01").one().status = ProductStatus.DISCONTINUED
    assert "No longer offered" in buyer.get(address).text
    copy = buyer.post(f"{address}/copy").location
    assert "Every week (2)" in buyer.get(copy).text
    assert buyer.post(f"{address}/delete").location == "/account/lists"
    assert buyer.get(address).status_code == 404


def test_it_is_made_from_a_quick_order_and_from_a_product_page(buyer):
    data = {"code-0": "ALM-500", "packs-0": "2", "do": "list", "list_name": "Oils"}
    address = buyer.post("/quick-order", data=data).location
    (key,) = keys(buyer.get(address))
    product = buyer.get("/catalogue/ALM-500").text
    assert "Oils" in product
    ref = address.rpartition("/")[2]
    one = {"pack_id": key, "list": ref, "back": "/catalogue/ALM-500"}
    assert buyer.post("/account/lists/add", data=one).location == "/catalogue/ALM-500"
    assert 'value="3"' in buyer.get(address).text
    buyer.post("/account/lists/add", data={"pack_id": key, "name": "New"})
    assert "New" in buyer.get("/account/lists").text


def test_colleagues_see_what_is_shared_and_others_nothing(client, customers):
    sign_in(client, Role.WHOLESALE_BUYER, customer_id=customers[0])
    address = kept(client)
    sign_in(client, Role.WHOLESALE_BUYER, customer_id=customers[0])
    assert client.get(address).status_code == 404
    assert "Weekly" not in client.get("/account/lists").text
    sign_in(client, Role.WHOLESALE_BUYER, customer_id=customers[1])
    for path in ("", "/basket", "/copy", "/delete"):
        answer = client.post(f"{address}{path}", data={"name": "Mine"})
        assert answer.status_code == 404, path


def test_usuals_are_what_was_ordered_with_the_number_of_the_last_time(buyer, work):
    assert "Nothing ordered yet" in buyer.get("/account/usuals").text
    for number in ("6", "8"):
        buyer.post(CASE, data={"packs": number})
        answer, _ = place(buyer)
        assert answer.status_code == 303
        with work.write() as session:
            order = session.query(SalesOrder).order_by(SalesOrder.id.desc()).first()
            confirm_order(session, order.number, actor=SELLER, at=utc_now())
    page = buyer.get("/account/usuals").text
    assert "8 cases" in page
    assert "in 2 orders" in page
    key = re.search(r'name="line" value="(\d+)"', page)[1]
    buyer.post("/account/usuals/basket", data={"line": key})
    assert "8 cases" in buyer.get("/basket").text
    sent = buyer.post("/account/lists", data={"name": "Order", "order": order.number})
    assert sent.location.startswith("/account/lists/")


def test_a_list_asks_the_same_however_long_it_is(buyer, work):
    short = kept(buyer)
    with assert_queries(work.engine, 40) as few:
        buyer.get(short)
    buyer.post("/basket/ALM-500/bottle", data={"packs": "1"})
    long = kept(buyer, "Long")
    with assert_queries(work.engine, len(few)):
        buyer.get(long)
