"""Orders that come again: keeping a template, and drafting from it."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.audit.operations import record
from procurement.catalogue.models import Pack, Product
from procurement.kernel import text
from procurement.kernel.actor import Actor
from procurement.kernel.clock import today_in
from procurement.kernel.errors import Conflict
from procurement.kernel.money import TaxRate, UnitPrice
from procurement.kernel.permissions import Permission
from procurement.kernel.serial import Series, next_number
from procurement.purchasing.models import (
    OrderTemplate,
    OrderTemplateLine,
    PurchaseOrder,
    StandingOrder,
)
from procurement.purchasing.operations.lines import NewOrderLine
from procurement.purchasing.operations.ordering import DraftOrder, draft_order
from procurement.purchasing.queries.orders import purchase_order_for_update
from procurement.purchasing.queries.templates import template_for_update
from procurement.settings.queries import get_company
from procurement.sourcing.models import Supplier, SupplierItem
from procurement.stock.queries.places import places_by_id


def save_template(
    session: Session, order_number: str, name: str, *, actor: Actor, at: datetime
) -> OrderTemplate:
    """Keep what an order holds, to be drafted again; the order may be in any state."""
    actor.require(Permission.DRAFT_ORDERS)
    order = purchase_order_for_update(session, order_number)
    on = today_in(get_company(session).time_zone, at)
    template = OrderTemplate(
        number=next_number(session, Series.ORDER_TEMPLATE, on),
        name=text.name(name, "name"),
        supplier_id=order.supplier_id,
        deliver_to_id=order.deliver_to_id,
        note_to_supplier=order.note_to_supplier,
        note_to_us=order.note_to_us,
        made_at=at,
        made_by=actor.name,
    )
    kept = [line for line in order.lines if not line.dropped]
    template.lines = [
        OrderTemplateLine(
            position=position,
            product_id=line.product_id,
            pack_id=line.pack_id,
            packs=line.packs,
            price_e4=line.price_e4,
            tax_ppm=line.tax_ppm,
        )
        for position, line in enumerate(kept, start=1)
    ]
    session.add(template)
    record(session, "keep template", template.number, f"of {order.number}", actor=actor, at=at)
    return template


def retire_template(session: Session, number: str, *, actor: Actor, at: datetime) -> OrderTemplate:
    """It is not drafted any more, nor are its standing orders."""
    actor.require(Permission.DRAFT_ORDERS)
    template = template_for_update(session, number)
    if not template.active:
        raise Conflict(f"{number} was retired already.")
    template.active = False
    for standing in session.scalars(
        select(StandingOrder).where(StandingOrder.template_id == template.id).with_for_update()
    ):
        standing.next_on = None
    record(session, "retire template", number, actor=actor, at=at)
    return template


def draft_from_template(
    session: Session, number: str, *, actor: Actor, at: datetime
) -> PurchaseOrder:
    """A draft with the template's lines at today's prices."""
    return draft_again(session, template_for_update(session, number), actor=actor, at=at)


def draft_again(
    session: Session, template: OrderTemplate, *, actor: Actor, at: datetime
) -> PurchaseOrder:
    """As `draft_from_template`, of a template that is locked."""
    if not template.active:
        raise Conflict(f"{template.number} is retired; nothing is drafted from it any more.")
    supplier = session.get_one(Supplier, template.supplier_id)
    places = places_by_id(session, [template.deliver_to_id] if template.deliver_to_id else [])
    command = DraftOrder(
        supplier=supplier.code,
        lines=_lines(session, template, supplier),
        deliver_to=next((place.code for place in places.values()), None),
        note_to_supplier=template.note_to_supplier,
        note_to_us=template.note_to_us,
    )
    order = draft_order(session, command, actor=actor, at=at)
    record(session, "draft from template", template.number, order.number, actor=actor, at=at)
    return order


def _lines(
    session: Session, template: OrderTemplate, supplier: Supplier
) -> tuple[NewOrderLine, ...]:
    """The supplier's price where it has one on file, else the one that was paid."""
    rows = session.execute(
        select(Pack.id, Pack.code, Product.sku)
        .join(Product, Product.id == Pack.product_id)
        .where(Pack.id.in_({line.pack_id for line in template.lines}))
    )
    names = {pack_id: (sku, code) for pack_id, code, sku in rows}
    priced = set(
        session.scalars(
            select(SupplierItem.pack_id).where(
                SupplierItem.supplier_id == supplier.id,
                SupplierItem.price_breaks.any(),
                SupplierItem.pack_id.in_(names),
            )
        )
    )
    return tuple(
        NewOrderLine(
            product=names[line.pack_id][0],
            pack=names[line.pack_id][1],
            packs=line.packs,
            unit_price=None
            if line.pack_id in priced
            else UnitPrice(line.price_e4, supplier.currency),
            tax_percent=TaxRate(line.tax_ppm).percent,
        )
        for line in template.lines
    )
