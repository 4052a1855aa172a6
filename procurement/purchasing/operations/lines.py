"""Turning what somebody wants to order into an order's lines: names looked up, prices filled in, every fault named."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from procurement.catalogue.models import Pack, Product
from procurement.catalogue.terms import Kind, ProductStatus
from procurement.kernel.db import MAX_MINOR, MAX_STEPS
from procurement.kernel.errors import FieldError, Invalid
from procurement.kernel.money import TaxRate, UnitPrice
from procurement.purchasing.models import BlanketLine, PurchaseOrderLine
from procurement.purchasing.operations.drawing import agreed_lines
from procurement.purchasing.queries.accepting import rules_for
from procurement.purchasing.queries.trade import address_of_place, is_acquired
from procurement.settings.queries import taxes
from procurement.settings.terms import CompanyProfile
from procurement.sourcing.models import Supplier, SupplierItem
from procurement.sourcing.queries import price_breaks_of
from procurement.sourcing.rules.items import MAX_PACKS
from procurement.sourcing.rules.offers import Part, parts_at
from procurement.sourcing.terms import BreakScheme, PriceBreak

MAX_LINES = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class NewOrderLine:
    """So many packs of a product. `pack` None means its sales pack, `unit_price` None the supplier's break.

    A price as text is in the supplier's currency; one that names its currency must name that one.
    """

    product: str
    packs: int
    pack: str | None = None
    unit_price: str | UnitPrice | None = None
    tax_percent: str | None = None
    wanted_by: date | None = None
    tolerance: int | None = None  # packs that may come on top; None: as the delivery rules say
    blanket: str | None = None  # the blanket order it draws on, at whose price


@dataclass(frozen=True, slots=True)
class _Item:
    """A supplier item as far as a line needs it."""

    code: str
    scheme: BreakScheme
    price_breaks: tuple[PriceBreak, ...]


class _Refused(Exception):
    """One line cannot be: the field within the line, and why."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.error = FieldError(field, message)


def build_lines(
    session: Session,
    supplier: Supplier,
    new: Sequence[NewOrderLine],
    *,
    company: CompanyProfile,
    deliver_to_id: int | None = None,
) -> list[PurchaseOrderLine]:
    """The lines, in a few statements whatever their number. Raises Invalid naming every bad field.

    Packs whose price comes from incremental breaks become a line for each step.
    """
    if not 1 <= len(new) <= MAX_LINES:
        raise Invalid(f"An order has between 1 and {MAX_LINES:,} lines.", field="lines")
    products = _products(session, new)
    items = _items(session, supplier, products)
    agreed = agreed_lines(session, supplier, {line.blanket for line in new if line.blanket})
    rules = rules_for(session, supplier.id, {product.id for product in products.values()})
    usual_tax = default_tax(session, company, supplier, deliver_to_id)
    lines: list[PurchaseOrderLine] = []
    errors: list[FieldError] = []
    for index, line in enumerate(new):
        try:
            product, pack = _pack(products, line)
            item = items.get(pack.id)
            drawn = _agreed(line, agreed, pack)
            parts = _parts(line, item, supplier.currency, drawn)
            allowed = line.tolerance
            if allowed is None:
                allowed = rules.tolerance(product.id, line.packs)
            told = replace(line, tolerance=allowed)
            built = [
                _line(one, product, pack, item, usual_tax, drawn) for one in _split(told, parts)
            ]
        except _Refused as refused:
            field = f"lines.{index}.{refused.error.field}"
            errors.append(FieldError(field, refused.error.message))
        else:
            lines += built
    for position, each in enumerate(lines, start=1):
        each.position = position
    if not errors and sum(line.net_minor for line in lines) > MAX_MINOR // 2:
        errors.append(FieldError("lines", "The order's total is too large."))
    if errors:
        raise Invalid.of(errors)
    return lines


def _agreed(
    line: NewOrderLine, agreed: dict[tuple[str, int], BlanketLine], pack: Pack
) -> BlanketLine | None:
    """The line of the blanket order that it draws on; None where it names none."""
    if line.blanket is None:
        return None
    found = agreed.get((line.blanket, pack.id))
    if found is None:
        raise _Refused("blanket_order", f"{line.blanket} has no such pack of this supplier.")
    if not 1 <= line.packs <= found.packs - found.drawn:
        raise _Refused("packs", f"{found.packs - found.drawn} packs are left on {line.blanket}.")
    return found


def _products(session: Session, new: Sequence[NewOrderLine]) -> dict[str, Product]:
    found = session.scalars(
        select(Product)
        .where(Product.sku.in_({line.product for line in new}))
        .options(selectinload(Product.packs))
    )
    return {product.sku: product for product in found}


def _items(session: Session, supplier: Supplier, products: dict[str, Product]) -> dict[int, _Item]:
    """The supplier's items of these products, by pack."""
    rows = session.execute(
        select(SupplierItem.id, SupplierItem.pack_id, SupplierItem.code, SupplierItem.scheme).where(
            SupplierItem.supplier_id == supplier.id,
            SupplierItem.product_id.in_({product.id for product in products.values()}),
        )
    ).all()
    breaks = price_breaks_of(session, {row[0]: supplier.currency for row in rows})
    return {
        pack_id: _Item(code, scheme, breaks.get(item_id, ()))
        for item_id, pack_id, code, scheme in rows
    }


