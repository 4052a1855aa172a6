"""OpenBoxes' product sources: who sells what, in which package, at which price for the package."""

from decimal import Decimal

from procurement.catalogue.terms import EACH, PackDraft
from procurement.exchange import cells
from procurement.exchange.cells import BadCell
from procurement.exchange.layouts.base import Layout, Line, Sheet, columns
from procurement.exchange.records import At, SupplierDraft, SupplierItemDraft
from procurement.exchange.slugs import code_of
from procurement.kernel.quantity import Unit

_PACKAGES = {
    "EA": "Each", "BX": "Box", "BTL": "Bottle", "BO": "Bottle", "CS": "Case", "CA": "Case", "CT": "Carton",
    "PK": "Pack", "PAC": "Pack", "BG": "Bag", "RL": "Roll", "TU": "Tube", "KT": "Kit", "PR": "Pair", "DZ": "Dozen",
    "GAL": "Gallon", "LTR": "Litre", "JAR": "Jar", "CAN": "Can", "PLT": "Pallet", "SET": "Set",
}  # fmt: skip


def read(sheet: Sheet) -> None:
    for line in sheet.lines():
        _read_line(sheet, line)
    sheet.warn_of_columns_not_taken()


def _read_line(sheet: Sheet, line: Line) -> None:
    harvest = sheet.harvest
    sku = line.code("sku", required=True)
    supplier_name = line.text("supplier", required=True)
    supplier = supplier_name.casefold()  # the file knows no codes
    package = line.code("package").upper() or "EA"
    holds = line.whole("quantity", least=1, most=10**9) or 1
    pack = EACH if package == "EA" and holds == 1 else f"{package}-{holds}"
    item = SupplierItemDraft(
        supplier=supplier,
        sku=sku,
        pack=pack,
        code=line.code("code") or line.code("source_code"),
        moq_steps=line.whole("moq", least=1, most=10**9),
        price_breaks=_price(line, holds),
    )
    if len(pack) > cells.CODE_MOST:
        line.blame("package", "is too long")
    key = (supplier, sku, pack)
    if (before := harvest.supplier_items.get(key)) is not None:
        line.blame(
            "sku", f"{sku} in this package from {supplier_name} is already in row {before.row}"
        )
    if line.refused():
        return
    harvest.suppliers.setdefault(
        supplier,
        At(line.number, SupplierDraft(code_of(supplier_name), supplier_name, is_coded=False)),
    )
    name = _PACKAGES.get(package, package)
    harvest.packs.setdefault(
        (sku, pack),
        At(
            line.number,
            PackDraft(
                sku, pack, name if holds == 1 else f"{name} of {holds}", holds, unit=Unit.PIECE
            ),
        ),
    )
    harvest.supplier_items[key] = At(line.number, item)


def _price(line: Line, holds: int) -> tuple[tuple[int, int], ...] | None:
    """The price of the package to the last digit; else the contract price of one, times what the package holds."""
    currency = line.sheet.options.currency
    if line.has("price"):
        price = line.price("price", currency)
        return None if price is None else ((1, price),)
    each = line.decimal("price_each")
    if each is None:
        return None
    try:
        return ((1, cells.pack_price_e4(each * Decimal(holds), currency)),)
    except BadCell as bad:
        line.blame("price_each", str(bad))
        return None


LAYOUT = Layout(
    name="openboxes",
    title="OpenBoxes product sources",
    subjects=frozenset({"supplier_item"}),
    columns=columns(
        sku="Product Code",
        supplier="Supplier Name",
        code="Supplier Item No",
        source_code="Product Source Code",
        package="Default Package Type",
        quantity="Quantity per Package",
        price="Package Price",
        price_each="Contract price (Each)",
        moq="Minimum Order Quantity (Each)",
    ),
    required=("sku", "supplier", "package"),
    read=read,
    ignored=frozenset(
        {"id", "product name", "product source name", "date created", "last updated"}
    ),
)
