"""Price files: taken in and compared, applied at once or on a day, undone, discarded."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.audit.operations import record
from procurement.catalogue.models import Pack
from procurement.kernel import text
from procurement.kernel.actor import Actor
from procurement.kernel.clock import today_in
from procurement.kernel.errors import Conflict, DomainError, Invalid
from procurement.kernel.permissions import Permission
from procurement.kernel.serial import Series, next_number
from procurement.settings.queries import get_company
from procurement.sourcing.errors import StalePrices
from procurement.sourcing.models import PriceFile, PriceFileLine, SupplierItem
from procurement.sourcing.operations.pricing import reprice
from procurement.sourcing.queries import supplier_for_update
from procurement.sourcing.queries.price_files import (
    due_price_files,
    known_items,
    known_packs,
    latest_changes,
    price_file_for_update,
    steps_of,
)
from procurement.sourcing.rules.price_files import Compared, Steps, compare, read, written
from procurement.sourcing.terms.price_files import LineKind, PriceFileStatus, PriceRow

MOST_ROWS = 20_000
_TAKEN = frozenset({LineKind.CHANGED, LineKind.NEW})
_WORDS = {
    PriceFileStatus.READ: "waits to be applied",
    PriceFileStatus.SCHEDULED: "is to be applied",
    PriceFileStatus.APPLIED: "is applied",
    PriceFileStatus.UNDONE: "is undone",
    PriceFileStatus.DISCARDED: "is discarded",
}


@dataclass(frozen=True, slots=True)
class NewPriceFile:
    """The rows of a supplier's file, in its order and the supplier's currency."""

    supplier: str
    name: str
    rows: tuple[PriceRow, ...]
    read_as: str = ""
    refused: str = ""  # rows that could not be taken, one on a line


@dataclass(frozen=True, slots=True)
class ApplyPrices:
    """Apply a file on a day (None is today), all that changed or only these positions."""

    number: str
    on: date | None = None
    lines: Collection[int] | None = None


def take_in_prices(
    session: Session, command: NewPriceFile, *, actor: Actor, at: datetime
) -> PriceFile:
    """Compare a file with what we have and keep the difference; no price changes yet."""
    actor.require(Permission.EDIT_SUPPLIERS)
    supplier = supplier_for_update(session, command.supplier)
    if supplier is None:
        raise Invalid(f"There is no supplier {command.supplier}.", field="supplier")
    if not command.rows:
        raise Invalid("There is no price in it.", field="rows")
    if len(command.rows) > MOST_ROWS:
        raise Invalid(f"At most {MOST_ROWS:,} rows in one file.", field="rows")
    gtins = {row.gtin for row in command.rows if row.gtin}
    skus = {row.product for row in command.rows if row.product}
    lines = compare(
        command.rows, known_items(session, supplier.id), known_packs(session, gtins, skus)
    )
    on = today_in(get_company(session).time_zone, at)
    file = PriceFile(
        number=next_number(session, Series.PRICE_FILE, on),
        supplier_id=supplier.id,
        name=text.name(command.name, "name"),
        read_as=text.prose(command.read_as, "read_as"),
        refused=text.prose(command.refused[:10_000], "refused"),
        status=PriceFileStatus.READ,
        received_at=at,
        received_by=actor.name,
        applied_by="",
        undone_by="",
        trouble="",
    )
    file.lines = [_line(position, line) for position, line in enumerate(lines, start=1)]
    session.add(file)
    session.flush()  # its key is needed
    changed = sum(line.kind is LineKind.CHANGED for line in lines)
    detail = f"{file.name} of {supplier.name}: {changed} prices differ"
    record(session, "take in price file", file.number, detail, actor=actor, at=at)
    return file


def apply_prices(
    session: Session, command: ApplyPrices, *, actor: Actor, at: datetime
) -> PriceFile:
    """Make the file's prices ours, today or when its day comes. Raises StalePrices where ours changed meanwhile."""
    actor.require(Permission.EDIT_SUPPLIERS)
    file = price_file_for_update(session, command.number)
    _require(file, PriceFileStatus.READ, PriceFileStatus.SCHEDULED)
    today = today_in(get_company(session).time_zone, at)
    on = command.on or today
    if (on - today).days > 730:
        raise Invalid("That day is more than two years away.", field="on")
    if on < today:
        raise Invalid("That day is past.", field="on")
    _choose(file, command.lines)
    _require_fresh(session, file)
    file.trouble = ""
    if on > today:
        file.status, file.apply_on = PriceFileStatus.SCHEDULED, on
        record(session, "schedule price file", file.number, f"for {on}", actor=actor, at=at)
        return file
    _apply(session, file, actor=actor, at=at)
    return file


def apply_due_prices(session: Session, *, actor: Actor, at: datetime) -> int:
    """Apply what waits for today or an earlier day; what became stale waits for a person again, and says why."""
    today = today_in(get_company(session).time_zone, at)
    applied = 0
    for number in due_price_files(session, today):
        file = price_file_for_update(session, number)
        if file.status is not PriceFileStatus.SCHEDULED:
            continue  # somebody was faster
        try:
            _require_fresh(session, file)
        except DomainError as error:
            file.status, file.trouble = PriceFileStatus.READ, error.message
            record(session, "price file not applied", number, error.message, actor=actor, at=at)
            continue
        _apply(session, file, actor=actor, at=at)
        applied += 1
    return applied


