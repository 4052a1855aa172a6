"""`/saved-lists`: what a buyer orders again and again; colleagues read and copy what is shared."""

from typing import Any

from procurement.api.endpoint import Answer, Api, Call, address
from procurement.api.schemas.saved_lists import (
    HowInBasket,
    SavedListBody,
    SavedListRowShape,
    SavedListShape,
    ToBasketBody,
    pack_keys,
)
from procurement.api.schemas.values import ListQuery, Nothing, listing
from procurement.kernel.paging import PageRequest, slice_of
from procurement.sales.operations.baskets import add_to_basket, set_basket
from procurement.sales.operations.saved_lists import (
    ListLineInput,
    change_list,
    copy_list,
    create_list,
    delete_list,
)
from procurement.sales.queries.offers import offered_products
from procurement.sales.queries.prices import price_book_of_buyer
from procurement.sales.queries.saved_lists import saved_list_page, saved_lists

api = Api("saved_lists", "/saved-lists")


@api.get("", query=ListQuery, gives=SavedListRowShape, many=True, summary="Your lists")
def list_lists(call: Call[Any]) -> Answer:
    paging = PageRequest.parse(call.query.limit, call.query.cursor)
    rows = sorted(saved_lists(call.session, actor=call.actor), key=lambda one: one.ref)
    return Answer(listing(slice_of(rows, paging, lambda one: one.ref), SavedListRowShape.of))


@api.post("", takes=SavedListBody, gives=SavedListShape, status=201, summary="Keep a list")
def create(call: Call[SavedListBody]) -> Answer:
    kept = create_list(
        call.session,
        call.body.name,
        _inputs(call),
        shared=call.body.shared,
        actor=call.actor,
        at=call.at,
    )
    return _answer(call, kept.ref, location=address("saved-lists", kept.ref))


@api.get("/<ref>", gives=SavedListShape, summary="A list at your prices of today")
def show(call: Call[Any], ref: str) -> Answer:
    return _answer(call, ref)


@api.put("/<ref>", takes=SavedListBody, gives=SavedListShape, summary="The whole list, anew")
def change(call: Call[SavedListBody], ref: str) -> Answer:
    body = call.body
    change_list(
        call.session,
        ref,
        body.name,
        _inputs(call),
        shared=body.shared,
        actor=call.actor,
        at=call.at,
    )
    return _answer(call, ref)


@api.post(
    "/<ref>/copy",
    takes=Nothing,
    gives=SavedListShape,
    status=201,
    summary="A list of your own with the same lines",
)
def copy(call: Call[Nothing], ref: str) -> Answer:
    kept = copy_list(call.session, ref, actor=call.actor, at=call.at)
    return _answer(call, kept.ref, location=address("saved-lists", kept.ref))


@api.post(
    "/<ref>/to-basket",
    takes=ToBasketBody,
    gives=SavedListShape,
    summary="What of it is offered goes into the basket",
)
def to_basket(call: Call[ToBasketBody], ref: str) -> Answer:
    packs = saved_list_page(call.session, ref, actor=call.actor).packs
    put = set_basket if call.body.how is HowInBasket.REPLACE else add_to_basket
    put(call.session, packs, actor=call.actor, at=call.at)
    return _answer(call, ref)


@api.post("/<ref>/remove", takes=Nothing, gives=SavedListShape, summary="As it was; it is gone")
def remove(call: Call[Nothing], ref: str) -> Answer:
    answer = _answer(call, ref)
    delete_list(call.session, ref, actor=call.actor)
    return answer


def _inputs(call: Call[SavedListBody]) -> list[ListLineInput]:
    lines = call.body.lines
    products = offered_products(call.session, skus={line.product for line in lines})
    return call.body.inputs(pack_keys(lines, products))


def _answer(call: Call[Any], ref: str, location: str = "") -> Answer:
    call.session.flush()  # it is read again for the answer
    page = saved_list_page(call.session, ref, actor=call.actor)
    packs = {one.row.pack_id for one in page.lines}
    book = price_book_of_buyer(call.session, packs, actor=call.actor)
    return Answer(SavedListShape.of(page, book), location=location)
