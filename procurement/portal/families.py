"""A family on one page: every variant and pack with its price and stock, several put in the basket at once."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from procurement.catalogue.queries.known import known
from procurement.catalogue.queries.narrowing import ProductFilter
from procurement.catalogue.queries.pages import FamilyPage, family_page
from procurement.catalogue.queries.search import ProductRow, products
from procurement.catalogue.rules.drafts import KnownProduct
from procurement.catalogue.rules.matrix import Entry, Matrix, Variant, VariantPack, matrix_of
from procurement.catalogue.rules.order_rules import OrderRule
from procurement.catalogue.rules.wording import PackSize
from procurement.catalogue.terms import ProductStatus
from procurement.kernel.clock import utc_now
from procurement.kernel.db import ReadSession
from procurement.kernel.errors import DomainError, NotFound
from procurement.kernel.paging import MAX_LIMIT, PageRequest
from procurement.kernel.permissions import Permission
from procurement.kernel.quantity import Quantity
from procurement.planning.queries.shop import pack_badges
from procurement.planning.rules.badges import Badge
from procurement.portal.basket import MOST_PACKS, keep
from procurement.portal.door import bp
from procurement.portal.filtering import KINDS
from procurement.portal.found_by import crumbs_data
from procurement.portal.prices import PriceTag, price_book_for, tag_for
from procurement.portal.seller import current_basket, message_url
from procurement.portal.stock_words import StockWords, stock_words
from procurement.sales.queries.prices import PriceBook
from procurement.web.addresses import public_url
from procurement.web.forms import redirect_with_flash
from procurement.web.identity import current_actor
from procurement.web.transactions import read


@dataclass(frozen=True, slots=True)
class Family:
    """What its page is made of."""

    page: FamilyPage
    rows: tuple[ProductRow, ...]
    products: Mapping[str, KnownProduct]

    @property
    def matrix(self) -> Matrix:
        return matrix_of(
            [
                Variant(
                    product.sku,
                    product.name,
                    product.options,
                    tuple(
                        VariantPack(pack.id, pack.name, pack.size_steps)
                        for pack in product.packs.values()
                    ),
                )
                for row in self.rows
                for product in [self.products[row.sku]]
            ]
        )

    @property
    def rules(self) -> dict[int, OrderRule]:
        return {pack.id: pack.rule for one in self.products.values() for pack in one.packs.values()}

    @property
    def pack_ids(self) -> set[int]:
        return {pack.id for one in self.products.values() for pack in one.packs.values()}


@dataclass(frozen=True, slots=True)
class Offer:
    """A cell's entry: what it costs, what of it is there, how many are in the basket or were typed."""

    entry: Entry
    size: Quantity
    tag: PriceTag | None
    stock: StockWords
    typed: str
    error: str
    rule: OrderRule

    @property
    def field(self) -> str:
        return f"packs-{self.entry.pack.pack_id}"


@bp.get("/family/<code>")
def family(code: str) -> str:
    packs = current_basket()
    return _page(code, {pack_id: str(number) for pack_id, number in packs.items()}, {})


@bp.post("/family/<code>/basket")
def put_family(code: str) -> Response:
    """All that was typed at once; an empty field leaves its pack as it is."""
    with read() as session:
        rules = _family(session, code).rules
    typed = {key: request.form.get(f"packs-{key}", "").strip() for key in rules}
    wanted = {key: _number(text) for key, text in typed.items() if text}
    errors = {
        key: f"A whole number up to {MOST_PACKS:,}." for key, n in wanted.items() if n is None
    }
    packs = {key: number for key, number in wanted.items() if number is not None}
    changed = {key: n for key, n in packs.items() if n != current_basket().get(key, 0)}
    errors |= {key: said for key, n in changed.items() if n and (said := rules[key].problem(n))}
    if errors:
        return Response(_page(code, typed, errors), status=422)
    if not changed:
        return redirect_with_flash(url_for(".family", code=code), "Nothing was changed.")
    try:
        keep(changed, current_actor())
    except DomainError as error:
        return redirect_with_flash(url_for(".family", code=code), error.message, category="error")
    return redirect_with_flash(url_for(".family", code=code), _said(changed))


def _said(changed: Mapping[int, int]) -> str:
    number = len([key for key, packs in changed.items() if packs])
    if not number:
        return "It is out of your basket."
    return "It is in your basket." if number == 1 else f"All {number} are in your basket."


def _number(text: str) -> int | None:
    if not (text.isascii() and text.isdigit() and len(text) < 8):
        return None
    return int(text) if int(text) <= MOST_PACKS else None


def _page(code: str, typed: Mapping[int, str], errors: Mapping[int, str]) -> str:
    actor = current_actor()
    with read() as session:
        found = _family(session, code)
        book = price_book_for(session, found.pack_ids, actor)
        badges = pack_badges(session, {row.id for row in found.rows}, at=utc_now())
    offers = _offers(found, book, badges, typed, errors)
    kind, address = found.rows[0].kind, url_for(".family", code=code)
    crumbs = [
        ("Browse", url_for(".home")),
        (KINDS[kind], url_for(".catalogue", kind=kind)),
        (found.page.name, address),
    ]
    return render_template(
        "portal/family.html",
        canonical=public_url(address),
        data=[crumbs_data(crumbs)],
        page=found.page,
        rows=found.rows,
        kind=kind,
        kind_words=KINDS[kind],
        matrix=found.matrix,
        offers=offers,
        errors=[one for one in offers.values() if one.error],
        sees_prices=book is not None,
        may_buy=actor.may(Permission.BUY),
        message_url=message_url(),
        back=address,
    )


def _family(session: ReadSession, code: str) -> Family:
    page = family_page(session, code)
    wanted = ProductFilter(family=code, status=ProductStatus.ACTIVE)
    rows = products(session, wanted, PageRequest(MAX_LIMIT)).items
    if not rows:
        raise NotFound(f"There is no family {code}.")
    return Family(page, rows, known(session, [row.sku for row in rows]).products)


def _offers(
    found: Family,
    book: PriceBook | None,
    badges: Mapping[int, Badge],
    typed: Mapping[int, str],
    errors: Mapping[int, str],
) -> dict[int, Offer]:
    """By pack."""
    offers, rules = {}, found.rules
    for row in found.matrix.rows:
        for entry in (entry for cell in row.cells for entry in cell):
            pack, product = entry.pack, found.products[entry.variant.sku]
            size = Quantity(pack.steps, product.unit)
            others = [PackSize(o.name, o.steps) for o in entry.variant.packs if o != pack]
            offers[pack.pack_id] = Offer(
                entry,
                size,
                tag_for(book, pack.pack_id, PackSize(pack.name, pack.steps), size, others=others),
                stock_words(badges.get(pack.pack_id)),
                typed.get(pack.pack_id, ""),
                errors.get(pack.pack_id, ""),
                rules[pack.pack_id],
            )
    return offers
