"""The public shop: anybody browses; prices are for the buyer whose they are, costs for nobody."""

import pytest

from procurement.catalogue.models import Product
from procurement.catalogue.operations.products import change_product, create_product
from procurement.catalogue.terms import Kind, PackDraft, ProductDraft, ProductStatus
from procurement.kernel.clock import utc_now
from procurement.kernel.permissions import Role
from procurement.settings.models import Company
from tests.builders import a_product, a_supplier, a_supplier_item, an_actor
from tests.doors import sign_in
from tests.queries import assert_queries
from tests.sales.stories import a_customer, a_list, a_ready_shop


@pytest.fixture
def work(app):
    return app.extensions["uow"]


@pytest.fixture
def shop(work):
    """Two customers: Linden pays the standard list, Birch a list of its own at half of it."""
    with work.write() as session:
        linden = a_ready_shop(session)
        a_product(session, "CRR-02", name="Nobody prices this")
        draft = ProductDraft(
            "BALM",
            name="Calendula Balm",
            kind=Kind.BALM,
            ingredients=("Prunus Amygdalus Dulcis Oil", "Cera Alba"),
            body_areas=("Foot",),
            techniques=("Thumb walking",),
            period_after_opening_months=6,
            description="Soft <b>wax</b>",
        )
        packs = [PackDraft("BALM", "TIN", "Tin 50 g", 50, "4006381333931")]
        create_product(session, draft, packs, actor=an_actor(), at=utc_now())
        a_supplier(session)
        a_supplier_item(session, pack="bottle", prices={1: "3.33"})
        return linden.id


@pytest.fixture
def buyer(client, shop):
    sign_in(client, Role.WHOLESALE_BUYER, customer_id=shop)
    return client


def test_a_visitor_browses_without_prices(client, shop):
    page = client.get("/").text
    assert "Calendula Balm" in page
    assert "€" not in page
    detail = client.get("/catalogue/ALM-500").text
    assert "bottle 500 ml" in detail
    assert "11.90" not in detail
    assert "Sign in" in detail


def test_a_visitor_reads_what_is_in_it(client, shop):
    page = client.get("/catalogue/BALM").text
    for words in ("Cera Alba", "almond (tree nut)", "Foot", "Thumb walking", "6 months", "50 g"):
        assert words in page
    assert "Soft &lt;b&gt;wax&lt;/b&gt;" in page
    assert "/message/?product=BALM" in page


def test_a_buyer_sees_their_own_prices_and_the_next_break_and_never_a_cost(buyer):
    shelf = buyer.get("/catalogue").text
    assert "€11.90" in shelf
    assert "€23.80 per l" in shelf
    assert "On request" in shelf
    page = buyer.get("/catalogue/ALM-500").text
    assert "€142.80" in page
    assert "135.60 from 6 cases" in page
    assert "3.33" not in page + shelf
    assert "Corrib" not in page + shelf
    assert "List STD" not in page + shelf


def test_another_customers_list_is_never_shown(client, work, buyer, shop):
    with work.write() as session:
        a_list(session, "BIRCH-ONLY", is_default=False)
        birch = a_customer(session, "BIRCH", price_list="BIRCH-ONLY").id
        price = session.connection().exec_driver_sql
        price(
            "UPDATE price SET price_e4 = 77700 WHERE price_list_id ="
            " (SELECT id FROM price_list WHERE code = 'BIRCH-ONLY')"
        )
    for address in ("/", "/catalogue", "/catalogue/ALM-500"):
        page = buyer.get(address).text
        assert "7.77" not in page
        assert "11.90" in page
    sign_in(client, Role.WHOLESALE_BUYER, customer_id=birch)
    page = client.get("/catalogue/ALM-500").text
    assert "€7.77" in page
    assert "11.90" not in page


def test_staff_and_buyers_of_nobody_see_no_prices(client, shop):
    for role in (Role.SALES, Role.WHOLESALE_BUYER):
        sign_in(client, role)
        assert "€" not in client.get("/").text
        assert "11.90" not in client.get("/catalogue/ALM-500").text


def test_what_is_discontinued_is_not_offered(client, work, shop):
    with work.write() as session:
        draft = ProductDraft("BALM", status=ProductStatus.DISCONTINUED)
        change_product(session, draft, actor=an_actor(), at=utc_now())
    assert "Calendula" not in client.get("/catalogue").text
    assert client.get("/catalogue/BALM").status_code == 404
    assert client.get("/catalogue?q=calendula").text.count("Calendula Balm") == 0


@pytest.mark.parametrize(
    ("query", "there"),
    [
        ("q=calendula", True),
        ("q=calendlua", True),
        ("q=4006381333931", True),
        ("kind=balm&kind=oil&area=foot&technique=thumb-walking", True),
        ("kind=tool", False),
        ("kind=soup", True),
        ("area=%00", False),
        ("q=%27%22%25", False),
        ("q=" + "x" * 5000, False),
    ],
)
def test_the_shop_is_searched_and_narrowed(client, shop, query, there):
    answer = client.get(f"/catalogue?{query}")
    assert answer.status_code == 200
    assert ("Calendula Balm" in answer.text) is there


def test_a_word_typed_wrongly_is_put_right_and_said(client, shop):
    assert "This is what “calendula” finds" in client.get("/catalogue?q=calendlua").text


@pytest.mark.parametrize("address", ["/catalogue/NONE", "/catalogue/%00", "/catalogue?cursor=x"])
def test_what_is_not_there_is_a_page_that_says_so(client, shop, address):
    answer = client.get(address)
    assert answer.status_code == 404
    assert "Search products" in answer.text  # one is still in the shop


def test_an_address_that_leads_nowhere_keeps_who_shops_in_the_shop(app, client, shop):
    assert "Browse everything" in client.get("/nowhere").text
    staff = app.test_client()
    sign_in(staff, Role.SALES)
    for gone in (staff.get("/nowhere"), client.get("/q/nothing"), client.get("/nowhere.json")):
        assert (gone.status_code, "Browse everything" in gone.text) == (404, False)


def test_pages_ask_a_fixed_number_of_questions(client, work, shop):
    with work.write() as session:
        for n in range(60):
            a_product(session, f"P-{n}", name=f"Product {n}")
    sign_in(client, Role.WHOLESALE_BUYER, customer_id=shop)
    for n in range(5):
        client.post(f"/basket/P-{n}/bottle", data={"packs": "2"})
    for address, most in (("/", 21), ("/catalogue?q=p", 22), ("/catalogue/ALM-500", 29)):
        with assert_queries(work.engine, most):
            assert client.get(address).status_code == 200
    with work.read() as session:
        assert session.query(Product).count() > 60


def test_the_sellers_colour_comes_as_a_stylesheet_that_reads_well(client, work, shop):
    with work.write() as session:
        session.get(Company, 1).brand_colour = "#2F4427"
    assert "/brand/2f4427.css" in client.get("/").text
    dark, light = client.get("/brand/2f4427.css"), client.get("/brand/f5e9c8.css")
    assert "--on-brand: #fff" in dark.text
    assert "--on-brand: #000" in light.text
    assert "immutable" in dark.headers["Cache-Control"]
    assert client.get("/brand/red.css").status_code == 404
    assert "Disallow: /basket" in client.get("/robots.txt").text
