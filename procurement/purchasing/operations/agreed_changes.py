"""Changing what was agreed in a blanket order: each change is a revision that says what, why, when and by whom."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from procurement.audit.operations import record
from procurement.catalogue.models import Product
from procurement.kernel import text
from procurement.kernel.actor import Actor
from procurement.kernel.errors import Conflict, FieldError, Invalid
from procurement.kernel.money import UnitPrice
from procurement.kernel.permissions import Permission
from procurement.purchasing.errors import StaleVersion
from procurement.purchasing.models import (
    BlanketLine,
    BlanketOrder,
    BlanketRevision,
    PurchaseOrder,
    PurchaseOrderLine,
)
from procurement.purchasing.operations.blankets import require_days
from procurement.purchasing.queries.blankets import blanket_for_update
from procurement.purchasing.queries.call_offs import NOT_PLACED
from procurement.sourcing.models import Supplier
from procurement.sourcing.rules.items import MAX_PACKS


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedLine:
    """A line as it should be; None leaves it as it is. A price as text is in the supplier's currency."""

    position: int
    packs: int | None = None
    unit_price: str | UnitPrice | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeBlanket:
    """What is agreed from now on; None leaves it as it is. `revision` is the one that was read, if it was."""

    number: str
    why: str
    valid_from: date | None = None
    valid_until: date | None = None
    lines: tuple[ChangedLine, ...] = ()
    revision: int | None = None


def change_blanket(
    session: Session, command: ChangeBlanket, *, actor: Actor, at: datetime
) -> BlanketOrder:
    """Agree other packs, prices or days. Orders that were placed keep theirs; drafts at an old price draw no more.

    Raises Invalid naming every bad field: never fewer packs than are drawn.
    """
    actor.require(Permission.APPROVE_ORDERS)
    blanket = blanket_for_update(session, command.number)
    if blanket.closed:
        raise Conflict(f"{blanket.number} is closed.")
    if command.revision is not None and command.revision != blanket.revision:
        raise StaleVersion(f"Somebody changed {blanket.number} in the meantime; look again.")
    changed = [*_days(blanket, command), *_lines(session, blanket, command)]
    if not changed:
        raise Invalid("Nothing is different.", field="lines")
    blanket.revision += 1
    revision = BlanketRevision(
        blanket_id=blanket.id,
        number=blanket.revision,
        why=text.name(command.why, "why"),
        changed="\n".join(changed),
        changed_at=at,
        changed_by=actor.name,
    )
    session.add(revision)
    detail = f"R{blanket.revision}: {revision.why}"
    record(session, "change blanket order", blanket.number, detail, actor=actor, at=at)
    return blanket


def _days(blanket: BlanketOrder, command: ChangeBlanket) -> Iterator[str]:
    start = command.valid_from or blanket.valid_from
    end = command.valid_until or blanket.valid_until
    require_days(start, end)
    if start != blanket.valid_from:
        yield f"From {blanket.valid_from} becomes from {start}"
    if end != blanket.valid_until:
        yield f"Until {blanket.valid_until} becomes until {end}"
    blanket.valid_from, blanket.valid_until = start, end


def _lines(session: Session, blanket: BlanketOrder, command: ChangeBlanket) -> list[str]:
    by_position = {line.position: line for line in blanket.lines}
    currency = session.get_one(Supplier, blanket.supplier_id).currency
    named = select(Product.id, Product.name).where(
        Product.id.in_({line.product_id for line in blanket.lines})
    )
    names = dict(list(session.execute(named)))
    changed: list[str] = []
    errors: list[FieldError] = []
    for index, told in enumerate(command.lines):
        line = by_position.pop(told.position, None)
        if line is None:
            message = f"{blanket.number} has no such line, or it is named twice."
            errors.append(FieldError(f"lines.{index}.position", message))
            continue
        try:
            said = [*_packs(line, told), *_price(session, line, told, currency)]
        except Invalid as refused:
            errors += [
                FieldError(f"lines.{index}.{error.field}", error.message)
                for error in refused.errors
            ]
        else:
            changed += [f"{names[line.product_id]}: {one}" for one in said]
    if errors:
        raise Invalid.of(errors)
    return changed


def _packs(line: BlanketLine, told: ChangedLine) -> Iterator[str]:
    if told.packs is None or told.packs == line.packs:
        return
    if not max(1, line.drawn) <= told.packs <= MAX_PACKS:
        least = f"{line.drawn} packs are drawn" if line.drawn else "At least one pack"
        raise Invalid(f"{least}; {MAX_PACKS:,} at most.", field="packs")
    yield f"{line.packs} packs become {told.packs}"
    line.packs = told.packs


def _price(session: Session, line: BlanketLine, told: ChangedLine, currency: str) -> Iterator[str]:
    if told.unit_price is None:
        return
    price = told.unit_price
    if not isinstance(price, UnitPrice):
        try:
            price = UnitPrice.parse(price, currency)
        except ValueError as error:
            raise Invalid(str(error), field="unit_price") from error
    if price.currency != currency:
        raise Invalid(f"The supplier is paid in {currency}.", field="unit_price")
    if price.e4 == line.price_e4:
        return
    yield f"{UnitPrice(line.price_e4, currency).amount} a pack becomes {price.amount}"
    line.price_e4 = price.e4
    _let_go(session, line)


def _let_go(session: Session, line: BlanketLine) -> None:
    """Drafts were written at the old price: they keep it, and draw no more."""
    drafts = select(PurchaseOrder.id).where(PurchaseOrder.status.in_(NOT_PLACED))
    session.execute(
        update(PurchaseOrderLine)
        .where(PurchaseOrderLine.blanket_line_id == line.id, PurchaseOrderLine.order_id.in_(drafts))
        .values(blanket_line_id=None)
        .execution_options(synchronize_session=False)
    )
