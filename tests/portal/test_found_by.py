"""What search engines read: structured data, addresses, and nothing of anybody's own price."""

import json
import re
from xml.etree import ElementTree as ET

import pytest

from procurement.catalogue.operations.products import create_product
from procurement.catalogue.terms import Kind, PackDraft, ProductDraft
from procurement.kernel.clock import utc_now
from procurement.kernel.permissions import Role
from procurement.kernel.quantity import Unit
from procurement.sales.operations.shop import arrange_shop
from procurement.sales.terms.shop import VisitorPrices
from tests.builders import an_actor
from tests.doors import sign_in
from tests.sales.stories import a_ready_shop


@pytest.fixture
def work(app):
    return app.extensions["uow"]


@pytest.fixture
def shop(work):
    with work.write() as session:
        linden = a_ready_shop(session).id
        for sku in ("B-1", "B-2"):
            draft = ProductDraft(
                sku,
                name=f"Balm </script> {sku}",
                kind=Kind.BALM,
                unit=Unit.G,
                brand="Fern & Co",
                family="balm",
            )
            packs = [PackDraft(sku, "T", "Tin", 50_000)]
            create_product(session, draft, packs, actor=an_actor(), at=utc_now())
        return linden


def data(page):
    return [
        json.loads(found)
        for found in re.findall(r'<script type="application/ld\+json"[^>]*>(.*?)</script>', page)
    ]


def test_a_product_says_what_it_is_and_its_price_only_where_visitors_see_one(client, work, shop):
    product, crumbs = data(client.get("/catalogue/B-1").text)
    assert (product["@type"], product["name"]) == ("Product", "Balm </script> B-1")
    assert product["brand"]["name"] == "Fern & Co"
    assert [step["name"] for step in crumbs["itemListElement"]][:2] == ["Browse", "Balms"]
    assert "offers" not in data(client.get("/catalogue/ALM-500").text)[0]
    with work.write() as session:
        arrange_shop(session, VisitorPrices.LIST, None, actor=an_actor(), at=utc_now())
    offers = data(client.get("/catalogue/ALM-500").text)[0]["offers"]
    assert [(one["price"], one["priceCurrency"]) for one in offers] == [
        ("11.90", "EUR"),
        ("142.80", "EUR"),
    ]
    sign_in(client, Role.WHOLESALE_BUYER, customer_id=shop)
    assert "offers" not in data(client.get("/catalogue/ALM-500").text)[0]


@pytest.mark.parametrize(
    ("address", "canonical"),
    [
        ("/", "/"),
        ("/catalogue?sort=newest", "/catalogue"),
        ("/catalogue?kind=balm&sort=name", "/catalogue?kind=balm"),
        ("/catalogue?kind=balm&kind=oil&area=foot", "/catalogue"),
        ("/catalogue/B-1", "/catalogue/B-1"),
        ("/family/balm", "/family/balm"),
    ],
)
def test_each_page_has_one_address(client, shop, address, canonical):
    page = client.get(address).text
    found = re.search(r'<link rel="canonical" href="([^"]*)">', page)
    assert found
    assert found[1].endswith(canonical)
    assert found[1].startswith("http")


def test_the_sitemap_names_every_page_and_splits_where_it_must(client, shop, monkeypatch):
    def locs(address):
        root = ET.fromstring(client.get(address).data)
        return [one.text.partition("//")[2].partition("/")[2] for one in root.iter() if one.text]

    whole = locs("/sitemap.xml")
    assert {"", "catalogue", "family/balm", "catalogue/B-1", "catalogue/ALM-500"} <= set(whole)
    for module in ("procurement.portal.found_by", "procurement.catalogue.queries.offered"):
        monkeypatch.setattr(f"{module}.OFFERED_IN_ONE_FILE", 3)
    assert locs("/sitemap.xml") == ["sitemap-0.xml", "sitemap-1.xml", "sitemap-2.xml"]
    parts = [address for part in range(3) for address in locs(f"/sitemap-{part}.xml")]
    assert sorted(parts) == sorted(whole)
    assert client.get("/sitemap-9.xml").status_code == 404
    assert "Sitemap: http" in client.get("/robots.txt").text
