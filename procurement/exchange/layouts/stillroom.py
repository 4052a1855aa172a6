"""Our own layout: everything a catalogue knows. One row per product; further rows of an SKU add packs, prices, sources.

docs/import.md says the same for people.
"""

from procurement.catalogue.rules.label_text import ReadLabel, read_label
from procurement.catalogue.terms import (
    STATED_TRAITS,
    FamilyDraft,
    Kind,
    ProductDraft,
    ProductStatus,
    Trait,
)
from procurement.exchange import cells
from procurement.exchange.layouts.base import Layout, Line, Sheet, columns, kind_named
from procurement.exchange.layouts.stillroom_details import Details, thousandths
from procurement.exchange.records import At
from procurement.exchange.slugs import code_of
from procurement.kernel.quantity import Unit

# Fields of the product itself: a further row of the same SKU leaves them empty or repeats them.
_PRODUCT_FIELDS = (
    "name", "kind", "unit", "status", "family", "category", "brand", "description", "material", "shelf_life_days",
    "period_after_opening_months", "dose", "pump_stroke", "density", "options", "ingredients", "body_areas",
    "techniques", "skin_feels", "scents", "may_contain", "ingredients_complete", "traits",
)  # fmt: skip
_UNITS = {**{unit.value: unit for unit in Unit}, "pieces": Unit.PIECE, "each": Unit.PIECE}


def read(sheet: Sheet) -> None:
    said: dict[str, tuple[str, ...]] = {}
    for line in sheet.lines():
        sku = line.sku("sku", line.text("name"))
        if sku in said:
            _read_further(sheet, line, sku, said[sku])
        elif _read_first(sheet, line, sku):
            said[sku] = _says(line)
    sheet.warn_of_columns_not_taken()


def _read_first(sheet: Sheet, line: Line, sku: str) -> bool:
    draft = _product(line, sku)
    details = Details(line, sku, draft.unit)
    details.read()
    if line.refused():
        return False
    sheet.harvest.products[sku] = At(line.number, draft)
    if draft.family and draft.family not in sheet.harvest.families:
        name = line.text("family_name") or line.text("family")
        sheet.harvest.families[draft.family] = At(line.number, FamilyDraft(draft.family, name))
    details.take()
    return True


def _read_further(sheet: Sheet, line: Line, sku: str, said: tuple[str, ...]) -> None:
    first = sheet.harvest.products[sku]
    for name, now, then in zip(_PRODUCT_FIELDS, _says(line), said, strict=True):
        if now and now != then:
            line.blame(name, f"differs from row {first.row}, which has the same SKU")
    details = Details(line, sku, first.draft.unit)
    details.read()
    if not details.found and not line.problems:
        line.blame("sku", f"{sku} is already in row {first.row}, and this row adds nothing to it")
    if not line.refused():
        details.take()


def _says(line: Line) -> tuple[str, ...]:
    return tuple(line.raw(name).strip() for name in _PRODUCT_FIELDS)


def _product(line: Line, sku: str) -> ProductDraft:
    family, label = line.text("family"), _label(line)
    return ProductDraft(
        sku=sku,
        name=line.text("name") or None,
        kind=_kind(line),
        unit=_unit(line),
        status=_status(line),
        family=(family if len(family) <= cells.CODE_MOST else code_of(family).lower()) or None,
        category=line.text("category") or None,
        brand=line.text("brand") or None,
        description=line.prose("description") or None,
        material=line.prose("material") or None,
        shelf_life_days=line.whole("shelf_life_days", least=1, most=36_500),
        period_after_opening_months=line.whole("period_after_opening_months", least=1, most=600),
        dose=_steps(line, "dose"),
        pump_stroke=_steps(line, "pump_stroke"),
        density=thousandths(line, "density", "mg per ml"),
        options=_options(line),
        ingredients=label.names or None,
        may_contain=(*label.may_names, *line.parts("may_contain", ",;\n")) or None,
        ingredients_complete=line.flag("ingredients_complete"),
        traits=_traits(line),
        body_areas=line.parts("body_areas", ",;\n") or None,
        techniques=line.parts("techniques", ",;\n") or None,
        skin_feels=line.parts("skin_feels", ",;\n") or None,
        scents=line.parts("scents", ",;\n") or None,
    )


