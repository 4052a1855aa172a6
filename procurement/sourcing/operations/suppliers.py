"""Keeping suppliers and their supplier items: created or changed by their codes."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from procurement.audit.operations import record
from procurement.catalogue.models import Pack, Product
from procurement.kernel import text
from procurement.kernel.actor import Actor
from procurement.kernel.errors import FieldError, Invalid
from procurement.kernel.money import Money, UnitPrice, is_currency
from procurement.kernel.peppol import participant
from procurement.kernel.permissions import Permission
from procurement.sourcing.errors import CurrencyInUse, SupplierExists
from procurement.sourcing.models import PriceBreak, Supplier, SupplierItem
from procurement.sourcing.operations.pricing import note_changes
from procurement.sourcing.queries import has_items, supplier_for_update
from procurement.sourcing.rules.items import item_errors
from procurement.sourcing.terms import BreakScheme, Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveSupplier:
    """A supplier as it should be. With `is_new` a code that is taken is refused, else it is changed.

    `minimum_order`, `freight_charge` and `free_freight_from` are of one order, before tax, in its currency.
    """

    code: str
    name: str
    currency: str
    email: str = ""
    phone: str = ""
    address: str = ""
    contact: str = ""
    note: str = ""
    peppol_id: str | None = None  # None: as it is
    wants_ubl: bool | None = None  # None: as it is
    active: bool = True
    standing: Standing = Standing.NORMAL
    minimum_order: Money | None = None
    freight_charge: Money | None = None
    free_freight_from: Money | None = None
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class NewPriceBreak:
    """A price as text is in the supplier's currency; one that names its currency must name that one."""

    from_packs: int
    unit_price: str | UnitPrice


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveSupplierItem:
    """What a supplier sells of a product in one pack; a second time changes it.

    `pack` None means the product's sales pack. `preferred` makes other suppliers' items of the product not so.
    """

    supplier: str
    product: str
    code: str
    pack: str | None = None
    moq: int = 1
    multiple: int = 1
    lead_time_days: int = 7
    price_breaks: tuple[NewPriceBreak, ...] = ()
    scheme: BreakScheme = BreakScheme.ALL_UNITS
    guaranteed_days: int | None = None
    preferred: bool = False
    blocked: bool = False
    active: bool = True


def save_supplier(
    session: Session, command: SaveSupplier, *, actor: Actor, at: datetime
) -> Supplier:
    """Create a supplier, or change the one that has the code."""
    actor.require(Permission.EDIT_SUPPLIERS)
    code = text.code(command.code, "code")
    if not is_currency(command.currency):
        raise Invalid("The currency must be an ISO 4217 code such as EUR.", field="currency")
    supplier = supplier_for_update(session, code)
    if supplier and command.is_new:
        raise SupplierExists(f"There is a supplier {code} already.", field="code")
    if supplier and supplier.currency != command.currency and has_items(session, supplier.id):
        raise CurrencyInUse(
            f"Prices of {supplier.name} are kept in {supplier.currency}; "
            f"a supplier in {command.currency} needs a code of its own.",
            field="currency",
        )
    is_created = supplier is None
    supplier = supplier or Supplier(code=code)
    _describe(supplier, command)
    session.add(supplier)
    record(
        session, "create supplier" if is_created else "change supplier", code, actor=actor, at=at
    )
    return supplier


def _describe(supplier: Supplier, command: SaveSupplier) -> None:
    supplier.name = text.name(command.name, "name")
    supplier.currency = command.currency
    supplier.email = text.optional_line(command.email, "email")
    supplier.phone = text.optional_line(command.phone, "phone")
    supplier.contact = text.optional_line(command.contact, "contact")
    supplier.address = text.prose(command.address, "address")
    supplier.note = text.prose(command.note, "note")
    if command.peppol_id is not None:
        supplier.peppol_id = participant(command.peppol_id, "peppol_id")
    if command.wants_ubl is not None:
        supplier.wants_ubl = command.wants_ubl
    supplier.active = command.active
    if supplier.email and supplier.email.count("@") != 1:
        raise Invalid("This is not a mail address.", field="email")
    supplier.standing = command.standing
    supplier.minimum_minor = _minor(command, "minimum_order") or 0
    supplier.freight_minor = _minor(command, "freight_charge") or 0
    supplier.free_from_minor = _minor(command, "free_freight_from") or None


def _minor(command: SaveSupplier, field: str) -> int | None:
    amount: Money | None = getattr(command, field)
    if amount is None:
        return None
    if amount.currency != command.currency:
        raise Invalid(f"The supplier is paid in {command.currency}.", field=field)
    if amount.minor < 0:
        raise Invalid("This is not below zero.", field=field)
    return amount.minor


