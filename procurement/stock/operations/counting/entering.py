"""What people counted comes in: each entry once, whatever the network did, and none is lost."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import func, insert, select, tuple_
from sqlalchemy.orm import Session

from procurement.catalogue.models import Product
from procurement.catalogue.terms import Kind
from procurement.kernel.actor import Actor
from procurement.kernel.db import MAX_STEPS
from procurement.kernel.errors import FieldError, NotFound
from procurement.kernel.permissions import Permission
from procurement.kernel.quantity import Quantity
from procurement.stock.models import (
    Lot,
    StockCount,
    StockCountCorrection,
    StockCountEntry,
    StockCountLine,
)
from procurement.stock.rules.counting import counted_moment
from procurement.stock.terms import How


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing counted. `uid` was made where it was counted; `counted_at` is by the device's clock."""

    uid: str
    product: str
    quantity: Quantity
    counted_at: datetime
    lot: str | None = None
    supplier_lot: str | None = None  # of something found: what its label says
    expires_on: date | None = None
    how: How = How.TAPPED
    again: bool = False
    supersedes: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class EnterCounted:
    """Entries in the order they were made. `device_now` is the device's clock as they are sent; None: our own."""

    number: str
    entries: tuple[Entry, ...]
    device_now: datetime | None = None


class Outcome(StrEnum):
    STORED = "stored"
    KNOWN = "known"  # stored before, by a sending whose answer was lost
    LATE = "late"  # the count was closed meanwhile; kept beside it
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Entered:
    """What became of one entry."""

    uid: str
    outcome: Outcome
    line: int | None = None
    counted_at: datetime | None = None
    fault: FieldError | None = None


def enter_counted(
    session: Session, command: EnterCounted, *, actor: Actor, at: datetime
) -> list[Entered]:
    """Store what is new; answers in the order of the entries. Raises NotFound (no such count)."""
    actor.require(Permission.COUNT_STOCK)
    count = count_for_update(session, command.number)
    named = _Named.of(session, command.entries)
    answers: dict[int, Entered] = {}
    fresh: list[tuple[int, Entry]] = []
    first: dict[str, Entry] = {}
    for index, entry in enumerate(command.entries):
        if fault := named.fault_of(entry):
            answers[index] = Entered(entry.uid, Outcome.REFUSED, fault=fault)
        elif entry.uid in named.known or entry.uid in first:
            answers[index] = _again(count, named, entry, first.get(entry.uid))
        else:
            first[entry.uid] = entry
            fresh.append((index, entry))
    lines = _lines(session, count, named, [entry for _, entry in fresh])
    moments = [
        counted_moment(entry.counted_at, command.device_now or at, at, count.started_at)
        for _, entry in fresh
    ]
    _store(session, count, named, [e for _, e in fresh], lines, moments, actor, at)
    outcome = Outcome.STORED if count.status.is_active else Outcome.LATE
    for (index, entry), moment in zip(fresh, moments, strict=True):
        line = lines.get(named.key_of(entry))
        answers[index] = Entered(entry.uid, outcome, line.position if line else None, moment)
    return [answers[index] for index in range(len(command.entries))]


