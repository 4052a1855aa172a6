"""The catalogue as anybody may read it: products, families, facets, stock in words, prices where they are shown."""

from collections.abc import Mapping
from datetime import date
from typing import Self

from pydantic import Field, field_validator

from procurement.api.schemas.values import ListQuery, MoneyOut, QuantityOut, Shape
from procurement.catalogue.queries.facets import FacetOption
from procurement.catalogue.queries.narrowing import IN_STOCK, Facet, ProductFilter
from procurement.catalogue.queries.pages import FamilyRow, ProductPage
from procurement.catalogue.queries.search import ProductRow
from procurement.catalogue.terms import Kind, ProductStatus, Trait
from procurement.documents.languages import is_spoken
from procurement.kernel.quantity import Quantity, Unit
from procurement.planning.queries.taking_away import Wish
from procurement.planning.rules.badges import Badge, Stock
from procurement.planning.terms import Sorting
from procurement.sales.queries.prices import PriceBook
from procurement.web.filters import picture_url

_SEVERAL = "Several separated by commas"


class CatalogueFilter(ListQuery):
    """What the shop's page is narrowed by, in the same words."""

    text: str = Field(default="", max_length=200, description="Words as typed; forgiving")
    kind: str = Field(default="", max_length=300, description=_SEVERAL, examples=["oil,balm"])
    area: str = Field(default="", max_length=600, description=_SEVERAL, examples=["calf"])
    technique: str = Field(default="", max_length=600, description=_SEVERAL)
    feel: str = Field(default="", max_length=600, description=_SEVERAL, examples=["silky"])
    scent: str = Field(default="", max_length=600, description=_SEVERAL)
    trait: str = Field(
        default="", max_length=200, description="All of them hold", examples=["vegan"]
    )
    brand: str = Field(default="", max_length=200, description="One, as written")
    size: str = Field(default="", max_length=600, description=_SEVERAL, examples=["500000-ml"])
    in_stock: bool = False
    family: str = Field(default="", max_length=64)
    sort: Sorting | None = None

    @field_validator("in_stock", mode="before")
    @classmethod
    def _plain(cls, value: object) -> object:
        return {"true": True, "false": False}.get(str(value), value)

    def wanted(self) -> ProductFilter:
        """What cannot be a value of a facet is left out, as on the page."""
        found = ProductFilter(
            text=" ".join(self.text.split()),
            family=self.family or None,
            status=ProductStatus.ACTIVE,
            stock=frozenset({IN_STOCK}) if self.in_stock else frozenset(),
        )
        for facet in Facet:
            if facet not in {Facet.STOCK, Facet.BRAND}:
                found = found.choosing(facet, [v for v in getattr(self, facet).split(",") if v])
        return found.choosing(Facet.BRAND, [self.brand] if self.brand else [])


class TakeAlongQuery(CatalogueFilter):
    """Narrowed as the list is; a file has no pages, so `limit`, `cursor` and `sort` say nothing here."""

    customer: str = Field(default="", max_length=64, description="A customer's code, for staff")
    language: str = Field(
        default="", max_length=10, description="Of papers: en, de, fr, es, it, zh"
    )

    def wish(self) -> Wish:
        spoken = self.language if is_spoken(self.language) else ""
        return Wish(wanted=self.wanted(), customer=self.customer or None, language=spoken)


class StockShape(Shape):
    """What is promised of the sales pack; a figure only where few are left."""

    state: Stock
    packs_left: int | None
    due_on: date | None
    days: int | None = Field(description="From ordering, where it is ordered in")

    @classmethod
    def of(cls, badge: Badge | None) -> Self | None:
        if badge is None:
            return None
        return cls(
            state=badge.stock,
            packs_left=badge.packs or None,
            due_on=badge.due_on,
            days=badge.days if badge.stock is Stock.TO_ORDER else None,
        )


class OfferedPackShape(Shape):
    code: str
    name: str
    size: QuantityOut
    gtin: str | None = Field(description="Fourteen digits")
    price: MoneyOut | None = Field(description="Of one pack, before tax, where the caller sees it")
    order_least: int = Field(description="So many or more are ordered")
    order_step: int
    order_most: int | None


