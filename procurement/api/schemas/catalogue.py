"""Products and packs."""

from typing import Annotated, Literal, Self

from pydantic import Field

from procurement.api.schemas.values import (
    Body,
    Code,
    Line,
    ListQuery,
    Name,
    Prose,
    QuantityBody,
    QuantityIn,
    QuantityOut,
    Shape,
)
from procurement.catalogue.queries.listing import PackRow
from procurement.catalogue.rules.drafts import KnownPack, KnownProduct
from procurement.catalogue.terms import (
    Kind,
    OrderRuleDraft,
    PackDraft,
    ProductDraft,
    ProductStatus,
    Trait,
)
from procurement.kernel.errors import Invalid
from procurement.kernel.quantity import Quantity, Unit

Ordered = Annotated[int, Field(ge=1, le=1_000_000)]
Names = Annotated[list[Name], Field(max_length=200)]
StatedTrait = Literal[Trait.VEGAN, Trait.ORGANIC]


def _steps(said: QuantityBody | None, unit: Unit, field: str) -> int | None:
    """Steps of the unit it must be said in."""
    if said is None:
        return None
    quantity = said.value()
    if quantity.unit is not unit:
        raise Invalid(f"This is said in {unit}.", field=field)
    return quantity.steps


class SalesPackBody(Body):
    """The pack that prices mean when none is named."""

    code: Code
    name: Name
    size: QuantityIn
    gtin: Line | None = None
    tare: QuantityIn | None = Field(default=None, description="What it weighs empty, in g")
    order_least: Ordered | None = Field(
        default=None, description="A customer orders so many or more"
    )
    order_step: Ordered | None = Field(default=None, description="6: in sixes only")
    order_most: Ordered | None = Field(default=None, description="In one order")

    def draft(self, product: str) -> PackDraft:
        size = self.size.value()
        return PackDraft(
            product,
            self.code,
            self.name,
            size.steps,
            self.gtin,
            is_sales_pack=True,
            unit=size.unit,
            tare=_steps(self.tare, Unit.G, "sales_pack.tare"),
            rule=OrderRuleDraft(self.order_least, self.order_step, self.order_most),
        )


class PackBody(Body):
    product: Code
    code: Code
    name: Name
    size: QuantityIn
    gtin: Line | None = None
    tare: QuantityIn | None = Field(default=None, description="What it weighs empty, in g")
    order_least: Ordered | None = Field(
        default=None, description="A customer orders so many or more"
    )
    order_step: Ordered | None = Field(default=None, description="6: in sixes only")
    order_most: Ordered | None = Field(default=None, description="In one order")

    def draft(self) -> PackDraft:
        size = self.size.value()
        return PackDraft(
            self.product,
            self.code,
            self.name,
            size.steps,
            self.gtin,
            unit=size.unit,
            tare=_steps(self.tare, Unit.G, "tare"),
            rule=OrderRuleDraft(self.order_least, self.order_step, self.order_most),
        )


class ProductBody(Body):
    sku: Code
    name: Name
    kind: Kind
    unit: Unit
    family: Code | None = None
    category: Line | None = None
    brand: Line | None = None
    options: Annotated[dict[Code, Name], Field(max_length=50)] | None = Field(
        default=None, examples=[{"size": "500 ml"}]
    )
    description: Prose | None = None
    material: Prose | None = None
    ingredients: Names | None = Field(
        default=None, description="INCI names in the order of the label"
    )
    may_contain: Names | None = Field(default=None, description='INCI names after "+/-"')
    ingredients_complete: bool | None = Field(
        default=None, description="The whole label stands here: only then is it free of anything"
    )
    traits: Annotated[list[StatedTrait], Field(max_length=2)] | None = Field(
        default=None, description="Those the seller states; the others follow from the ingredients"
    )
    shelf_life_days: int | None = Field(default=None, ge=1, le=36_500)
    period_after_opening_months: int | None = Field(default=None, ge=1, le=600)
    dose: QuantityIn | None = Field(default=None, description="What one treatment takes")
    pump_stroke: QuantityIn | None = None
    density: int | None = Field(default=None, ge=1, le=25_000, description="mg per ml")
    body_areas: Names | None = None
    techniques: Names | None = None
    skin_feels: Names | None = None
    scents: Names | None = None
    sales_pack: SalesPackBody | None = None

    def draft(self) -> ProductDraft:
        def listed(names: list[str] | None) -> tuple[str, ...] | None:
            return None if names is None else tuple(names)

        return ProductDraft(
            sku=self.sku,
            name=self.name,
            kind=self.kind,
            unit=self.unit,
            family=self.family,
            category=self.category,
            brand=self.brand,
            description=self.description,
            material=self.material,
            shelf_life_days=self.shelf_life_days,
            period_after_opening_months=self.period_after_opening_months,
            dose=_steps(self.dose, self.unit, "dose"),
            pump_stroke=_steps(self.pump_stroke, self.unit, "pump_stroke"),
            density=self.density,
            options=None if self.options is None else tuple(self.options.items()),
            ingredients=listed(self.ingredients),
            may_contain=listed(self.may_contain),
            ingredients_complete=self.ingredients_complete,
            traits=None if self.traits is None else tuple(self.traits),
            body_areas=listed(self.body_areas),
            techniques=listed(self.techniques),
            skin_feels=listed(self.skin_feels),
            scents=listed(self.scents),
        )


