"""WooCommerce's product export: simple, variable, variation, grouped and external rows."""

from procurement.catalogue.terms import ProductStatus
from procurement.exchange.layouts import shops
from procurement.exchange.layouts.base import Layout, Line, Sheet, columns
from procurement.exchange.layouts.shops import Parent, Variant

_ATTRIBUTES = range(1, 7)
_PUBLISHED = {
    "": None,
    "1": ProductStatus.ACTIVE,
    "0": ProductStatus.DISCONTINUED,
    "-1": ProductStatus.DISCONTINUED,
}


def read(sheet: Sheet) -> None:
    parents: dict[str, Parent] = {}
    variants: dict[str, list[Variant]] = {}
    known_as: dict[str, str] = {}  # "id:44" and the parent's SKU both name a parent
    waiting: list[Line] = []
    for line in sheet.lines():
        kinds = {part.strip().lower() for part in line.raw("type").split(",")}
        if "variation" in kinds:
            waiting.append(line)  # its parent may stand below
        elif "grouped" in kinds:
            line.blame(
                "type", "is grouped: a page that shows other products, nothing that can be counted"
            )
            line.refused()
        else:
            _read_parent(line, parents, known_as)
            if "variable" not in kinds and (key := known_as.get(_own_name(line))):
                variants[key] = [_variant(line, parents[key], with_options=False)]
    for line in waiting:
        _read_variation(line, parents, variants, known_as)
    shops.take(sheet, parents, variants)
    sheet.warn_of_columns_not_taken()


def _own_name(line: Line) -> str:
    return f"row {line.number}"


def _read_parent(line: Line, parents: dict[str, Parent], known_as: dict[str, str]) -> None:
    name = line.text("name", required=True)
    if line.raw("published").strip() not in _PUBLISHED:
        line.blame("published", "is not one of 1, 0, -1")
    parent = Parent(
        line,
        name,
        line.prose("description") or line.prose("short_description"),
        line.text("categories").split(",")[0].replace(" > ", " / ").strip() or None,
        line.text("brands").split(",")[0].strip() or None,
        line.text("categories").split(",")[0].split(">")[-1],
        _PUBLISHED.get(line.raw("published").strip()),
    )
    sku = line.code("sku")
    if line.refused():
        return
    key = sku or name
    if key in parents:
        line.blame("sku" if sku else "name", f"{key} is already in row {parents[key].line.number}")
        line.refused()
        return
    parents[key] = parent
    for alias in (_own_name(line), f"id:{line.text('id')}", sku):
        if alias:
            known_as[alias] = key


def _read_variation(
    line: Line,
    parents: dict[str, Parent],
    variants: dict[str, list[Variant]],
    known_as: dict[str, str],
) -> None:
    key = known_as.get(line.text("parent"))
    if key is None:
        line.blame("parent", f"{line.text('parent') or 'it'} is not a product of this file")
        line.refused()
        return
    variants.setdefault(key, []).append(_variant(line, parents[key], with_options=True))


def _variant(line: Line, parent: Parent, *, with_options: bool) -> Variant:
    options = tuple(
        (line.code(f"attribute{n}_name") or f"Option {n}", value)
        for n in (_ATTRIBUTES if with_options else ())
        if (value := line.text(f"attribute{n}_value"))
    )
    variant = shops.variant_of(line, shops.full_name(parent.name, options), options)
    currency = line.sheet.options.currency
    if (price := line.price("price", currency)) is not None:
        variant.prices.append((currency, price))
    variant.opening = shops.inventory(line)
    variant.status = _PUBLISHED.get(line.raw("published").strip())
    variant.description = line.prose("description") or None if with_options else None
    return variant


LAYOUT = Layout(
    name="woocommerce",
    title="WooCommerce products",
    subjects=frozenset({"family", "product"}),
    columns=columns(
        id="ID",
        type="Type",
        sku="SKU",
        gtin="GTIN, UPC, EAN, or ISBN",
        name="Name",
        published="Published",
        short_description="Short description",
        description="Description",
        inventory="Stock",
        price="Regular price",
        categories="Categories",
        brands="Brands",
        parent="Parent",
        **{f"attribute{n}_name": f"Attribute {n} name" for n in _ATTRIBUTES},
        **{f"attribute{n}_value": f"Attribute {n} value(s)" for n in _ATTRIBUTES},
    ),
    required=("type", "sku", "name", "price"),
    read=read,
    ignored=frozenset(
        {
            "is featured", "visibility in catalog", "tax status", "tax class", "in stock", "backorders allowed",
            "sold individually", "allow customer reviews", "position",
            *(f"attribute {n} {what}" for n in _ATTRIBUTES for what in ("visible", "global", "default")),
        }
    ),
)  # fmt: skip
