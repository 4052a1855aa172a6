"""Recalls: lots held everywhere at once, every place where something of them stands dealt with, and closed at 100 %."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, selectinload

from procurement.audit.operations import record
from procurement.catalogue.models import Product
from procurement.kernel import text
from procurement.kernel.actor import Actor
from procurement.kernel.clock import today_in
from procurement.kernel.errors import Conflict, Invalid, NotFound
from procurement.kernel.permissions import Permission
from procurement.kernel.serial import Series, next_number
from procurement.settings.queries import get_company
from procurement.stock import ledger
from procurement.stock.errors import RecallState
from procurement.stock.models import Balance, Location, Lot, Recall, RecallItem, RecallLot
from procurement.stock.operations.holding import (
    Promised,
    freeze,
    give_up_promises,
    recall_lots,
)
from procurement.stock.queries.places import place_of_kind, places_by_id
from procurement.stock.queries.traces import family_of
from procurement.stock.terms import (
    Cause,
    LocationKind,
    Place,
    Posted,
    Reason,
    RecallOutcome,
)

_WRITTEN_OFF = frozenset({RecallOutcome.DESTROYED, RecallOutcome.NOT_FOUND})


@dataclass(frozen=True, slots=True)
class StartRecall:
    """Lots of a product by their own numbers or the supplier's. A drill holds nothing and moves nothing."""

    product: str
    lots: tuple[str, ...]
    reason: str
    drill: bool = False


@dataclass(frozen=True, slots=True)
class FoundGoods:
    """What stands at one place of a recall: `lot` is "SKU/NUMBER"; nothing moves in a drill."""

    lot: str
    lot_id: int
    location: str
    steps: int
    reason: str
    is_drill: bool


@dataclass(frozen=True, slots=True)
class Started:
    number: str
    places: int
    promised: tuple[Promised, ...]


def start_recall(session: Session, command: StartRecall, *, actor: Actor, at: datetime) -> Started:
    """Recall the lots, with all opened or filled from them, and list every place where something of them stands.

    Raises Invalid (product, lots, reason).
    """
    actor.require(Permission.HOLD_LOTS)
    product, roots = _named(session, command)
    recall = Recall(
        number=next_number(session, Series.RECALL, today_in(get_company(session).time_zone, at)),
        product_id=product.id,
        reason=text.prose(command.reason, "reason").strip(),
        is_drill=command.drill,
        started_at=at,
        started_by=actor.name,
    )
    recall.items = []
    session.add(recall)
    session.flush()  # its lots name it by its key
    session.add_all(RecallLot(recall_id=recall.id, lot_id=lot) for lot in roots)
    promised: tuple[Promised, ...] = ()
    if command.drill:
        family = family_of(session, roots)
    else:
        family = freeze(session, roots)
        recall_lots(session, family, f"{recall.number}: {recall.reason}")
        promised = give_up_promises(session, family, f"Recall {recall.number}", at=at)
    found = _notice(session, recall, family)
    what = f"{'drill, ' if command.drill else ''}{found} places: {recall.reason}"
    record(session, "start recall", recall.number, what, actor=actor, at=at)
    for lot in session.scalars(select(Lot).where(Lot.id.in_(roots))):
        name = f"{product.sku}/{lot.number}"
        action = "recall drill" if command.drill else "recall lot"
        record(session, action, name, f"{recall.number}: {recall.reason}", actor=actor, at=at)
    return Started(recall.number, found, promised)


def settle_item(
    session: Session,
    number: str,
    position: int,
    outcome: RecallOutcome,
    *,
    actor: Actor,
    at: datetime,
    note: str = "",
    sent_by: int | None = None,
) -> Posted | None:
    """Say what became of the goods at one place, and post it for all that stands there now; a drill posts nothing.

    Goods go back by a return to their supplier, made before this is said: `sent_by` is the key of its posting.
    Raises NotFound, RecallState (closed, settled already, under way, still there), InsufficientStock.
    """
    actor.require_any(Permission.HOLD_LOTS, Permission.WRITE_OFF_STOCK)
    recall = recall_for_update(session, number)
    item = _unsettled(recall, position)
    posted = None
    if not recall.is_drill:
        posted = _post(session, recall, item, outcome, actor=actor, at=at, note=note)
        _notice(session, recall, _family(session, recall))
    item.outcome = outcome
    item.settled_at = at
    item.settled_by = actor.name
    item.note = text.prose(note, "note")
    item.posting_id = posted.id if posted else sent_by
    return posted


