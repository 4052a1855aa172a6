"""`/baskets`: the one of the buyer whose token it is."""

from typing import Any

from procurement.api.endpoint import Answer, Api, Call
from procurement.api.schemas.saved_lists import BasketBody, BasketShape, pack_keys
from procurement.api.schemas.values import Nothing
from procurement.kernel.errors import Invalid
from procurement.sales.operations.baskets import empty_basket, set_basket
from procurement.sales.operations.placing import preview_order
from procurement.sales.queries.baskets import basket_of, basket_rows
from procurement.sales.queries.offers import offered_products
from procurement.sales.queries.prices import price_book_of_buyer

api = Api("baskets", "/baskets")


@api.get("/mine", gives=BasketShape, summary="Your basket at your prices of today")
def show(call: Call[Any]) -> Answer:
    return _answer(call)


@api.put(
    "/mine",
    takes=BasketBody,
    gives=BasketShape,
    summary="The whole basket from now on, on all your devices",
)
def put(call: Call[BasketBody]) -> Answer:
    there = basket_of(call.session, actor=call.actor)
    products = offered_products(call.session, skus={line.product for line in call.body.lines})
    keys = pack_keys(call.body.lines, products)
    if len(set(keys)) != len(keys):
        raise Invalid("A pack stands in the basket once.", field="lines")
    wanted = dict.fromkeys(there, 0)
    wanted |= {key: line.packs for key, line in zip(keys, call.body.lines, strict=True)}
    set_basket(call.session, wanted, actor=call.actor, at=call.at)
    return _answer(call)


@api.post("/mine/empty", takes=Nothing, gives=BasketShape, summary="Nothing in it any more")
def empty(call: Call[Nothing]) -> Answer:
    empty_basket(call.session, actor=call.actor, at=call.at)
    return _answer(call)


def _answer(call: Call[Any]) -> Answer:
    packs = basket_of(call.session, actor=call.actor)
    book = price_book_of_buyer(call.session, set(packs), actor=call.actor)
    preview = preview_order(call.session, actor=call.actor, at=call.at)
    return Answer(BasketShape.of(basket_rows(call.session, packs), book, preview))
