"""Purchase orders: to be changed, in lists, and on their page."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session, selectinload

from procurement.catalogue.models import Pack, Product
from procurement.catalogue.rules.wording import PackSize, base_of, price_per_unit
from procurement.kernel.db import ReadSession
from procurement.kernel.money import PRICE_SCALE, Money, TaxRate, UnitPrice
from procurement.kernel.paging import Page, PageRequest
from procurement.kernel.quantity import Pack as PackValue
from procurement.kernel.quantity import Quantity
from procurement.purchasing.errors import OrderUnknown
from procurement.purchasing.models import (
    BlanketLine,
    BlanketOrder,
    CostCentre,
    PurchaseOrder,
    PurchaseOrderLine,
)
from procurement.purchasing.queries.other_prices import other_prices
from procurement.purchasing.queries.receipts import receipts_of
from procurement.purchasing.rules.exchange import worth
from procurement.purchasing.rules.totals import TaxedLine, taxes_of
from procurement.purchasing.terms import (
    OrderLineRow,
    OrderPage,
    OrderRow,
    OrderStatus,
    OrderWorth,
    Totals,
    UnitCost,
)
from procurement.settings.queries import get_company
from procurement.settings.terms import RATE_SCALE
from procurement.sourcing.models import Supplier, SupplierItem
from procurement.sourcing.queries import price_breaks_of
from procurement.sourcing.rules.offers import Offer, next_break, objections, price_at
from procurement.sourcing.terms import BreakScheme, PriceBreak
from procurement.stock.models import Location, Site


def purchase_order_for_update(session: Session, number: str) -> PurchaseOrder:
    """The order, locked, with its lines as they are after the wait for the lock: one join would read them before it."""
    order = session.scalar(
        select(PurchaseOrder)
        .where(PurchaseOrder.number == number)
        .with_for_update()
        .options(selectinload(PurchaseOrder.lines))
        .execution_options(populate_existing=True)
    )
    if order is None:
        raise OrderUnknown(f"There is no purchase order {number}.")
    return order


def require_order(session: ReadSession, number: str) -> int:
    """The key of an order; unknown numbers are refused."""
    found: int | None = session.scalar(
        select(PurchaseOrder.id).where(PurchaseOrder.number == number)
    )
    if found is None:
        raise OrderUnknown(f"There is no purchase order {number}.")
    return found


@dataclass(frozen=True, slots=True)
class OrderFilter:
    """Which orders; None and empty mean all. `text` is part of a number, a supplier, or a product ordered."""

    statuses: frozenset[OrderStatus] | None = None
    supplier: str | None = None
    site: str | None = None
    text: str = ""
    due_until: date | None = None
    returned: bool | None = None  # sent back to its drafter
    drafted_by_id: int | None = None


def orders(session: ReadSession, wanted: OrderFilter, paging: PageRequest) -> Page[OrderRow]:
    """Orders, the latest first."""
    lines = (
        select(
            PurchaseOrderLine.order_id,
            func.count().label("lines"),
            func.sum(PurchaseOrderLine.packs).label("packs"),
            func.sum(PurchaseOrderLine.received).label("received"),
        )
        .where(~PurchaseOrderLine.dropped)
        .group_by(PurchaseOrderLine.order_id)
        .subquery()
    )
    statement = (
        select(
            PurchaseOrder, Supplier, Location.code, lines.c.lines, lines.c.packs, lines.c.received
        )
        .join(Supplier, Supplier.id == PurchaseOrder.supplier_id)
        .outerjoin(Location, Location.id == PurchaseOrder.deliver_to_id)
        .outerjoin(lines, lines.c.order_id == PurchaseOrder.id)
        .where(*_conditions(wanted))
        .order_by(PurchaseOrder.id.desc())
        .limit(paging.limit + 1)
    )
    if (after := paging.key(int)) is not None:
        statement = statement.where(PurchaseOrder.id < after[0])
    found = session.execute(statement).all()
    keys = {row[0].number: row[0].id for row in found}
    rows = [_order_row(*row) for row in found]
    return paging.page(rows, lambda row: (keys[row.number],))


def count_by_status(session: ReadSession) -> dict[OrderStatus, int]:
    """How many orders there are of each status."""
    rows = session.execute(
        select(PurchaseOrder.status, func.count()).group_by(PurchaseOrder.status)
    )
    return {status: int(count) for status, count in rows}


def order_page(session: ReadSession, number: str) -> OrderPage:
    """An order with its lines, taxes and receipts."""
    row = session.execute(
        select(PurchaseOrder, Supplier, Location.code, Location.name, CostCentre)
        .join(Supplier, Supplier.id == PurchaseOrder.supplier_id)
        .outerjoin(CostCentre, CostCentre.id == PurchaseOrder.cost_centre_id)
        .outerjoin(Location, Location.id == PurchaseOrder.deliver_to_id)
        .where(PurchaseOrder.number == number)
    ).one_or_none()
    if row is None:
        raise OrderUnknown(f"There is no purchase order {number}.")
    order, supplier, deliver_to, deliver_to_name, centre = row
    lines = order_lines(session, order.id, supplier)
    rule = get_company(session).rounding_rule
    return OrderPage(
        number=order.number,
        status=order.status,
        version=order.version,
        supplier=supplier.code,
        supplier_name=supplier.name,
        supplier_email=supplier.email,
        currency=order.currency,
        deliver_to=deliver_to,
        deliver_to_name=deliver_to_name,
        drafted_at=order.drafted_at,
        drafted_by=order.drafted_by,
        drafted_by_id=order.drafted_by_id,
        approved_at=order.approved_at,
        approved_by=order.approved_by,
        returned_at=order.returned_at,
        returned_by=order.returned_by,
        returned_why=order.returned_why,
        placed_at=order.placed_at,
        due_on=order.due_on,
        promised_on=order.promised_on,
        answer=order.answer,
        note_to_supplier=order.note_to_supplier,
        note_to_us=order.note_to_us,
        lines=lines,
        taxes=taxes_of(
            [
                *(TaxedLine(line.net, line.tax_rate) for line in lines if not line.dropped),
                *order.charges,
            ],
            rule,
        ),
        other_prices=other_prices(session, number) if order.placed_at else (),
        freight=order.freight,
        cost_centre=centre.code if centre else None,
        cost_centre_name=centre.name if centre else "",
        freight_agreed=order.freight_agreed,
        revision=order.revision,
        worth=_worth(order),
        totals=_totals(order),
        receipts=receipts_of(session, order.id),
    )


def order_lines(
    session: ReadSession, order_id: int, supplier: Supplier
) -> tuple[OrderLineRow, ...]:
    """The lines in their order, each with what the supplier will say against it."""
    rows = session.execute(
        select(PurchaseOrderLine, Product, Pack, SupplierItem, BlanketOrder.number)
        .join(Product, Product.id == PurchaseOrderLine.product_id)
        .join(Pack, Pack.id == PurchaseOrderLine.pack_id)
        .outerjoin(
            SupplierItem,
            and_(SupplierItem.pack_id == Pack.id, SupplierItem.supplier_id == supplier.id),
        )
        .outerjoin(BlanketLine, BlanketLine.id == PurchaseOrderLine.blanket_line_id)
        .outerjoin(BlanketOrder, BlanketOrder.id == BlanketLine.blanket_id)
        .where(PurchaseOrderLine.order_id == order_id)
        .order_by(PurchaseOrderLine.position)
    ).all()
    items = {row[3].id: supplier.currency for row in rows if row[3]}
    breaks = price_breaks_of(session, items)
    sizes = pack_sizes(session, {row[1].id for row in rows})
    return tuple(
        _line_row(
            line,
            product,
            pack,
            _Offered(
                item.moq if item else 1,
                item.multiple if item else 1,
                item.scheme if item else BreakScheme.ALL_UNITS,
                breaks.get(item.id, ()) if item else (),
            ),
            currency=supplier.currency,
            blanket=blanket,
            sizes=sizes[product.id],
        )
        for line, product, pack, item, blanket in rows
    )


def pack_sizes(
    session: ReadSession, product_ids: Iterable[int]
) -> defaultdict[int, list[PackSize]]:
    """All packs of products, by product."""
    found: defaultdict[int, list[PackSize]] = defaultdict(list)
    rows = session.execute(
        select(Pack.product_id, Pack.name, Pack.size_steps).where(
            Pack.product_id.in_(set(product_ids))
        )
    )
    for product_id, name, steps in rows:
        found[product_id].append(PackSize(name, steps))
    return found


@dataclass(frozen=True, slots=True)
class _Offered:
    """What the supplier says of a line's pack today."""

    moq: int
    multiple: int
    scheme: BreakScheme
    price_breaks: tuple[PriceBreak, ...]

    def is_price(self, price: UnitPrice, packs: int) -> bool:
        """Whether one price for all packs is what the supplier asks for so many."""
        return self.scheme is BreakScheme.ALL_UNITS and price_at(self.price_breaks, packs) == price