def default_tax(
    session: Session, company: CompanyProfile, supplier: Supplier, deliver_to_id: int | None
) -> TaxRate:
    """The rate of what says no other: none for what comes from another state of the Union, where we owe the tax."""
    if company.default_tax_id is None:
        return TaxRate(0)
    if is_acquired(company, supplier, address_of_place(session, deliver_to_id)):
        return TaxRate(0)
    rates = {tax.id: tax.rate for tax in taxes(session, only_active=False)}
    return rates[company.default_tax_id]


def _pack(products: dict[str, Product], line: NewOrderLine) -> tuple[Product, Pack]:
    product = products.get(line.product)
    if product is None:
        raise _Refused("product", f"There is no product {line.product}.")
    if product.status is ProductStatus.DISCONTINUED:
        raise _Refused("product", f"{product.name} is discontinued and no longer bought.")
    if product.kind is Kind.SERVICE:
        raise _Refused("product", f"{product.name} is a service; it does not come in packs.")
    for pack in product.packs:
        if pack.code == line.pack or (line.pack is None and pack.is_sales_pack):
            return product, pack
    named = "sales pack" if line.pack is None else f"pack {line.pack}"
    raise _Refused("pack", f"{product.name} has no {named}.")


def _split(line: NewOrderLine, parts: Sequence[Part]) -> Iterator[NewOrderLine]:
    """A line for each part; what may come too much may come of the last."""
    for part in parts:
        tolerance = line.tolerance if part is parts[-1] else 0
        yield replace(line, packs=part.packs, unit_price=part.price, tolerance=tolerance)


def _line(
    line: NewOrderLine,
    product: Product,
    pack: Pack,
    item: _Item | None,
    default_tax: TaxRate,
    drawn: BlanketLine | None,
) -> PurchaseOrderLine:
    _require_counts(line, pack)
    price = line.unit_price
    assert isinstance(price, UnitPrice)  # _split has put it there
    net = price.total(line.packs)
    if net.minor > MAX_MINOR:
        raise _Refused("packs", "The line's amount is too large.")
    return PurchaseOrderLine(
        product_id=product.id,
        pack_id=pack.id,
        name=product.name,
        supplier_code=item.code if item else "",
        container_pack_id=_container(product, pack).id,
        pack_steps=pack.size_steps,
        packs=line.packs,
        price_e4=price.e4,
        list_price_e4=_list_price(item, price),
        tax_ppm=_tax(line, default_tax).ppm,
        net_minor=net.minor,
        wanted_by=line.wanted_by,
        tolerance=line.tolerance or 0,
        blanket_line_id=drawn.id if drawn else None,
    )


def _list_price(item: _Item | None, price: UnitPrice) -> int | None:
    """What a pack costs before the supplier's breaks, where that is more."""
    steps = item.price_breaks if item else ()
    first = min(steps, key=lambda step: step.from_packs).price.e4 if steps else 0
    return first if first > price.e4 else None


def _require_counts(line: NewOrderLine, pack: Pack) -> None:
    tolerance = line.tolerance or 0
    if not 0 <= tolerance <= MAX_PACKS:
        raise _Refused("tolerance", f"The tolerance lies between 0 and {MAX_PACKS:,} packs.")
    if (line.packs + tolerance) * pack.size_steps > MAX_STEPS:
        raise _Refused("packs", "That quantity is too large.")


def _parts(
    line: NewOrderLine, item: _Item | None, currency: str, drawn: BlanketLine | None
) -> tuple[Part, ...]:
    """The packs by their price: the one agreed or given, else the supplier's breaks for so many."""
    if drawn is not None:
        return (Part(line.packs, UnitPrice(drawn.price_e4, currency)),)
    if not 1 <= line.packs <= MAX_PACKS:
        raise _Refused("packs", f"The packs lie between 1 and {MAX_PACKS:,}.")
    if isinstance(line.unit_price, UnitPrice):
        if line.unit_price.currency != currency:
            raise _Refused("unit_price", f"The supplier is paid in {currency}.")
        return (Part(line.packs, line.unit_price),)
    if line.unit_price is not None:
        try:
            return (Part(line.packs, UnitPrice.parse(line.unit_price, currency)),)
        except ValueError as error:
            raise _Refused("unit_price", str(error)) from error
    parts = parts_at(item.scheme, item.price_breaks, line.packs) if item else ()
    if not parts:
        raise _Refused("unit_price", "The supplier's price for this is not known; give it here.")
    return parts


def _tax(line: NewOrderLine, default: TaxRate) -> TaxRate:
    if line.tax_percent is None:
        return default
    try:
        return TaxRate.parse(line.tax_percent)
    except ValueError as error:
        raise _Refused("tax_percent", str(error)) from error


def _container(product: Product, ordered: Pack) -> Pack:
    """What one opens: the sales pack where the ordered pack holds whole ones of it (a bottle of a case)."""
    for pack in product.packs:
        if pack.is_sales_pack and ordered.size_steps % pack.size_steps == 0:
            return pack
    return ordered
