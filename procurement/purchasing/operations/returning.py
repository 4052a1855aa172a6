"""Sending goods back to who delivered them: lots from a place, whatever state they are in, with a paper of its own."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.audit.operations import record
from procurement.catalogue.models import Product
from procurement.documents.supplier_letter import render_supplier_letter
from procurement.files.operations.papers import keep_paper
from procurement.kernel import text
from procurement.kernel.actor import Actor
from procurement.kernel.clock import today_in
from procurement.kernel.errors import Conflict, FieldError, Invalid
from procurement.kernel.money import Money, round_half_up
from procurement.kernel.permissions import Permission
from procurement.kernel.quantity import Quantity
from procurement.kernel.serial import Series, next_number
from procurement.purchasing.errors import AlreadyReversed
from procurement.purchasing.models import (
    Claim,
    PurchaseOrder,
    PurchaseOrderLine,
    SupplierReturn,
    SupplierReturnLine,
)
from procurement.purchasing.operations.matching import match_order_invoices
from procurement.purchasing.queries.orders import purchase_order_for_update
from procurement.purchasing.queries.receipts import posting_with_movements
from procurement.purchasing.queries.return_origins import (
    lines_of_lots,
    orders_of_return,
    went_back,
)
from procurement.purchasing.queries.returns import (
    return_by_key,
    return_content,
    return_for_update,
)
from procurement.purchasing.terms import ClaimStatus, ReturnReason
from procurement.sourcing.models import Supplier
from procurement.stock import ledger
from procurement.stock.queries.lots import lots_named
from procurement.stock.queries.places import place_of_kind, places_by_code
from procurement.stock.terms import LocationKind, Place, Reason

MAX_LINES = 500


@dataclass(frozen=True, slots=True)
class ReturnedLot:
    """`lot` is "SKU/NUMBER". Without a quantity all goes that is there and promised to nobody."""

    lot: str
    quantity: Quantity | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnGoods:
    """One return. `credit` None expects what the goods cost us, where that is known.

    The same `idempotency_key` again gives the same return and no second effect.
    """

    supplier: str
    location: str
    reason: ReturnReason
    lines: tuple[ReturnedLot, ...]
    note: str = ""
    credit: Money | None = None
    claim: str | None = None
    idempotency_key: str | None = None


@dataclass(frozen=True, slots=True)
class _Going:
    """A lot with how much of it goes, found on its locked shelf."""

    field: str
    product: Product
    shelf: ledger.Shelf
    steps: int

    def value(self, currency: str) -> int | None:
        """What it cost, rounded once; None where that is not known in this currency."""
        lot = self.shelf.lot
        if lot.cost_minor is None or not lot.cost_steps or lot.cost_currency != currency:
            return None
        return round_half_up(Decimal(lot.cost_minor) * self.steps / lot.cost_steps)


def return_goods(
    session: Session, command: ReturnGoods, *, actor: Actor, at: datetime
) -> SupplierReturn:
    """Post the goods to SUPPLIER and keep the paper that goes with them.

    Raises NotFound (lot), Invalid naming every bad field, InsufficientStock.
    """
    actor.require_any(Permission.RECEIVE_GOODS, Permission.HOLD_LOTS)
    if command.idempotency_key and (before := return_by_key(session, command.idempotency_key)):
        return before
    supplier, place, claim = _named(session, command)
    # Orders are locked first, as whoever receives or invoices them does; then the shelves.
    origins = _origins(session, command, supplier)
    going = _going(session, command, place)
    on = today_in(place.time_zone or "UTC", at)
    number = next_number(session, Series.SUPPLIER_RETURN, on)
    virtual = place_of_kind(session, LocationKind.SUPPLIER)
    posted = ledger.post(
        session,
        Reason.RETURN,
        [
            ledger.Move(one.product.id, one.steps, place, virtual, one.shelf.lot, one.field)
            for one in going
        ],
        actor=actor,
        at=at,
        note=command.reason.replace("_", " ").capitalize(),
        document=number,
    )
    made = SupplierReturn(
        number=number,
        supplier_id=supplier.id,
        location_id=place.id,
        claim_id=claim.id if claim else None,
        reason=command.reason,
        note=text.prose(command.note, "note"),
        currency=supplier.currency,
        credit_minor=_credit(command, going, supplier.currency),
        sent_at=at,
        sent_by=actor.name,
        posting_id=posted.id,
        reversed_why="",
        idempotency_key=command.idempotency_key,
    )
    made.lines = _lines(going, origins, supplier.currency)
    session.add(made)
    session.flush()  # the paper is read from the tables
    _match_again(session, origins.values())
    pdf = render_supplier_letter(return_content(session, number))
    made.pdf_id = keep_paper(session, pdf, f"{number}.pdf", at=at).id
    record(session, "return goods", number, f"to {supplier.name}", actor=actor, at=at)
    return made


def _lines(
    going: Sequence[_Going], origins: Mapping[int, PurchaseOrderLine], currency: str
) -> list[SupplierReturnLine]:
    return [
        SupplierReturnLine(
            position=position,
            product_id=one.product.id,
            lot_id=one.shelf.lot.id,
            order_line_id=_count_back(origins, one),
            quantity=one.steps,
            value_minor=one.value(currency),
        )
        for position, one in enumerate(going, start=1)
    ]


def reverse_return(
    session: Session, number: str, *, why: str, actor: Actor, at: datetime
) -> SupplierReturn:
    """Put everything back where it stood. Raises NotFound, AlreadyReversed, Invalid (no reason given)."""
    actor.require_any(Permission.RECEIVE_GOODS, Permission.HOLD_LOTS)
    why = text.optional_line(why, "why")
    if not why:
        raise Invalid("Say why the return is taken back.", field="why")
    orders = locked_orders(session, orders_of_return(session, number))
    made = return_for_update(session, number)
    if made.reversed_at is not None:
        raise AlreadyReversed(f"{number} was reversed already.")
    if made.credit_note_id is not None:
        raise Conflict(f"{number} was credited; cancel the credit note first.")
    posting = posting_with_movements(session, made.posting_id)
    ledger.reverse(session, posting, actor=actor, at=at, why=why, document=number)
    for line, steps in went_back(session, made.id):
        line.returned_steps -= steps
    for order in orders:
        match_order_invoices(session, order.id)
    made.reversed_at, made.reversed_by, made.reversed_why = at, actor.name, why
    record(session, "reverse return", number, why, actor=actor, at=at)
    return made


def _origins(
    session: Session, command: ReturnGoods, supplier: Supplier
) -> dict[int, PurchaseOrderLine]:
    """The order line by which each lot came from this supplier, its order locked; lots nobody knows of are left out."""
    names = lots_named(session, [line.lot for line in command.lines])
    came = lines_of_lots(session, set(names.values()), supplier.id)
    orders = locked_orders(session, {order for order, _ in came.values()})
    lines = {line.id: line for order in orders for line in order.lines}
    return {lot: lines[line] for lot, (_, line) in came.items()}


def _count_back(origins: Mapping[int, PurchaseOrderLine], going: _Going) -> int | None:
    """Count what goes on the order line it came by; more than that line brought came some other way."""
    line = origins.get(going.shelf.lot.id)
    if line is None or line.returned_steps + going.steps > line.received * line.pack_steps:
        return None
    line.returned_steps += going.steps
    return line.id


def _match_again(session: Session, lines: Iterable[PurchaseOrderLine]) -> None:
    for order_id in sorted({line.order_id for line in lines}):
        match_order_invoices(session, order_id)


def locked_orders(session: Session, numbers: Iterable[str]) -> list[PurchaseOrder]:
    """In the order of their numbers, as everybody locks them."""
    return [purchase_order_for_update(session, number) for number in sorted(numbers)]


def _named(session: Session, command: ReturnGoods) -> tuple[Supplier, Place, Claim | None]:
    errors: list[FieldError] = []
    supplier = session.scalar(select(Supplier).where(Supplier.code == command.supplier))
    if supplier is None:
        errors.append(FieldError("supplier", f"There is no supplier {command.supplier}."))
    place = places_by_code(session, {command.location}).get(command.location)
    if place is None or not place.is_physical:
        errors.append(FieldError("location", f"There is no room or storeroom {command.location}."))
    if not 1 <= len(command.lines) <= MAX_LINES:
        errors.append(FieldError("lines", f"A return has between 1 and {MAX_LINES} lots."))
    if supplier and command.credit and command.credit.currency != supplier.currency:
        errors.append(FieldError("credit", f"The supplier is paid in {supplier.currency}."))
    if command.credit and command.credit.minor < 0:
        errors.append(FieldError("credit", "This is not below zero."))
    claim = None
    if command.claim:
        claim = session.scalar(select(Claim).where(Claim.number == command.claim))
        if claim is None or (supplier and claim.supplier_id != supplier.id):
            errors.append(FieldError("claim", f"That supplier has no claim {command.claim}."))
        elif claim.status in {ClaimStatus.SETTLED, ClaimStatus.WITHDRAWN}:
            errors.append(FieldError("claim", f"{command.claim} is {claim.status.value}."))
    if errors or supplier is None or place is None:
        raise Invalid.of(errors)
    return supplier, place, claim


def _going(session: Session, command: ReturnGoods, place: Place) -> list[_Going]:
    """Each lot on its shelf, locked in the ledger's order; what is promised stays."""
    keys = lots_named(session, [line.lot for line in command.lines])
    if len(keys) < len(command.lines):
        raise Invalid("A lot stands here twice.", field="lines")
    products = _products(session, list(keys))
    shelves = ledger.locked_shelves(session, {place}, set(products))
    going: list[_Going] = []
    errors: list[FieldError] = []
    for index, line in enumerate(command.lines):
        shelf = shelves.get((place.id, keys[line.lot]))
        if shelf is None or shelf.free <= 0:
            message = f"Nothing of {line.lot} that is free stands in {place.name}."
            errors.append(FieldError(f"lines.{index}.lot", message))
            continue
        product = products[shelf.lot.product_id]
        wanted = line.quantity
        if wanted is not None and (wanted.unit is not product.unit or wanted.steps <= 0):
            message = f"More than nothing, counted in {product.unit}."
            errors.append(FieldError(f"lines.{index}.quantity", message))
            continue
        steps = wanted.steps if wanted else shelf.free
        if steps > shelf.free:
            field = f"lines.{index}"
            lot = shelf.lot.number
            raise ledger.too_little(session, field, product.id, place, shelf.free, lot)
        going.append(_Going(f"lines.{index}", product, shelf, steps))
    if errors:
        raise Invalid.of(errors)
    return going


def _products(session: Session, names: Sequence[str]) -> dict[int, Product]:
    """The products of lots named "SKU/NUMBER", where either may have a stroke in it."""
    skus = {
        "/".join(parts[:cut])
        for parts in (name.split("/") for name in names)
        for cut in range(1, len(parts))
    }
    found = session.scalars(select(Product).where(Product.sku.in_(skus)))
    return {product.id: product for product in found}


def _credit(command: ReturnGoods, going: Sequence[_Going], currency: str) -> int | None:
    if command.credit is not None:
        return command.credit.minor
    values = [one.value(currency) for one in going]
    known = [value for value in values if value is not None]
    return sum(known) if known else None
