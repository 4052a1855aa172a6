"""Sales orders: to be changed, in lists with their sums, and the page of one."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session, selectinload

from procurement.catalogue.models import Pack, Product
from procurement.kernel.actor import Actor
from procurement.kernel.db import AnySelect, ReadSession
from procurement.kernel.money import Money, Rate, TaxRate, UnitPrice
from procurement.kernel.paging import Page, PageRequest
from procurement.kernel.permissions import Permission
from procurement.kernel.quantity import Quantity
from procurement.kernel.text import containing, fold
from procurement.sales.errors import OrderUnknown
from procurement.sales.models import (
    Contact,
    Customer,
    Quote,
    QuoteLine,
    SalesOrder,
    SalesOrderLine,
    SalesReservation,
)
from procurement.sales.queries.agreements import waits_for_colleague
from procurement.sales.queries.customer_returns import returns_of
from procurement.sales.queries.shipments import shipments_of
from procurement.sales.terms.orders import (
    TO_SHIP,
    OrderLineRow,
    SalesOrderPage,
    SalesOrderRow,
    SalesOrderStatus,
)
from procurement.stock.models import Reservation, Site


@dataclass(frozen=True, slots=True)
class SalesOrderFilter:
    statuses: frozenset[SalesOrderStatus] | None = None
    customer: str | None = None
    quote: str | None = None
    text: str = ""
    placed: bool = False  # by customers themselves, and still to be confirmed


@dataclass(frozen=True, slots=True)
class OrderSum:
    """How many orders have a status, and what they come to in one currency."""

    status: SalesOrderStatus
    count: int
    gross: Money


def require_sight(actor: Actor) -> None:
    """Staff who sell see orders with their prices; who ships sees them without."""
    actor.require_any(Permission.SEE_SALES, Permission.SHIP_GOODS)


def order_for_update(session: Session, number: str) -> SalesOrder:
    """The order with its lines, locked before anything it touches. Raises OrderUnknown."""
    order = session.scalar(
        select(SalesOrder)
        .where(SalesOrder.number == number)
        .options(selectinload(SalesOrder.lines))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if order is None:
        raise OrderUnknown(f"There is no sales order {number}.")
    return order


def open_reservations(session: Session, order: SalesOrder) -> dict[int, list[Reservation]]:
    """What is promised to each line (by key) now, in the order it was promised."""
    rows = session.execute(
        select(SalesReservation.line_id, Reservation)
        .join(Reservation, Reservation.id == SalesReservation.reservation_id)
        .where(
            SalesReservation.line_id.in_([line.id for line in order.lines]),
            Reservation.released_at.is_(None),
        )
        .order_by(Reservation.id)
        .execution_options(populate_existing=True)
    )
    found: dict[int, list[Reservation]] = {}
    for line_id, reservation in rows:
        found.setdefault(line_id, []).append(reservation)
    return found


def sales_orders(
    session: ReadSession, wanted: SalesOrderFilter, paging: PageRequest, *, actor: Actor
) -> Page[SalesOrderRow]:
    """Orders, the newest first."""
    require_sight(actor)
    statement = (
        _filtered(orders_statement(), wanted).order_by(SalesOrder.id.desc()).limit(paging.limit + 1)
    )
    if (after := paging.key(int)) is not None:
        statement = statement.where(SalesOrder.id < after[0])
    found = [(row[0].id, order_row(*row)) for row in session.execute(statement)]
    keys = {row.number: key for key, row in found}
    return paging.page([row for _, row in found], lambda row: (keys[row.number],))


def order_sums(session: ReadSession, *, actor: Actor) -> list[OrderSum]:
    """What the orders of each status come to, in the order of the statuses; one row for each currency."""
    require_sight(actor)
    rows = session.execute(
        select(
            SalesOrder.status,
            SalesOrder.currency,
            func.count(),
            func.sum(SalesOrder.gross_minor),
        ).group_by(SalesOrder.status, SalesOrder.currency)
    )
    ranks = {status: rank for rank, status in enumerate(SalesOrderStatus)}
    sums = [
        OrderSum(status, int(count), Money(int(gross), currency))
        for status, currency, count, gross in rows
    ]
    return sorted(sums, key=lambda one: (ranks[one.status], one.gross.currency))


def sales_order_page(session: ReadSession, number: str, *, actor: Actor) -> SalesOrderPage:
    """An order with its lines and what has become of it. Raises OrderUnknown."""
    require_sight(actor)
    row = session.execute(
        select(SalesOrder, Customer, Quote.number, Site.code, Site.name)
        .join(Customer, Customer.id == SalesOrder.customer_id)
        .join(Site, Site.id == SalesOrder.site_id)
        .outerjoin(Quote, Quote.id == SalesOrder.quote_id)
        .where(SalesOrder.number == number)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise OrderUnknown(f"There is no sales order {number}.")
    order, customer, quote, site, site_name = row
    contact = session.execute(
        select(Contact.name, Contact.email)
        .where(Contact.customer_id == customer.id)
        .order_by(Contact.position)
        .limit(1)
    ).one_or_none()
    return SalesOrderPage(
        number=order.number,
        status=order.status,
        version=order.version,
        customer=customer.code,
        customer_name=customer.name,
        mail_to=(contact.email if contact else "") or customer.email,
        contact_name=contact.name if contact else "",
        quote=quote,
        currency=order.currency,
        site=site,
        site_name=site_name,
        deliver_to=order.deliver_to,
        wanted_on=order.wanted_on,
        customer_ref=order.customer_ref,
        note_to_customer=order.note_to_customer,
        note_to_us=order.note_to_us,
        drafted_at=order.drafted_at,
        drafted_by=order.drafted_by,
        confirmed_at=order.confirmed_at,
        confirmed_by=order.confirmed_by,
        has_paper=order.pdf_id is not None,
        net=Money(order.net_minor, order.currency),
        tax=Money(order.tax_minor, order.currency),
        gross=Money(order.gross_minor, order.currency),
        lines=tuple(order_lines(session, order)),
        shipments=tuple(shipments_of(session, order.id)),
        returns=tuple(returns_of(session, order.id)),
        placed_at=order.placed_at,
        placed_by=order.placed_by,
        payment=order.payment,
        paid_at=order.paid_at,
        payment_reference=order.payment_reference,
        look_first=order.look_first,
    )


def order_lines(session: ReadSession, order: SalesOrder) -> Iterable[OrderLineRow]:
    """The lines with what is reserved for each."""
    rows = session.execute(
        select(
            SalesOrderLine,
            Product.sku,
            Product.unit,
            Pack.code,
            Pack.name,
            QuoteLine.position,
            reserved_of_line().label("reserved"),
        )
        .join(Product, Product.id == SalesOrderLine.product_id)
        .join(Pack, Pack.id == SalesOrderLine.pack_id)
        .outerjoin(QuoteLine, QuoteLine.id == SalesOrderLine.quote_line_id)
        .where(SalesOrderLine.order_id == order.id)
        .order_by(SalesOrderLine.position)
        .execution_options(populate_existing=True)
    )
    for line, sku, unit, pack, pack_name, quote_position, reserved in rows:
        yield OrderLineRow(
            position=line.position,
            product=sku,
            product_name=line.name,
            pack=pack,
            pack_name=pack_name,
            size=Quantity(line.pack_steps, unit),
            packs=line.packs,
            shipped=line.shipped,
            closed=line.closed,
            is_goods=line.is_goods,
            reserved=Quantity(int(reserved), unit),
            price=UnitPrice(line.price_e4, order.currency),
            discount=Rate(line.discount_bp),
            tax_code=line.tax_code,
            tax=TaxRate(line.tax_ppm),
            tax_category=line.tax_category,
            tax_detail=line.tax_detail,
            tax_reason=line.tax_reason,
            net=Money(line.net_minor, order.currency),
            note=line.note,
            quote_position=quote_position,
            product_id=line.product_id,
            pack_id=line.pack_id,
            wanted_on=line.wanted_on,
        )


def reserved_of_line() -> Any:
    """Steps promised to a line now, as a column beside `SalesOrderLine`."""
    return func.coalesce(
        select(func.sum(Reservation.quantity))
        .join(SalesReservation, SalesReservation.reservation_id == Reservation.id)
        .where(
            SalesReservation.line_id == SalesOrderLine.id,
            Reservation.released_at.is_(None),
        )
        .correlate(SalesOrderLine)
        .scalar_subquery(),
        0,
    )


def is_waiting() -> Any:
    """Of the line, goods are to ship that nobody has reserved."""
    owed = (SalesOrderLine.packs - SalesOrderLine.shipped) * SalesOrderLine.pack_steps
    return and_(SalesOrderLine.is_goods, ~SalesOrderLine.closed, owed > reserved_of_line())


def orders_statement() -> AnySelect:
    """The columns that `order_row` takes."""
    lines = (
        select(func.count())
        .where(SalesOrderLine.order_id == SalesOrder.id)
        .correlate(SalesOrder)
        .scalar_subquery()
    )
    waiting = (
        select(func.count())
        .select_from(SalesOrderLine)
        .where(
            SalesOrderLine.order_id == SalesOrder.id,
            SalesOrder.status.in_(sorted(TO_SHIP)),
            is_waiting(),
        )
        .correlate(SalesOrder)
        .scalar_subquery()
    )
    return (
        select(
            SalesOrder,
            Customer.code,
            Customer.name,
            Quote.number,
            Site.code,
            Site.name,
            lines,
            waiting,
        )
        .join(Customer, Customer.id == SalesOrder.customer_id)
        .join(Site, Site.id == SalesOrder.site_id)
        .outerjoin(Quote, Quote.id == SalesOrder.quote_id)
    )


def _filtered(statement: AnySelect, wanted: SalesOrderFilter) -> AnySelect:
    if wanted.statuses is not None:
        statement = statement.where(SalesOrder.status.in_(sorted(wanted.statuses)))
    if wanted.customer:
        statement = statement.where(Customer.code == wanted.customer)
    if wanted.quote:
        statement = statement.where(Quote.number == wanted.quote)
    if wanted.placed:
        statement = statement.where(
            SalesOrder.placed_at.is_not(None),
            SalesOrder.status == SalesOrderStatus.DRAFT,
            ~waits_for_colleague(),
        )
    if wanted.text:
        pattern = containing(fold(wanted.text))
        statement = statement.where(
            or_(
                func.lower(SalesOrder.number).like(pattern, escape="\\"),
                func.lower(SalesOrder.customer_ref).like(pattern, escape="\\"),
                Customer.search_text.like(pattern, escape="\\"),
            )
        )
    return statement


def order_row(*row: Any) -> SalesOrderRow:
    order, customer, customer_name, quote, site, site_name, lines, waiting = row
    return SalesOrderRow(
        number=order.number,
        status=order.status,
        customer=customer,
        customer_name=customer_name,
        customer_ref=order.customer_ref,
        quote=quote,
        site=site,
        site_name=site_name,
        wanted_on=order.wanted_on,
        drafted_at=order.drafted_at,
        confirmed_at=order.confirmed_at,
        lines=int(lines),
        waiting=int(waiting),
        net=Money(order.net_minor, order.currency),
        tax=Money(order.tax_minor, order.currency),
        gross=Money(order.gross_minor, order.currency),
        placed_at=order.placed_at,
        payment=order.payment,
        paid_at=order.paid_at,
    )
