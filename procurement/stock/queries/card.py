"""The stock card: every movement of a product, a lot or a room's product, with the balance it left."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select, tuple_

from procurement.catalogue.models import Product
from procurement.kernel.db import AnySelect, ReadSession
from procurement.kernel.errors import Invalid, NotFound
from procurement.kernel.paging import Page, PageRequest
from procurement.kernel.quantity import Quantity, Unit
from procurement.stock.models import Lot, Movement
from procurement.stock.queries.history import MovementRow, movement_lines, movement_row
from procurement.stock.queries.places import places_by_code
from procurement.stock.terms import Place

_KEY = (Movement.occurred_at, Movement.id)


@dataclass(frozen=True, slots=True)
class CardFilter:
    """One product (SKU), or one lot of it, everywhere or at one location (codes); moments, both inclusive."""

    product: str
    lot: str | None = None
    location: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class CardRow:
    """A movement as the card sees it: what came or went, signed, and what was there afterwards.

    Goods that move between two rooms change nothing on the card of all rooms together.
    """

    movement: MovementRow
    change: Quantity
    balance: Quantity


@dataclass(frozen=True, slots=True)
class StockCard:
    """A page of movements, the latest first.

    `balance` is what was there after the first of them, `brought_forward` what was there before the last.
    """

    product: str
    product_name: str
    place: Place | None
    page: Page[CardRow]
    balance: Quantity
    brought_forward: Quantity


def stock_card(session: ReadSession, wanted: CardFilter, paging: PageRequest) -> StockCard:
    """The card in four statements, whatever its length. Raises NotFound (product), Invalid (lot, location)."""
    product = session.execute(
        select(Product.id, Product.name, Product.unit).where(Product.sku == wanted.product)
    ).first()
    if product is None:
        raise NotFound(f"There is no product {wanted.product}.")
    product_id, name, unit = product
    place = _place(session, wanted)
    scope = [Movement.product_id == product_id]
    if wanted.lot is not None:
        scope.append(Movement.lot_id == _lot(session, product_id, wanted.lot))
    statement, source, destination = movement_lines()
    change = _change(place, source, destination)
    if place is not None:
        scope.append(or_(Movement.to_id == place.id, Movement.from_id == place.id))
    found = session.execute(_rows(statement, change, scope, wanted, paging)).all()
    newest = found[0] if found else None
    after = _balance(session, source, destination, change, scope, newest, wanted.until)
    return _card(wanted, name, unit, place, found, after, paging)


def _rows(
    statement: AnySelect,
    change: ColumnElement[int],
    scope: list[ColumnElement[bool]],
    wanted: CardFilter,
    paging: PageRequest,
) -> AnySelect:
    statement = statement.add_columns(change).where(*scope)
    statement = statement.order_by(*(column.desc() for column in _KEY)).limit(paging.limit + 1)
    if wanted.since is not None:
        statement = statement.where(Movement.occurred_at >= wanted.since)
    if wanted.until is not None:
        statement = statement.where(Movement.occurred_at <= wanted.until)
    if after := paging.key(str, int):
        statement = statement.where(tuple_(*_KEY) < tuple_(_moment(after[0]), after[1]))
    return statement


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise Invalid("The cursor is not one of ours.", field="cursor") from error
    if moment.tzinfo is None:
        raise Invalid("The cursor is not one of ours.", field="cursor")
    return moment


def _change(place: Place | None, source: Any, destination: Any) -> ColumnElement[int]:
    """Signed steps: at one location what came less what went, over all of them what entered or left the house."""
    if place is not None:
        return case((Movement.to_id == place.id, Movement.quantity), else_=-Movement.quantity)
    came = and_(destination.is_physical, ~source.is_physical)
    went = and_(source.is_physical, ~destination.is_physical)
    return case((came, Movement.quantity), (went, -Movement.quantity), else_=0)


def _balance(
    session: ReadSession,
    source: Any,
    destination: Any,
    change: ColumnElement[int],
    scope: list[ColumnElement[bool]],
    newest: Any,
    until: datetime | None,
) -> int:
    """What was there after the newest movement shown; where none is shown, at the end of the days asked for."""
    statement = (
        select(func.coalesce(func.sum(change), 0))
        .join_from(Movement, source, source.id == Movement.from_id)
        .join(destination, destination.id == Movement.to_id)
        .where(*scope)
    )
    if newest is not None:
        statement = statement.where(tuple_(*_KEY) <= tuple_(newest.occurred_at, newest.id))
    elif until is not None:
        statement = statement.where(Movement.occurred_at <= until)
    return int(session.scalar(statement))


def _card(
    wanted: CardFilter,
    name: str,
    unit: Unit,
    place: Place | None,
    found: Any,
    balance: int,
    paging: PageRequest,
) -> StockCard:
    rows, left = [], balance
    for *line, change in found:
        steps = int(change)
        rows.append(CardRow(movement_row(tuple(line)), Quantity(steps, unit), Quantity(left, unit)))
        left -= steps
    page = paging.page(rows, _cursor_of)
    last = page.items[-1] if page.items else None
    before = last.balance.steps - last.change.steps if last else balance
    return StockCard(
        wanted.product, name, place, page, Quantity(balance, unit), Quantity(before, unit)
    )


def _cursor_of(row: CardRow) -> tuple[str, int]:
    return row.movement.occurred_at.isoformat(), row.movement.id


def _place(session: ReadSession, wanted: CardFilter) -> Place | None:
    if wanted.location is None:
        return None
    place = places_by_code(session, {wanted.location}).get(wanted.location)
    if place is None:
        raise Invalid(f"There is no location {wanted.location}.", field="location")
    return place


def _lot(session: ReadSession, product_id: int, number: str) -> int:
    lot_id = session.scalar(
        select(Lot.id).where(Lot.product_id == product_id, Lot.number == number)
    )
    if lot_id is None:
        raise Invalid(f"The product has no lot {number}.", field="lot")
    return int(lot_id)