def undo_prices(session: Session, number: str, *, actor: Actor, at: datetime) -> PriceFile:
    """Give the items their prices of before. A line whose price changed since keeps it, and says so."""
    actor.require(Permission.EDIT_SUPPLIERS)
    file = price_file_for_update(session, number)
    _require(file, PriceFileStatus.APPLIED)
    lines = {line.item_id: line for line in file.lines if line.applied and line.item_id}
    last = latest_changes(session, lines)
    back: dict[int, tuple[Steps, Steps]] = {}
    for item_id, line in lines.items():
        newest = last.get(item_id)
        if newest is not None and newest.file_id != file.id:
            line.outcome = f"Not undone: {newest.recorded_by} changed it on {newest.effective_on}."
            continue
        back[item_id] = (read(line.after), read(line.before))
        line.applied = False
    if not back:
        raise Conflict(f"Every price of {number} has changed since; there is nothing to undo.")
    reprice(session, back, actor=actor, at=at, file_id=file.id)
    _retire(session, [lines[item_id] for item_id in back])
    file.status, file.undone_at, file.undone_by = PriceFileStatus.UNDONE, at, actor.name
    detail = f"{len(back)} of {len(lines)} prices"
    record(session, "undo price file", number, detail, actor=actor, at=at)
    session.flush()  # breaks were written past the objects
    session.expire_all()
    return file


def discard_prices(session: Session, number: str, *, actor: Actor, at: datetime) -> PriceFile:
    """The file is not to be applied; a scheduled one no longer waits for its day."""
    actor.require(Permission.EDIT_SUPPLIERS)
    file = price_file_for_update(session, number)
    _require(file, PriceFileStatus.READ, PriceFileStatus.SCHEDULED)
    file.status, file.apply_on = PriceFileStatus.DISCARDED, None
    record(session, "discard price file", number, actor=actor, at=at)
    return file


def _line(position: int, line: Compared) -> PriceFileLine:
    return PriceFileLine(
        position=position,
        row=line.row,
        kind=line.kind,
        code=line.code[: text.CODE_LENGTH],
        name=line.name[: text.NAME_LENGTH],
        item_id=line.item_id,
        pack_id=line.pack_id,
        before=written(line.before),
        after=written(line.after),
        outcome="",
    )


def _require(file: PriceFile, *statuses: PriceFileStatus) -> None:
    if file.status not in statuses:
        raise Conflict(f"{file.number} {_WORDS[file.status]}; that cannot be done with it.")


def _choose(file: PriceFile, positions: Collection[int] | None) -> None:
    """All that changed, or the named lines; new things only where they are named."""
    by_position = {line.position: line for line in file.lines}
    if positions is not None:
        for index, position in enumerate(positions):
            line = by_position.get(position)
            if line is None or line.kind not in _TAKEN:
                said = f"Line {position} has no price to be applied."
                raise Invalid(said, field=f"lines.{index}")
    for line in file.lines:
        line.chosen = (
            line.kind is LineKind.CHANGED if positions is None else line.position in positions
        )
    if not any(line.chosen for line in file.lines):
        raise Invalid("No price was chosen.", field="lines")


def _require_fresh(session: Session, file: PriceFile) -> None:
    """What was compared must still stand, or nobody has seen the difference that would be made."""
    chosen = [line for line in file.lines if line.chosen]
    now = steps_of(session, {line.item_id for line in chosen if line.item_id})
    stale = [
        line
        for line in chosen
        if line.item_id and written(now.get(line.item_id, ())) != line.before
    ]
    packs = {line.pack_id for line in chosen if line.kind is LineKind.NEW}
    sold = set(
        session.scalars(
            select(SupplierItem.pack_id).where(
                SupplierItem.supplier_id == file.supplier_id, SupplierItem.pack_id.in_(packs)
            )
        )
    )
    stale += [line for line in chosen if line.kind is LineKind.NEW and line.pack_id in sold]
    if stale:
        named = ", ".join(line.code for line in stale[:5])
        more = f" and {len(stale) - 5} more" if len(stale) > 5 else ""
        raise StalePrices(
            f"Our prices of {named}{more} changed after {file.number} was read; take the file in again."
        )


def _apply(session: Session, file: PriceFile, *, actor: Actor, at: datetime) -> None:
    chosen = [line for line in file.lines if line.chosen]
    _create_items(session, file, [line for line in chosen if line.kind is LineKind.NEW])
    changes = {
        line.item_id: (read(line.before), read(line.after)) for line in chosen if line.item_id
    }
    reprice(session, changes, actor=actor, at=at, file_id=file.id)
    for line in chosen:
        line.applied = True
    file.status, file.applied_at, file.applied_by = PriceFileStatus.APPLIED, at, actor.name
    record(session, "apply price file", file.number, f"{len(changes)} prices", actor=actor, at=at)
    session.flush()  # breaks were written past the objects
    session.expire_all()


def _create_items(session: Session, file: PriceFile, lines: Sequence[PriceFileLine]) -> None:
    """What the supplier did not sell us before: one pack at least, a week's lead time, until somebody says more."""
    packs = {
        pack.id: pack
        for pack in session.scalars(select(Pack).where(Pack.id.in_({one.pack_id for one in lines})))
    }
    made = [
        SupplierItem(
            supplier_id=file.supplier_id,
            product_id=packs[line.pack_id].product_id,
            pack_id=line.pack_id,
            code=line.code,
        )
        for line in lines
        if line.pack_id
    ]
    session.add_all(made)
    session.flush()  # its key is needed
    for line, item in zip(lines, made, strict=True):
        line.item_id = item.id


def _retire(session: Session, lines: Sequence[PriceFileLine]) -> None:
    """What only the file brought is not sold any more."""
    new = {line.item_id for line in lines if line.kind is LineKind.NEW}
    for item in session.scalars(select(SupplierItem).where(SupplierItem.id.in_(new))):
        item.active = False
