"""Templates of orders, and the rhythms in which they are drafted."""

from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, and_, case, func, select, tuple_
from sqlalchemy.orm import Session, selectinload

from procurement.catalogue.models import Pack, Product
from procurement.kernel.clock import today_in
from procurement.kernel.db import AnySelect, ReadSession
from procurement.kernel.errors import NotFound
from procurement.kernel.paging import Page, PageRequest, day_of
from procurement.kernel.quantity import Pack as PackValue
from procurement.kernel.quantity import Quantity
from procurement.purchasing.models import (
    OrderTemplate,
    OrderTemplateLine,
    PurchaseOrder,
    StandingOrder,
)
from procurement.purchasing.terms import StandingRow, TemplateLineRow, TemplatePage, TemplateRow
from procurement.settings.queries import get_company
from procurement.sourcing.models import Supplier, SupplierItem
from procurement.sourcing.queries import price_breaks_of
from procurement.sourcing.rules.offers import price_at
from procurement.stock.models import Location, Site

NEVER = date.max
_NEXT = (func.coalesce(StandingOrder.next_on, NEVER), StandingOrder.number)


def template_for_update(session: Session, number: str) -> OrderTemplate:
    found = session.scalar(
        select(OrderTemplate)
        .where(OrderTemplate.number == number)
        .with_for_update()
        .options(selectinload(OrderTemplate.lines))
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound(f"There is no order template {number}.")
    return found


def standing_for_update(session: Session, number: str) -> StandingOrder:
    found = session.scalar(
        select(StandingOrder)
        .where(StandingOrder.number == number)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound(f"There is no standing order {number}.")
    return found


def template_list(session: ReadSession, paging: PageRequest) -> Page[TemplateRow]:
    """Templates: those in use first, by name."""
    key = (case((OrderTemplate.active, 0), else_=1), OrderTemplate.name, OrderTemplate.number)
    statement = _templates().order_by(*key).limit(paging.limit + 1)
    if (after := paging.key(int, str, str)) is not None:
        statement = statement.where(tuple_(*key) > tuple_(*after))
    rows = [_row(*row) for row in session.execute(statement)]
    return paging.page(rows, lambda row: (int(not row.active), row.name, row.number))


def template_page(session: ReadSession, number: str) -> TemplatePage:
    """A template with its lines at today's prices."""
    found = session.execute(_templates().where(OrderTemplate.number == number)).one_or_none()
    if found is None:
        raise NotFound(f"There is no order template {number}.")
    template, supplier = found[0], found[1]
    return TemplatePage(
        _row(*found),
        template.note_to_supplier,
        template.note_to_us,
        supplier.currency,
        _lines(session, template.id, supplier),
        tuple(standing_orders(session, OrderTemplate.number == number)),
    )


def standing_orders(
    session: ReadSession, *conditions: ColumnElement[bool], most: int | None = None
) -> list[StandingRow]:
    """Rhythms, the next to be drafted first, those that ended last."""
    last = (
        select(PurchaseOrder.standing_id, func.max(PurchaseOrder.standing_for).label("last_for"))
        .group_by(PurchaseOrder.standing_id)
        .subquery()
    )
    rows = session.execute(
        select(StandingOrder, OrderTemplate, Supplier.name, PurchaseOrder.number, last.c.last_for)
        .join(OrderTemplate, OrderTemplate.id == StandingOrder.template_id)
        .join(Supplier, Supplier.id == OrderTemplate.supplier_id)
        .outerjoin(last, last.c.standing_id == StandingOrder.id)
        .outerjoin(
            PurchaseOrder,
            and_(
                PurchaseOrder.standing_id == StandingOrder.id,
                PurchaseOrder.standing_for == last.c.last_for,
            ),
        )
        .where(*conditions)
        .order_by(*_NEXT)
        .limit(most)
    )
    return [_standing(*row) for row in rows]


def standing_list(session: ReadSession, paging: PageRequest) -> Page[StandingRow]:
    """Rhythms, the next to be drafted first, those that ended last."""
    conditions = []
    if (after := paging.key(str, str)) is not None:
        day, number = after
        conditions.append(tuple_(*_NEXT) > tuple_(day_of(day), number))
    rows = standing_orders(session, *conditions, most=paging.limit + 1)
    return paging.page(rows, lambda row: ((row.next_on or NEVER).isoformat(), row.number))


def standing_row(session: ReadSession, number: str) -> StandingRow:
    found = standing_orders(session, StandingOrder.number == number)
    if not found:
        raise NotFound(f"There is no standing order {number}.")
    return found[0]


def failed_standing(session: ReadSession) -> list[StandingRow]:
    """Those whose last order could not be drafted."""
    return standing_orders(session, StandingOrder.problem != "")


def due_standing(session: ReadSession, at: datetime) -> list[tuple[str, date]]:
    """Number and day of each standing order that is to be drafted now, where it is delivered."""
    zone = get_company(session).time_zone
    rows = session.execute(
        select(StandingOrder.number, StandingOrder.next_on, Site.time_zone)
        .join(OrderTemplate, OrderTemplate.id == StandingOrder.template_id)
        .outerjoin(Location, Location.id == OrderTemplate.deliver_to_id)
        .outerjoin(Site, Site.id == Location.site_id)
        # No place on earth is more than a day ahead.
        .where(StandingOrder.next_on <= at.date() + timedelta(days=1), ~StandingOrder.paused)
        .order_by(StandingOrder.next_on, StandingOrder.id)
    )
    return [
        (number, next_on)
        for number, next_on, site_zone in rows
        if next_on <= today_in(site_zone or zone, at)
    ]


def _templates() -> AnySelect:
    lines = (
        select(func.count())
        .where(OrderTemplateLine.template_id == OrderTemplate.id)
        .scalar_subquery()
    )
    next_on = (
        select(func.min(StandingOrder.next_on))
        .where(StandingOrder.template_id == OrderTemplate.id, ~StandingOrder.paused)
        .scalar_subquery()
    )
    return (
        select(OrderTemplate, Supplier, Location.code, lines, next_on)
        .join(Supplier, Supplier.id == OrderTemplate.supplier_id)
        .outerjoin(Location, Location.id == OrderTemplate.deliver_to_id)
    )


def _row(
    template: OrderTemplate,
    supplier: Supplier,
    deliver_to: str | None,
    lines: int,
    next_on: date | None,
) -> TemplateRow:
    return TemplateRow(
        number=template.number,
        name=template.name,
        supplier=supplier.code,
        supplier_name=supplier.name,
        deliver_to=deliver_to,
        made_at=template.made_at,
        made_by=template.made_by,
        active=template.active,
        lines=int(lines),
        next_on=next_on,
    )


def _lines(
    session: ReadSession, template_id: int, supplier: Supplier
) -> tuple[TemplateLineRow, ...]:
    rows = session.execute(
        select(OrderTemplateLine, Product, Pack, SupplierItem.id)
        .join(Product, Product.id == OrderTemplateLine.product_id)
        .join(Pack, Pack.id == OrderTemplateLine.pack_id)
        .outerjoin(
            SupplierItem,
            and_(SupplierItem.pack_id == Pack.id, SupplierItem.supplier_id == supplier.id),
        )
        .where(OrderTemplateLine.template_id == template_id)
        .order_by(OrderTemplateLine.position)
    ).all()
    breaks = price_breaks_of(session, {row[3]: supplier.currency for row in rows if row[3]})
    return tuple(
        TemplateLineRow(
            line.position,
            product.sku,
            product.name,
            pack.code,
            PackValue(pack.name, Quantity(pack.size_steps, product.unit)),
            line.packs,
            price_at(breaks.get(item_id, ()), line.packs),
        )
        for line, product, pack, item_id in rows
    )


def _standing(
    standing: StandingOrder,
    template: OrderTemplate,
    supplier_name: str,
    last_order: str | None,
    last_for: date | None,
) -> StandingRow:
    return StandingRow(
        number=standing.number,
        template=template.number,
        template_name=template.name,
        supplier_name=supplier_name,
        every=standing.every,
        unit=standing.unit,
        weekday=standing.weekday,
        until=standing.until,
        next_on=standing.next_on,
        paused=standing.paused,
        begun_by=standing.begun_by,
        problem=standing.problem,
        last_order=last_order,
        last_for=last_for,
    )
