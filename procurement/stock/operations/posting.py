"""What people post by hand: opening stock, transfers, use in a treatment, write-offs, adjustments, reversals."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session, selectinload

from procurement.catalogue.models import Product
from procurement.catalogue.terms import Kind
from procurement.kernel.actor import Actor
from procurement.kernel.clock import today_in
from procurement.kernel.errors import Conflict, FieldError, Invalid, NotFound
from procurement.kernel.money import UnitPrice, minor_digits, round_half_up
from procurement.kernel.permissions import Permission
from procurement.kernel.quantity import Quantity
from procurement.stock import ledger
from procurement.stock.models import Lot, Posting
from procurement.stock.operations.lots import NewLot, open_lots
from procurement.stock.queries.places import places_by_code
from procurement.stock.rules.routes import BY_HAND, objection
from procurement.stock.terms import Cause, Place, Posted, Reason

_NEEDS = {
    Reason.OPENING: Permission.ADJUST_STOCK,
    Reason.TRANSFER: Permission.MOVE_STOCK,
    Reason.CONSUMPTION: Permission.USE_STOCK,
    Reason.WRITE_OFF: Permission.WRITE_OFF_STOCK,
    Reason.ADJUSTMENT: Permission.ADJUST_STOCK,
}


@dataclass(frozen=True, slots=True)
class StockMove:
    """SKU and codes as people write them. No lot: FEFO; from a virtual place a new lot, which takes `expires_on`."""

    product: str
    source: str
    destination: str
    quantity: Quantity
    lot: str | None = None
    expires_on: date | None = None
    unit_cost: UnitPrice | None = None  # of one base unit (1 ml, 1 g, 1 piece)


@dataclass(frozen=True, slots=True)
class PostStock:
    reason: Reason
    moves: tuple[StockMove, ...]
    occurred_at: datetime | None = None
    note: str = ""
    idempotency_key: str | None = None
    cause: Cause | None = None  # of a write-off


def post_stock(session: Session, command: PostStock, *, actor: Actor, at: datetime) -> Posted:
    """Post what a person did. Raises Invalid, InsufficientStock, LotNotUsable, PeriodClosed."""
    if command.reason not in BY_HAND:
        raise Invalid("That reason belongs to documents.", field="reason")
    if command.cause is not None and command.reason is not Reason.WRITE_OFF:
        raise Invalid("Only a write-off has a cause.", field="cause")
    actor.require(_NEEDS[command.reason])
    return ledger.post(
        session,
        command.reason,
        _resolve(session, command, command.occurred_at or at),
        actor=actor,
        at=at,
        occurred_at=command.occurred_at,
        key=command.idempotency_key,
        note=command.note,
        cause=command.cause,
    )


def reverse_posting(session: Session, ref: str, why: str, *, actor: Actor, at: datetime) -> Posted:
    """Take back what a person posted; what a document posted is taken back there."""
    actor.require(Permission.ADJUST_STOCK)
    posting = session.scalar(
        select(Posting).where(Posting.ref == ref).options(selectinload(Posting.movements))
    )
    if posting is None:
        raise NotFound("There is no such posting.")
    return ledger.reverse(session, posting, actor=actor, at=at, why=why)


def _resolve(session: Session, command: PostStock, happened: datetime) -> list[ledger.Move]:
    """Find products, places and lots by their names; every name nobody has is reported, not just the first."""
    wanted_products = {move.product for move in command.moves}
    found = session.scalars(select(Product).where(Product.sku.in_(wanted_products)))
    products = {product.sku: product for product in found}
    places = places_by_code(
        session, {code for move in command.moves for code in (move.source, move.destination)}
    )
    errors: list[FieldError] = []
    for index, move in enumerate(command.moves):
        errors += _objections(f"moves.{index}", command.reason, move, products, places)
    if errors:
        raise Invalid.of(errors)
    lots = _lots(session, command, products, places, happened)
    return [
        ledger.Move(
            products[move.product].id,
            move.quantity.steps,
            places[move.source],
            places[move.destination],
            lots.get(index),
            f"moves.{index}",
        )
        for index, move in enumerate(command.moves)
    ]


def _objections(
    line: str,
    reason: Reason,
    move: StockMove,
    products: dict[str, Product],
    places: dict[str, Place],
) -> list[FieldError]:
    errors: list[FieldError] = []
    product = products.get(move.product)
    if product is None:
        errors.append(FieldError(f"{line}.product", f"There is no product {move.product}."))
    elif product.kind is Kind.SERVICE:
        errors.append(FieldError(f"{line}.product", "A service has no stock."))
    elif move.quantity.unit is not product.unit:
        errors.append(
            FieldError(f"{line}.quantity", f"{product.sku} is counted in {product.unit}.")
        )
    if move.quantity.steps <= 0:
        errors.append(FieldError(f"{line}.quantity", "The quantity must be more than nothing."))
    source, destination = places.get(move.source), places.get(move.destination)
    if source is None:
        errors.append(FieldError(f"{line}.from", f"There is no location {move.source}."))
    if destination is None:
        errors.append(FieldError(f"{line}.to", f"There is no location {move.destination}."))
    if source and destination and (wrong := objection(reason, source, destination)):
        errors.append(FieldError(f"{line}.{wrong[0]}", wrong[1]))
    return errors


def _lots(
    session: Session,
    command: PostStock,
    products: dict[str, Product],
    places: dict[str, Place],
    happened: datetime,
) -> dict[int, Lot]:
    """The lots of the moves that name one or open one, by the move's index."""
    new: dict[int, NewLot] = {}
    named: dict[int, tuple[int, str]] = {}
    for index, move in enumerate(command.moves):
        product, source = products[move.product], places[move.source]
        if not source.is_physical:
            zone = places[move.destination].time_zone or "UTC"
            new[index] = NewLot(
                product_id=product.id,
                received_on=today_in(zone, happened),
                number=move.lot,
                expires_on=move.expires_on,
                quantity=move.quantity.steps,
                line=f"moves.{index}",
                cost_minor=_cost_minor(move),
                cost_currency=move.unit_cost.currency if move.unit_cost else None,
            )
        elif move.lot is not None:
            named[index] = (product.id, move.lot)
    lots = (
        dict(zip(new, open_lots(session, list(new.values()), at=happened), strict=True))
        if new
        else {}
    )
    if named:
        found = session.scalars(
            select(Lot).where(tuple_(Lot.product_id, Lot.number).in_(set(named.values())))
        )
        by_name = {(lot.product_id, lot.number): lot for lot in found}
        for index, name in named.items():
            if name not in by_name:
                raise Conflict(
                    f"There is no lot {name[1]} of that product.", field=f"moves.{index}.lot"
                )
            lots[index] = by_name[name]
    return lots


def _cost_minor(move: StockMove) -> int | None:
    """The total cost of the move, rounded once."""
    if move.unit_cost is None:
        return None
    exact = move.unit_cost.decimal * move.quantity.steps / move.quantity.unit.steps
    return round_half_up(exact.scaleb(minor_digits(move.unit_cost.currency)))
