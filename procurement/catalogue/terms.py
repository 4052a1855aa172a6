"""Words of the catalogue that doors may see."""

from dataclasses import dataclass
from enum import StrEnum

from procurement.kernel.quantity import Unit


class Kind(StrEnum):
    OIL = "oil"
    LOTION = "lotion"
    CREAM = "cream"
    GEL = "gel"
    BALM = "balm"
    TOOL = "tool"
    LINEN = "linen"
    DISPOSABLE = "disposable"
    RETAIL_SET = "retail_set"
    SERVICE = "service"


class ProductStatus(StrEnum):
    ACTIVE = "active"
    DISCONTINUED = "discontinued"  # still counted and found, no longer bought or offered


class TagDimension(StrEnum):
    BODY_AREA = "body_area"
    TECHNIQUE = "technique"
    SKIN_FEEL = "skin_feel"  # how it lies on the skin: light, silky, rich, warming
    SCENT = "scent"


class Trait(StrEnum):
    """What people look for in a product: two follow from its ingredients, two the seller states."""

    NUT_FREE = "nut_free"
    FRAGRANCE_FREE = "fragrance_free"
    VEGAN = "vegan"
    ORGANIC = "organic"


STATED_TRAITS = (Trait.VEGAN, Trait.ORGANIC)
DERIVED_TRAITS = (Trait.NUT_FREE, Trait.FRAGRANCE_FREE)


class AllergenGroup(StrEnum):
    """What a row of the table of allergens is about."""

    TREE_NUT = "tree_nut"
    PEANUT = "peanut"
    FOOD = "food"  # other allergens that food law names, by the plant or animal
    FRAGRANCE = "fragrance"  # substances that cosmetics law wants named
    SCENT = "scent"  # perfume as such, and oils that smell
    ACTIVE = "active"  # active ingredients of drugs without prescription


@dataclass(frozen=True, slots=True)
class SafetyRules:
    """How strict the seller is with the table of allergens."""

    is_strict: bool = False  # kin of an allergen counts as well
    counts_unchecked: bool = True  # rows whose source could not be checked count


@dataclass(frozen=True, slots=True)
class Composition:
    """What a product is made of by its label: INCI names in their order, and those it only may contain."""

    ingredients: tuple[str, ...] = ()
    may_contain: tuple[str, ...] = ()
    is_complete: bool = False  # the seller states that nothing is left out

    @property
    def names(self) -> tuple[str, ...]:
        return (*self.ingredients, *self.may_contain)

    @property
    def can_rule_out(self) -> bool:
        return self.is_complete and bool(self.ingredients)


@dataclass(frozen=True, slots=True)
class Wishes:
    """What somebody wants of everything that touches skin; `avoid` are words, with commas between.

    `unheard` are those of the words that nothing is known about: then nothing can be said to be without them.
    """

    nut_free: bool = False
    fragrance_free: bool = False
    vegan: bool = False
    avoid: str = ""
    unheard: tuple[str, ...] = ()

    @property
    def any(self) -> bool:
        return self.nut_free or self.fragrance_free or self.vegan or bool(self.avoid)


# The field of a product that keeps the tags of a dimension.
TAG_FIELDS = {
    TagDimension.BODY_AREA: "body_areas",
    TagDimension.TECHNIQUE: "techniques",
    TagDimension.SKIN_FEEL: "skin_feels",
    TagDimension.SCENT: "scents",
}

EACH = (
    "EACH"  # the pack of one piece that a product counted in pieces has when nobody names another
)


CLEARED = 0  # a number of days or months that says: there is none


@dataclass(frozen=True, slots=True)
class FamilyDraft:
    """A family as somebody wants it; None keeps what is there."""

    code: str
    name: str | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True)
class OrderRuleDraft:
    """How many a customer may order at once: from, in steps of, up to. None keeps what is there, 0 clears it."""

    least: int | None = None
    step: int | None = None
    most: int | None = None


NOT_SAID = OrderRuleDraft()


@dataclass(frozen=True, slots=True)
class PackDraft:
    """A pack as somebody wants it, named by its product and code; "" is the sales pack. None keeps what is there."""

    sku: str
    code: str
    name: str | None = None
    size_steps: int | None = None
    gtin: str | None = None
    is_sales_pack: bool | None = None
    unit: Unit | None = (
        None  # what `size_steps` counts, where the draft knows it: must be the product's
    )
    tare: int | None = None  # what the empty container weighs, in mg
    rule: OrderRuleDraft = NOT_SAID


@dataclass(frozen=True, slots=True)
class ProductDraft:
    """A product as somebody wants it, named by its SKU. None keeps what is there; an empty value clears it."""

    sku: str
    name: str | None = None
    kind: Kind | None = None
    unit: Unit | None = None
    status: ProductStatus | None = None
    family: str | None = None  # its code; "" takes the product out of its family
    category: str | None = None  # its name; made when it is new
    brand: str | None = None
    description: str | None = None
    material: str | None = None
    shelf_life_days: int | None = None  # CLEARED takes away what is there
    period_after_opening_months: int | None = None
    dose: int | None = None  # what one treatment takes, in steps
    pump_stroke: int | None = None  # in steps
    density: int | None = None  # mg per ml
    options: tuple[tuple[str, str], ...] | None = None
    ingredients: tuple[str, ...] | None = None  # INCI names in the order of the label
    may_contain: tuple[str, ...] | None = None  # INCI names after "+/-" or "may contain"
    ingredients_complete: bool | None = None  # the seller states that nothing is left out
    traits: tuple[Trait, ...] | None = None  # those that are stated; the others follow
    body_areas: tuple[str, ...] | None = None
    techniques: tuple[str, ...] | None = None
    skin_feels: tuple[str, ...] | None = None
    scents: tuple[str, ...] | None = None
