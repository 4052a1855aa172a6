"""Spree's product export: a parent row, its variants, and again the variants for each further currency."""

from procurement.catalogue.terms import ProductStatus
from procurement.exchange.layouts import shops
from procurement.exchange.layouts.base import Layout, Line, Sheet, columns, plain_name
from procurement.exchange.layouts.shops import Parent, Variant

_STATUS = {
    "": None,
    "active": ProductStatus.ACTIVE,
    "draft": ProductStatus.DISCONTINUED,
    "archived": ProductStatus.DISCONTINUED,
}
_CUSTOM = "custom field "


def read(sheet: Sheet) -> None:
    parents: dict[str, Parent] = {}
    variants: dict[str, list[Variant]] = {}
    by_sku: dict[str, Variant] = {}
    for line in sheet.lines():
        slug = line.code("slug", required=True)
        if line.has("name") or (slug not in parents and not line.has("option1_value")):
            _read_parent(line, slug, parents)
        elif line.has("option1_value"):
            _read_variant(line, slug, parents, variants, by_sku)
        else:
            _read_further_price(line, by_sku)
    for slug, parent in parents.items():
        if slug not in variants and not parent.line.problems:
            variants[slug] = [_lone(parent)]
    shops.take(sheet, parents, variants)
    sheet.warn_of_columns_not_taken()


def _read_parent(line: Line, slug: str, parents: dict[str, Parent]) -> None:
    if slug in parents:
        line.blame("slug", f"{slug} is already in row {parents[slug].line.number}")
    status = line.text("status").lower()
    if status not in _STATUS:
        line.blame("status", f"{status} is not one of active, draft, archived")
    parent = Parent(
        line,
        line.text("name", required=True),
        _described(line),
        line.text("category").replace(" -> ", " / ") or None,
        kind=line.text("product_type"),
        status=_STATUS.get(status),
    )
    if not line.refused():
        parents[slug] = parent


def _described(line: Line) -> str:
    """The description, and the shop's own fields below it."""
    extra = []
    for name, value in zip(line.sheet.table.header, line.values(), strict=True):
        if plain_name(name).startswith(_CUSTOM) and value.strip():
            label = plain_name(name).removeprefix(_CUSTOM).removeprefix("custom ")
            extra.append(f"{label.capitalize()}: {value.strip()}")
    return "\n\n".join(part for part in (line.prose("description"), "\n".join(extra)) if part)


def _read_variant(
    line: Line,
    slug: str,
    parents: dict[str, Parent],
    variants: dict[str, list[Variant]],
    by_sku: dict[str, Variant],
) -> None:
    if slug not in parents:
        line.blame("slug", f"{slug} has no row of its own above")
        line.refused()
        return
    options = tuple(
        (line.code(f"option{n}_name"), line.text(f"option{n}_value"))
        for n in (1, 2, 3)
        if line.has(f"option{n}_value")
    )
    variant = shops.variant_of(line, shops.full_name(parents[slug].name, options), options)
    _price(line, variant)
    variant.opening = shops.inventory(line)
    variants.setdefault(slug, []).append(variant)
    by_sku.setdefault(variant.sku, variant)


def _read_further_price(line: Line, by_sku: dict[str, Variant]) -> None:
    variant = by_sku.get(line.code("sku", required=True))
    if variant is None:
        line.blame("sku", "belongs to no variant above")
    else:
        _price(line, variant)
    line.refused()


def _price(line: Line, variant: Variant) -> None:
    currency = line.currency("currency", line.sheet.options.currency)
    price = line.price("price", currency) if currency else None
    if currency is None or price is None:
        return
    if any(known == currency for known, _ in variant.prices):
        line.blame("currency", f"{variant.sku} has a price in {currency} already")
    elif not line.problems:
        variant.prices.append((currency, price))


def _lone(parent: Parent) -> Variant:
    """A parent without variants is sold itself."""
    line = parent.line
    variant = shops.variant_of(line, parent.name)
    _price(line, variant)
    variant.opening = shops.inventory(line)
    return variant


LAYOUT = Layout(
    name="spree",
    title="Spree products",
    subjects=frozenset({"family", "product"}),
    columns=columns(
        slug="slug",
        sku="sku",
        name="name",
        price="price",
        currency="currency",
        status="status",
        description="description",
        product_type="product_type",
        category="category1",
        option1_name="option1_name",
        option1_value="option1_value",
        option2_name="option2_name",
        option2_value="option2_value",
        option3_name="option3_name",
        option3_value="option3_value",
        gtin="barcode",
        inventory="inventory_count",
    ),
    required=("slug", "sku", "name", "price", "option1_name", "option1_value"),
    read=read,
    ignored=frozenset(
        {
            "inventory backorderable",
            "track inventory",
            "tax category",
            "dimensions unit",
            "weight unit",
        }
    ),
    ignored_beginnings=(_CUSTOM,),
)
