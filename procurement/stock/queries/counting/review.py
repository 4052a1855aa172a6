"""A count's lines with what was counted, what was expected at that moment, and what has to be decided."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BindParameter, bindparam, case, exists, func, literal, or_, select
from sqlalchemy.orm import aliased

from procurement.catalogue.models import Pack, Product
from procurement.kernel.db import AnySelect, ReadSession
from procurement.kernel.money import Money, minor_digits
from procurement.kernel.quantity import Quantity, Unit
from procurement.settings.queries import exchange_rates
from procurement.settings.terms import RATE_SCALE
from procurement.stock.models import (
    Balance,
    Lot,
    Movement,
    StockCountEntry,
    StockCountLine,
)
from procurement.stock.queries.counting.counts import CountRow, LateEntry, is_current
from procurement.stock.rules.counting import (
    Cost,
    Figure,
    Shelf,
    conflict_of,
    difference_of,
    value_of,
)
from procurement.stock.terms import CountCause, CountConflict, CountStatus, How, LotStatus


@dataclass(frozen=True, slots=True)
class EntryRow:
    """A current entry; `expected` is what the ledger says was there at the moment of counting."""

    uid: str
    quantity: Quantity
    expected: Quantity
    counted_at: datetime
    counted_by: str
    actor_id: int | None
    how: How
    again: bool
    note: str


@dataclass(frozen=True, slots=True)
class CountLine:
    """A line of the sheet as it stands; of a posted count as it was posted."""

    id: int
    position: int
    product_id: int
    product: str
    product_name: str
    unit: Unit
    lot_id: int | None
    lot: str | None
    supplier_lot: str | None
    expires_on: date | None
    use_by: date | None
    status: LotStatus | None
    container: str | None  # the pack an opened container was opened from
    filled: Quantity | None
    at_start: Quantity
    found: bool
    left_out: bool
    cause: CountCause | None
    entries: tuple[EntryRow, ...]
    counted: Quantity | None  # None: nobody counted, or they disagree
    expected: Quantity | None
    value: Money | None
    conflict: CountConflict | None

    @property
    def is_opened(self) -> bool:
        return self.filled is not None

    @property
    def difference(self) -> Quantity | None:
        if self.counted is None or self.expected is None:
            return None
        return self.counted - self.expected

    @property
    def is_off(self) -> bool:
        """A difference or a conflict: worth looking at."""
        return self.conflict is not None or bool(self.difference and self.difference.steps)

    @property
    def label(self) -> str:
        """What a person calls it."""
        lot = self.lot or self.supplier_lot
        return f"{self.product_name}, {lot}" if lot else self.product_name


def count_lines(session: ReadSession, count: CountRow) -> list[CountLine]:
    """Every line in the order of the sheet, in a fixed number of statements."""
    here = {"location_id": count.place.id, "count_id": count.id}
    rows = session.execute(_LINES, here).all()
    costs = _costs(session, count)
    entries: defaultdict[int, list[Any]] = defaultdict(list)
    for line_id, *entry in session.execute(_FIGURES, here):
        entries[line_id].append(entry)
    return [_line(row, entries.get(row.id, []), costs, count) for row in rows]


def late_entries(session: ReadSession, count: CountRow) -> list[LateEntry]:
    """What came in after the count was closed; it changed nothing."""
    rows = session.execute(
        select(
            Product.name,
            StockCountEntry.lot_said,
            StockCountEntry.quantity,
            Product.unit,
            StockCountEntry.counted_at,
            StockCountEntry.counted_by,
        )
        .join(Product, Product.id == StockCountEntry.product_id)
        .where(StockCountEntry.count_id == count.id, StockCountEntry.line_id.is_(None))
        .order_by(StockCountEntry.id)
    )
    return [
        LateEntry(name, lot, str(Quantity(steps, unit)), counted_at, counted_by)
        for name, lot, steps, unit, counted_at, counted_by in rows
    ]


def _lines_statement() -> AnySelect:
    elsewhere = aliased(Balance)
    is_elsewhere = exists().where(
        Lot.parent_id.is_not(None),
        elsewhere.lot_id == Lot.id,
        elsewhere.location_id != bindparam("location_id"),
        elsewhere.on_hand > 0,
    )
    free = func.coalesce(Balance.on_hand - Balance.reserved, 0)
    return (
        select(
            StockCountLine,
            StockCountLine.id.label("id"),
            Product.sku,
            Product.name,
            Product.unit,
            Lot,
            Pack.name.label("pack"),
            free.label("free"),
            is_elsewhere.label("is_elsewhere"),
        )
        .join(Product, Product.id == StockCountLine.product_id)
        .outerjoin(Lot, Lot.id == StockCountLine.lot_id)
        .outerjoin(Pack, Pack.id == Lot.container_pack_id)
        .outerjoin(
            Balance,
            (Balance.lot_id == StockCountLine.lot_id)
            & (Balance.location_id == bindparam("location_id")),
        )
        .where(StockCountLine.count_id == bindparam("count_id"))
        .order_by(StockCountLine.position)
        .execution_options(populate_existing=True)
    )


def _figures_statement() -> AnySelect:
    """Current entries with what was on hand then: the balance less what moved after. One statement, one truth."""
    here: BindParameter[int] = bindparam("location_id", type_=Balance.location_id.type)
    change = case((Movement.to_id == here, Movement.quantity), else_=-Movement.quantity)
    after = (
        select(func.sum(change))
        .where(
            Movement.lot_id == StockCountLine.lot_id,
            Movement.occurred_at > StockCountEntry.counted_at,
            or_(Movement.to_id == here, Movement.from_id == here),
        )
        .correlate(StockCountLine, StockCountEntry)
        .scalar_subquery()
    )
    expected = func.coalesce(Balance.on_hand, literal(0)) - func.coalesce(after, literal(0))
    return (
        select(
            StockCountEntry.line_id,
            StockCountEntry.uid,
            StockCountEntry.quantity,
            expected,
            StockCountEntry.counted_at,
            StockCountEntry.counted_by,
            StockCountEntry.actor_id,
            StockCountEntry.how,
            StockCountEntry.again,
            StockCountEntry.note,
        )
        .join(StockCountLine, StockCountLine.id == StockCountEntry.line_id)
        .outerjoin(
            Balance, (Balance.lot_id == StockCountLine.lot_id) & (Balance.location_id == here)
        )
        .where(StockCountEntry.count_id == bindparam("count_id"), is_current())
        .order_by(StockCountEntry.counted_at, StockCountEntry.id)
    )


# Built once: they are sent with every sync of a phone.
_LINES, _FIGURES = _lines_statement(), _figures_statement()


def _line(row: Any, entries: Sequence[Any], costs: "Costs", count: CountRow) -> CountLine:
    line, lot, unit = row.StockCountLine, row.Lot, Unit(row.unit)
    current = tuple(
        EntryRow(uid, Quantity(steps, unit), Quantity(int(expected), unit), *rest)
        for uid, steps, expected, *rest in entries
    )
    counted, expected, minor, conflict = _result(row, current, costs, count)
    return CountLine(
        id=line.id,
        position=line.position,
        product_id=line.product_id,
        product=row.sku,
        product_name=row.name,
        unit=unit,
        lot_id=line.lot_id,
        lot=lot.number if lot else None,
        supplier_lot=lot.supplier_lot if lot else line.supplier_lot,
        expires_on=lot.expires_on if lot else line.expires_on,
        use_by=lot.use_by if lot else line.expires_on,
        status=lot.status if lot else None,
        container=row.pack,
        filled=Quantity(lot.filled, unit) if lot and lot.filled else None,
        at_start=Quantity(line.at_start, unit),
        found=line.found,
        left_out=line.left_out,
        cause=line.cause,
        entries=current,
        counted=None if counted is None else Quantity(counted, unit),
        expected=None if expected is None else Quantity(expected, unit),
        value=None if minor is None else Money(minor, count.currency),
        conflict=conflict,
    )


def _result(
    row: Any, entries: Sequence[EntryRow], costs: "Costs", count: CountRow
) -> tuple[int | None, int | None, int | None, CountConflict | None]:
    """Counted, expected, value of the difference, conflict."""
    line = row.StockCountLine
    if count.status is CountStatus.POSTED:
        return line.counted, line.expected, line.value_minor, None
    figures = [Figure(e.quantity.steps, e.expected.steps, e.how, e.again) for e in entries]
    difference = difference_of(figures)
    minor = None if difference is None else value_of(difference, costs.of(row.Lot, line.product_id))
    shelf = Shelf(int(row.free), bool(row.is_elsewhere))
    conflict = None if line.left_out else conflict_of(figures, shelf, minor, count.tolerance)
    if difference is None:
        return None, None, None, conflict
    return figures[-1].counted, figures[-1].expected, minor, conflict


@dataclass(frozen=True, slots=True)
class Costs:
    """What lots cost; of a lot without a cost, or found without one, what the product cost last."""

    worth: dict[str, Decimal]  # currency -> in the count's
    last: dict[int, Cost]

    def of(self, lot: Lot | None, product_id: int) -> Cost | None:
        if lot is not None and (
            own := self.cost(lot.cost_minor, lot.cost_steps, lot.cost_currency)
        ):
            return own
        return self.last.get(product_id)

    def cost(self, minor: int | None, steps: int | None, currency: str | None) -> Cost | None:
        worth = self.worth.get(currency or "")
        if minor is None or not steps or worth is None:
            return None
        return Cost(minor, steps, worth)


def _costs(session: ReadSession, count: CountRow) -> Costs:
    worth = worth_of_currencies(session, count.currency)
    products = select(StockCountLine.product_id).where(StockCountLine.count_id == count.id)
    newest = (
        select(func.max(Lot.id))
        .where(
            Lot.product_id.in_(products),
            Lot.cost_minor.is_not(None),
            Lot.cost_currency.in_(worth),
        )
        .group_by(Lot.product_id)
    )
    costs = Costs(worth, {})
    rows = session.execute(
        select(Lot.product_id, Lot.cost_minor, Lot.cost_steps, Lot.cost_currency).where(
            Lot.id.in_(newest)
        )
    )
    for product_id, minor, steps, currency in rows:
        if cost := costs.cost(minor, steps, currency):
            costs.last[product_id] = cost
    return costs


def worth_of_currencies(session: ReadSession, own: str) -> dict[str, Decimal]:
    """Currency -> how many of our minor units one of its minor units is worth, by the newest rate."""
    worth = {own: Decimal(1)}
    for rate in exchange_rates(session):  # newest first within a currency
        digits = minor_digits(own) - minor_digits(rate.currency)
        worth.setdefault(rate.currency, (Decimal(rate.rate_e8) / RATE_SCALE).scaleb(digits))
    return worth