def save_supplier_item(
    session: Session, command: SaveSupplierItem, *, actor: Actor, at: datetime
) -> SupplierItem:
    """Create or change what a supplier sells of a product in a pack; its price breaks are replaced."""
    actor.require(Permission.EDIT_SUPPLIERS)
    supplier, product, pack = _references(session, command)
    breaks = _price_breaks(command, supplier.currency)
    item = session.scalar(
        select(SupplierItem)
        .where(
            SupplierItem.supplier_id == supplier.id,
            SupplierItem.product_id == product.id,
            SupplierItem.pack_id == pack.id,
        )
        .options(selectinload(SupplierItem.price_breaks))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if item is None:
        item = SupplierItem(supplier_id=supplier.id, product_id=product.id, pack_id=pack.id)
        item.price_breaks = []
        session.add(item)
    item.code = text.code(command.code or product.sku, "code")
    item.moq, item.multiple = command.moq, command.multiple
    item.lead_time_days = command.lead_time_days
    item.scheme, item.guaranteed_days = command.scheme, command.guaranteed_days
    item.active, item.blocked = command.active, command.blocked
    before = tuple((step.from_packs, step.price_e4) for step in item.price_breaks)
    _set_price_breaks(item, breaks)
    after = tuple((step.from_packs, step.price_e4) for step in item.price_breaks)
    session.flush()  # a new item has no key before
    note_changes(session, {item.id: (before, after)}, actor=actor, at=at)
    _set_preferred(session, item, preferred=command.preferred)
    record(
        session,
        "save supplier item",
        supplier.code,
        f"{product.sku} in {pack.code}",
        actor=actor,
        at=at,
    )
    return item


def _references(session: Session, command: SaveSupplierItem) -> tuple[Supplier, Product, Pack]:
    """Look up what the command names; every unknown name is reported at once."""
    supplier = session.scalar(select(Supplier).where(Supplier.code == command.supplier))
    product = session.scalar(select(Product).where(Product.sku == command.product))
    pack = None
    if product is not None:
        wanted = Pack.is_sales_pack if command.pack is None else Pack.code == command.pack
        pack = session.scalar(select(Pack).where(Pack.product_id == product.id, wanted))
    figures = (command.moq, command.multiple, command.lead_time_days, command.guaranteed_days)
    errors = list(item_errors(*figures))
    if supplier is None:
        errors.append(FieldError("supplier", f"There is no supplier {command.supplier}."))
    if product is None:
        errors.append(FieldError("product", f"There is no product {command.product}."))
    elif pack is None:
        named = "sales pack" if command.pack is None else f"pack {command.pack}"
        errors.append(FieldError("pack", f"{command.product} has no {named}."))
    if errors or supplier is None or product is None or pack is None:
        raise Invalid.of(errors)
    return supplier, product, pack


def _price_breaks(command: SaveSupplierItem, currency: str) -> dict[int, UnitPrice]:
    errors: list[FieldError] = []
    found: dict[int, UnitPrice] = {}
    for index, step in enumerate(command.price_breaks):
        field = f"price_breaks.{index}"
        if step.from_packs < 1:
            errors.append(FieldError(f"{field}.from_packs", "A break starts at 1 pack or more."))
        if step.from_packs in found:
            errors.append(
                FieldError(f"{field}.from_packs", f"{step.from_packs} packs stand here twice.")
            )
        try:
            found[step.from_packs] = _price(step.unit_price, currency)
        except ValueError as error:
            errors.append(FieldError(f"{field}.unit_price", str(error)))
    if errors:
        raise Invalid.of(errors)
    return found


def _price(written: str | UnitPrice, currency: str) -> UnitPrice:
    if not isinstance(written, UnitPrice):
        return UnitPrice.parse(written, currency)
    if written.currency != currency:
        raise ValueError(f"The supplier is paid in {currency}.")
    return written


def _set_price_breaks(item: SupplierItem, breaks: dict[int, UnitPrice]) -> None:
    kept = {step.from_packs: step for step in item.price_breaks}
    item.price_breaks[:] = [
        kept.get(packs) or PriceBreak(from_packs=packs) for packs in sorted(breaks)
    ]
    for step in item.price_breaks:
        step.price_e4 = breaks[step.from_packs].e4


def _set_preferred(session: Session, item: SupplierItem, *, preferred: bool) -> None:
    item.preferred = preferred
    if preferred:
        others = session.scalars(
            select(SupplierItem).where(
                SupplierItem.product_id == item.product_id, SupplierItem.preferred
            )
        )
        for other in others:
            other.preferred = other is item
