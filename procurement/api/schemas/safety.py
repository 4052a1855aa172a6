"""What is in products, the table of allergens, and what to offer instead."""

from typing import Self

from pydantic import BaseModel, ConfigDict, Field

from procurement.api.schemas.values import ListQuery, Shape
from procurement.catalogue.queries.ingredients import IngredientRow
from procurement.catalogue.rules.allergen_table import AllergenRule, allergen_table
from procurement.catalogue.rules.allergens import Finding
from procurement.catalogue.rules.product_safety import ListState, ProductSafety
from procurement.catalogue.terms import AllergenGroup, Trait
from procurement.planning.queries.substitutes import SubstituteRow


class FindingShape(Shape):
    allergen: str
    group: AllergenGroup
    ingredient: str = Field(description="As the label writes it")
    may_contain: bool
    is_akin: bool = Field(description="Not it, but of its kin")
    citation: str
    checked: bool

    @classmethod
    def of(cls, found: Finding) -> Self:
        return cls(
            allergen=found.allergen,
            group=found.group,
            ingredient=found.ingredient,
            may_contain=found.may_contain,
            is_akin=found.rule.is_akin,
            citation=found.citation,
            checked=found.rule.checked,
        )


class SafetyShape(Shape):
    product: str
    ingredients: list[str]
    may_contain: list[str]
    list_state: ListState = Field(description="Only a complete list is ever free of something")
    allergens: list[FindingShape]
    scents: list[FindingShape]
    actives: list[FindingShape]
    akin: list[FindingShape]
    free_of: list[str]
    traits: list[Trait]
    table_version: str

    @classmethod
    def of(cls, sku: str, safety: ProductSafety, traits: tuple[Trait, ...]) -> Self:
        def shapes(found: tuple[Finding, ...]) -> list[FindingShape]:
            return [FindingShape.of(one) for one in found]

        return cls(
            product=sku,
            ingredients=list(safety.made_of.ingredients),
            may_contain=list(safety.made_of.may_contain),
            list_state=safety.state,
            allergens=shapes(safety.allergens),
            scents=shapes(safety.scents),
            actives=shapes(safety.actives),
            akin=shapes(safety.akin),
            free_of=list(safety.free_of),
            traits=list(traits),
            table_version=safety.table,
        )


class SubstituteQuery(BaseModel):
    model_config = ConfigDict(extra="forbid")

    without: str = Field(
        min_length=1,
        max_length=200,
        description="`nuts`, `fragrance`, `animal`, or words of an ingredient or allergen; commas between",
        examples=["almond"],
    )


class SubstituteShape(Shape):
    product: str
    name: str
    reason: str
    in_stock: bool

    @classmethod
    def of(cls, row: SubstituteRow) -> Self:
        return cls(product=row.sku, name=row.name, reason=row.reason, in_stock=row.in_stock)


class SubstitutesShape(Shape):
    items: list[SubstituteShape]
    unheard: list[str] = Field(
        description="Words of `without` that no ingredient is known by: then nothing is offered"
    )


class IngredientQuery(ListQuery):
    text: str = Field(default="", max_length=200, description="Words of the INCI name")


class IngredientShape(Shape):
    inci: str
    products: int
    means: list[str]

    @classmethod
    def of(cls, row: IngredientRow) -> Self:
        return cls(
            inci=row.inci,
            products=row.products,
            means=list(dict.fromkeys(rule.allergen for rule in row.rules)),
        )


class AllergenQuery(ListQuery):
    text: str = Field(default="", max_length=200, description="Words of a name, CAS number, entry")
    group: AllergenGroup | None = None
    checked: bool | None = None


class AllergenShape(Shape):
    row: int
    allergen: str
    group: AllergenGroup
    names: list[str]
    cas: list[str]
    is_akin: bool
    leave_on_percent: str | None = Field(description="From where a label must name it")
    rinse_off_percent: str | None
    source: str
    address: str
    entry: str
    checked: bool
    note: str
    table_version: str

    @classmethod
    def of(cls, rule: AllergenRule) -> Self:
        return cls(
            row=rule.row,
            allergen=rule.allergen,
            group=rule.group,
            names=list(rule.names),
            cas=list(rule.cas),
            is_akin=rule.is_akin,
            leave_on_percent=rule.leave_on or None,
            rinse_off_percent=rule.rinse_off or None,
            source=rule.source.title,
            address=rule.source.address,
            entry=rule.entry,
            checked=rule.checked,
            note=rule.note,
            table_version=allergen_table().version,
        )