class PackShape(Shape):
    product: str
    code: str
    name: str
    size: QuantityOut
    gtin: str | None = Field(description="Fourteen digits")
    is_sales_pack: bool
    order_least: int = Field(description="A customer orders so many or more")
    order_step: int
    order_most: int | None

    @classmethod
    def of(cls, row: PackRow) -> Self:
        return cls(
            product=row.product,
            code=row.code,
            name=row.name,
            size=QuantityOut.of(row.size),
            gtin=row.gtin,
            is_sales_pack=row.is_sales_pack,
            order_least=row.rule.least,
            order_step=row.rule.step,
            order_most=row.rule.most,
        )

    @classmethod
    def known(cls, product: KnownProduct, pack: KnownPack) -> Self:
        return cls(
            product=product.sku,
            code=pack.code,
            name=pack.name,
            size=QuantityOut.of(Quantity(pack.size_steps, product.unit)),
            gtin=pack.gtin,
            is_sales_pack=pack.is_sales_pack,
            order_least=pack.rule.least,
            order_step=pack.rule.step,
            order_most=pack.rule.most,
        )


def _told(steps: int | None, unit: Unit) -> QuantityOut | None:
    return QuantityOut.of(Quantity(steps, unit)) if steps else None


class ProductShape(Shape):
    sku: str
    name: str
    kind: Kind
    unit: Unit
    status: ProductStatus
    family: str | None
    category: str
    brand: str
    options: dict[str, str]
    description: str
    material: str
    ingredients: list[str]
    may_contain: list[str]
    ingredients_complete: bool
    traits: list[Trait]
    shelf_life_days: int | None
    period_after_opening_months: int | None
    dose: QuantityOut | None
    pump_stroke: QuantityOut | None
    density: int | None
    body_areas: list[str]
    techniques: list[str]
    skin_feels: list[str]
    scents: list[str]
    sales_pack: PackShape | None
    packs: list[PackShape]

    @classmethod
    def of(cls, product: KnownProduct) -> Self:
        packs = [PackShape.known(product, pack) for pack in product.packs.values()]
        return cls(
            sku=product.sku,
            name=product.name,
            kind=product.kind,
            unit=product.unit,
            status=product.status,
            family=product.family or None,
            category=product.category,
            brand=product.brand,
            options=dict(product.options),
            description=product.description,
            material=product.material,
            ingredients=list(product.ingredients),
            may_contain=list(product.may_contain),
            ingredients_complete=product.ingredients_complete,
            traits=list(product.traits),
            shelf_life_days=product.shelf_life_days,
            period_after_opening_months=product.period_after_opening_months,
            dose=_told(product.dose, product.unit),
            pump_stroke=_told(product.pump_stroke, product.unit),
            density=product.density,
            body_areas=list(product.body_areas),
            techniques=list(product.techniques),
            skin_feels=list(product.skin_feels),
            scents=list(product.scents),
            sales_pack=next((pack for pack in packs if pack.is_sales_pack), None),
            packs=packs,
        )


class ProductQuery(ListQuery):
    text: str = Field(default="", max_length=200, description="Words of name, SKU, INCI, barcode")
    kind: Kind | None = None
    status: ProductStatus | None = None
    family: str | None = Field(default=None, max_length=64)
    body_area: str | None = Field(default=None, max_length=64, examples=["calf"])
    technique: str | None = Field(default=None, max_length=64, examples=["kneading"])


class PackQuery(ListQuery):
    product: str | None = Field(default=None, max_length=64)
    gtin: str | None = Field(default=None, max_length=14)
