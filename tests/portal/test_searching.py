"""The search box of the portal proposes; what is searched and opened is noticed, and told to sellers only."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from procurement.catalogue.models import Product
from procurement.catalogue.operations.search_words import learn_words
from procurement.kernel.clock import utc_now
from procurement.kernel.permissions import Role
from procurement.sales.models import BasketLine, Customer, ProductViewed, SearchMade
from procurement.sales.operations.interest import forget_looks
from tests.doors import sign_in
from tests.queries import assert_queries
from tests.sales.stories import a_ready_shop


@pytest.fixture
def work(app):
    return app.extensions["uow"]


@pytest.fixture
def shop(app, work):
    app.extensions["notebook"].write_down()  # applications are lent: what a test before left
    with work.write() as session:
        customer = a_ready_shop(session)
        product = session.scalars(select(Product).where(Product.sku == "ALM-500")).one()
        product.name, product.search_text = "Almond Oil", "almond oil alm-500 alm500"
        learn_words(session, [product.search_text])
        return customer.id


def noticed(app, work):
    app.extensions["notebook"].write_down()
    with work.read() as session:
        searches = session.execute(
            select(SearchMade.text, SearchMade.hits, SearchMade.customer_id).order_by(SearchMade.id)
        ).all()
        return [tuple(row) for row in searches]


def test_products_and_names_are_proposed_while_one_types(client, shop):
    proposed = client.get("/suggest?q=almnd").text
    assert re.search(r'role="option"[^>]*data-href="/catalogue/ALM-500"', proposed)
    assert "almond" in proposed
    assert "All 1 products" in proposed or "products for" in proposed
    assert client.get("/suggest?q=a").text.strip() == ""
    assert "Nothing found" in client.get("/suggest?q=zzzzzzz").text
    assert client.get("/suggest?q=" + "x" * 5_000).status_code == 200


def test_the_box_is_a_form_without_scripts_and_a_combobox_with_them(client, shop):
    page = client.get("/").text
    assert 'action="/catalogue"' in page
    assert 'hx-get="/suggest"' in page


def test_searches_are_noticed_after_the_request_and_without_names(app, client, work, shop):
    client.get("/catalogue?q=Almonds")
    client.get("/catalogue?q=zzzzzz")
    client.get("/catalogue?q=mei@example.com")
    client.get("/suggest?q=almond")
    client.get("/catalogue")
    with work.read() as session:
        assert session.scalar(select(SearchMade.id)) is None
    assert noticed(app, work) == [("almonds", 1, None), ("zzzzzz", 0, None)]
    sign_in(client, Role.WHOLESALE_BUYER, customer_id=shop)
    client.get("/catalogue?q=almond+zzzzzz")
    assert noticed(app, work)[2:] == [("almond zzzzzz", 0, shop)]


def test_what_staff_look_at_is_not_noticed(app, client, work, shop):
    sign_in(client, Role.SALES)
    client.get("/catalogue?q=almond")
    client.get("/catalogue/ALM-500")
    assert noticed(app, work) == []


def test_insight_tells_sellers_what_was_not_found_left_and_looked_at(app, client, work, shop):
    sign_in(client, Role.WHOLESALE_BUYER, customer_id=shop)
    client.get("/catalogue?q=scraping+stone")
    client.get("/catalogue/ALM-500")
    client.post("/basket/ALM-500/bottle", data={"packs": "3"})
    app.extensions["notebook"].write_down()
    with work.write() as session:
        session.execute(update(BasketLine).values(changed_at=utc_now() - timedelta(days=8)))
        name = session.get(Customer, shop).name
    assert client.get("/insight/").status_code == 403
    sign_in(client, Role.SALES)
    page = client.get("/insight/").text
    assert "/synonyms/new?word=scraping+stone" in page
    assert "mailto:" in page
    assert name in page
    assert "Almond" in page
    client.post("/synonyms/new", data={"phrases": "scraping stone, almond"})
    assert "/synonyms/new?word=scraping+stone" not in client.get("/insight/").text
    assert "scraping stone" in client.get("/insight/?format=csv").text
    with assert_queries(work.engine, 22):
        client.get("/insight/?days=90")
    sign_in(client, Role.STOCK_KEEPER)
    assert client.get("/insight/").status_code == 403


def test_what_is_older_than_it_may_be_kept_is_forgotten(app, client, work, shop):
    client.get("/catalogue?q=almond")
    client.get("/catalogue/ALM-500")
    app.extensions["notebook"].write_down()
    with work.write() as session:
        assert forget_looks(session, at=utc_now() + timedelta(days=80)) == 0
        assert forget_looks(session, at=utc_now() + timedelta(days=91)) == 2
        assert session.scalar(select(ProductViewed.id)) is None
