"""What a product page says of safety: allergens with their cause, and what it is free of."""

from dataclasses import dataclass
from enum import StrEnum

from procurement.catalogue.rules.allergen_table import allergen_table
from procurement.catalogue.rules.allergens import (
    ALLERGENS,
    NUTS,
    PLANTS,
    SCENTS,
    Finding,
    findings,
)
from procurement.catalogue.terms import AllergenGroup, Composition, SafetyRules

_FOODS = ("sesame", "soya", "wheat", "milk", "egg")


class ListState(StrEnum):
    """What can be said from a list of ingredients."""

    NONE = "none"  # there is no list: a tool, or nobody typed it yet
    PARTIAL = "partial"  # it is not stated to be complete: what it names is there, more may be
    COMPLETE = "complete"


@dataclass(frozen=True, slots=True)
class ProductSafety:
    """Read from the label's list by the table of allergens; the words are for people, the findings for programs."""

    made_of: Composition
    state: ListState
    allergens: tuple[Finding, ...]  # plants first, then fragrance substances
    scents: tuple[Finding, ...]  # perfume, oils that smell: what the fragrance substances come from
    actives: tuple[Finding, ...]
    akin: tuple[Finding, ...]  # of the kin of an allergen, where the seller does not count them
    free_of: tuple[str, ...]
    table: str

    @property
    def contains(self) -> tuple[str, ...]:
        """In words: "almond (tree nut)", "linalool"."""
        return tuple(
            one.allergen if one.group in PLANTS else one.allergen.lower()
            for one in self.allergens
            if not one.may_contain
        )

    @property
    def traces(self) -> tuple[str, ...]:
        return tuple(one.allergen for one in self.allergens if one.may_contain)

    @property
    def told(self) -> tuple[Finding, ...]:
        """Everything with its cause, for the table below the words."""
        return (*self.allergens, *self.scents, *self.actives, *self.akin)

    @property
    def avoidable(self) -> tuple[str, ...]:
        """What somebody might want the like of without: words of `?without=`."""
        plants = (one for one in self.allergens if one.group in PLANTS)
        words = [one.allergen.split(" (")[0].lower() for one in plants]
        has_nuts = any(one.group in NUTS for one in self.allergens)
        has_scent = bool(self.scents) or any(one.group in SCENTS for one in self.allergens)
        return tuple(dict.fromkeys([*words, *(["nuts"] * has_nuts), *(["fragrance"] * has_scent)]))


def product_safety(made_of: Composition, rules: SafetyRules) -> ProductSafety:
    found = findings(made_of, rules)
    strictly = findings(made_of, SafetyRules(is_strict=True, counts_unchecked=True))
    state = (
        ListState.NONE
        if not made_of.names
        else ListState.COMPLETE
        if made_of.can_rule_out
        else ListState.PARTIAL
    )
    return ProductSafety(
        made_of=made_of,
        state=state,
        allergens=_of(found, ALLERGENS),
        scents=_of(found, {AllergenGroup.SCENT}),
        actives=_of(found, {AllergenGroup.ACTIVE}),
        akin=tuple(one for one in strictly if one.rule.is_akin and one not in found),
        free_of=_free_of(found) if state is ListState.COMPLETE else (),
        table=allergen_table().version,
    )


def _of(
    found: tuple[Finding, ...], groups: set[AllergenGroup] | frozenset[AllergenGroup]
) -> tuple[Finding, ...]:
    return tuple(one for one in found if one.group in groups)


def _free_of(found: tuple[Finding, ...]) -> tuple[str, ...]:
    groups, foods = {one.group for one in found}, {one.allergen for one in found}
    words = [
        word
        for word, against in (
            ("tree nuts", {AllergenGroup.TREE_NUT}),
            ("peanut", {AllergenGroup.PEANUT}),
        )
        if not groups & against
    ]
    words += [food for food in _FOODS if food not in foods]
    if not groups & SCENTS:
        words += ["perfume", "fragrance allergens"]
    return tuple(words)