def found_goods(session: Session, number: str, position: int) -> FoundGoods:
    """What stands there now, its recall and its balances locked. Raises NotFound, RecallState (as settle_item)."""
    recall = recall_for_update(session, number)
    item = _unsettled(recall, position)
    place, there = _there(session, item)
    lot = session.get_one(Lot, item.lot_id)
    sku = session.get_one(Product, item.product_id).sku
    return FoundGoods(
        f"{sku}/{lot.number}",
        lot.id,
        place.code,
        there,
        f"{number}: {recall.reason}",
        recall.is_drill,
    )


def look_again(session: Session, number: str, *, actor: Actor, at: datetime) -> int:
    """List places where something of it stands that were not noticed before; how many."""
    actor.require_any(Permission.HOLD_LOTS, Permission.WRITE_OFF_STOCK)
    recall = recall_for_update(session, number)
    found = _notice(session, recall, freeze(session, _roots(session, recall)))
    record(session, "look again", number, f"{found} more", actor=actor, at=at)
    return found


def close_recall(session: Session, number: str, *, actor: Actor, at: datetime) -> None:
    """Everything is accounted for. The lots stay recalled. Raises RecallState before that."""
    actor.require(Permission.HOLD_LOTS)
    recall = recall_for_update(session, number)
    left = [one for one in recall.items if one.outcome is None]
    if left:
        raise RecallState(f"{len(left)} of {len(recall.items)} places are still to be dealt with.")
    if not recall.is_drill and _unnoticed(
        session, recall, freeze(session, _roots(session, recall))
    ):
        raise RecallState("Something of it has turned up elsewhere; look again first.")
    recall.closed_at = at
    recall.closed_by = actor.name
    record(session, "close recall", number, "all accounted for", actor=actor, at=at)


