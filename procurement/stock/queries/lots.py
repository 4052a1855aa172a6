"""Lots: in lists by what they are fit for, and one with everything its page shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, tuple_
from sqlalchemy.orm import aliased

from procurement.catalogue.models import Pack, Product
from procurement.catalogue.terms import Kind
from procurement.kernel.db import AnySelect, ReadSession
from procurement.kernel.errors import NotFound
from procurement.kernel.money import Money
from procurement.kernel.paging import Page, PageRequest
from procurement.kernel.quantity import Quantity, Unit
from procurement.kernel.text import containing, fold
from procurement.stock.models import Balance, Lot
from procurement.stock.rules.labelling import NEW_GOODS_FROM, cosmetic_kinds, label_state
from procurement.stock.rules.shelf_life import state_of
from procurement.stock.terms import LabelState, LotState, LotStatus


@dataclass(frozen=True, slots=True)
class LotRow:
    product: str
    product_name: str
    number: str
    state: LotState
    label: LabelState
    supplier_lot: str | None
    received_on: date | None
    expires_on: date | None
    opened_at: datetime | None
    use_by: date | None
    container: str | None
    parent: str | None
    on_hand: Quantity
    held_because: str | None

    @property
    def status(self) -> LotState:
        """The API's word for it."""
        return self.state


@dataclass(frozen=True, slots=True)
class LotFilter:
    """None means all. `sealed` leaves opened and decanted containers out, `in_stock` what is used up."""

    product: str | None = None
    state: LotState | None = None
    label: LabelState | None = None
    text: str | None = None
    sealed: bool = False
    in_stock: bool = False


def lots(session: ReadSession, wanted: LotFilter, *, on: date, paging: PageRequest) -> Page[LotRow]:
    """Lots by product and number; `on` is the day whose dates count."""
    statement = _lots().order_by(Product.sku, Lot.number).limit(paging.limit + 1)
    statement = statement.where(*_conditions(wanted, on))
    if after := paging.key(str, str):
        statement = statement.where(tuple_(Product.sku, Lot.number) > tuple_(*after))
    rows = [_lot_row(row, on) for row in session.execute(statement)]
    return paging.page(rows, lambda row: (row.product, row.number))


_ON_HAND = (
    select(func.coalesce(func.sum(Balance.on_hand), 0))
    .where(Balance.lot_id == Lot.id)
    .correlate(Lot)
    .scalar_subquery()
)


def _lots() -> AnySelect:
    parent = aliased(Lot)
    return (
        select(
            Lot,
            Product.sku,
            Product.name,
            Product.kind,
            Product.unit,
            Pack.code,
            parent.number,
            _ON_HAND,
        )
        .join(Product, Product.id == Lot.product_id)
        .outerjoin(Pack, Pack.id == Lot.container_pack_id)
        .outerjoin(parent, parent.id == Lot.parent_id)
    )


def _lot_row(row: Any, on: date) -> LotRow:
    lot, sku, name, kind, unit, container, parent, on_hand = row
    return LotRow(
        product=sku,
        product_name=name,
        number=lot.number,
        state=state_of(lot.status, lot.use_by, on),
        label=label_state(kind, lot.names_allergens),
        supplier_lot=lot.supplier_lot,
        received_on=lot.received_on,
        expires_on=lot.expires_on,
        opened_at=lot.opened_at,
        use_by=lot.use_by,
        container=container,
        parent=parent,
        on_hand=Quantity(int(on_hand), Unit(unit)),
        held_because=lot.held_because,
    )


def _conditions(wanted: LotFilter, on: date) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.product is not None:
        found.append(Product.sku == wanted.product)
    if wanted.state is not None:
        found.append(_has_state(wanted.state, on))
    if wanted.label is not None:
        found.append(_has_label(wanted.label))
    if wanted.sealed:
        found.append(Lot.parent_id.is_(None))
    if wanted.in_stock:
        found.append(_is_in_stock())
    if wanted.text is not None:
        like = containing(fold(wanted.text))
        found.append(
            or_(
                Product.search_text.like(like, escape="\\"),
                func.lower(Lot.number).like(like, escape="\\"),
                func.lower(Product.sku).like(like, escape="\\"),
            )
        )
    return found