def _steps(line: Line, name: str) -> int | None:
    """So much of the product, in its own unit."""
    figure = line.decimal(name)
    if figure is None:
        return None
    unit = _unit(line)
    if unit is None:
        line.blame("unit", f"is missing, and the {name.replace('_', ' ')} is counted in it")
        return None
    steps = figure * unit.steps
    if steps <= 0 or steps != steps.to_integral_value():
        line.blame(name, f"is not more than nothing in whole steps of {unit}")
        return None
    return int(steps)


def _kind(line: Line) -> Kind | None:
    written = line.text("kind")
    if not written:
        return line.sheet.options.kind
    found = kind_named(written)
    if found is None:
        line.blame("kind", f"is not one of {', '.join(Kind)}")
    return found


def _unit(line: Line) -> Unit | None:
    written = line.text("unit").lower()
    if written and written not in _UNITS:
        line.blame("unit", f"is not one of {', '.join(Unit)}")
    return _UNITS.get(written)


def _status(line: Line) -> ProductStatus | None:
    written = line.text("status").lower()
    if not written:
        return None
    if written not in {status.value for status in ProductStatus}:
        line.blame("status", f"is not one of {', '.join(ProductStatus)}")
        return None
    return ProductStatus(written)


def _label(line: Line) -> ReadLabel:
    """The list of ingredients as a label prints it."""
    label = read_label(line.prose("ingredients"))
    for name in (*label.names, *label.may_names):
        if len(name) > cells.NAME_MOST:
            line.blame("ingredients", f"{name[:30]}... is longer than {cells.NAME_MOST} characters")
    return label


def _traits(line: Line) -> tuple[Trait, ...] | None:
    """Those that are stated; the others follow from the ingredients."""
    found = []
    for part in line.parts("traits", ",;\n"):
        trait = next((one for one in STATED_TRAITS if one.value == part.casefold()), None)
        if trait is None:
            line.blame("traits", f"{part[:30]} is not one of {', '.join(STATED_TRAITS)}")
        else:
            found.append(trait)
    return tuple(found) or None


def _options(line: Line) -> tuple[tuple[str, str], ...] | None:
    """Written "Size: 500 ml; Scent: Lavender"."""
    found: dict[str, str] = {}
    for part in line.parts("options"):
        name, _, value = (piece.strip() for piece in part.partition(":"))
        if not name or not value or len(name) > cells.CODE_MOST:
            line.blame("options", f"{part[:30]} is not like Size: 500 ml")
        elif name in found:
            line.blame("options", f"says {name} twice")
        else:
            found[name] = value
    return tuple(found.items()) or None


LAYOUT = Layout(
    name="stillroom",
    title="Stillroom",
    subjects=frozenset({"family", "product"}),
    columns=columns(
        sku="sku | code | product code | article number",
        name="name | product name | product",
        kind="kind",
        unit="unit",
        status="status",
        family="family",
        family_name="family_name",
        category="category",
        brand="brand",
        description="description",
        material="material",
        shelf_life_days="shelf_life_days",
        period_after_opening_months="period_after_opening_months | pao",
        dose="dose",
        pump_stroke="pump_stroke | stroke",
        density="density",
        options="options",
        ingredients="ingredients | inci",
        may_contain="may_contain",
        ingredients_complete="ingredients_complete",
        traits="traits",
        body_areas="body_areas",
        techniques="techniques",
        skin_feels="skin_feels | skin feel",
        scents="scents | scent",
        pack_code="pack_code | pack",
        pack_name="pack_name",
        pack_size="pack_size",
        pack_unit="pack_unit",
        gtin="gtin | ean | barcode",
        tare="tare",
        order_least="order_least",
        order_step="order_step",
        order_most="order_most",
        sales_pack="sales_pack",
        price="price",
        currency="currency",
        price_list="price_list",
        from_packs="from_packs",
        supplier="supplier",
        supplier_name="supplier_name",
        supplier_code="supplier_code",
        supplier_pack="supplier_pack",
        supplier_currency="supplier_currency",
        supplier_price="supplier_price",
        supplier_from_packs="supplier_from_packs",
        moq="moq",
        multiple="multiple",
        lead_time_days="lead_time_days",
        break_scheme="break_scheme",
        guaranteed_days="guaranteed_days",
        blocked="blocked",
        supplier_standing="supplier_standing",
        supplier_minimum="supplier_minimum",
        supplier_freight="supplier_freight",
        supplier_free_from="supplier_free_from",
        location="location",
        par_level="par_level",
        reorder_point="reorder_point",
        opening="opening | opening_quantity",
    ),
    required=(),
    any_of=("sku", "name"),
    read=read,
)
