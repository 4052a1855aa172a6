"""A product as it will be: what is there, with what a draft says laid over it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from procurement.catalogue.rules.allergens import traits_of
from procurement.catalogue.rules.codes import code_of
from procurement.catalogue.rules.drafts import KnownPack, KnownProduct, sales_pack_code, unit_of
from procurement.catalogue.rules.order_rules import FREE, OrderRule, laid_over
from procurement.catalogue.rules.words import code_forms
from procurement.catalogue.terms import (
    CLEARED,
    EACH,
    STATED_TRAITS,
    TAG_FIELDS,
    Composition,
    PackDraft,
    ProductDraft,
    ProductStatus,
    SafetyRules,
    TagDimension,
    Trait,
)
from procurement.kernel.text import fold

T = TypeVar("T")

PLAIN = (
    "name", "kind", "unit", "status", "brand", "description", "material", "shelf_life_days",
    "period_after_opening_months", "dose", "pump_stroke", "density",
    "ingredients_complete",
)  # fmt: skip
# Figures that a draft may take away again.
CLEARABLE = ("shelf_life_days", "period_after_opening_months", "dose", "pump_stroke", "density")
_NEW: dict[str, Any] = {
    "status": ProductStatus.ACTIVE,
    "brand": "",
    "description": "",
    "material": "",
    "ingredients_complete": False,
    **dict.fromkeys(CLEARABLE),
}
_SEARCH_MOST = 20_000


@dataclass(frozen=True, slots=True)
class WantedPack:
    code: str
    name: str
    size_steps: int
    gtin: str | None
    is_sales_pack: bool
    position: int
    tare: int | None
    rule: OrderRule
    known: KnownPack | None

    @property
    def differs(self) -> bool:
        there = self.known
        return there is None or (
            self.name,
            self.gtin,
            self.is_sales_pack,
            self.tare,
            self.rule,
        ) != (there.name, there.gtin, there.is_sales_pack, there.tare, there.rule)


@dataclass(frozen=True, slots=True)
class WantedProduct:
    """The state to reach, and the one to start from."""

    sku: str
    known: KnownProduct | None
    plain: dict[str, Any]
    family: str
    category: str
    options: tuple[tuple[str, str], ...]
    ingredients: tuple[str, ...]
    may_contain: tuple[str, ...]
    traits: tuple[Trait, ...]
    tags: dict[TagDimension, tuple[str, ...]]
    packs: tuple[WantedPack, ...]

    def search_text(self, family_name: str) -> str:
        """Everything a person may look for it by, folded."""
        words = (
            self.plain["name"],
            self.sku,
            self.plain["brand"],
            family_name,
            *(value for _, value in self.options),
            *self.ingredients,
            *self.may_contain,
            *(pack.gtin or "" for pack in self.packs),
            self.category,
            *sorted(code_of(tag).replace("-", " ") for tags in self.tags.values() for tag in tags),
            *code_forms(self.sku)[1:],
        )
        return fold(" ".join(word for word in words if word), _SEARCH_MOST)


def wanted(
    known: KnownProduct | None,
    draft: ProductDraft,
    packs: Sequence[PackDraft],
    rules: SafetyRules,
) -> WantedProduct:
    """Lay a draft over what is there; None in the draft keeps it."""
    said: dict[str, Any] = {
        name: value for name in PLAIN if (value := getattr(draft, name)) is not None
    }
    there = _NEW if known is None else {name: getattr(known, name) for name in PLAIN}
    for name in CLEARABLE:
        if said.get(name) == CLEARED:
            said[name] = None
    unit = unit_of(known, draft)
    plain = {**there, **said, "unit": unit}
    ingredients: tuple[str, ...] = _over(draft.ingredients, known.ingredients if known else ())
    may_contain: tuple[str, ...] = _over(draft.may_contain, known.may_contain if known else ())
    return WantedProduct(
        sku=draft.sku,
        known=known,
        plain=plain,
        family=_over(draft.family, known.family if known else ""),
        category=_over(draft.category, known.category if known else ""),
        options=_over(draft.options, known.options if known else ()),
        ingredients=tuple(dict.fromkeys(ingredients)),
        may_contain=tuple(name for name in dict.fromkeys(may_contain) if name not in ingredients),
        traits=_traits(
            _over(draft.traits, known.traits if known else ()),
            traits_of(Composition(ingredients, may_contain, plain["ingredients_complete"]), rules),
        ),
        tags={
            dimension: _over(getattr(draft, field), getattr(known, field) if known else ())
            for dimension, field in TAG_FIELDS.items()
        },
        packs=_packs(known, packs, sales_pack_code(known, packs, unit)),
    )


def _traits(stated: Collection[Trait], derived: Collection[Trait]) -> tuple[Trait, ...]:
    found = {*(trait for trait in stated if trait in STATED_TRAITS), *derived}
    return tuple(trait for trait in Trait if trait in found)


def _over(said: T | None, there: T) -> T:
    return there if said is None else said


def _packs(
    known: KnownProduct | None, drafts: Sequence[PackDraft], sales_pack: str | None
) -> tuple[WantedPack, ...]:
    there = dict(known.packs) if known else {}
    said: dict[str, list[PackDraft]] = {}
    for draft in drafts:
        said.setdefault(draft.code or sales_pack or EACH, []).append(draft)
    codes = list(dict.fromkeys([*there, *said]))
    if not codes and sales_pack is not None:
        codes = [sales_pack]
    return tuple(
        _pack(code, there.get(code), said.get(code, []), position, is_sales_pack=code == sales_pack)
        for position, code in enumerate(codes)
    )


def _pack(
    code: str,
    there: KnownPack | None,
    said: Sequence[PackDraft],
    position: int,
    *,
    is_sales_pack: bool,
) -> WantedPack:
    name = next((draft.name for draft in said if draft.name), None)
    gtin = next((draft.gtin for draft in said if draft.gtin), None)
    tare = next((draft.tare for draft in said if draft.tare), None)
    rule = there.rule if there else FREE
    for draft in said:
        rule = laid_over(rule, draft.rule)
    size = next((draft.size_steps for draft in said if draft.size_steps), None)
    return WantedPack(
        code=code,
        name=name or (there.name if there else "Each" if code == EACH else code),
        size_steps=there.size_steps if there else size or 1,
        gtin=gtin or (there.gtin if there else None),
        is_sales_pack=is_sales_pack,
        position=there.position if there else position,
        tare=tare or (there.tare if there else None),
        rule=rule,
        known=there,
    )
