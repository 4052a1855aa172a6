"""Blanket orders: agreed with a supplier, called off by purchase orders, closed."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.audit.operations import record
from procurement.catalogue.models import Pack, Product
from procurement.kernel import text
from procurement.kernel.actor import Actor
from procurement.kernel.clock import today_in
from procurement.kernel.errors import Conflict, FieldError, Invalid
from procurement.kernel.money import UnitPrice
from procurement.kernel.permissions import Permission
from procurement.kernel.serial import Series, next_number
from procurement.purchasing.errors import OverDraw
from procurement.purchasing.models import BlanketLine, BlanketOrder, PurchaseOrder
from procurement.purchasing.operations.drawing import keep_links
from procurement.purchasing.operations.lines import NewOrderLine, build_lines
from procurement.purchasing.operations.ordering import DraftOrder, draft_order, require_supplier
from procurement.purchasing.queries.blankets import blanket_for_update
from procurement.settings.queries import get_company
from procurement.sourcing.models import Supplier

MAX_DAYS = 5 * 366


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreeBlanket:
    """So many packs at a price over a time; a line's tax and dates are those of the orders drawn on it."""

    supplier: str
    name: str
    valid_from: date
    valid_until: date
    lines: tuple[NewOrderLine, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class CallOffLine:
    position: int
    packs: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CallOff:
    """Packs of some of its lines, to be ordered now."""

    number: str
    lines: tuple[CallOffLine, ...]
    deliver_to: str | None = None


def agree_blanket(
    session: Session, command: AgreeBlanket, *, actor: Actor, at: datetime
) -> BlanketOrder:
    """Write down what was agreed. Raises Invalid naming every bad field."""
    actor.require(Permission.APPROVE_ORDERS)
    supplier = require_supplier(session, command.supplier)
    require_days(command.valid_from, command.valid_until)
    company = get_company(session)
    built = build_lines(session, supplier, command.lines, company=company)
    packs = [line.pack_id for line in built]
    if len(packs) != len(set(packs)):
        raise Invalid("Each pack of a product stands in one line.", field="lines")
    blanket = BlanketOrder(
        number=next_number(session, Series.BLANKET_ORDER, today_in(company.time_zone, at)),
        name=text.optional_line(command.name, "name"),
        supplier_id=supplier.id,
        valid_from=command.valid_from,
        valid_until=command.valid_until,
        note=text.prose(command.note, "note"),
        agreed_at=at,
        agreed_by=actor.name,
    )
    blanket.lines = [
        BlanketLine(
            position=line.position,
            product_id=line.product_id,
            pack_id=line.pack_id,
            packs=line.packs,
            price_e4=line.price_e4,
        )
        for line in built
    ]
    session.add(blanket)
    detail = f"with {supplier.name} until {command.valid_until}"
    record(session, "agree blanket order", blanket.number, detail, actor=actor, at=at)
    return blanket


def require_days(start: date, end: date) -> None:
    """A blanket order holds for some days, and five years at most."""
    if end < start:
        raise Invalid("It ends before it begins.", field="valid_until")
    if (end - start).days > MAX_DAYS:
        raise Invalid("Five years at most.", field="valid_until")


def call_off(session: Session, command: CallOff, *, actor: Actor, at: datetime) -> PurchaseOrder:
    """Draft an order at the agreed prices; it draws on the blanket order when it is placed."""
    actor.require(Permission.DRAFT_ORDERS)
    blanket = blanket_for_update(session, command.number)
    if blanket.closed:
        raise Conflict(f"{blanket.number} is closed.")
    wanted = _wanted(blanket, command)
    supplier = session.get_one(Supplier, blanket.supplier_id)
    rows = session.execute(
        select(Pack.id, Pack.code, Product.sku)
        .join(Product, Product.id == Pack.product_id)
        .where(Pack.id.in_({line.pack_id for line, _ in wanted}))
    )
    names = {pack_id: (sku, code) for pack_id, code, sku in rows}
    order = draft_order(
        session,
        DraftOrder(
            supplier=supplier.code,
            deliver_to=command.deliver_to,
            lines=tuple(
                NewOrderLine(
                    product=names[line.pack_id][0],
                    pack=names[line.pack_id][1],
                    packs=packs,
                    unit_price=UnitPrice(line.price_e4, supplier.currency),
                )
                for line, packs in wanted
            ),
        ),
        actor=actor,
        at=at,
    )
    keep_links(session, order.lines, {line.pack_id: line.id for line, _ in wanted})
    record(session, "call off", blanket.number, order.number, actor=actor, at=at)
    return order


def close_blanket(session: Session, number: str, *, actor: Actor, at: datetime) -> BlanketOrder:
    """Nothing more is called off; the orders there are stay."""
    actor.require(Permission.APPROVE_ORDERS)
    blanket = blanket_for_update(session, number)
    if blanket.closed:
        raise Conflict(f"{number} was closed already.")
    blanket.closed = True
    record(session, "close blanket order", number, actor=actor, at=at)
    return blanket


def _wanted(blanket: BlanketOrder, command: CallOff) -> list[tuple[BlanketLine, int]]:
    by_position = {line.position: line for line in blanket.lines}
    errors: list[FieldError] = []
    wanted: dict[int, tuple[BlanketLine, int]] = {}
    for index, told in enumerate(command.lines):
        line = by_position.get(told.position)
        if line is None or told.position in wanted:
            what = (
                f"{blanket.number} has no line {told.position}." if line is None else "Named twice."
            )
            errors.append(FieldError(f"lines.{index}.position", what))
            continue
        if told.packs < 1:
            errors.append(FieldError(f"lines.{index}.packs", "At least one pack."))
        if told.packs > line.packs - line.drawn:
            left = line.packs - line.drawn
            raise OverDraw(
                f"{left} packs are left of line {line.position}.", field=f"lines.{index}.packs"
            )
        wanted[told.position] = (line, told.packs)
    if errors:
        raise Invalid.of(errors)
    if not wanted:
        raise Invalid("Say how many packs of what.", field="lines")
    return list(wanted.values())
