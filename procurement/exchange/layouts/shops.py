"""What the exports of web shops have in common: parents with variants, stock counts, pictures by address."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from procurement.catalogue.terms import FamilyDraft, Kind, PackDraft, ProductDraft, ProductStatus
from procurement.exchange import cells
from procurement.exchange.layouts.base import LIQUID_KINDS, Line, Sheet, add_product
from procurement.exchange.records import At, OpeningDraft, PriceDraft
from procurement.exchange.slugs import code_of
from procurement.kernel.quantity import Unit


@dataclass(slots=True)
class Parent:
    """What the rows of one family say together."""

    line: Line
    name: str
    description: str = ""
    category: str | None = None
    brand: str | None = None
    kind: str = ""
    status: ProductStatus | None = None


@dataclass(slots=True)
class Variant:
    """One thing with an SKU."""

    line: Line
    sku: str
    options: tuple[tuple[str, str], ...] = ()
    prices: list[tuple[str, int]] = field(default_factory=list)  # currency, price of one
    gtin: str | None = None
    opening: int | None = None
    kind: str = ""
    description: str | None = None
    status: ProductStatus | None = None


def variant_of(line: Line, full_name: str, options: tuple[tuple[str, str], ...] = ()) -> Variant:
    return Variant(line, line.sku("sku", full_name), options, gtin=line.gtin("gtin"))


def full_name(name: str, options: Iterable[tuple[str, str]]) -> str:
    """The family's name with what tells the variant apart."""
    return ", ".join([name, *(value for _, value in options)])


def inventory(line: Line, name: str = "inventory") -> int | None:
    """Pieces in stock; below zero the row is refused, for a ledger cannot begin with a debt."""
    return line.whole(name, most=1_000_000_000)


def take(
    sheet: Sheet, parents: Mapping[str, Parent], variants: Mapping[str, list[Variant]]
) -> None:
    """Families with their variants into the harvest; a lone variant without options becomes a product of its own."""
    for key, parent in parents.items():
        own = [variant for variant in variants.get(key, []) if not variant.line.refused()]
        is_family = len(variants.get(key, [])) > 1 or any(variant.options for variant in own)
        code = _family_code(key) if is_family else ""
        taken = [variant for variant in own if _take_variant(sheet, code, parent, variant)]
        if is_family and taken:
            draft = FamilyDraft(code, parent.name, parent.description or None)
            sheet.harvest.families[code] = At(parent.line.number, draft)
    _warn_of_what_was_assumed(sheet)


def _family_code(key: str) -> str:
    return key if len(key) <= cells.CODE_MOST else code_of(key).lower()


def _take_variant(sheet: Sheet, family: str, parent: Parent, variant: Variant) -> bool:
    line, harvest = variant.line, sheet.harvest
    name = full_name(parent.name, variant.options)
    if len(name) > 200:
        line.blame("name", f"has {len(name)} characters with its options, at most 200 fit")
    names = [option for option, _ in variant.options]
    if len(set(names)) < len(names):
        line.blame("option1_name", "names the same option twice")
    if (code := variant.gtin) and code in sheet.gtins:
        line.blame("gtin", f"{code} is already another product's")
    if line.refused():
        return False
    draft = ProductDraft(
        sku=variant.sku,
        name=name,
        kind=line.kind(variant.kind or parent.kind, Kind.TOOL),
        unit=Unit.PIECE,
        status=variant.status or parent.status,
        family=family or None,
        category=parent.category,
        brand=parent.brand,
        description=variant.description or (parent.description if not family else None) or None,
        options=variant.options,
    )
    if not add_product(line, draft):
        return False
    number = line.number
    if variant.gtin:
        sheet.gtins.add(variant.gtin)
        harvest.packs[variant.sku, ""] = At(number, PackDraft(variant.sku, "", gtin=variant.gtin))
    for currency, price in variant.prices:
        draft_price = PriceDraft(variant.sku, "", currency, currency, 1, price)
        harvest.prices[variant.sku, "", currency, 1] = At(number, draft_price)
    location = sheet.options.location
    if location is not None and variant.opening:
        harvest.openings[variant.sku, location] = At(
            number, OpeningDraft(variant.sku, location, str(variant.opening))
        )
    return True


def _warn_of_what_was_assumed(sheet: Sheet) -> None:
    harvest = sheet.harvest
    drafts = [at.draft for at in harvest.products.values()]
    if sheet.options.kind is None:
        assumed = sum(1 for draft in drafts if draft.kind is Kind.TOOL)
        if assumed:
            harvest.warnings.append(
                f"The file does not say the kind of {assumed} product{'s' if assumed > 1 else ''}; taken as"
                " tools unless another kind is said."
            )
    bottles = sum(1 for draft in drafts if draft.kind in LIQUID_KINDS)
    if bottles:
        harvest.warnings.append(
            f"{bottles} oils, lotions, creams, gels and balms are counted in pieces, for the file does not say how"
            " much one holds."
        )
    counted = any(line.has("inventory") for line in sheet.lines())
    if counted and sheet.options.location is None:
        harvest.warnings.append(
            f"{sheet.column('inventory')} was not taken: say the location where that stock stands."
        )
