"""One product's page: its packs with the price whoever looks pays, what is in it, and its siblings."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import render_template, url_for

from procurement.catalogue.queries.pages import ProductPage, product_page
from procurement.catalogue.rules.drafts import KnownPack
from procurement.catalogue.rules.wording import PackSize
from procurement.catalogue.terms import ProductStatus
from procurement.kernel.actor import Actor
from procurement.kernel.clock import utc_now
from procurement.kernel.db import ReadSession
from procurement.kernel.permissions import Permission
from procurement.kernel.quantity import Quantity
from procurement.planning.queries.shop import stock_badges
from procurement.portal.door import bp
from procurement.portal.filtering import KINDS
from procurement.portal.found_by import crumbs_data, product_data
from procurement.portal.prices import PriceTag, price_book_for, tag_for
from procurement.portal.product_safety import safety_of_page
from procurement.portal.recent import note_seen, recently_seen
from procurement.portal.seller import current_basket, message_url
from procurement.portal.stock_words import stock_words
from procurement.sales.queries.own_codes import codes_of_packs
from procurement.sales.queries.prices import PriceBook
from procurement.sales.queries.saved_lists import saved_lists
from procurement.sales.queries.shop import retail_book
from procurement.web.addresses import public_url
from procurement.web.company import current_company
from procurement.web.filters import show_money, show_percent, today
from procurement.web.identity import current_actor
from procurement.web.noticing import notice_product
from procurement.web.transactions import read


@dataclass(frozen=True, slots=True)
class PackOffer:
    """A pack on a product's page."""

    pack: KnownPack
    size: Quantity
    tag: PriceTag | None
    packs: int
    own_code: str = ""  # the buyer's
    retail: str = ""  # "Retail €16.25, margin 31.1 %"


@bp.get("/catalogue/<path:sku>")
def product(sku: str) -> str:
    actor, basket = current_actor(), current_basket()
    may_buy = actor.may(Permission.BUY)
    with read() as session:
        page = product_page(session, sku, offered=True)
        safety = safety_of_page(session, page, actor)
        book = price_book_for(session, {pack.id for pack in page.packs}, actor)
        retail = _retail(session, page, book, actor)
        badges = stock_badges(session, {page.product.id}, at=utc_now())
        seen = recently_seen(session, but=page.product.id)
        codes = codes_of_packs(session, actor.customer_id, {pack.id for pack in page.packs})
        lists = saved_lists(session, actor=actor) if may_buy and actor.visit is None else []
    note_seen(page.product.id)
    notice_product(page.product.id)
    offers = offers_of(page, book, basket, retail, codes)
    badge = badges.get(page.product.id)
    kind, address = KINDS[page.product.kind], url_for(".product", sku=sku)
    crumbs = [
        ("Browse", url_for(".home")),
        (kind, url_for(".catalogue", kind=page.product.kind)),
        (page.product.name, address),
    ]
    return render_template(
        "portal/product.html",
        canonical=public_url(address),
        data=[
            product_data(
                page, badge, [] if may_buy else [(one.pack.name, one.tag) for one in offers]
            ),
            crumbs_data(crumbs),
        ],
        page=page,
        product=page.product,
        kind=kind,
        offers=offers,
        stock=stock_words(badge),
        **safety,
        variants=[v for v in page.variants if v.status is ProductStatus.ACTIVE],
        sees_prices=book is not None,
        may_buy=may_buy,
        keeps_lists=may_buy and actor.visit is None,
        own_lists=[one for one in lists if one.is_own],
        company=current_company(),
        back=address,
        message_url=message_url(product=sku),
        seen=seen,
    )


def offers_of(
    page: ProductPage,
    book: PriceBook | None,
    basket: Mapping[int, int],
    retail: Mapping[int, str],
    codes: Mapping[int, str],
) -> list[PackOffer]:
    sizes = {pack.code: PackSize(pack.name, pack.size_steps) for pack in page.packs}
    return [
        PackOffer(
            pack,
            page.size(pack),
            tag_for(
                book,
                pack.id,
                sizes[pack.code],
                page.size(pack),
                packs=basket.get(pack.id, 0),
                others=[size for code, size in sizes.items() if code != pack.code],
            ),
            basket.get(pack.id, 0),
            codes.get(pack.id, ""),
            retail.get(pack.id, ""),
        )
        for pack in page.packs
    ]


def _retail(
    session: ReadSession, page: ProductPage, book: PriceBook | None, actor: Actor
) -> dict[int, str]:
    """What each pack costs in a shop, for a buyer: with the part of it that is left over their own price for one."""
    ids = {pack.id for pack in page.packs}
    recommended = retail_book(session, ids) if book and actor.may(Permission.BUY) else None
    if book is None or recommended is None or recommended.currency != book.currency:
        return {}
    found = {}
    for pack_id in ids:
        retail, own = recommended.price(pack_id, 1, today()), book.price(pack_id, 1, today())
        if retail and own and retail.price.decimal > 0:
            margin = (1 - own.price.decimal / retail.price.decimal) * 100
            found[pack_id] = f"Retail {show_money(retail.price)}, margin {show_percent(margin)}"
    return found
