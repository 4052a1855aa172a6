"""Goods that travel: sent into transit (or to the laundry), arriving in part or whole, each difference explained.

While under way they stand at the place they pass, reserved for their transfer, so that nobody else takes them. What
was left behind goes back to the shelf it came from; what is lost, broken or worn out is written off with its cause.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from procurement.catalogue.models import Product
from procurement.kernel.actor import Actor
from procurement.kernel.errors import FieldError, Invalid
from procurement.kernel.permissions import Permission
from procurement.kernel.quantity import Quantity
from procurement.stock import ledger
from procurement.stock.errors import MoreThanSent, TransferState
from procurement.stock.models import Location, Lot, Site, Transfer, TransferLine
from procurement.stock.operations.transfers import (
    moves_of,
    reservations_of,
    transfer_for_update,
)
from procurement.stock.queries.places import places_by_code, places_by_id
from procurement.stock.terms import (
    UNDER_WAY,
    Cause,
    Difference,
    LocationKind,
    Place,
    Posted,
    Reason,
    TransferStatus,
)

_CAUSES = {
    Difference.LOST: Cause.LOST,
    Difference.DAMAGED: Cause.DAMAGED,
    Difference.WORN_OUT: Cause.WORN_OUT,
}


def send_transfer(
    session: Session, number: str, *, actor: Actor, at: datetime, key: str | None = None
) -> Posted:
    """What was picked leaves its shelf. Raises TransferState unless it is a draft."""
    actor.require(Permission.MOVE_STOCK)
    transfer = transfer_for_update(session, number)
    ends = places_by_id(session, {transfer.from_id, transfer.to_id})
    source, destination = ends[transfer.from_id], ends[transfer.to_id]
    transit = _passed(session, transfer, destination)
    transfer.transit_id = transit.id
    transfer.become(TransferStatus.IN_TRANSIT)
    posted = ledger.post(
        session,
        Reason.TRANSFER,
        moves_of(session, transfer, source, transit),
        actor=actor,
        at=at,
        key=key,
        releases=reservations_of(session, transfer.lines),
        document=number,
    )
    for line in transfer.lines:
        line.sent = line.quantity
    _hold(session, transfer, transfer.lines, transit, at)
    transfer.sent_at = at
    transfer.posting_id = posted.id
    return posted


@dataclass(frozen=True, slots=True)
class Missing:
    """So much of a line did not arrive, and why."""

    cause: Difference
    quantity: Quantity


@dataclass(frozen=True, slots=True)
class ArrivedLine:
    """What came of one line, by its position from 1; the rest stays under way."""

    position: int
    arrived: Quantity
    missing: tuple[Missing, ...] = ()


@dataclass(frozen=True, slots=True)
class ArriveTransfer:
    """Without lines, all that is under way has arrived."""

    number: str
    lines: tuple[ArrivedLine, ...] = ()
    note: str = ""
    idempotency_key: str | None = None


@dataclass(slots=True)
class _Share:
    """What becomes of one line now, in steps."""

    line: TransferLine
    arrived: int
    missing: dict[Difference, int]
    field: str

    @property
    def steps(self) -> int:
        return self.arrived + sum(self.missing.values())


def arrive_transfer(
    session: Session, command: ArriveTransfer, *, actor: Actor, at: datetime
) -> list[Posted]:
    """Take in what came, explain what did not. Raises TransferState, Invalid, MoreThanSent."""
    actor.require(Permission.MOVE_STOCK)
    transfer = transfer_for_update(session, command.number)
    if transfer.status not in UNDER_WAY:
        word = transfer.status.replace("_", " ")
        raise TransferState(f"Transfer {transfer.number} is {word}: nothing of it is under way.")
    shares = _shares(session, transfer, command)
    if any(cause in _CAUSES for share in shares for cause in share.missing):
        actor.require(Permission.WRITE_OFF_STOCK)
    posted = _post(session, transfer, shares, command, actor=actor, at=at)
    for share in shares:
        share.line.arrived += share.arrived
        share.line.explained += share.steps - share.arrived
    transit_id = transfer.transit_id or 0
    transit = places_by_id(session, {transit_id})[transit_id]
    _hold(session, transfer, [share.line for share in shares], transit, at)
    if any(line.under_way for line in transfer.lines):
        transfer.become(TransferStatus.PARTLY_ARRIVED)
    else:
        transfer.become(TransferStatus.DONE)
        transfer.done_at = at
    return posted


def _shares(session: Session, transfer: Transfer, command: ArriveTransfer) -> list[_Share]:
    lines = {line.position: line for line in transfer.lines}
    if not command.lines:
        return [
            _Share(line, line.under_way, {}, f"lines.{line.position - 1}")
            for line in transfer.lines
            if line.under_way
        ]
    rows = session.execute(
        select(Product.id, Product.unit).where(
            Product.id.in_({line.product_id for line in transfer.lines})
        )
    )
    units = {row[0]: row[1] for row in rows}
    errors: list[FieldError] = []
    shares: list[_Share] = []
    for index, said in enumerate(command.lines):
        field, line = f"lines.{index}", lines.pop(said.position, None)
        if line is None:
            errors.append(FieldError(f"{field}.position", f"There is no line {said.position}."))
            continue
        amounts = [said.arrived, *(one.quantity for one in said.missing)]
        if any(one.unit is not units[line.product_id] or one.steps < 0 for one in amounts):
            unit = units[line.product_id]
            errors.append(FieldError(f"{field}.arrived", f"Nothing or more, counted in {unit}."))
            continue
        missing: defaultdict[Difference, int] = defaultdict(int)
        for one in said.missing:
            missing[one.cause] += one.quantity.steps
        shares.append(
            _Share(line, said.arrived.steps, {k: v for k, v in missing.items() if v}, field)
        )
    if errors:
        raise Invalid.of(errors)
    for share in shares:
        if share.steps > share.line.under_way:
            left = Quantity(share.line.under_way, units[share.line.product_id])
            raise MoreThanSent(f"Only {left} of it is under way.", field=f"{share.field}.arrived")
    shares = [share for share in shares if share.steps]
    if not shares:
        raise Invalid("Say what arrived, or what became of it.", field="lines")
    return shares


def _post(
    session: Session,
    transfer: Transfer,
    shares: Sequence[_Share],
    command: ArriveTransfer,
    *,
    actor: Actor,
    at: datetime,
) -> list[Posted]:
    """The differences first: a container that lost something must not stand in two places for a moment."""
    places = places_by_id(session, {transfer.from_id, transfer.to_id, transfer.transit_id or 0})
    transit = places[transfer.transit_id or 0]
    adjustment = places_by_code(session, {"ADJUSTMENT"})["ADJUSTMENT"]
    lots = _lots(session, [share.line for share in shares])
    steps: list[tuple[Reason, Cause | None, Place, list[tuple[_Share, int]]]] = [
        (Reason.WRITE_OFF, cause, adjustment, _of(shares, difference))
        for difference, cause in _CAUSES.items()
    ]
    behind = _of(shares, Difference.LEFT_BEHIND)
    steps.append((Reason.TRANSFER, None, places[transfer.from_id], behind))
    arrived = [(share, share.arrived) for share in shares if share.arrived]
    steps.append((Reason.TRANSFER, None, places[transfer.to_id], arrived))
    releases = reservations_of(session, [share.line for share in shares])
    posted: list[Posted] = []
    for reason, cause, to, parts in steps:
        if not parts:
            continue
        key = command.idempotency_key
        moves = [
            ledger.Move(
                share.line.product_id, amount, transit, to, lots[share.line.lot_id], share.field
            )
            for share, amount in parts
        ]
        posted.append(
            ledger.post(
                session,
                reason,
                moves,
                actor=actor,
                at=at,
                key=f"{key}:{len(posted)}" if key and posted else key,
                releases=releases,
                note=command.note,
                cause=cause,
                document=transfer.number,
            )
        )
        releases = []
    return posted


def _of(shares: Sequence[_Share], difference: Difference) -> list[tuple[_Share, int]]:
    return [(s, s.missing[difference]) for s in shares if difference in s.missing]


def _lots(session: Session, lines: Sequence[TransferLine]) -> dict[int, Lot]:
    ids = {line.lot_id for line in lines}
    return {lot.id: lot for lot in session.scalars(select(Lot).where(Lot.id.in_(ids)))}


def _hold(
    session: Session,
    transfer: Transfer,
    lines: Sequence[TransferLine],
    transit: Place,
    at: datetime,
) -> None:
    """Reserve for the transfer what of these lines is still under way."""
    left = [line for line in lines if line.under_way]
    promises = [
        ledger.Promise(line.product_id, line.under_way, transit, lot_id=line.lot_id)
        for line in left
    ]
    if promises:
        held = ledger.reserve(session, promises, demand=transfer.number, at=at)
        for line, (reservation,) in zip(left, held, strict=True):
            line.reservation_id = reservation.id


def _passed(session: Session, transfer: Transfer, destination: Place) -> Place:
    """Where the goods are meanwhile: the laundry, or what is under way to the house they go to."""
    if transfer.transit_id is not None:
        return places_by_id(session, {transfer.transit_id})[transfer.transit_id]
    site = destination.site or ""
    row = session.execute(
        select(Location.code)
        .join(Site, Site.id == Location.site_id)
        .where(Site.code == site, Location.kind == LocationKind.IN_TRANSIT, Location.active)
        .where(Location.id.not_in({transfer.from_id, transfer.to_id}))
        .limit(1)
    ).first()
    if row is None:
        _make_transit(session, site)
    code = row.code if row else f"{site}-TRANSIT"
    return places_by_code(session, {code})[code]


def _make_transit(session: Session, site: str) -> None:
    """A house that never got anything from another has no such place yet; two may find so at once."""
    insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
    found = session.execute(select(Site.id, Site.name).where(Site.code == site)).one()
    session.execute(
        insert(Location)
        .values(
            site_id=found.id,
            code=f"{site}-TRANSIT",
            name=f"On the way to {found.name}"[:200],
            kind=LocationKind.IN_TRANSIT,
            is_physical=True,
            active=True,
        )
        .on_conflict_do_nothing()
    )
