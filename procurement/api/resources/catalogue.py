"""`/catalogue`: what is offered, for anybody; a buyer's token sees its own prices, others what visitors see."""

from datetime import date
from typing import Any

from procurement.api.endpoint import Answer, Api, Call
from procurement.api.schemas.shop import (
    CatalogueFilter,
    FacetsShape,
    OfferedFamilyPageShape,
    OfferedFamilyShape,
    OfferedProductShape,
    OfferedShape,
    OfferedVariantShape,
    TakeAlongQuery,
)
from procurement.api.schemas.values import ListQuery, listing
from procurement.catalogue.queries.compositions import safety_rules
from procurement.catalogue.queries.offered import families_in_shop
from procurement.catalogue.queries.pages import family_page, product_page
from procurement.catalogue.rules.allergens import allergens_in
from procurement.catalogue.terms import ProductStatus
from procurement.exchange.taking_along import FileKind, file_to_take
from procurement.kernel.clock import today_in
from procurement.kernel.errors import NotFound
from procurement.kernel.paging import PageRequest
from procurement.kernel.permissions import Permission
from procurement.planning.queries.shop import shop_list, stock_badges
from procurement.sales.queries.shop import price_book_in_shop
from procurement.settings.queries import get_company
from procurement.web.taking_along import count_drawing, whole_picture_url

api = Api("catalogue", "/catalogue")


@api.get(
    "/products",
    query=CatalogueFilter,
    gives=OfferedShape,
    many=True,
    public=True,
    summary="What is offered, narrowed and sorted as in the shop",
)
def list_offered(call: Call[CatalogueFilter]) -> Answer:
    asked = call.query
    shown = shop_list(
        call.session,
        asked.wanted(),
        PageRequest.parse(asked.limit, asked.cursor),
        sorting=asked.sort,
        lists=price_book_in_shop(call.session, (), actor=call.actor),
        at=call.at,
    )
    page, on = shown.found.page, _today(call)
    packs = {row.pack_id for row in page.items if row.pack_id}
    book = price_book_in_shop(call.session, packs, actor=call.actor)
    return Answer(
        listing(page, lambda row: OfferedShape.of(row, book, shown.badges.get(row.id), on))
    )


@api.get(
    "/facets",
    query=CatalogueFilter,
    gives=FacetsShape,
    public=True,
    summary="What the list may be narrowed by, with counts",
)
def show_facets(call: Call[CatalogueFilter]) -> Answer:
    asked = call.query
    shown = shop_list(
        call.session, asked.wanted(), PageRequest(1), sorting=None, lists=None, at=call.at
    )
    return Answer(FacetsShape.made(shown.found.total, shown.facets.options))


@api.get(
    "/products/<path:sku>",
    gives=OfferedProductShape,
    public=True,
    summary="One product that is offered",
)
def show_offered(call: Call[Any], sku: str) -> Answer:
    page = product_page(call.session, sku, offered=True)
    key = page.product.id
    book = price_book_in_shop(call.session, {pack.id for pack in page.packs}, actor=call.actor)
    badges = stock_badges(call.session, {key}, at=call.at)
    allergens = allergens_in(page.product.composition, safety_rules(call.session))
    return Answer(OfferedProductShape.of(page, allergens, book, badges.get(key), _today(call)))


@api.get(
    "/families",
    query=ListQuery,
    gives=OfferedFamilyShape,
    many=True,
    public=True,
    summary="Families with something on offer, by name",
)
def list_families_offered(call: Call[ListQuery]) -> Answer:
    paging = PageRequest.parse(call.query.limit, call.query.cursor)
    return Answer(listing(families_in_shop(call.session, paging), OfferedFamilyShape.of))


@api.get(
    "/families/<code>",
    gives=OfferedFamilyPageShape,
    public=True,
    summary="One family with the variants that are offered",
)
def show_family_offered(call: Call[Any], code: str) -> Answer:
    page = family_page(call.session, code)
    variants = [one for one in page.variants if one.status is ProductStatus.ACTIVE]
    if not variants:
        raise NotFound(f"There is no family {code}.")
    return Answer(
        OfferedFamilyPageShape(
            code=page.code,
            name=page.name,
            description=page.description,
            variants=[
                OfferedVariantShape(sku=one.sku, name=one.name, options=dict(one.options))
                for one in variants
            ],
        )
    )


@api.get(
    "/price-list/pdf",
    query=TakeAlongQuery,
    media_type=FileKind.PRICE_LIST.media_type,
    public=True,
    summary="The price list on paper, with the caller's prices; staff may name a customer",
)
def price_list_pdf(call: Call[TakeAlongQuery]) -> Answer:
    return _file(call, FileKind.PRICE_LIST)


@api.get(
    "/pdf",
    query=TakeAlongQuery,
    media_type=FileKind.CATALOGUE.media_type,
    public=True,
    summary="The catalogue on paper, with pictures and an index",
)
def catalogue_pdf(call: Call[TakeAlongQuery]) -> Answer:
    return _file(call, FileKind.CATALOGUE)


@api.get(
    "/xlsx",
    query=TakeAlongQuery,
    media_type=FileKind.XLSX.media_type,
    public=True,
    summary="A workbook with a row for each pack",
)
def catalogue_xlsx(call: Call[TakeAlongQuery]) -> Answer:
    return _file(call, FileKind.XLSX)


@api.get(
    "/csv",
    query=TakeAlongQuery,
    media_type="text/csv",
    public=True,
    summary="The same rows as CSV",
)
def catalogue_csv(call: Call[TakeAlongQuery]) -> Answer:
    return _file(call, FileKind.CSV)


@api.get(
    "/ubl",
    query=TakeAlongQuery,
    media_type=FileKind.UBL.media_type,
    summary="A customer's catalogue as UBL 2.1, for purchasing systems",
)
def catalogue_ubl(call: Call[TakeAlongQuery]) -> Answer:
    call.actor.require_any(Permission.BUY, Permission.SEE_SALES)
    return _file(call, FileKind.UBL)


def _file(call: Call[TakeAlongQuery], kind: FileKind) -> Answer:
    count_drawing(call.actor)
    file = file_to_take(
        call.session,
        kind,
        call.query.wish(),
        picture=whole_picture_url,
        actor=call.actor,
        at=call.at,
    )
    return Answer(
        content=file.draw(),
        media_type=kind.media_type,
        file_name=file.name,
        disposition="attachment",
    )


def _today(call: Call[Any]) -> date:
    return today_in(get_company(call.session).time_zone, call.at)
