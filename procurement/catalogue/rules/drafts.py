"""Whether a draft can be taken, given what is there. Pure, so that an import may ask about thousands at once."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from procurement.catalogue.rules.order_rules import FREE, OrderRule, faults, laid_over
from procurement.catalogue.terms import (
    EACH,
    STATED_TRAITS,
    Composition,
    Kind,
    PackDraft,
    ProductDraft,
    ProductStatus,
    Trait,
)
from procurement.kernel.quantity import Unit


@dataclass(frozen=True, slots=True)
class KnownFamily:
    id: int
    name: str
    description: str


@dataclass(frozen=True, slots=True)
class KnownPack:
    id: int
    code: str
    name: str
    size_steps: int
    gtin: str | None
    is_sales_pack: bool
    position: int
    tare: int | None = None  # of the empty container, in mg
    rule: OrderRule = FREE


@dataclass(frozen=True, slots=True)
class KnownProduct:
    """A product as it stands, with everything a draft may say about it."""

    id: int
    sku: str
    name: str
    kind: Kind
    unit: Unit
    status: ProductStatus
    family: str
    category: str
    brand: str
    description: str
    material: str
    shelf_life_days: int | None
    period_after_opening_months: int | None
    dose: int | None  # in steps, as pump_stroke
    pump_stroke: int | None
    density: int | None  # mg per ml
    search_text: str
    ingredients_complete: bool = False
    options: tuple[tuple[str, str], ...] = ()
    ingredients: tuple[str, ...] = ()
    may_contain: tuple[str, ...] = ()
    traits: tuple[Trait, ...] = ()  # in the order of Trait
    body_areas: tuple[str, ...] = ()
    techniques: tuple[str, ...] = ()
    skin_feels: tuple[str, ...] = ()
    scents: tuple[str, ...] = ()
    packs: Mapping[str, KnownPack] = field(default_factory=dict)

    @property
    def composition(self) -> Composition:
        return Composition(self.ingredients, self.may_contain, self.ingredients_complete)

    @property
    def sales_pack(self) -> KnownPack | None:
        return next((pack for pack in self.packs.values() if pack.is_sales_pack), None)


@dataclass(frozen=True, slots=True)
class Known:
    """What is there of the things that drafts name."""

    products: Mapping[str, KnownProduct]
    families: Mapping[str, KnownFamily]
    gtins: Mapping[str, tuple[str, str]]  # barcode -> SKU and code of the pack that has it


@dataclass(frozen=True, slots=True)
class Objection:
    """Why a draft cannot be taken. `pack` is the pack draft's code, None where the product itself is meant."""

    sku: str
    pack: str | None
    field: str
    reason: str


@dataclass(frozen=True, slots=True)
class Drafts:
    """Products and packs wanted together."""

    products: Mapping[str, ProductDraft]
    packs: Mapping[tuple[str, str], PackDraft]

    def packs_of(self) -> dict[str, list[PackDraft]]:
        found: dict[str, list[PackDraft]] = {}
        for draft in self.packs.values():
            found.setdefault(draft.sku, []).append(draft)
        return found


def sales_pack_code(
    known: KnownProduct | None, drafts: Sequence[PackDraft], unit: Unit
) -> str | None:
    """The code of the pack that prices mean when none is named; None where the product has no pack at all."""
    named = [draft.code for draft in drafts if draft.code]
    chosen = next((draft.code for draft in drafts if draft.is_sales_pack and draft.code), None)
    if chosen is not None:
        return chosen
    if known is not None and known.sales_pack is not None:
        return known.sales_pack.code
    if named:
        return named[0]
    return EACH if unit is Unit.PIECE else None


def unit_of(known: KnownProduct | None, draft: ProductDraft | None) -> Unit:
    if known is not None:
        return known.unit
    return (draft.unit if draft else None) or Unit.PIECE


def objections(known: Known, drafts: Drafts) -> Iterator[Objection]:
    """Everything that stands against the drafts."""
    for sku, draft in drafts.products.items():
        yield from _against_product(sku, draft, known.products.get(sku))
    packs = drafts.packs_of()
    yield from _against_barcodes(known, drafts, packs)
    for sku, wanted in packs.items():
        there, draft_or_none = known.products.get(sku), drafts.products.get(sku)
        if there is None and draft_or_none is None:
            yield from (Objection(sku, p.code, "sku", f"there is no product {sku}") for p in wanted)
            continue
        sales_pack = sales_pack_code(there, wanted, unit_of(there, draft_or_none))
        unit = unit_of(there, draft_or_none)
        for pack in wanted:
            if pack.unit not in {None, unit}:
                reason = f"is in {pack.unit}, the product is counted in {unit}"
                yield Objection(sku, pack.code, "pack_size", reason)
            yield from _against_pack(pack, there, sales_pack)


def _against_product(
    sku: str, draft: ProductDraft, known: KnownProduct | None
) -> Iterator[Objection]:
    for trait in draft.traits or ():
        if trait not in STATED_TRAITS:
            reason = f"{trait.replace('_', '-')} follows from the ingredients and is not stated"
            yield Objection(sku, None, "traits", reason)
    if known is None:
        for name in ("name", "kind"):
            if getattr(draft, name) is None:
                yield Objection(sku, None, name, "is missing, and the product is new")
    elif draft.unit is not None and draft.unit is not known.unit:
        reason = f"the product is counted in {known.unit}; that cannot change"
        yield Objection(sku, None, "unit", reason)


def _against_pack(
    pack: PackDraft, known: KnownProduct | None, sales_pack: str | None
) -> Iterator[Objection]:
    code = pack.code or sales_pack
    if code is None:
        yield Objection(pack.sku, pack.code, "pack_code", "is missing: the product has no pack")
        return
    there = known.packs.get(code) if known else None
    if there is None and pack.size_steps is None and code != EACH:
        yield Objection(pack.sku, pack.code, "pack_size", f"is missing, and the pack {code} is new")
    if there is not None and pack.size_steps not in (None, there.size_steps):
        reason = (
            f"the pack {code} has another size; that cannot change, give the new pack another code"
        )
        yield Objection(pack.sku, pack.code, "pack_size", reason)
    rule = laid_over(there.rule if there else FREE, pack.rule)
    for name, reason in faults(rule):
        yield Objection(pack.sku, pack.code, name, reason)


def _against_barcodes(
    known: Known, drafts: Drafts, packs: Mapping[str, Sequence[PackDraft]]
) -> Iterator[Objection]:
    """A barcode names one pack, whether here already or in the drafts."""
    taken: dict[str, tuple[str, str]] = dict(known.gtins)
    for sku, wanted in packs.items():
        there = known.products.get(sku)
        sales_pack = sales_pack_code(there, wanted, unit_of(there, drafts.products.get(sku)))
        for pack in wanted:
            if pack.gtin is None:
                continue
            name = (sku, pack.code or sales_pack or "")
            owner = taken.setdefault(pack.gtin, name)
            if owner != name:
                yield Objection(
                    sku, pack.code, "gtin", f"{pack.gtin} is the barcode of {owner[0]}, {owner[1]}"
                )


def known_skus(drafts: Drafts) -> set[str]:
    return {*drafts.products, *(sku for sku, _ in drafts.packs)}


def barcodes(packs: Iterable[PackDraft]) -> set[str]:
    return {pack.gtin for pack in packs if pack.gtin}
