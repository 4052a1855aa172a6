"""`/search`: what the shop's search finds. Anybody may ask; a buyer's token is told its own prices, nobody else's."""

from typing import Any

from procurement.api.endpoint import Answer, Api, Call
from procurement.api.schemas.search import SearchQuery, SearchShape
from procurement.catalogue.queries.narrowing import ProductFilter
from procurement.catalogue.queries.search import Found, search
from procurement.catalogue.terms import ProductStatus
from procurement.kernel.clock import today_in
from procurement.kernel.money import UnitPrice
from procurement.kernel.paging import PageRequest
from procurement.kernel.permissions import Permission
from procurement.sales.queries.prices import price_book_of_buyer
from procurement.settings.queries import get_company

api = Api("search", "/search")


@api.get("", query=SearchQuery, gives=SearchShape, public=True, summary="Search products")
def find(call: Call[Any]) -> Answer:
    asked = call.query
    kinds = frozenset({asked.kind} if asked.kind else ())
    wanted = ProductFilter(asked.q, kinds=kinds, status=ProductStatus.ACTIVE)
    found = search(call.session, wanted, PageRequest.parse(asked.limit, asked.cursor))
    return Answer(SearchShape.of(found, _own_prices(call, found)))


def _own_prices(call: Call[Any], found: Found) -> dict[int, UnitPrice]:
    """Of one pack each, by the pack's key; for buyers only."""
    if not call.actor.may(Permission.BUY):
        return {}
    packs = {row.pack_id for row in found.page.items if row.pack_id}
    book = price_book_of_buyer(call.session, packs, actor=call.actor)
    if book is None:
        return {}
    on = today_in(get_company(call.session).time_zone, call.at)
    prices = {pack: book.price(pack, 1, on) for pack in packs}
    return {pack: one.price for pack, one in prices.items() if one}
