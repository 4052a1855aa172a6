"""What is held or recalled is refused wherever it would be used, with all made from it, and may still be put aside."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from procurement.catalogue.terms import Kind
from procurement.kernel.actor import SYSTEM
from procurement.kernel.db import make_engine
from procurement.kernel.errors import Conflict, DomainError, Invalid
from procurement.kernel.paging import PageRequest
from procurement.kernel.unit_of_work import UnitOfWork
from procurement.stock import ledger
from procurement.stock.errors import InsufficientStock, LotNotUsable
from procurement.stock.models import Lot, Reservation, Transfer
from procurement.stock.operations.containers.decanting import Decant, Fill, decant
from procurement.stock.operations.containers.finishing import DiscardContainer, discard_container
from procurement.stock.operations.containers.opening import OpenContainer, open_container
from procurement.stock.operations.containers.using import use_dose
from procurement.stock.operations.holding import hold_lot, release_lot, say_what_labels_name
from procurement.stock.operations.posting import reverse_posting
from procurement.stock.operations.transfers import (
    DraftTransfer,
    TransferItem,
    complete_transfer,
    draft_transfer,
)
from procurement.stock.queries.lots import LotFilter, labels_to_look_at, lots
from procurement.stock.queries.places import places_by_code
from procurement.stock.queries.traces import family_of, line_of, where_they_are
from procurement.stock.queries.verification import verify
from procurement.stock.rules.labelling import is_sellable, label_state
from procurement.stock.terms import Cause, LabelState, LotState, LotStatus, Reason, TransferStatus
from tests.builders import a_product
from tests.stock.builders import MORNING, a_spa, ml, moved, opened, used
from tests.threads import at_once

LOT = "ALM-500/A1"
LATER = MORNING + timedelta(hours=1)


@pytest.fixture
def bottle(session):
    """Lot A1: 1,000 ml in ROOM-1, 200 ml in STORE, a bottle open, 50 ml decanted from it; the numbers of both."""
    a_spa(session)
    a_product(session)
    opened(session, 1000, lot="A1", into="ROOM-1")
    opened(session, 200, lot="A1", into="STORE")
    number = open_container(
        session, OpenContainer("ROOM-1", "ALM-500"), actor=SYSTEM, at=MORNING
    ).containers[0]
    daughter = decant(
        session, Decant(number, (Fill(1, ml(50)),)), actor=SYSTEM, at=MORNING
    ).containers[0]
    session.flush()
    return number, daughter


def _sold(session, lot=None):
    places = places_by_code(session, {"ROOM-1", "CUSTOMER"})
    batch = session.scalars(select(Lot).where(Lot.number == "A1")).one()
    move = ledger.Move(
        batch.product_id,
        1000,
        places["ROOM-1"],
        places["CUSTOMER"],
        batch if lot else None,
        "moves.0",
    )
    return ledger.post(session, Reason.TRANSFER, [move], actor=SYSTEM, at=LATER)


def _drafted(session, destination, lot=None):
    command = DraftTransfer("STORE", destination, (TransferItem("ALM-500", ml(10), lot),))
    return draft_transfer(session, command, actor=SYSTEM, at=LATER)


REFUSED = {
    "use by FEFO": lambda s, b: used(s, 1, "ROOM-1", at=LATER),
    "use named": lambda s, b: used(s, 1, "ROOM-1", lot="A1", at=LATER),
    "use the bottle": lambda s, b: use_dose(s, b[0], actor=SYSTEM, at=LATER),
    "use its daughter": lambda s, b: use_dose(s, b[1], actor=SYSTEM, at=LATER),
    "open": lambda s, b: open_container(
        s, OpenContainer("ROOM-1", "ALM-500"), actor=SYSTEM, at=LATER
    ),
    "open named": lambda s, b: open_container(
        s, OpenContainer("ROOM-1", "ALM-500", "A1"), actor=SYSTEM, at=LATER
    ),
    "decant": lambda s, b: decant(s, Decant(b[0], (Fill(1, ml(10)),)), actor=SYSTEM, at=LATER),
    "sell": lambda s, b: _sold(s),
    "sell named": lambda s, b: _sold(s, "A1"),
    "reserve": lambda s, b: _drafted(s, "ROOM-2"),
    "into a room by FEFO": lambda s, b: moved(s, 1, "STORE", "ROOM-2", at=LATER),
}
NOT_WHEN_HELD = {  # what is past its date may be carried to where it is thrown away
    "reserve named": lambda s, b: _drafted(s, "ROOM-2", "A1"),
    "into a room": lambda s, b: moved(s, 1, "STORE", "ROOM-2", lot="A1", at=LATER),
}
ALLOWED = {
    "write off": lambda s, b: moved(
        s, 1, "ROOM-1", "ADJUSTMENT", lot="A1", reason=Reason.WRITE_OFF, at=LATER
    ),
    "throw the bottle away": lambda s, b: discard_container(
        s, DiscardContainer(b[0], Cause.RECALLED), actor=SYSTEM, at=LATER
    ),
    "count more": lambda s, b: moved(
        s, 1, "ADJUSTMENT", "ROOM-1", lot="A1", reason=Reason.ADJUSTMENT, at=LATER
    ),
    "count less": lambda s, b: moved(
        s, 1, "ROOM-1", "ADJUSTMENT", lot="A1", reason=Reason.ADJUSTMENT, at=LATER
    ),
    "put into quarantine": lambda s, b: moved(s, 1, "ROOM-1", "QUARANTINE", lot="A1", at=LATER),
    "carry back": lambda s, b: moved(s, 1, "ROOM-1", "STORE", lot="A1", at=LATER),
    "transfer to quarantine": lambda s, b: complete_transfer(
        s, _drafted(s, "QUARANTINE", "A1").number, actor=SYSTEM, at=LATER
    ),
}
STATES = ("quarantine", "recalled", "expired")


def _become(session, state):
    if state == "expired":
        session.execute(update(Lot).values(use_by=date(2026, 11, 1)))
    else:
        hold_lot(session, LOT, "looks cloudy", actor=SYSTEM, at=LATER)
        if state == "recalled":
            session.execute(update(Lot).values(status=LotStatus.RECALLED))
    session.expire_all()


def _is_refused(action, session, bottle):
    try:
        action(session, bottle)
    except (LotNotUsable, InsufficientStock):
        return True
    return False


@pytest.mark.parametrize("state", STATES)
def test_what_each_state_refuses_and_allows(session, bottle, state):
    for lot in session.scalars(select(Lot)):
        lot.use_by = None
    _become(session, state)
    refused = REFUSED | (NOT_WHEN_HELD if state != "expired" else {})
    for name, action in refused.items():
        with session.begin_nested() as savepoint:
            assert _is_refused(action, session, bottle), name
            savepoint.rollback()
    for action in ALLOWED.values():
        with session.begin_nested() as savepoint:
            action(session, bottle)
            savepoint.rollback()
    assert verify(session) == []


def test_a_posting_made_before_the_hold_is_still_taken_back(session, bottle):
    ref = used(session, 10, "ROOM-1", lot="A1").ref
    hold_lot(session, LOT, "cloudy", actor=SYSTEM, at=LATER)
    reverse_posting(session, ref, "wrong room", actor=SYSTEM, at=LATER)
    assert verify(session) == []


def test_held_goods_give_up_their_draft_transfers_and_come_back_whole(session, bottle):
    opened(session, 30, lot="B1")
    only = _drafted(session, "ROOM-2")
    both = draft_transfer(
        session,
        DraftTransfer(
            "STORE",
            "ROOM-2",
            (TransferItem("ALM-500", ml(20), "A1"), TransferItem("ALM-500", ml(5), "B1")),
        ),
        actor=SYSTEM,
        at=MORNING,
    )
    promised = hold_lot(session, LOT, "cloudy", actor=SYSTEM, at=LATER)
    assert {(one.demand, one.steps, one.was_released) for one in promised} == {
        (only.number, 10_000, True),
        (both.number, 20_000, True),
    }
    session.flush()
    rows = session.scalars(select(Transfer).order_by(Transfer.id)).all()
    assert [row.status for row in rows] == [TransferStatus.CANCELLED, TransferStatus.DRAFT]
    assert session.scalars(
        select(Reservation.quantity).where(Reservation.released_at.is_(None))
    ).all() == [5_000]
    complete_transfer(session, both.number, actor=SYSTEM, at=LATER)
    assert verify(session) == []
    with pytest.raises(Conflict):
        hold_lot(session, LOT, "again", actor=SYSTEM, at=LATER)
    with pytest.raises(Conflict, match="A1"):
        release_lot(session, f"ALM-500/{bottle[0]}", "fine", actor=SYSTEM, at=LATER)
    release_lot(session, LOT, "the laboratory says fine", actor=SYSTEM, at=LATER)
    use_dose(session, bottle[1], actor=SYSTEM, at=LATER)
    with pytest.raises(Invalid) as caught:
        hold_lot(session, LOT, " ", actor=SYSTEM, at=LATER)
    assert caught.value.errors[0].field == "why"


def test_the_family_is_traced_both_ways(session, bottle):
    number, daughter = bottle
    batch = session.scalars(select(Lot).where(Lot.number == "A1")).one()
    family = family_of(session, [batch.id])
    assert {(row.lot, row.location) for row in where_they_are(session, family)} == {
        ("A1", "ROOM-1"),
        ("A1", "STORE"),
        (number, "ROOM-1"),
        (daughter, "ROOM-1"),
    }
    last = session.scalars(select(Lot).where(Lot.number == daughter)).one()
    assert [(step.number, step.how) for step in line_of(session, last.id)] == [
        (daughter, "decanted"),
        (number, "opened"),
        ("A1", "received"),
    ]


def test_lists_know_expired_and_labels(session, bottle):
    opened(session, 5, lot="OLD", expires_on=date(2026, 11, 1))
    hold_lot(session, LOT, "cloudy", actor=SYSTEM, at=LATER)

    def numbers(**wanted):
        page = lots(
            session, LotFilter(sealed=True, **wanted), on=MORNING.date(), paging=PageRequest(10)
        )
        return [(row.number, row.state.value) for row in page.items]

    assert numbers(state=LotState.EXPIRED) == [("OLD", "expired")]
    assert numbers(state=LotState.QUARANTINE) == [("A1", "quarantine")]
    assert numbers(state=LotState.AVAILABLE) == []
    session.execute(update(Lot).values(received_on=date(2026, 7, 30)))
    assert labels_to_look_at(session) == 2
    say_what_labels_name(session, [LOT], told=False, actor=SYSTEM, at=LATER)
    assert numbers(label=LabelState.OLD_LABEL) == [("A1", "quarantine")]
    assert labels_to_look_at(session) == 1
    told = session.scalars(select(Lot.names_allergens).where(Lot.parent_id.is_not(None))).all()
    assert told == [False, False]


@pytest.mark.parametrize(
    ("told", "received", "on", "sellable"),
    [
        (True, date(2025, 1, 1), date(2028, 8, 1), True),
        (False, date(2025, 1, 1), date(2028, 7, 31), True),
        (False, date(2025, 1, 1), date(2028, 8, 1), False),
        (None, date(2026, 7, 30), date(2028, 8, 1), False),
        (None, date(2026, 7, 31), date(2028, 8, 1), True),
        (None, None, date(2028, 8, 1), False),
    ],
)
def test_old_labels_are_sold_until_the_end_of_july_2028(told, received, on, sellable):
    assert is_sellable(Kind.OIL, told, received, on) is sellable
    assert is_sellable(Kind.TOOL, told, received, on)
    assert label_state(Kind.LINEN, told) is LabelState.OUTSIDE


def test_a_lot_held_while_others_take_from_it_gives_nothing_afterwards(fresh_database):
    engine = make_engine(fresh_database)
    work = UnitOfWork(engine)
    with work.write() as session:
        a_spa(session)
        a_product(session)
        opened(session, 100_000, lot="A1", into="ROOM-1")

    def step(number):
        done = []
        for turn in range(12):
            try:
                with work.write() as session:
                    if number == 0 and turn == 4:
                        hold_lot(session, LOT, "cloudy", actor=SYSTEM, at=LATER)
                    elif number == 1:
                        command = OpenContainer("ROOM-1", "ALM-500", quantity=ml(5))
                        done += open_container(session, command, actor=SYSTEM, at=LATER).containers
                    elif number:
                        used(session, 1, "ROOM-1", lot="A1" if number % 2 else None, at=LATER)
            except (LotNotUsable, InsufficientStock):
                pass
        return done

    at_once(5, step)
    with work.read() as session:
        statuses = set(session.scalars(select(Lot.status)))
        assert statuses == {LotStatus.QUARANTINE}
        assert verify(session) == []
    for lot in (None, "A1"):
        with pytest.raises(DomainError), work.write() as session:
            used(session, 1, "ROOM-1", lot=lot, at=LATER)
    engine.dispose()
