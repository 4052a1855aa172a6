"""Drafting purchase orders and changing drafts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.audit.operations import record
from procurement.kernel import text
from procurement.kernel.actor import Actor
from procurement.kernel.clock import today_in
from procurement.kernel.errors import Invalid, NotFound
from procurement.kernel.money import Money, TaxRate
from procurement.kernel.permissions import Permission
from procurement.kernel.serial import Series, next_number
from procurement.purchasing.errors import StaleVersion, WrongStatus
from procurement.purchasing.models import PurchaseOrder, PurchaseOrderLine
from procurement.purchasing.operations.agreeing import forget_approvals, no_longer_returned
from procurement.purchasing.operations.charging import charge_freight
from procurement.purchasing.operations.drawing import keep_links
from procurement.purchasing.operations.lines import NewOrderLine, build_lines
from procurement.purchasing.queries.cost_centres import cost_centre_id
from procurement.purchasing.queries.orders import purchase_order_for_update
from procurement.purchasing.rules.status import WORDS
from procurement.purchasing.rules.totals import TaxedLine, totals_of
from procurement.purchasing.terms import OrderStatus
from procurement.settings.queries import get_company
from procurement.settings.terms import CompanyProfile
from procurement.sourcing.models import Supplier
from procurement.sourcing.terms import Standing
from procurement.stock.queries.places import place_of_kind, places_by_code
from procurement.stock.terms import LocationKind, Place


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftOrder:
    """A new order to a supplier. Without `deliver_to` it goes to the first storeroom there is."""

    supplier: str
    lines: tuple[NewOrderLine, ...]
    deliver_to: str | None = None
    note_to_supplier: str = ""
    note_to_us: str = ""
    freight: Money | None = None  # None: as the supplier's terms say
    cost_centre: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeOrder:
    """A draft as it should be: its lines are replaced. `version` is the one that was read, if it was."""

    number: str
    lines: tuple[NewOrderLine, ...]
    version: int | None = None
    deliver_to: str | None = None
    note_to_supplier: str = ""
    note_to_us: str = ""
    freight: Money | None = None  # None: as the supplier's terms say
    cost_centre: str | None = None


def draft_order(
    session: Session, command: DraftOrder, *, actor: Actor, at: datetime
) -> PurchaseOrder:
    """Write an order down; nothing is promised yet. Prices not given come from the supplier's breaks."""
    actor.require(Permission.DRAFT_ORDERS)
    supplier = require_supplier(session, command.supplier)
    place = _deliver_to(session, command.deliver_to)
    company = get_company(session)
    to = place.id if place else None
    lines = build_lines(session, supplier, command.lines, company=company, deliver_to_id=to)
    on = _today(place, company, at)
    order = PurchaseOrder(
        number=next_number(session, Series.PURCHASE_ORDER, on),
        supplier_id=supplier.id,
        status=OrderStatus.DRAFT,
        currency=supplier.currency,
        drafted_at=at,
        drafted_by=actor.name,
        drafted_by_id=actor.id,
    )
    _fill(session, order, command, lines, supplier=supplier, place=place, company=company)
    session.add(order)
    record(session, "draft order", order.number, f"to {supplier.name}", actor=actor, at=at)
    return order


def change_order(
    session: Session, command: ChangeOrder, *, actor: Actor, at: datetime
) -> PurchaseOrder:
    """Replace the lines and notes of a draft."""
    actor.require(Permission.DRAFT_ORDERS)
    order = purchase_order_for_update(session, command.number)
    if order.status is not OrderStatus.DRAFT:
        raise WrongStatus(f"{order.number} is {WORDS[order.status]}; only a draft can be changed.")
    if command.version is not None and command.version != order.version:
        raise StaleVersion(f"Somebody changed {order.number} in the meantime; look again.")
    supplier = session.get_one(Supplier, order.supplier_id)
    place = _deliver_to(session, command.deliver_to)
    company = get_company(session)
    to = place.id if place else None
    lines = build_lines(session, supplier, command.lines, company=company, deliver_to_id=to)
    links = {line.pack_id: line.blanket_line_id for line in order.lines if line.blanket_line_id}
    keep_links(session, lines, links)
    forget_approvals(session, order)
    no_longer_returned(order)
    order.lines.clear()
    session.flush()  # the old positions must be gone before the new ones take them
    _fill(session, order, command, lines, supplier=supplier, place=place, company=company)
    record(session, "change order", order.number, actor=actor, at=at)
    return order


def require_supplier(session: Session, code: str) -> Supplier:
    """A supplier we order from."""
    supplier = session.scalar(select(Supplier).where(Supplier.code == code))
    if supplier is None:
        raise Invalid(f"There is no supplier {code}.", field="supplier")
    if not supplier.active:
        raise Invalid(f"{supplier.name} is no longer a supplier of ours.", field="supplier")
    if supplier.standing is Standing.BLOCKED:
        raise Invalid(f"{supplier.name} is blocked; nothing is ordered there.", field="supplier")
    return supplier


def _deliver_to(session: Session, code: str | None) -> Place | None:
    if code is None:
        try:
            return place_of_kind(session, LocationKind.STOREROOM)
        except NotFound:
            return None
    place = places_by_code(session, {code}).get(code)
    if place is None or not place.is_physical:
        raise Invalid(f"There is no room or storeroom {code}.", field="deliver_to")
    return place


def _today(place: Place | None, company: CompanyProfile, at: datetime) -> date:
    return today_in((place.time_zone if place else None) or company.time_zone, at)


def _fill(
    session: Session,
    order: PurchaseOrder,
    command: DraftOrder | ChangeOrder,
    lines: Sequence[PurchaseOrderLine],
    *,
    supplier: Supplier,
    place: Place | None,
    company: CompanyProfile,
) -> None:
    order.deliver_to_id = place.id if place else None
    site = place.site if place else None
    order.cost_centre_id = cost_centre_id(session, command.cost_centre, site)
    order.note_to_supplier = text.prose(command.note_to_supplier, "note_to_supplier")
    order.note_to_us = text.prose(command.note_to_us, "note_to_us")
    order.lines = list(lines)
    taxed = [
        TaxedLine(Money(line.net_minor, order.currency), TaxRate(line.tax_ppm)) for line in lines
    ]
    goods = sum((line.net for line in taxed), Money(0, order.currency))
    charge_freight(session, order, supplier, goods, command.freight, company)
    totals = totals_of([*taxed, *order.charges], company.rounding_rule, order.currency)
    order.net_minor = totals.net.minor
    order.tax_minor = totals.tax.minor
    order.gross_minor = totals.gross.minor
