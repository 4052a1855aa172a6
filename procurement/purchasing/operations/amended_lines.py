"""The lines of an amendment: what differs from the order as it stands, and carrying that out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.catalogue.models import Pack, Product
from procurement.kernel.db import MAX_MINOR, MAX_STEPS
from procurement.kernel.errors import Conflict, FieldError, Invalid
from procurement.kernel.money import TaxRate, UnitPrice
from procurement.purchasing.models import (
    OrderChange,
    OrderRevision,
    PurchaseOrder,
    PurchaseOrderLine,
)
from procurement.purchasing.operations.lines import MAX_LINES, NewOrderLine, build_lines
from procurement.purchasing.rules.amending import PlacedLine, Wish, is_change, objection
from procurement.purchasing.terms import ChangeKind
from procurement.settings.queries import get_company
from procurement.sourcing.models import Supplier
from procurement.sourcing.rules.items import MAX_PACKS


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendedLine:
    """A line as it shall be; None leaves what is. A price as text is in the order's currency."""

    position: int
    packs: int | None = None
    unit_price: str | UnitPrice | None = None
    wanted_by: date | None = None
    close: bool = False


def changes_of(
    session: Session,
    order: PurchaseOrder,
    told: Sequence[AmendedLine],
    new: Sequence[NewOrderLine],
) -> list[OrderChange]:
    """What differs, line by line, then what is added. Raises Invalid naming every bad field."""
    if len(order.lines) + len(new) > MAX_LINES:
        raise Invalid(f"An order has between 1 and {MAX_LINES:,} lines.", field="added")
    by_position = {line.position: line for line in order.lines}
    changes: list[OrderChange] = []
    errors: list[FieldError] = []
    seen: set[int] = set()
    for index, one in enumerate(told):
        line = by_position.get(one.position)
        if line is None or one.position in seen:
            what = "is named twice" if line else "is not in the order"
            errors.append(FieldError(f"lines.{index}.position", f"Line {one.position} {what}."))
            continue
        seen.add(one.position)
        try:
            change = _change(line, one, order.currency)
        except Invalid as refusal:
            errors += [FieldError(f"lines.{index}.{e.field}", e.message) for e in refusal.errors]
        else:
            changes += [change] if change else []
    if errors:
        raise Invalid.of(errors)
    changes += _added(session, order, new)
    for ordinal, change in enumerate(changes):
        change.ordinal = ordinal
    return changes


def _change(line: PurchaseOrderLine, told: AmendedLine, currency: str) -> OrderChange | None:
    """The change of one line; None when it stays as it is. Raises Invalid at the line's field."""
    placed = _placed(line, currency)
    wish = Wish(told.position, told.packs, _price(told, currency), told.wanted_by, told.close)
    if not is_change(placed, wish):
        return None
    field, against = objection(placed, wish)
    if not against and line.blanket_line_id and wish.price not in {None, placed.price}:
        field, against = "unit_price", "The price is agreed in a blanket order."
    if against:
        raise Invalid(against, field=field)
    packs = line.received if wish.close else wish.packs or line.packs
    price = wish.price or placed.price
    if packs > MAX_PACKS or (packs + line.tolerance) * line.pack_steps > MAX_STEPS:
        raise Invalid("That quantity is too large.", field="packs")
    if price.total(packs).minor > MAX_MINOR // MAX_LINES:
        raise Invalid("The line's amount is too large.", field="packs")
    return OrderChange(
        kind=ChangeKind.CLOSED if wish.close else ChangeKind.CHANGED,
        position=line.position,
        product_id=line.product_id,
        pack_id=line.pack_id,
        name=line.name,
        packs_before=line.packs,
        packs_after=packs,
        price_before_e4=line.price_e4,
        price_after_e4=price.e4,
        wanted_before=line.wanted_by,
        wanted_after=wish.wanted_by or line.wanted_by,
        tax_ppm=line.tax_ppm,
    )


def _placed(line: PurchaseOrderLine, currency: str) -> PlacedLine:
    price = UnitPrice(line.price_e4, currency)
    return PlacedLine(line.position, line.packs, line.received, line.closed, price, line.wanted_by)


def _price(told: AmendedLine, currency: str) -> UnitPrice | None:
    if told.unit_price is None:
        return None
    if isinstance(told.unit_price, UnitPrice):
        if told.unit_price.currency != currency:
            raise Invalid(f"The order is in {currency}.", field="unit_price")
        return told.unit_price
    try:
        return UnitPrice.parse(told.unit_price, currency)
    except ValueError as error:
        raise Invalid(str(error), field="unit_price") from error


def _added(
    session: Session, order: PurchaseOrder, new: Sequence[NewOrderLine]
) -> Iterator[OrderChange]:
    if not new:
        return
    try:
        built = _built(session, order, new)
    except Invalid as refusal:
        raise Invalid.of(
            FieldError(error.field.replace("lines.", "added.", 1), error.message)
            for error in refusal.errors
        ) from refusal
    after = max(line.position for line in order.lines)
    for line in built:
        yield OrderChange(
            kind=ChangeKind.ADDED,
            position=after + line.position,
            product_id=line.product_id,
            pack_id=line.pack_id,
            name=line.name,
            packs_before=0,
            packs_after=line.packs,
            price_before_e4=0,
            price_after_e4=line.price_e4,
            wanted_before=None,
            wanted_after=line.wanted_by,
            tax_ppm=line.tax_ppm,
        )


def _built(
    session: Session, order: PurchaseOrder, new: Sequence[NewOrderLine]
) -> list[PurchaseOrderLine]:
    supplier = session.get_one(Supplier, order.supplier_id)
    company = get_company(session)
    return build_lines(session, supplier, new, company=company, deliver_to_id=order.deliver_to_id)


def apply_changes(session: Session, order: PurchaseOrder, revision: OrderRevision) -> None:
    """Write the changes into the lines. What was received while the change waited may stand against it now."""
    by_position = {line.position: line for line in order.lines}
    for change in revision.changes:
        line = by_position.get(change.position)
        if line is None:
            continue
        price = UnitPrice(change.price_after_e4, order.currency)
        if line.closed or line.received > change.packs_after:
            raise Conflict(
                f"Line {line.position} was received or closed while the change waited; "
                "refuse it and amend the order again."
            )
        line.wanted_by, line.price_e4 = change.wanted_after, change.price_after_e4
        line.net_minor = price.total(change.packs_after).minor
        if change.packs_after:
            line.packs = change.packs_after
        else:
            line.closed = line.dropped = True
    added = [change for change in revision.changes if change.kind is ChangeKind.ADDED]
    if added:
        order.lines += _rebuilt(session, order, added)


def _rebuilt(
    session: Session, order: PurchaseOrder, added: Sequence[OrderChange]
) -> list[PurchaseOrderLine]:
    """Lines of what is added, at the price that was agreed to."""
    rows = session.execute(
        select(Pack.id, Pack.code, Product.sku)
        .join(Product, Product.id == Pack.product_id)
        .where(Pack.id.in_({change.pack_id for change in added}))
    )
    names = {pack_id: (sku, code) for pack_id, code, sku in rows}
    new = [
        NewOrderLine(
            product=names[change.pack_id][0],
            pack=names[change.pack_id][1],
            packs=change.packs_after,
            unit_price=UnitPrice(change.price_after_e4, order.currency),
            tax_percent=TaxRate(change.tax_ppm).percent,
            wanted_by=change.wanted_after,
        )
        for change in added
    ]
    lines = _built(session, order, new)
    for line, change in zip(lines, added, strict=True):
        line.position = change.position
    return lines
