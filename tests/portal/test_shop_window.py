"""What visitors see of prices, and the searches a buyer keeps."""

import pytest

from procurement.catalogue.operations.products import create_product
from procurement.catalogue.terms import Kind, ProductDraft
from procurement.kernel.clock import utc_now
from procurement.kernel.permissions import Role
from tests.builders import a_product, an_actor
from tests.doors import sign_in
from tests.sales.stories import a_customer, a_list, a_ready_shop


@pytest.fixture
def work(app):
    return app.extensions["uow"]


@pytest.fixture
def shop(work):
    with work.write() as session:
        linden = a_ready_shop(session).id
        a_list(session, "RETAIL", is_default=False)
        session.connection().exec_driver_sql(
            "UPDATE price SET price_e4 = 199000 WHERE from_packs = 1 AND price_list_id ="
            " (SELECT id FROM price_list WHERE code = 'RETAIL')"
        )
        a_product(session, "CRR-02", name="Nobody prices this")
        return linden


def arrange(client, **typed):
    sign_in(client)
    answer = client.post("/settings/shop", data=typed)
    client.get("/sign-out")
    client.delete_cookie("session")
    return answer


def test_visitors_see_the_prices_the_house_chose_for_them(client, shop):
    assert "€" not in client.get("/catalogue").text
    arrange(client, visitor_prices="retail", retail_list="RETAIL")
    shelf, page = client.get("/catalogue").text, client.get("/catalogue/ALM-500").text
    assert "€19.90" in shelf
    assert "€19.90" in page
    assert "11.90" not in shelf + page
    assert "Price, low to high" in shelf
    arrange(client, visitor_prices="list", retail_list="")
    assert "€11.90" in client.get("/catalogue").text
    arrange(client, visitor_prices="none", retail_list="RETAIL")
    assert "€" not in client.get("/catalogue").text


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"visitor_prices": "retail", "retail_list": ""}, "Choose the list"),
        ({"visitor_prices": "all"}, "choice"),
        ({"visitor_prices": "list", "retail_list": "MOON"}, "choice"),
    ],
)
def test_a_window_that_cannot_be_is_refused_at_its_field(client, shop, typed, words):
    answer = arrange(client, **typed)
    assert answer.status_code == 422
    assert words in answer.text


def test_a_buyer_sees_what_is_left_to_them_at_the_retail_price(client, shop):
    arrange(client, visitor_prices="none", retail_list="RETAIL")
    assert "Retail" not in client.get("/catalogue/ALM-500").text
    sign_in(client, Role.WHOLESALE_BUYER, customer_id=shop)
    page = client.get("/catalogue/ALM-500").text
    assert "€11.90" in page
    assert "Retail €19.90, margin 40.2" in page


def test_a_buyer_keeps_a_search_and_sees_what_is_new(client, work, shop):
    sign_in(client, Role.WHOLESALE_BUYER, customer_id=shop)
    kept = {"name": "Rollers", "query": "sort=name&kind=tool&colour=red"}
    assert client.post("/account/searches", data=kept).status_code == 303
    page = client.get("/account/searches").text
    assert "Rollers" in page
    assert " new" not in page
    with work.write() as session:
        draft = ProductDraft("NEW-1", name="Cork roller", kind=Kind.TOOL)
        create_product(session, draft, actor=an_actor(), at=utc_now())
    assert "1 new" in client.get("/account/searches").text
    answer = client.post("/account/searches/1/open")
    assert answer.headers["Location"] == "/catalogue?kind=tool&sort=name"
    assert " new" not in client.get("/account/searches").text
    assert (
        "called Rollers already"
        in client.post("/account/searches", data=kept, follow_redirects=True).text
    )


def test_a_search_is_nobody_elses(client, work, shop):
    sign_in(client, Role.WHOLESALE_BUYER, customer_id=shop)
    kept = {"name": "Mine", "query": "kind=oil"}
    client.post("/account/searches", data=kept, follow_redirects=True)
    with work.write() as session:
        birch = a_customer(session, "BIRCH").id
    sign_in(client, Role.WHOLESALE_BUYER, customer_id=birch)
    assert "Mine" not in client.get("/account/searches").text
    for action in ("open", "delete"):
        assert client.post(f"/account/searches/1/{action}").status_code == 404
