"""The catalogue as somebody may take it along: products in the order of a printed catalogue, with their own prices.

Read in parts of a thousand products, each in a fixed number of statements.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import exists, func, select

from procurement.catalogue.models import Category, Family, Product
from procurement.catalogue.queries.compositions import safety_rules
from procurement.catalogue.queries.known import chunks, known
from procurement.catalogue.queries.narrowing import ProductFilter
from procurement.catalogue.queries.search import conditions, search
from procurement.catalogue.rules.allergens import allergens_in
from procurement.catalogue.rules.drafts import KnownPack, KnownProduct
from procurement.catalogue.terms import Kind, ProductStatus
from procurement.kernel.actor import Actor
from procurement.kernel.clock import today_in
from procurement.kernel.db import ReadSession
from procurement.kernel.errors import Invalid, NotFound
from procurement.kernel.money import UnitPrice
from procurement.kernel.paging import PageRequest
from procurement.kernel.permissions import Permission
from procurement.kernel.text import is_storable
from procurement.planning.queries.shop import pack_badges
from procurement.planning.rules.badges import Badge
from procurement.sales.models import Customer, Price, PriceList
from procurement.sales.queries.goods import leading_pictures
from procurement.sales.queries.price_lists import no_such_list, visible_to
from procurement.sales.queries.prices import PriceBook, price_book
from procurement.sales.queries.shop import listed_book, price_book_in_shop, retail_book
from procurement.sales.queries.taxing import taxing
from procurement.sales.rules.line_tax import LineTax
from procurement.sales.rules.pricing import Step
from procurement.sales.rules.speaking import paper_locale
from procurement.settings.queries import get_company, taxes
from procurement.stock.queries.sellable import in_stock

PART = 1_000
EVERYTHING = ProductFilter()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is taken along, and whose prices: the reader's own, a customer's, or those of one list (their codes)."""

    wanted: ProductFilter = EVERYTHING
    customer: str | None = None
    price_list: str | None = None
    language: str = ""  # wished; "" takes the customer's, or the company's
    most: int = 100_000  # products; more are refused
    part: int = 0  # the part of so many that is wanted, where all come in parts
    in_parts: bool = False


@dataclass(frozen=True, slots=True)
class TakenPack:
    """A pack on offer: its ladder, the first step first, and what it costs in a shop. No steps: it is asked for."""

    pack: KnownPack
    steps: tuple[Step, ...]
    retail: UnitPrice | None
    badge: Badge | None


