"""`/search`: anybody finds, a buyer is told their own prices."""

import pytest

from procurement.kernel.permissions import Role
from tests.api.stories import a_customer, a_price_list, an_oil, made, money


def skus(answer):
    return [one["sku"] for one in answer.json["items"]]


def test_anybody_searches_and_only_a_buyer_sees_their_own_price(spa, program):
    made(spa.post("/price-lists", a_price_list()))
    made(spa.post("/customers", a_customer("QUAY", price_list="TRADE")))
    visitor, buyer = program(None), program(Role.WHOLESALE_BUYER, customer="QUAY")
    programs = {"visitor": visitor, "staff": spa, "buyer": buyer}
    answers = {who: api.get("/search?q=Mandelöl") for who, api in programs.items()}
    assert all(skus(answer) == ["ALM-500"] for answer in answers.values())
    prices = {who: answer.json["items"][0]["price"] for who, answer in answers.items()}
    assert prices["visitor"] is None
    assert prices["staff"] is None
    assert prices["buyer"] == money("14.90")


def test_it_says_how_words_were_understood(spa, program):
    answer = program(None).get("/search?q=almnod").json
    assert (answer["meant"], answer["total"], answer["loose"]) == ("almond", 1, False)
    answer = program(None).get("/search?q=almond+zzzz").json
    assert (answer["left_out"], answer["total"]) == (["zzzz"], 1)


def test_what_is_not_offered_is_not_found(spa, program):
    spa.post("/products", an_oil("OLD-1", status="discontinued"))
    assert "OLD-1" not in skus(program(None).get("/search?q=OLD-1"))


@pytest.mark.parametrize(
    "address", ["?kind=spaceship", "?limit=0", "?cursor=x", "?sku=1", "?q=%00"]
)
def test_what_cannot_be_asked_names_its_field(spa, address):
    assert spa.get(f"/search{address}").status_code == 422


def test_a_book_of_text_is_answered(spa):
    assert spa.get("/search?q=" + "almond" * 1_000).status_code == 200