def _line_row(
    line: PurchaseOrderLine,
    product: Product,
    pack: Pack,
    offered: _Offered,
    *,
    currency: str,
    blanket: str | None,
    sizes: Sequence[PackSize],
) -> OrderLineRow:
    value = PackValue(pack.name, Quantity(line.pack_steps, product.unit))
    price = UnitPrice(line.price_e4, currency)
    offer = Offer(value, currency, offered.moq, offered.multiple)
    base = base_of(PackSize(pack.name, line.pack_steps), product.unit, sizes)
    each = UnitPrice(int(price_per_unit(price, base) * PRICE_SCALE), currency) if base else None
    return OrderLineRow(
        position=line.position,
        product=product.sku,
        product_name=line.name,
        supplier_code=line.supplier_code,
        pack=pack.code,
        pack_value=value,
        packs=line.packs,
        price=price,
        tax_rate=TaxRate(line.tax_ppm),
        net=Money(line.net_minor, currency),
        wanted_by=line.wanted_by,
        tolerance=line.tolerance,
        received=line.received,
        closed=line.closed,
        dropped=line.dropped,
        objections=objections(offer, line.packs),
        blanket=blanket,
        each=UnitCost(each, base.word) if each and base else None,
        next_break=None if blanket else next_break(offered.price_breaks, line.packs),
        is_on_file=offered.is_price(price, line.packs),
    )