def _has_state(state: LotState, on: date) -> ColumnElement[bool]:
    """As the rule `state_of` says it, for the database."""
    past = Lot.use_by < on
    if state is LotState.EXPIRED:
        return and_(Lot.status == LotStatus.AVAILABLE, past)
    if state is LotState.AVAILABLE:
        return and_(Lot.status == LotStatus.AVAILABLE, or_(Lot.use_by.is_(None), ~past))
    return Lot.status == LotStatus(state.value)


def _has_label(state: LabelState) -> ColumnElement[bool]:
    cosmetic = Product.kind.in_(cosmetic_kinds())
    if state is LabelState.OUTSIDE:
        return ~cosmetic
    told = {LabelState.NAMED: True, LabelState.OLD_LABEL: False, LabelState.UNKNOWN: None}[state]
    return and_(cosmetic, Lot.names_allergens.is_(told))


def _is_in_stock() -> ColumnElement[bool]:
    return select(Balance.lot_id).where(Balance.lot_id == Lot.id, Balance.on_hand > 0).exists()


def labels_to_look_at(session: ReadSession) -> int:
    """How many lots in stock came before new goods had to comply, and nobody has read their label."""
    return int(
        session.execute(
            select(func.count())
            .select_from(Lot)
            .join(Product, Product.id == Lot.product_id)
            .where(
                Lot.parent_id.is_(None),
                _has_label(LabelState.UNKNOWN),
                or_(Lot.received_on.is_(None), Lot.received_on < NEW_GOODS_FROM),
                _is_in_stock(),
            )
        ).scalar_one()
    )


@dataclass(frozen=True, slots=True)
class LotDetail:
    """One lot as its page shows it."""

    id: int
    row: LotRow
    kind: Kind
    names_allergens: bool | None
    made_of: str | None  # the lot this container was opened or filled from
    is_decanted: bool
    cost: Money | None
    cost_quantity: Quantity | None
    unit: Unit

    @property
    def name(self) -> str:
        return f"{self.row.product}/{self.row.number}"


def lot_detail(session: ReadSession, name: str, *, on: date) -> LotDetail:
    """The lot called "SKU/NUMBER". Raises NotFound."""
    row = session.execute(_lots().where(Lot.id == lot_key(session, name))).one()
    lot, _, _, kind, unit, *_ = row
    cost = None
    if lot.cost_minor is not None and lot.cost_currency is not None:
        cost = Money(lot.cost_minor, lot.cost_currency)
    return LotDetail(
        id=lot.id,
        row=_lot_row(row, on),
        kind=kind,
        names_allergens=lot.names_allergens,
        made_of=row[6],
        is_decanted=lot.decanted_at is not None,
        cost=cost,
        cost_quantity=Quantity(lot.cost_steps, Unit(unit)) if lot.cost_steps else None,
        unit=Unit(unit),
    )


def lot_key(session: ReadSession, name: str) -> int:
    """The key of the lot called "SKU/NUMBER". Raises NotFound."""
    return lots_named(session, [name])[name]


def lots_named(session: ReadSession, names: Sequence[str]) -> dict[str, int]:
    """Keys of lots by "SKU/NUMBER", where either may have a stroke in it. Raises NotFound when one is not there."""
    pairs = {
        ("/".join(parts[:cut]), "/".join(parts[cut:])): name
        for name in names
        for parts in [name.split("/")]
        for cut in range(1, len(parts))
    }
    rows = session.execute(
        select(Product.sku, Lot.number, Lot.id)
        .join(Product, Product.id == Lot.product_id)
        .where(tuple_(Product.sku, Lot.number).in_(pairs))
    )
    found = {pairs[sku, number]: lot_id for sku, number, lot_id in rows}
    if missing := set(names) - found.keys():
        raise NotFound(f"There is no lot {min(missing)}.")
    return found