def count_for_update(session: Session, number: str) -> StockCount:
    """Whoever writes to a count waits for the others: a batch takes milliseconds. Raises NotFound."""
    count = session.scalar(
        select(StockCount)
        .where(StockCount.number == number)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if count is None:
        raise NotFound(f"There is no count {number}.")
    return count


def key_of_line(
    product_id: int,
    lot_id: int | None,
    supplier_lot: str | None = None,
    expires_on: date | None = None,
) -> str:
    """What a line stands for: a lot, a product of which no lot is known, or something found."""
    if lot_id is not None:
        return f"lot {lot_id}"
    if supplier_lot or expires_on:
        return f"found {product_id} {expires_on or ''} {supplier_lot or ''}"
    return f"product {product_id}"


@dataclass(frozen=True, slots=True)
class _Named:
    """What the entries' words stand for."""

    products: Mapping[str, Product]
    lots: Mapping[tuple[int, str], Lot]
    known: Mapping[str, StockCountEntry]

    @classmethod
    def of(cls, session: Session, entries: Sequence[Entry]) -> "_Named":
        skus = {entry.product for entry in entries}
        products = {
            product.sku: product
            for product in session.scalars(select(Product).where(Product.sku.in_(skus)))
        }
        names = {
            (products[entry.product].id, name)
            for entry in entries
            if entry.product in products and (name := _lot_said(entry))
        }
        lots = session.scalars(select(Lot).where(tuple_(Lot.product_id, Lot.number).in_(names)))
        known = session.scalars(
            select(StockCountEntry).where(StockCountEntry.uid.in_({e.uid for e in entries}))
        )
        return cls(
            products,
            {(lot.product_id, lot.number): lot for lot in lots},
            {entry.uid: entry for entry in known},
        )

    def lot_of(self, entry: Entry) -> Lot | None:
        said = _lot_said(entry)
        return self.lots.get((self.products[entry.product].id, said)) if said else None

    def key_of(self, entry: Entry) -> str:
        lot = self.lot_of(entry)
        return key_of_line(
            self.products[entry.product].id,
            lot.id if lot else None,
            _lot_said(entry),
            entry.expires_on,
        )

    def fault_of(self, entry: Entry) -> FieldError | None:
        """Why it can never be stored as it is."""
        product = self.products.get(entry.product)
        if product is None:
            return FieldError("product", f"There is no product {entry.product}.")
        if product.kind is Kind.SERVICE:
            return FieldError("product", "A service is not counted.")
        if entry.quantity.unit is not product.unit:
            return FieldError("quantity", f"{product.sku} is counted in {product.unit}.")
        if not 0 <= entry.quantity.steps <= MAX_STEPS:
            return FieldError("quantity", "A count is nothing or more.")
        lot = self.lot_of(entry)
        if lot is not None and entry.expires_on not in {None, lot.expires_on}:
            there = lot.expires_on or "no expiry"
            return FieldError(
                "expires_on",
                f"Lot {lot.number} is here with {there}; the same lot cannot have another expiry.",
            )
        return None


def _lot_said(entry: Entry) -> str | None:
    return entry.lot or entry.supplier_lot or None


def _again(count: StockCount, named: _Named, entry: Entry, first: Entry | None) -> Entered:
    """An id seen before: the same thing is known, another thing is a fault of the device."""
    kept = named.known.get(entry.uid)
    if kept is not None:
        product = named.products[entry.product].id
        same = (kept.count_id, kept.product_id, kept.quantity, kept.lot_said) == (
            count.id, product, entry.quantity.steps, _lot_said(entry),
        )  # fmt: skip
        outcome = Outcome.LATE if kept.line_id is None else Outcome.KNOWN
        moment = kept.counted_at
    else:
        same, outcome, moment = entry == first, Outcome.KNOWN, None
    if not same:
        fault = FieldError("id", "That id stands for something else counted.")
        return Entered(entry.uid, Outcome.REFUSED, fault=fault)
    return Entered(entry.uid, outcome, counted_at=moment)


def _lines(
    session: Session, count: StockCount, named: _Named, entries: Sequence[Entry]
) -> dict[str, StockCountLine]:
    """The entries' lines by key, those of things found made now; none once the count is closed."""
    wanted = {named.key_of(entry): entry for entry in entries}
    if not count.status.is_active or not wanted:
        return {}
    of_count = StockCountLine.count_id == count.id
    there = session.scalars(select(StockCountLine).where(of_count, StockCountLine.key.in_(wanted)))
    lines = {line.key: line for line in there}
    last = session.scalar(select(func.max(StockCountLine.position)).where(of_count)) or 0
    found = [(key, entry) for key, entry in wanted.items() if key not in lines]
    for position, (key, entry) in enumerate(found, start=last + 1):
        lot = named.lot_of(entry)
        lines[key] = StockCountLine(
            count_id=count.id,
            position=position,
            key=key,
            product_id=named.products[entry.product].id,
            lot_id=lot.id if lot else None,
            supplier_lot=None if lot else _lot_said(entry),
            expires_on=None if lot else entry.expires_on,
            at_start=0,
            found=True,
            left_out=False,
        )
        session.add(lines[key])
    session.flush()  # the entries need their lines' ids
    return lines


def _store(
    session: Session,
    count: StockCount,
    named: _Named,
    entries: Sequence[Entry],
    lines: Mapping[str, StockCountLine],
    moments: Sequence[datetime],
    actor: Actor,
    at: datetime,
) -> None:
    if not entries:
        return
    rows = []
    for entry, moment in zip(entries, moments, strict=True):
        line = lines.get(named.key_of(entry))
        rows.append(
            {
                "uid": entry.uid,
                "count_id": count.id,
                "line_id": line.id if line else None,
                "product_id": named.products[entry.product].id,
                "lot_said": _lot_said(entry),
                "quantity": entry.quantity.steps,
                "counted_at": moment,
                "counted_by": actor.name,
                "actor_id": actor.id,
                "how": entry.how,
                "again": entry.again,
                "note": entry.note,
                "received_at": at,
            }
        )
    session.execute(insert(StockCountEntry), rows)
    corrections = {entry.uid: entry for entry in entries if entry.supersedes}
    if not corrections:
        return
    stored = session.execute(
        select(StockCountEntry.id, StockCountEntry.uid).where(StockCountEntry.uid.in_(corrections))
    )
    session.execute(
        insert(StockCountCorrection),
        [
            {"count_id": count.id, "superseded": superseded, "entry_id": entry_id}
            for entry_id, uid in stored
            for superseded in sorted(set(corrections[uid].supersedes))
        ],
    )
