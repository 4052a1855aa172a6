"""A pack that is sold in sixes: whichever way four of it are wanted, somebody says so, and nothing is ordered."""

import re

import pytest
from sqlalchemy import func, select

from procurement.accounts.operations.tokens import issue_token
from procurement.catalogue.models import Family, Pack, Product
from procurement.kernel.clock import utc_now
from procurement.kernel.permissions import Role
from procurement.sales.models import SalesOrder
from tests.api.programs import Program, fields
from tests.builders import a_location, virtual_locations
from tests.doors import an_account, sign_in
from tests.exchange.cxml_client import Buyer, item
from tests.portal.test_own_orders import place
from tests.portal.test_punchout import begin, connect
from tests.sales.stories import a_ready_shop

SAID = "At least 6 an order: make it 6."
BOTTLE = "/basket/ALM-500/bottle"
FOUR = {"lines": [{"product": "ALM-500", "packs": 4}]}

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def work(app):
    return app.extensions["uow"]


@pytest.fixture
def linden(work):
    with work.write() as session:
        made = a_ready_shop(session).id
        virtual_locations(session)
        a_location(session, "STORE")
        family = Family(code="almond", name="Almond")
        session.add(family)
        session.flush()
        product = session.scalars(select(Product).where(Product.sku == "ALM-500")).one()
        product.family_id = family.id
        sell_in_sixes(session, product.id)
    return made


def sell_in_sixes(session, product_id) -> None:
    packs = select(Pack).where(Pack.product_id == product_id, Pack.is_sales_pack)
    pack = session.scalars(packs).one()
    pack.order_least, pack.order_step, pack.order_most = 6, 6, 12


@pytest.fixture
def buyer(client, linden):
    sign_in(client, Role.WHOLESALE_BUYER, customer_id=linden)
    return client


def of_bottles(page: str) -> str:
    """The name of the field for bottles on a family's page."""
    return re.search(r'for="(packs-\d+)">[^<]*ottle', page)[1]


def by_card(buyer):
    """Said at once on the page it was put in from, which is another than the basket's."""
    data = {"packs": "4", "back": "/catalogue"}
    assert SAID in buyer.post(BOTTLE, data=data, follow_redirects=True).text


def by_quick_order(buyer):
    page = buyer.post("/quick-order", data={"paste": "ALM-500 4"})
    assert SAID in page.text
    buyer.post("/quick-order", data={"code-0": "ALM-500", "packs-0": "4", "do": "basket"})


def by_list(buyer):
    data = {"code-0": "ALM-500", "packs-0": "4", "do": "list", "list_name": "Weekly"}
    kept = buyer.post("/quick-order", data=data).location
    assert buyer.post(f"{kept}/basket", data={"how": "add"}).status_code == 303


def by_reorder(buyer):
    """What was ordered before packs were sold in sixes."""
    uow = buyer.application.extensions["uow"]
    with uow.write() as session:
        pack = session.scalars(select(Pack).where(Pack.order_step == 6)).one()
        pack.order_least, pack.order_step, pack.order_most, product = 1, 1, None, pack.product_id
    buyer.post(BOTTLE, data={"packs": "4"})
    order = place(buyer)[0].location
    with uow.write() as session:
        sell_in_sixes(session, product)
        session.scalars(select(SalesOrder)).one()
    assert buyer.post(f"{order}/again").location == "/basket"


@pytest.mark.parametrize("put", [by_card, by_quick_order, by_list, by_reorder])
def test_the_basket_says_so_mends_it_with_one_click_and_is_not_ordered(buyer, work, put):
    put(buyer)
    before = number_of_orders(work)
    page = buyer.get("/basket").text
    assert SAID in page
    assert "Make it 6" in page
    refused, _ = place(buyer)
    assert (refused.status_code, SAID in refused.text) == (422, True)
    assert number_of_orders(work) == before
    buyer.post(BOTTLE, data={"packs": "6"})
    assert SAID not in buyer.get("/basket").text
    assert place(buyer)[0].status_code == 303


def test_a_family_refuses_it_at_its_field(buyer):
    name = of_bottles(buyer.get("/family/almond").text)
    refused = buyer.post("/family/almond/basket", data={name: "4"})
    assert (refused.status_code, SAID in refused.text) == (422, True)
    assert buyer.post("/family/almond/basket", data={name: "12"}).status_code == 303


def test_a_program_is_told_at_its_line(app, work, linden):
    with work.write() as session:
        user = an_account(session, Role.WHOLESALE_BUYER, customer_id=linden)
        token = issue_token(session, user.email, "tests", at=utc_now())
    program = Program(app.test_client(), token)
    refused = program.post("/orders", FOUR)
    assert (refused.status_code, fields(refused)) == (422, ["lines.0.packs"])
    basket = program.put("/baskets/mine", FOUR).json
    assert (basket["totals"], basket["problems"][0]["field"]) == (None, "lines.0.packs")
    assert fields(program.post("/orders")) == ["lines.0.packs"]
    kept = program.post("/saved-lists", FOUR | {"name": "Weekly"}).json["ref"]
    assert program.post(f"/saved-lists/{kept}/to-basket", {"how": "replace"}).status_code == 200
    assert fields(program.post("/orders")) == ["lines.0.packs"]
    assert number_of_orders(work) == 0


def test_no_such_basket_goes_to_a_procurement_system_and_no_such_order_comes(
    app, client, work, linden
):
    with work.write() as session:
        system = Buyer(app.test_client(), connect(session, "LINDEN"))
    begin(client, system)
    client.post(BOTTLE, data={"packs": "4"})
    assert SAID in client.get("/basket").text
    back = client.post("/punchout/return", follow_redirects=True)
    assert SAID in back.text
    assert "cXML-urlencoded" not in back.text
    answer = system.order("9", item("ALM-500", "4", line=3))
    assert (answer.code, f"Line 3: {SAID}" in answer.text or SAID in answer.text) == (400, True)
    assert number_of_orders(work) == 0


def number_of_orders(work) -> int:
    with work.read() as session:
        return session.scalar(select(func.count()).select_from(SalesOrder))