def _worth(order: PurchaseOrder) -> OrderWorth | None:
    """What an order in another currency is worth in the company's, at the rate that was kept with it."""
    if order.rate_e8 is None or order.home_currency in {None, order.currency}:
        return None
    home = str(order.home_currency)
    gross = worth(Money(order.gross_minor, order.currency), order.rate_e8, home)
    return OrderWorth(gross, Decimal(order.rate_e8) / RATE_SCALE)


def _totals(order: PurchaseOrder) -> Totals:
    return Totals(
        Money(order.net_minor, order.currency),
        Money(order.tax_minor, order.currency),
        Money(order.gross_minor, order.currency),
    )


def _order_row(
    order: PurchaseOrder,
    supplier: Supplier,
    deliver_to: str | None,
    lines: int | None,
    packs: int | None,
    received: int | None,
) -> OrderRow:
    return OrderRow(
        number=order.number,
        status=order.status,
        supplier=supplier.code,
        supplier_name=supplier.name,
        deliver_to=deliver_to,
        drafted_at=order.drafted_at,
        drafted_by=order.drafted_by,
        is_returned=order.returned_at is not None,
        placed_at=order.placed_at,
        due_on=order.due_on,
        lines=int(lines or 0),
        packs=int(packs or 0),
        received=int(received or 0),
        totals=_totals(order),
    )


def _conditions(wanted: OrderFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.statuses is not None:
        found.append(PurchaseOrder.status.in_(wanted.statuses))
    if wanted.supplier is not None:
        found.append(Supplier.code == wanted.supplier)
    if wanted.site is not None:
        site = select(Site.id).where(Site.code == wanted.site).scalar_subquery()
        found.append(Location.site_id == site)
    if wanted.due_until is not None:
        found.append(PurchaseOrder.due_on <= wanted.due_until)
    if wanted.returned is not None:
        waits = PurchaseOrder.returned_at.is_(None)
        found.append(~waits if wanted.returned else waits)
    if wanted.drafted_by_id is not None:
        found.append(PurchaseOrder.drafted_by_id == wanted.drafted_by_id)
    if wanted.text:
        found.append(_mentions(wanted.text))
    return found


def _mentions(text: str) -> ColumnElement[bool]:
    def contains(column: Any) -> ColumnElement[bool]:
        return func.lower(column).contains(text.lower(), autoescape=True)

    ordered = exists().where(
        PurchaseOrderLine.order_id == PurchaseOrder.id,
        or_(contains(PurchaseOrderLine.name), contains(PurchaseOrderLine.supplier_code)),
    )
    return or_(contains(PurchaseOrder.number), contains(Supplier.name), ordered)
