"""Top-up runs: one round through the rooms of a site, each room ticked off when its goods are put down."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session, aliased

from procurement.kernel.actor import Actor
from procurement.kernel.clock import today_in
from procurement.kernel.errors import Conflict, Invalid, NotFound
from procurement.kernel.permissions import Permission
from procurement.kernel.serial import Series, next_number
from procurement.stock.models import Location, Site, TopUpRun, Transfer
from procurement.stock.operations.transfers import (
    DraftTransfer,
    cancel_transfer,
    complete_transfer,
    draft_transfer,
)
from procurement.stock.terms import LocationKind, Posted, TransferStatus


def draft_run(
    session: Session,
    site: str,
    ways: Sequence[DraftTransfer],
    *,
    actor: Actor,
    at: datetime,
) -> TopUpRun | None:
    """Draft the ways into the site's open run, or a new one, with what was drafted before. None: nothing to bring."""
    actor.require(Permission.MOVE_STOCK)
    house = session.scalar(select(Site).where(Site.code == site))
    if house is None:
        raise Invalid(f"There is no site {site}.", field="site")
    loose = _loose_drafts(session, house)
    run = _open_run(session, house)
    if run is None and not loose and not ways:
        return None
    if run is None:
        number = next_number(session, Series.TOP_UP_RUN, today_in(house.time_zone, at))
        run = TopUpRun(number=number, site_id=house.id, drafted_at=at, drafted_by=actor.name)
        session.add(run)
        session.flush()  # its transfers name it by its key
    for way in ways:
        draft_transfer(session, way, actor=actor, at=at, run_id=run.id)
    if loose:
        session.execute(update(Transfer).where(Transfer.id.in_(loose)).values(run_id=run.id))
    return run


def carry_stop(
    session: Session, run: str, room: str, *, actor: Actor, at: datetime, key: str | None = None
) -> list[Posted]:
    """What the run brings to a room was put down there. Raises NotFound, Conflict when that is done."""
    actor.require(Permission.MOVE_STOCK)
    return [
        complete_transfer(
            session, number, actor=actor, at=at, key=f"{key}:{n}" if key and n else key
        )
        for n, number in enumerate(_drafts(session, run, room))
    ]


def skip_stop(session: Session, run: str, room: str, *, actor: Actor, at: datetime) -> None:
    """The room does not need it: its goods are free again."""
    actor.require(Permission.MOVE_STOCK)
    for number in _drafts(session, run, room):
        cancel_transfer(session, number, actor=actor, at=at)


def _drafts(session: Session, run: str, room: str) -> list[str]:
    """The drafts to a room in one order, so that two people at it wait for each other."""
    rows = session.execute(
        select(Transfer.number, Transfer.status)
        .join(TopUpRun, TopUpRun.id == Transfer.run_id)
        .join(Location, Location.id == Transfer.to_id)
        .where(TopUpRun.number == run, Location.code == room)
        .order_by(Transfer.id)
    ).all()
    if not rows:
        raise NotFound(f"Run {run} does not come by {room}.")
    drafts = [number for number, status in rows if status is TransferStatus.DRAFT]
    if not drafts:
        raise Conflict("That room is done already.")
    return drafts


def _open_run(session: Session, house: Site) -> TopUpRun | None:
    return session.scalar(
        select(TopUpRun)
        .where(
            TopUpRun.site_id == house.id,
            exists().where(Transfer.run_id == TopUpRun.id, Transfer.status == TransferStatus.DRAFT),
        )
        .order_by(TopUpRun.id.desc())
        .limit(1)
    )


def _loose_drafts(session: Session, house: Site) -> list[int]:
    """Drafts from a storeroom to a room of the site that no round takes along yet."""
    source, destination = aliased(Location), aliased(Location)
    return list(
        session.scalars(
            select(Transfer.id)
            .join(source, source.id == Transfer.from_id)
            .join(destination, destination.id == Transfer.to_id)
            .where(
                Transfer.status == TransferStatus.DRAFT,
                Transfer.run_id.is_(None),
                Transfer.transit_id.is_(None),
                source.site_id == house.id,
                source.kind == LocationKind.STOREROOM,
                destination.site_id == house.id,
                destination.kind == LocationKind.TREATMENT_ROOM,
            )
        )
    )
