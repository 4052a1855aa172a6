"""Shopify's product export, in its columns of before and after 2025: variants and pictures under one handle."""

from procurement.catalogue.terms import ProductStatus
from procurement.exchange.layouts import shops
from procurement.exchange.layouts.base import Layout, Line, Sheet, columns
from procurement.exchange.layouts.shops import Parent, Variant

_STATUS = {
    "": None,
    "active": ProductStatus.ACTIVE,
    "draft": ProductStatus.DISCONTINUED,
    "archived": ProductStatus.DISCONTINUED,
    "unlisted": ProductStatus.ACTIVE,
}
_VARIANT_FIELDS = ("sku", "option1_value", "price", "gtin", "inventory")


def read(sheet: Sheet) -> None:
    parents: dict[str, Parent] = {}
    variants: dict[str, list[Variant]] = {}
    names: dict[str, tuple[str, ...]] = {}
    for line in sheet.lines():
        handle = line.text("handle", 255, required=True)
        if line.has("name"):
            if not _read_parent(line, handle, parents):
                continue
            # Option names stand on the first row only.
            names[handle] = tuple(line.code(f"option{n}_name") for n in (1, 2, 3))
        if not any(line.has(name) for name in _VARIANT_FIELDS):
            line.refused()  # a row that only carries another picture, unless something is wrong with it
            continue
        if handle not in parents:
            if handle:
                line.blame("handle", f"{handle} has no row with a title above")
            line.refused()
            continue
        variants.setdefault(handle, []).append(
            _variant(line, parents[handle], names.get(handle, ()))
        )
    shops.take(sheet, parents, variants)
    sheet.warn_of_columns_not_taken()


def _read_parent(line: Line, handle: str, parents: dict[str, Parent]) -> bool:
    if handle in parents:
        line.blame("handle", f"{handle} has a title already, in row {parents[handle].line.number}")
        return not line.refused()
    status = line.text("status").lower()
    if status not in _STATUS:
        line.blame("status", f"{status} is not one of active, draft, archived, unlisted")
    parent = Parent(
        line,
        line.text("name"),
        line.prose("description"),
        line.text("category").replace(" > ", " / ") or None,
        line.text("brand") or None,
        line.text("product_type"),
        _STATUS.get(status),
    )
    if line.problems and not parent.name:
        return not line.refused()
    parents[handle] = parent
    return True


def _variant(line: Line, parent: Parent, names: tuple[str, ...]) -> Variant:
    found = []
    for n, name in enumerate(names, start=1):
        value = line.text(f"option{n}_value")
        if value and not (name.lower() == "title" and value.lower() == "default title"):
            found.append((name or f"Option {n}", value))
    options = tuple(found)
    variant = shops.variant_of(line, shops.full_name(parent.name, options), options)
    currency = line.sheet.options.currency
    if (price := line.price("price", currency)) is not None:
        variant.prices.append((currency, price))
    variant.opening = shops.inventory(line)
    return variant


LAYOUT = Layout(
    name="shopify",
    title="Shopify products",
    subjects=frozenset({"family", "product"}),
    columns=columns(
        handle="Handle | URL handle",
        name="Title",
        description="Body (HTML) | Description",
        brand="Vendor",
        category="Product Category | Custom Product Type",
        product_type="Type",
        status="Status",
        option1_name="Option1 Name",
        option1_value="Option1 Value",
        option2_name="Option2 Name",
        option2_value="Option2 Value",
        option3_name="Option3 Name",
        option3_value="Option3 Value",
        sku="Variant SKU | SKU",
        price="Variant Price | Price",
        gtin="Variant Barcode | Barcode",
        inventory="Variant Inventory Qty | Inventory quantity",
    ),
    required=("handle", "name", "sku", "option1_value"),
    read=read,
    ignored=frozenset(
        {
            "published", "published on online store", "variant inventory tracker", "inventory tracker",
            "variant inventory policy", "continue selling when out of stock", "variant fulfillment service",
            "fulfillment service", "variant requires shipping", "requires shipping", "variant taxable", "charge tax",
            "variant weight unit", "weight unit for display", "gift card", "image position",
        }
    ),
)  # fmt: skip