def recall_for_update(session: Session, number: str) -> Recall:
    """The recall with its lines, locked. Raises NotFound, RecallState (closed)."""
    recall = session.scalar(
        select(Recall)
        .where(Recall.number == number)
        .options(selectinload(Recall.items))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if recall is None:
        raise NotFound(f"There is no recall {number}.")
    if recall.closed_at is not None:
        raise RecallState(f"Recall {number} is closed.")
    return recall


def _unsettled(recall: Recall, position: int) -> RecallItem:
    item = next((one for one in recall.items if one.position == position), None)
    if item is None:
        raise NotFound(f"{recall.number} has no line {position}.")
    if item.outcome is not None:
        raise RecallState(f"{item.settled_by} dealt with that already.")
    return item


def _named(session: Session, command: StartRecall) -> tuple[Product, list[int]]:
    product = session.scalar(select(Product).where(Product.sku == command.product))
    if product is None:
        raise Invalid(f"There is no product {command.product}.", field="product")
    if not command.reason.strip():
        raise Invalid("Say why.", field="reason")
    wanted = set(command.lots)
    if not wanted:
        raise Invalid("Say which lots.", field="lots")
    found = session.execute(
        select(Lot.id, Lot.number, Lot.supplier_lot).where(
            Lot.product_id == product.id,
            or_(
                Lot.number.in_(wanted),
                Lot.supplier_lot.in_(wanted) & Lot.parent_id.is_(None),
            ),
        )
    ).all()
    missing = wanted - {row.number for row in found} - {row.supplier_lot for row in found}
    if missing:
        raise Invalid(f"{product.sku} has no lot {', '.join(sorted(missing))}.", field="lots")
    return product, sorted(row.id for row in found)


def _roots(session: Session, recall: Recall) -> Sequence[int]:
    return session.scalars(select(RecallLot.lot_id).where(RecallLot.recall_id == recall.id)).all()


def _family(session: Session, recall: Recall) -> list[int]:
    return family_of(session, _roots(session, recall))


def _notice(session: Session, recall: Recall, family: Sequence[int]) -> int:
    """Add a line for every place that has none yet."""
    new = _unnoticed(session, recall, family)
    first = len(recall.items) + 1
    recall.items += [
        RecallItem(
            position=position,
            product_id=recall.product_id,
            lot_id=lot_id,
            location_id=location_id,
            quantity=on_hand,
            note="",
        )
        for position, (lot_id, location_id, on_hand) in enumerate(new, start=first)
    ]
    session.flush()  # the next one looks for what is listed
    return len(new)


def _unnoticed(
    session: Session, recall: Recall, family: Sequence[int]
) -> list[tuple[int, int, int]]:
    """(lot, location, steps) that stand somewhere without a line to deal with.

    Quarantines are looked at when the recall starts; what comes there later was put there by it. A drill moves
    nothing, so what it listed once stays listed.
    """
    listed = {
        (one.lot_id, one.location_id)
        for one in recall.items
        if one.outcome is None or recall.is_drill
    }
    rows = session.execute(
        select(Balance.lot_id, Balance.location_id, Balance.on_hand, Location.kind)
        .join(Location, Location.id == Balance.location_id)
        .where(Balance.lot_id.in_(set(family)), Balance.on_hand > 0)
        .order_by(Location.kind.desc(), Location.name, Location.code, Balance.lot_id)
    )
    return [
        (lot_id, location_id, on_hand)
        for lot_id, location_id, on_hand, kind in rows
        if (lot_id, location_id) not in listed
        and not (kind is LocationKind.QUARANTINE and recall.items)
    ]


def _post(
    session: Session,
    recall: Recall,
    item: RecallItem,
    outcome: RecallOutcome,
    *,
    actor: Actor,
    at: datetime,
    note: str,
) -> Posted | None:
    """Move all of the lot that stands there now; nothing where somebody took it away meanwhile."""
    place, there = _there(session, item)
    if there and outcome is RecallOutcome.RETURNED:
        raise RecallState("It still stands there: it goes back by a return to its supplier.")
    if not there:
        return None
    destination = _destination(session, outcome, place)
    if destination.id == place.id:
        return None
    written_off = outcome in _WRITTEN_OFF
    move = ledger.Move(
        item.product_id, there, place, destination, session.get_one(Lot, item.lot_id), "item"
    )
    return ledger.post(
        session,
        Reason.WRITE_OFF if written_off else Reason.TRANSFER,
        [move],
        actor=actor,
        at=at,
        note=note or outcome.replace("_", " ").capitalize(),
        cause=Cause.RECALLED if written_off else None,
        document=recall.number,
    )


def _there(session: Session, item: RecallItem) -> tuple[Place, int]:
    """The place, and how much of the lot stands there now, locked; goods under way are refused."""
    place = places_by_id(session, {item.location_id})[item.location_id]
    ledger.hold_everywhere(session, [item.lot_id])
    there = session.scalar(
        select(Balance.on_hand).where(
            Balance.location_id == place.id, Balance.lot_id == item.lot_id
        )
    )
    if there and place.kind is LocationKind.IN_TRANSIT:
        raise RecallState("It is under way: take it in with its transfer, then look again.")
    return place, there or 0


def _destination(session: Session, outcome: RecallOutcome, place: Place) -> Place:
    if outcome is RecallOutcome.QUARANTINED:
        if place.kind is LocationKind.QUARANTINE:
            return place
        try:
            return place_of_kind(session, LocationKind.QUARANTINE, site=place.site)
        except NotFound as error:
            raise Conflict(
                f"{place.name}'s site has no quarantine; make one first.", field="outcome"
            ) from error
    return place_of_kind(session, LocationKind.ADJUSTMENT)