class OfferedShape(Shape):
    """A product in the list; its pack is the one prices mean."""

    sku: str
    name: str
    kind: Kind
    unit: Unit
    brand: str
    family: str | None
    pack: str | None
    pack_name: str | None
    pack_size: QuantityOut | None
    price: MoneyOut | None = Field(description="Of one pack, before tax, where the caller sees it")
    stock: StockShape | None
    picture: str | None = Field(description="Address of the leading picture")

    @classmethod
    def of(cls, row: ProductRow, book: PriceBook | None, badge: Badge | None, on: date) -> Self:
        return cls(
            sku=row.sku,
            name=row.name,
            kind=row.kind,
            unit=row.unit,
            brand=row.brand,
            family=row.family,
            pack=row.pack,
            pack_name=row.pack_name,
            pack_size=QuantityOut.of(row.pack_size) if row.pack_size else None,
            price=_price(book, row.pack_id, on),
            stock=StockShape.of(badge),
            picture=picture_url(row.picture, 800) or None,
        )


class OfferedProductShape(Shape):
    """All that the shop tells of a product."""

    sku: str
    name: str
    kind: Kind
    unit: Unit
    brand: str
    category: str
    family: str | None
    options: dict[str, str]
    description: str
    material: str
    ingredients: list[str]
    may_contain: list[str]
    allergens: list[str]
    traits: list[Trait]
    body_areas: list[str]
    techniques: list[str]
    skin_feels: list[str]
    scents: list[str]
    period_after_opening_months: int | None
    packs: list[OfferedPackShape]
    stock: StockShape | None
    pictures: list[str]

    @classmethod
    def of(
        cls,
        page: ProductPage,
        allergens: tuple[str, ...],
        book: PriceBook | None,
        badge: Badge | None,
        on: date,
    ) -> Self:
        product = page.product
        return cls(
            sku=product.sku,
            name=product.name,
            kind=product.kind,
            unit=product.unit,
            brand=product.brand,
            category=product.category,
            family=product.family or None,
            options=dict(product.options),
            description=product.description,
            material=product.material,
            ingredients=list(product.ingredients),
            may_contain=list(product.may_contain),
            allergens=list(allergens),
            traits=list(product.traits),
            body_areas=list(product.body_areas),
            techniques=list(product.techniques),
            skin_feels=list(product.skin_feels),
            scents=list(product.scents),
            period_after_opening_months=product.period_after_opening_months,
            packs=[
                OfferedPackShape(
                    code=pack.code,
                    name=pack.name,
                    size=QuantityOut.of(Quantity(pack.size_steps, product.unit)),
                    gtin=pack.gtin,
                    price=_price(book, pack.id, on),
                    order_least=pack.rule.least,
                    order_step=pack.rule.step,
                    order_most=pack.rule.most,
                )
                for pack in page.packs
            ],
            stock=StockShape.of(badge),
            pictures=[picture_url(one.sha256, 800) for one in page.pictures],
        )


def _price(book: PriceBook | None, pack_id: int | None, on: date) -> MoneyOut | None:
    found = book.price(pack_id, 1, on) if book and pack_id else None
    return MoneyOut.of(found.price) if found else None


class FacetOptionShape(Shape):
    value: str
    name: str
    count: int = Field(description="Products it would show beside what is chosen elsewhere")
    chosen: bool

    @classmethod
    def of(cls, option: FacetOption) -> Self:
        return cls.model_validate(option, from_attributes=True)


class FacetsShape(Shape):
    """The choices of each facet."""

    total: int
    facets: dict[str, list[FacetOptionShape]]

    @classmethod
    def made(cls, total: int, options: Mapping[Facet, tuple[FacetOption, ...]]) -> Self:
        return cls(
            total=total,
            facets={
                facet.value: [FacetOptionShape.of(one) for one in found]
                for facet, found in options.items()
                if found
            },
        )


class OfferedFamilyShape(Shape):
    code: str
    name: str
    products: int = Field(description="How many of it are offered")

    @classmethod
    def of(cls, row: FamilyRow) -> Self:
        return cls(code=row.code, name=row.name, products=row.products)


class OfferedVariantShape(Shape):
    sku: str
    name: str
    options: dict[str, str]


class OfferedFamilyPageShape(Shape):
    code: str
    name: str
    description: str
    variants: list[OfferedVariantShape]