@dataclass(frozen=True, slots=True)
class TakenProduct:
    """A product on offer with all its packs, the one that prices mean first."""

    product: KnownProduct
    family_name: str
    allergens: tuple[str, ...]
    picture: str | None  # SHA-256
    packs: tuple[TakenPack, ...]
    tax: LineTax | None  # what a reader who sees prices would pay on it


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Whose it is: `currency` is empty where they see no prices, `customer` where it is for everybody."""

    locale: str
    on: date
    currency: str = ""
    customer: str = ""
    name: str = ""
    email: str = ""
    peppol_id: str = ""
    vat_id: str = ""
    list_name: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """All of it."""

    reader: Reader
    products: tuple[TakenProduct, ...]
    goes_on: bool = False  # another part follows


def taken_along(session: ReadSession, wish: Wish, *, actor: Actor, at: datetime) -> Taken:
    """Everything that is offered and fits, by category and name, families together. Invalid beyond `most`.

    A buyer asks for themselves, staff also for a customer or a list; visitors get the prices they see in the shop.
    """
    asked = _Asking(session, wish, actor, at)
    skus = asked.skus()
    if len(skus) > wish.most and not wish.in_parts:
        raise Invalid(
            f"These are more than {wish.most:,} products, the most such a file holds. Please narrow the list.",
            field="format",
        )
    parts = chunks(skus[: wish.most], PART)
    products = [one for part in parts for one in asked.products(part)]
    return Taken(asked.reader, tuple(products), goes_on=len(skus) > wish.most)


class _Asking:
    """One wish: who it is for, found once."""

    def __init__(self, session: ReadSession, wish: Wish, actor: Actor, at: datetime) -> None:
        self.session, self.wish, self.actor, self.at = session, wish, actor, at
        company = get_company(session)
        self.today = today_in(company.time_zone, at)
        self.alone = self._list() if wish.price_list is not None else None
        self.customer = None if self.alone else self._customer()
        self.day = _within(self.alone, self.today) if self.alone else self.today
        own = self.customer.locale if self.customer else company.locale
        self.reader = Reader(
            locale=paper_locale(wish.language or own, company.locale),
            on=self.today,
            currency=self._currency(),
            customer=self.customer.code if self.customer else "",
            name=self.customer.name if self.customer else "",
            email=self.customer.email if self.customer else "",
            peppol_id=self.customer.peppol_id if self.customer else "",
            vat_id=self.customer.vat_id if self.customer else "",
            list_name=self.alone.name if self.alone else "",
        )
        self.taxing = taxing(session, self.customer.id, self.today) if self.customer else None
        usual = next((tax for tax in taxes(session) if tax.code == company.default_tax_code), None)
        self.usual = LineTax(usual.code, usual.rate, usual.category) if usual else None

    def _list(self) -> PriceList:
        code = self.wish.price_list or ""
        found = None
        if is_storable(code):
            found = self.session.scalar(
                select(PriceList).where(PriceList.code == code, *visible_to(self.actor))
            )
        if found is None:
            raise no_such_list()
        one: PriceList = found
        return one

    def _customer(self) -> Customer | None:
        code = self.wish.customer
        if code is None:
            mine = self.actor.customer_id if self.actor.may(Permission.BUY) else None
            return self.session.get(Customer, mine) if mine else None
        self.actor.require(Permission.SEE_SALES)
        found = None
        if is_storable(code):
            found = self.session.scalar(select(Customer).where(Customer.code == code))
        if found is None:
            raise NotFound("There is no such customer.")
        one: Customer = found
        return one

    def _currency(self) -> str:
        book = self._book(())
        return book.currency if book else ""

    def _book(self, pack_ids: Collection[int]) -> PriceBook | None:
        if self.alone:
            return listed_book(self.session, self.alone, pack_ids)
        if self.wish.customer is not None and self.customer:
            one = self.customer
            return price_book(
                self.session, one.currency, one.price_list_id, pack_ids, customer_id=one.id
            )
        return price_book_in_shop(self.session, pack_ids, actor=self.actor)

    def skus(self) -> list[str]:
        """In the order of the paper: what is in no category comes last."""
        wanted = replace(self.wish.wanted, status=ProductStatus.ACTIVE)
        if wanted.stock:
            wanted = replace(wanted, stocked=in_stock(self.session, at=self.at))
        if wanted.text:
            wanted = search(self.session, wanted, PageRequest(1)).wanted
        query = (
            select(Product.sku)
            .outerjoin(Category, Category.id == Product.category_id)
            .outerjoin(Family, Family.id == Product.family_id)
            .where(*conditions(wanted))
            .order_by(
                Category.name.is_(None),
                Category.name,
                func.coalesce(Family.name, Product.name),
                Family.code,
                Product.name,
                Product.sku,
            )
            .limit(self.wish.most + 1)
            .offset(self.wish.part * self.wish.most)
        )
        if self.alone:
            priced = exists().where(
                Price.product_id == Product.id, Price.price_list_id == self.alone.id
            )
            query = query.where(priced)
        return list(self.session.scalars(query))

    def products(self, skus: list[str]) -> Iterator[TakenProduct]:
        session = self.session
        found = known(session, skus)
        ids = {one.id for one in found.products.values()}
        packs = {pack.id for one in found.products.values() for pack in one.packs.values()}
        book, retail = self._book(packs), self._retail(packs)
        badges = pack_badges(session, ids, at=self.at)
        pictures, rules = leading_pictures(session, ids), safety_rules(session)
        for product in (found.products[sku] for sku in skus if sku in found.products):
            family = found.families.get(product.family)
            taken = tuple(
                TakenPack(
                    pack,
                    self._ladder(book, pack.id),
                    self._in_shops(retail, pack.id),
                    badges.get(pack.id),
                )
                for pack in sorted(product.packs.values(), key=lambda p: not p.is_sales_pack)
            )
            if self.alone:
                taken = tuple(pack for pack in taken if pack.steps)
            yield TakenProduct(
                product,
                family.name if family else "",
                allergens_in(product.composition, rules),
                pictures.get(product.id),
                taken,
                self._tax(product),
            )

    def _retail(self, packs: Collection[int]) -> PriceBook | None:
        """Beside a customer's own prices, where it is the same money; never for visitors, never beside a list."""
        book = retail_book(self.session, packs) if self.customer else None
        return book if book and book.currency == self.reader.currency else None

    def _ladder(self, book: PriceBook | None, pack_id: int) -> tuple[Step, ...]:
        if book is None:
            return ()
        starts = [
            step.from_packs for one in book.lists for step in book.steps.get((one.id, pack_id), ())
        ]
        for packs in (1, min(starts, default=1)):
            if found := book.price(pack_id, packs, self.day):
                return tuple(sorted(found.steps))
        return ()

    def _in_shops(self, book: PriceBook | None, pack_id: int) -> UnitPrice | None:
        steps = self._ladder(book, pack_id)
        return steps[0].price if steps else None

    def _tax(self, product: KnownProduct) -> LineTax | None:
        if self.taxing:
            return self.taxing.of(is_service=product.kind is Kind.SERVICE)
        return self.usual if self.reader.currency else None


def _within(one: PriceList, today: date) -> date:
    """The day nearest to today on which a list holds: one that begins later is printed as it will be."""
    if one.valid_from and one.valid_from > today:
        return one.valid_from
    return one.valid_until if one.valid_until and one.valid_until < today else today
