"""`baskets` and `saved-lists`: a buyer's own, at their own prices, absent for everybody else."""

import pytest

from procurement.kernel.permissions import Role
from tests.api.stories import a_customer, a_price_list, done, made, refused_at

OIL = {"product": "ALM-500", "packs": 3}


@pytest.fixture
def buyer(spa, program):
    made(spa.post("/price-lists", a_price_list()))
    made(spa.post("/customers", a_customer("OAK", price_list="TRADE")))
    return program(Role.WHOLESALE_BUYER, customer="OAK")


def test_a_basket_is_written_whole_and_says_what_it_comes_to(buyer, program):
    basket = done(buyer.put("/baskets/mine", {"lines": [OIL]}))
    (line,) = basket["lines"]
    assert (line["product"], line["packs"], line["problem"]) == ("ALM-500", 3, "")
    assert basket["totals"]["net"] == line["net"]
    assert line["unit_price"]["currency"] == "EUR"
    refused_at(
        buyer.put("/baskets/mine", {"lines": [{**OIL, "product": "NONE"}]}), "lines.0.product"
    )
    refused_at(buyer.put("/baskets/mine", {"lines": [{**OIL, "pack": "NONE"}]}), "lines.0.pack")
    refused_at(buyer.put("/baskets/mine", {"lines": [OIL, OIL]}), "lines")
    other = program(Role.WHOLESALE_BUYER, customer="OAK")
    assert done(other.get("/baskets/mine"))["lines"] == []
    assert program(Role.SALES).get("/baskets/mine").status_code == 403
    assert done(buyer.post("/baskets/mine/empty"))["lines"] == []


def test_a_list_is_kept_changed_copied_ordered_and_removed(buyer, program):
    body = {"name": "Weekly", "lines": [{**OIL, "note": "room 3"}]}
    answer = buyer.post("/saved-lists", body)
    kept = made(answer)
    url = f"/saved-lists/{kept['ref']}"
    assert answer.headers["Location"] == f"/api/v1{url}"
    assert kept["lines"][0]["note"] == "room 3"
    assert buyer.post("/saved-lists", body).status_code == 409
    colleague = program(Role.WHOLESALE_BUYER, customer="OAK")
    assert colleague.get(url).status_code == 404
    done(buyer.put(url, {**body, "shared": True, "lines": [{**OIL, "packs": 5}]}))
    assert done(colleague.get(url))["lines"][0]["packs"] == 5
    assert colleague.post(f"{url}/remove").status_code == 404
    assert made(colleague.post(f"{url}/copy"))["is_own"]
    for how, packs in (("add", 5), ("add", 10), ("replace", 5)):
        done(buyer.post(f"{url}/to-basket", {"how": how}))
        assert done(buyer.get("/baskets/mine"))["lines"][0]["packs"] == packs
    listed = done(buyer.get("/saved-lists"))["items"]
    assert [(one["name"], one["is_own"]) for one in listed] == [("Weekly", True)]
    done(buyer.post(f"{url}/remove"))
    assert buyer.get(url).status_code == 404


def test_own_codes_are_kept_listed_and_forgotten(buyer, program):
    body = {"codes": [{"code": "LR-1", "product": OIL["product"]}]}
    assert [one["code"] for one in done(buyer.post("/own-codes", body))["items"]] == ["LR-1"]
    wrong = buyer.post("/own-codes", {"codes": [{"code": "LR-1", "product": "NONE"}]})
    assert (wrong.status_code, wrong.json["errors"][0]["field"]) == (422, "codes.0.product")
    assert program(Role.SALES).get("/own-codes").status_code == 403
    assert done(program(Role.WHOLESALE_BUYER, customer="ELM").get("/own-codes"))["items"] == []
    assert done(buyer.post("/own-codes/forget", {"code": "lr-1"}))["items"] == []
    assert buyer.post("/own-codes/forget", {"code": "LR-1"}).status_code == 404
