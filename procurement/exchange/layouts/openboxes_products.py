"""OpenBoxes' product list."""

from procurement.catalogue.terms import Kind, PackDraft, ProductDraft, ProductStatus
from procurement.exchange.layouts.base import Layout, Line, Sheet, add_product, columns
from procurement.exchange.records import At
from procurement.exchange.slugs import code_of
from procurement.kernel.quantity import Unit

# A unit of measure as people write it: the unit it is counted in, the pack it names (none for single pieces), its size.
_UNITS: dict[str, tuple[Unit, str, str, int]] = {
    **dict.fromkeys(
        ("", "each", "ea", "piece", "pieces", "pc", "pcs", "unit"), (Unit.PIECE, "", "Each", 1)
    ),
    **dict.fromkeys(("ml", "milliliter", "millilitre"), (Unit.ML, "ML", "Millilitre", 1_000)),
    **dict.fromkeys(("l", "liter", "litre"), (Unit.ML, "L", "Litre", 1_000_000)),
    **dict.fromkeys(("g", "gram", "gramme"), (Unit.G, "G", "Gram", 1_000)),
    **dict.fromkeys(("kg", "kilogram", "kilo"), (Unit.G, "KG", "Kilogram", 1_000_000)),
}


def read(sheet: Sheet) -> None:
    unknown: dict[str, int] = {}
    for line in sheet.lines():
        name = line.text("name", required=True)
        sku = line.sku("sku", name)
        written = line.text("unit")
        found = _UNITS.get(written.lower())
        if found is None:
            unknown[written] = unknown.get(written, 0) + 1
            found = (Unit.PIECE, code_of(written, 24), written, 1)
        unit, pack, pack_name, size = found
        draft = ProductDraft(
            sku=sku,
            name=name,
            kind=line.kind(line.text("category"), Kind.DISPOSABLE),
            unit=unit,
            status=_status(line),
            category=line.text("category") or None,
            brand=line.text("brand") or line.text("manufacturer") or None,
            description=line.prose("description") or None,
        )
        gtin = line.gtin("gtin")
        if line.refused() or not add_product(line, draft):
            continue
        if pack:
            whole = PackDraft(sku, pack, pack_name, size, gtin, is_sales_pack=True)
            sheet.harvest.packs[sku, pack] = At(line.number, whole)
        elif gtin:
            sheet.harvest.packs[sku, ""] = At(line.number, PackDraft(sku, "", gtin=gtin))
    for written, count in unknown.items():
        sheet.harvest.warnings.append(
            f"The unit {written} of {count} products is not one Stillroom knows; they are counted in pieces."
        )
    _warn(sheet)


def _status(line: Line) -> ProductStatus | None:
    active = line.flag("active")
    if active is None:
        return None
    return ProductStatus.ACTIVE if active else ProductStatus.DISCONTINUED


def _warn(sheet: Sheet) -> None:
    if sheet.options.kind is None and sheet.harvest.products:
        sheet.harvest.warnings.append(
            "The file does not say kinds; products are taken as disposables unless their category is a kind"
            " or another kind is said."
        )
    sheet.warn_of_columns_not_taken()


LAYOUT = Layout(
    name="openboxes",
    title="OpenBoxes products",
    subjects=frozenset({"product"}),
    columns=columns(
        sku="ProductCode",
        name="Name",
        category="Category",
        description="Description",
        unit="UnitOfMeasure",
        active="Active",
        brand="BrandName",
        manufacturer="Manufacturer",
        gtin="UPC",
    ),
    required=("sku", "name", "unit", "category"),
    read=read,
    ignored=frozenset({"id", "producttype", "created", "updated"}),
)
