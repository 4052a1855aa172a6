"""Groups, price rules and the price check in the back office."""

import pytest

from procurement.kernel.permissions import Role
from tests.doors import sign_in
from tests.sales.stories import a_ready_shop

RULE = {
    "name": "Autumn",
    "kind": "discount",
    "percent": "10",
    "basis": "last_purchase",
    "priority": "100",
    "from_packs": "1",
    "active": "y",
}


@pytest.fixture
def shop(app, client):
    sign_in(client, Role.SALES)
    with app.extensions["uow"].write() as session:
        a_ready_shop(session)
    return client


def test_a_rule_is_made_shown_changed_and_taken_away(shop):
    assert "No rules yet" in shop.get("/price-rules/").text
    assert shop.post("/customer-groups/", data={"code": "SPAS", "name": "Spas"}).status_code == 303
    assert shop.post("/price-rules/new", data=RULE | {"product": "NOPE"}).status_code == 422
    assert shop.post("/price-rules/new", data=RULE).status_code == 303
    asked = "/prices/?product=ALM-500&packs=6&pack=case&customer=LINDEN"
    page = shop.get(asked).text
    assert "122.04" in page
    assert "Autumn: 10 % off" in page
    assert "Autumn" in shop.get("/price-rules/?format=csv").text
    assert "Autumn" in shop.get("/price-rules/1/edit").text
    changed = RULE | {"percent": "20", "group": "SPAS", "version": "1"}
    assert shop.post("/price-rules/1/edit", data=changed).status_code == 303
    assert "135.60" in shop.get(asked).text  # they are in no group
    assert shop.post("/price-rules/1/edit", data=changed).status_code == 422
    assert shop.post("/price-rules/1/remove").status_code == 303
    assert "There is no product" in shop.get("/prices/?product=NOPE").text
    named = asked.replace("ALM-500", "alm-500")
    assert "135.60" in shop.get(named).text
    assert "it has " in shop.get(asked.replace("pack=case", "pack=NOPE")).text
