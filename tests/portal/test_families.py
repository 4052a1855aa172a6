"""A family on one page, products side by side, and what somebody looked at last."""

import re

import pytest

from procurement.catalogue.operations.products import create_product
from procurement.catalogue.terms import Kind, PackDraft, ProductDraft
from procurement.kernel.clock import utc_now
from procurement.kernel.permissions import Role
from procurement.kernel.quantity import Unit
from tests.builders import an_actor
from tests.doors import sign_in
from tests.queries import assert_queries
from tests.sales.stories import a_ready_shop

SCENTS = ("Lavender", "Neroli", "Rosemary")


@pytest.fixture
def work(app):
    return app.extensions["uow"]


@pytest.fixture
def shop(work):
    """A family of three scents in bottles and cases; the standard list prices another oil."""
    with work.write() as session:
        linden = a_ready_shop(session).id
        for scent in SCENTS:
            sku = scent[:3].upper()
            draft = ProductDraft(
                sku,
                name=f"Blend, {scent}",
                kind=Kind.OIL,
                unit=Unit.ML,
                family="blend",
                options=(("scent", scent),),
                ingredients=("Prunus Amygdalus Dulcis Oil",) if scent == "Neroli" else (),
                period_after_opening_months=9,
            )
            packs = [
                PackDraft(sku, "B", "Bottle 500 ml", 500_000),
                PackDraft(sku, "C", "Case of 12", 6_000_000),
            ]
            create_product(session, draft, packs, actor=an_actor(), at=utc_now())
        return linden


def fields(page):
    """Name of a field -> its label."""
    return dict(re.findall(r'for="(packs-\d+)">(.*?): how many</label>', page))


def test_several_variants_go_into_the_basket_at_once(client, shop):
    sign_in(client, Role.WHOLESALE_BUYER, customer_id=shop)
    named = {label: name for name, label in fields(client.get("/family/blend").text).items()}
    assert len(named) == 6
    typed = {named["Blend, Lavender, Case of 12"]: "2", named["Blend, Neroli, Bottle 500 ml"]: "5"}
    answer = client.post("/family/blend/basket", data=typed, follow_redirects=True)
    assert "All 2 are in your basket" in answer.text
    basket = client.get("/basket").text
    assert "Blend, Lavender" in basket
    assert "Blend, Rosemary" not in basket
    # What stands in the basket stands in the field; nothing typed leaves the rest as it is.
    assert 'value="5"' in client.get("/family/blend").text
    none = {named["Blend, Lavender, Case of 12"]: "0"}
    assert (
        "out of your basket"
        in client.post("/family/blend/basket", data=none, follow_redirects=True).text
    )
    assert "Blend, Neroli" in client.get("/basket").text


@pytest.mark.parametrize("typed", ["two", "-1", "9999999", "1.5", "²"])
def test_what_is_no_number_is_said_at_its_field_and_nothing_is_kept(client, shop, typed):
    named = {label: name for name, label in fields(client.get("/family/blend").text).items()}
    data = {named["Blend, Lavender, Case of 12"]: typed, named["Blend, Neroli, Case of 12"]: "1"}
    answer = client.post("/family/blend/basket", data=data)
    assert answer.status_code == 422
    assert "A whole number up to" in answer.text
    assert "Blend, Neroli" not in client.get("/basket").text


def test_a_family_nobody_offers_is_not_there(client, shop):
    for address in ("/family/none", "/family/%00"):
        assert client.get(address).status_code == 404


def test_up_to_four_products_stand_side_by_side(client, shop):
    page = client.get("/compare?compare=NER&compare=LAV&compare=NONE&compare=ALM-500").text
    for words in (
        "Blend, Neroli",
        "Blend, Lavender",
        "almond (tree nut)",
        "9 months",
        "Case of 12",
    ):
        assert words in page
    assert page.index("Blend, Neroli") < page.index("Blend, Lavender")
    assert "€" not in page
    assert "Nothing to compare yet" in client.get("/compare?compare=%00").text
    shelf = client.get("/catalogue?compare=NER").text
    assert "1 of 4 to compare" in shelf
    assert "/catalogue?compare=NER&amp;compare=LAV" in shelf
    sign_in(client, Role.WHOLESALE_BUYER, customer_id=shop)
    assert "€2.38 per 100 ml" in client.get("/compare?compare=ALM-500").text


def test_what_was_looked_at_is_kept_by_the_browser_and_writes_nothing(client, work, shop):
    client.get("/catalogue/LAV")
    client.get("/catalogue/NER")
    page = client.get("/catalogue/LAV").text.partition("You looked at")[2]
    assert "Blend, Neroli" in page
    assert "Blend, Lavender" not in page
    with assert_queries(work.engine, 30) as sent:
        client.get("/")
    assert not [one for one in sent if one.startswith(("INSERT", "UPDATE", "DELETE"))]


def test_a_family_takes_a_fixed_number_of_statements(client, work, shop):
    sign_in(client, Role.WHOLESALE_BUYER, customer_id=shop)
    with assert_queries(work.engine, 29):
        client.get("/family/blend")
