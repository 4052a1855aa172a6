"""The seller's catalogue: anybody browses and searches it; who is signed in as a buyer sees their own prices."""

from dataclasses import replace

from flask import render_template, request, url_for

from procurement.catalogue.queries.narrowing import Facet, ProductFilter
from procurement.kernel.clock import utc_now
from procurement.kernel.paging import PageRequest
from procurement.kernel.permissions import Permission
from procurement.planning.queries.shop import shop_list
from procurement.portal.cards import cards_of
from procurement.portal.comparing import compared_skus, toggled_url
from procurement.portal.door import bp
from procurement.portal.filtering import (
    groups_of,
    kept_query,
    sorting_of,
    sortings,
    take_query,
    title_of,
    wanted_of,
)
from procurement.portal.lines import lines_of, own_standing_of, total_of
from procurement.portal.prices import price_book_for
from procurement.portal.recent import recently_seen
from procurement.portal.seller import current_basket, message_url
from procurement.sales.queries.baskets import basket_rows
from procurement.web.addresses import public_url
from procurement.web.company import current_company
from procurement.web.identity import current_actor
from procurement.web.listing import next_url, page_request, this_url
from procurement.web.noticing import notice_search
from procurement.web.transactions import read

SHOWN = 24


@bp.get("/")
def home() -> str:
    return _shelf(is_home=True)


@bp.get("/catalogue")
def catalogue() -> str:
    return _shelf(is_home=False)


def _shelf(*, is_home: bool) -> str:
    actor, basket, wanted = current_actor(), current_basket(), wanted_of(request.args)
    sorting = sorting_of(request.args)
    with read() as session:
        shelf = shop_list(
            session,
            wanted,
            _paging(),
            sorting=sorting,
            lists=price_book_for(session, (), actor) if sorting and sorting.by_price else None,
            at=utc_now(),
        )
        found = shelf.found
        packs = {row.pack_id for row in found.page.items if row.pack_id}
        book = price_book_for(session, packs | set(basket), actor)
        kept = basket_rows(session, basket) if basket else []
        lines = lines_of(kept, book)
        standing = own_standing_of(session, lines, actor) if lines else None
        seen = recently_seen(session)
    if wanted.text:
        notice_search(wanted.text, found.hits)
    compared = compared_skus()
    return render_template(
        "portal/shelf.html",
        canonical=_canonical(wanted, is_home=is_home),
        is_private=bool(request.args) and not _is_one_kind(wanted),
        cards=cards_of(found.page.items, book, basket, shelf.badges),
        found=found,
        wanted=wanted,
        groups=groups_of(shelf.facets),
        sortings=sortings(wanted, shelf.sorting, sees_prices=book is not None),
        title=title_of(wanted, shelf.facets),
        is_home=is_home and not wanted.is_narrowed,
        sees_prices=book is not None,
        may_ask=actor.may(Permission.BUY),
        company=current_company(),
        lines=lines,
        total=total_of(lines),
        standing=standing,
        message_url=message_url(),
        next_url=next_url(found.page),
        query=kept_query(request.args),
        take_query=take_query(request.args),
        back=this_url(),
        seen=seen,
        compared=compared,
        comparing={row.sku: toggled_url(compared, row.sku) for row in found.page.items},
    )


def _paging() -> PageRequest:
    paging = page_request()
    return paging if request.args.get("limit") else replace(paging, limit=SHOWN)


def _is_one_kind(wanted: ProductFilter) -> bool:
    """Whole kinds are pages of their own; every other narrowing is a view of the catalogue."""
    return len(wanted.kinds) == 1 and not wanted.without(Facet.KIND).is_narrowed


def _canonical(wanted: ProductFilter, *, is_home: bool) -> str:
    if _is_one_kind(wanted):
        return public_url(url_for(".catalogue", kind=next(iter(wanted.kinds))))
    return public_url(url_for(".home" if is_home else ".catalogue"))
