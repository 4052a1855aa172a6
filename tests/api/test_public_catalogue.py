"""The public catalogue over the API: products, families, facets; no cost, no foreign price."""

import pytest

from procurement.kernel.clock import utc_now
from procurement.sales.operations.shop import arrange_shop
from procurement.sales.terms.shop import VisitorPrices
from tests.builders import a_supplier, a_supplier_item, an_actor
from tests.sales.stories import a_ready_shop


@pytest.fixture
def work(app):
    return app.extensions["uow"]


@pytest.fixture
def shop(work):
    with work.write() as session:
        linden = a_ready_shop(session).id
        a_supplier(session)
        a_supplier_item(session, pack="bottle", prices={1: "3.33"})
        return linden


def read(client, path):
    answer = client.get(f"/api/v1/catalogue{path}")
    assert answer.status_code == 200, answer.text
    assert "3.33" not in answer.text
    assert "Corrib" not in answer.text
    return answer.json


def test_anybody_reads_what_is_offered_and_prices_only_where_visitors_see_them(client, work, shop):
    first = read(client, "/products?limit=1")
    assert [one["sku"] for one in first["items"]] == ["ALM-500"]
    assert first["items"][0]["price"] is None
    assert first["items"][0]["stock"]["state"] == "to_order"
    rest = read(client, f"/products?cursor={first['next']}")
    assert [one["sku"] for one in rest["items"]] == ["CRR-01"]
    with work.write() as session:
        arrange_shop(session, VisitorPrices.LIST, None, actor=an_actor(), at=utc_now())
    assert read(client, "/products/ALM-500")["packs"][0]["price"]["amount"] == "11.90"


def test_the_list_is_narrowed_as_the_page_is(client, shop):
    assert [o["sku"] for o in read(client, "/products?kind=tool,balm")["items"]] == ["CRR-01"]
    assert read(client, "/products?in_stock=true")["items"] == []
    facets = read(client, "/facets?kind=tool")
    assert facets["total"] == 1
    assert [(o["value"], o["count"], o["chosen"]) for o in facets["facets"]["kind"]] == [
        ("oil", 1, False),
        ("tool", 1, True),
    ]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/products?colour=red", 422),
        ("/products?sort=cost", 422),
        ("/products?limit=0", 422),
        ("/products?cursor=x", 422),
        ("/products/NONE", 404),
        ("/families/none", 404),
    ],
)
def test_what_cannot_be_is_refused(client, shop, path, status):
    assert client.get(f"/api/v1/catalogue{path}").status_code == status
