"""Goods that travel: asked for, picked, sent, arriving in part, each difference explained; two people at once."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from procurement.kernel.actor import Actor
from procurement.kernel.db import make_engine
from procurement.kernel.errors import Conflict, Forbidden, Invalid
from procurement.kernel.permissions import Permission
from procurement.kernel.quantity import Quantity
from procurement.kernel.unit_of_work import UnitOfWork
from procurement.planning.queries.needs import needs
from procurement.stock.errors import InsufficientStock, MoreThanSent, TransferState
from procurement.stock.models import Location, Posting, Transfer
from procurement.stock.operations.arrivals import (
    ArrivedLine,
    ArriveTransfer,
    Missing,
    arrive_transfer,
    send_transfer,
)
from procurement.stock.operations.containers.opening import OpenContainer, open_container
from procurement.stock.operations.containers.using import use_dose
from procurement.stock.operations.places import (
    CreateLocation,
    CreateSite,
    create_location,
    create_site,
)
from procurement.stock.operations.transfers import (
    DraftTransfer,
    TransferItem,
    cancel_transfer,
    complete_transfer,
    draft_transfer,
    pick_transfer,
    request_transfer,
)
from procurement.stock.queries.on_hand import available_at
from procurement.stock.queries.transfers import transfer_page
from procurement.stock.queries.verification import verify
from procurement.stock.terms import (
    TRANSFER_TRANSITIONS,
    Cause,
    Difference,
    LocationKind,
    TransferStatus,
)
from tests.builders import a_product
from tests.planning.builders import a_rule
from tests.stock.builders import MORNING, a_spa, ml, moved, opened
from tests.threads import at_once

MIRA = Actor(None, "Mira", frozenset(Permission))
NOTHING = ml(0)


def two_houses(session):
    """Kinsale has oil in two lots; Galway has a storeroom and nothing in it."""
    a_spa(session)
    create_site(session, CreateSite("GAL", "Galway", "Europe/Dublin"), actor=MIRA)
    command = CreateLocation("G-STORE", "Galway store", LocationKind.STOREROOM, "GAL")
    create_location(session, command, actor=MIRA)
    a_product(session)
    opened(session, 300, lot="LATE", expires_on=date(2028, 1, 1))
    opened(session, 200, lot="SOON", expires_on=date(2027, 1, 1))


@pytest.fixture
def houses(session):
    two_houses(session)
    return session


def drafted(session, amount=400, **more):
    item = TransferItem("ALM-500", ml(amount), more.pop("lot", None))
    command = DraftTransfer(more.pop("source", "STORE"), "G-STORE", (item,), **more)
    number = draft_transfer(session, command, actor=MIRA, at=MORNING).number
    session.flush()
    return number


def sent(session, amount=400, **more):
    number = drafted(session, amount, **more)
    send_transfer(session, number, actor=MIRA, at=MORNING)
    session.flush()
    return number


def arrive(session, number, *lines, key=None):
    command = ArriveTransfer(number, tuple(lines), idempotency_key=key)
    done = arrive_transfer(session, command, actor=MIRA, at=MORNING)
    session.flush()
    return done


def held(session):
    """Where how much is, in ml."""
    codes = dict(session.execute(select(Location.id, Location.code)).all())
    found = {}
    for (place, _), (on_hand, _) in available_at(session, at=MORNING).items():
        if on_hand:
            found[codes[place]] = on_hand // 1000
    return found


def page(session, number):
    session.flush()
    return transfer_page(session, number)


def test_what_is_sent_stands_in_transit_for_nobody_else_and_arrives(houses):
    number = sent(houses)
    assert held(houses) == {"STORE": 100, "GAL-TRANSIT": 400}
    with pytest.raises(InsufficientStock), houses.begin_nested():
        moved(houses, 1, "GAL-TRANSIT", "ROOM-1", lot="SOON")
    assert verify(houses) == []
    arrive(houses, number)
    assert held(houses) == {"STORE": 100, "G-STORE": 400}
    found = page(houses, number)
    assert found.head.status is TransferStatus.DONE
    assert [(item.lot, item.arrived.amount) for item in found.items] == [
        ("SOON", "200"),
        ("LATE", "200"),
    ]
    assert verify(houses) == []


def test_a_draft_says_why_these_lots(houses):
    why = [item.why for item in page(houses, drafted(houses)).items]
    assert why == [
        "the earliest date of 2; the next is 1 Jan 2028",
        "the earlier ones are not enough, or not to be used",
    ]


def test_it_arrives_in_part_and_each_difference_has_its_cause(houses):
    number = sent(houses)
    arrive(houses, number, ArrivedLine(1, ml(150)))
    assert page(houses, number).head.status is TransferStatus.PARTLY_ARRIVED
    assert held(houses) == {"STORE": 100, "GAL-TRANSIT": 250, "G-STORE": 150}
    assert verify(houses) == []
    arrive(
        houses,
        number,
        ArrivedLine(1, NOTHING, (Missing(Difference.LOST, ml(50)),)),
        ArrivedLine(
            2,
            ml(120),
            (Missing(Difference.DAMAGED, ml(30)), Missing(Difference.LEFT_BEHIND, ml(50))),
        ),
    )
    assert page(houses, number).head.status is TransferStatus.DONE
    assert held(houses) == {"STORE": 150, "G-STORE": 270}
    causes = houses.scalars(select(Posting.cause).where(Posting.cause.is_not(None))).all()
    assert set(causes) == {Cause.LOST, Cause.DAMAGED}
    assert verify(houses) == []


@pytest.mark.parametrize(
    ("lines", "error", "field"),
    [
        ((ArrivedLine(1, ml(201)),), MoreThanSent, "lines.0.arrived"),
        (
            (ArrivedLine(1, ml(200), (Missing(Difference.LOST, ml(1)),)),),
            MoreThanSent,
            "lines.0.arrived",
        ),
        ((ArrivedLine(3, ml(1)),), Invalid, "lines.0.position"),
        ((ArrivedLine(1, ml(1)), ArrivedLine(1, ml(1))), Invalid, "lines.1.position"),
        ((ArrivedLine(1, Quantity.parse("1", "g")),), Invalid, "lines.0.arrived"),
        ((ArrivedLine(1, NOTHING),), Invalid, "lines"),
    ],
)
def test_an_arrival_that_cannot_be_is_refused_at_its_field(houses, lines, error, field):
    number = sent(houses)
    with pytest.raises(error) as refused:
        arrive(houses, number, *lines)
    named = refused.value.errors[0].field if refused.value.errors else refused.value.field
    assert named == field


def test_every_step_out_of_turn_is_refused(houses):
    steps = {
        TransferStatus.IN_TRANSIT: send_transfer,
        TransferStatus.CANCELLED: cancel_transfer,
    }
    done, cancelled, under_way = drafted(houses, 10), drafted(houses, 10), sent(houses, 10)
    complete_transfer(houses, done, actor=MIRA, at=MORNING)
    cancel_transfer(houses, cancelled, actor=MIRA, at=MORNING)
    for number in (done, cancelled, under_way):
        status = page(houses, number).head.status
        for wanted, step in {**steps, TransferStatus.DONE: complete_transfer}.items():
            if wanted not in TRANSFER_TRANSITIONS[status] or step is complete_transfer:
                with pytest.raises(TransferState):
                    step(houses, number, actor=MIRA, at=MORNING)
    with pytest.raises(TransferState):
        arrive(houses, done)
    assert verify(houses) == []


def test_a_request_is_picked_as_far_as_the_shelf_goes(houses):
    item = TransferItem("ALM-500", ml(900))
    command = DraftTransfer("STORE", "G-STORE", (item,), note="For the weekend")
    therapist = Actor(None, "Kit", frozenset({Permission.USE_STOCK}))
    number = request_transfer(houses, command, actor=therapist, at=MORNING).number
    asked = page(houses, number)
    assert asked.head.status is TransferStatus.REQUESTED
    assert [wish.quantity.amount for wish in asked.wishes] == ["900"]
    with pytest.raises(Forbidden):
        pick_transfer(houses, number, actor=therapist, at=MORNING)
    pick_transfer(houses, number, actor=MIRA, at=MORNING)
    assert [item.quantity.amount for item in page(houses, number).items] == ["200", "300"]
    again = request_transfer(houses, command, actor=MIRA, at=MORNING).number
    with pytest.raises(InsufficientStock), houses.begin_nested():
        pick_transfer(houses, again, actor=MIRA, at=MORNING)


def test_an_opened_container_travels_whole(houses):
    bottle = open_container(
        houses, OpenContainer("STORE", "ALM-500", quantity=ml(200)), actor=MIRA, at=MORNING
    ).containers[0]
    with pytest.raises(Conflict, match="travels whole"):
        drafted(houses, 50, lot=bottle)
    number = sent(houses, 200, lot=bottle)
    with pytest.raises(InsufficientStock), houses.begin_nested():
        use_dose(houses, bottle, actor=MIRA, at=MORNING)
    arrive(houses, number, ArrivedLine(1, ml(150), (Missing(Difference.DAMAGED, ml(50)),)))
    assert held(houses) == {"STORE": 300, "G-STORE": 150}
    assert verify(houses) == []


@pytest.mark.parametrize("step", ["requested", "drafted", "sent", "partly"])
def test_what_is_on_its_way_is_not_needed_twice(houses, step):
    a_rule(houses, "G-STORE", 300, 200)
    assert [need.short.amount for need in needs(houses, at=MORNING).open] == ["300"]
    if step == "requested":
        command = DraftTransfer("STORE", "G-STORE", (TransferItem("ALM-500", ml(300)),))
        request_transfer(houses, command, actor=MIRA, at=MORNING)
    elif step == "drafted":
        drafted(houses, 300)
    else:
        number = sent(houses, 300)
        if step == "partly":
            arrive(houses, number, ArrivedLine(1, ml(100)))
    houses.flush()
    found = needs(houses, at=MORNING)
    assert (found.open, found.waiting) == ((), ())
    if step == "partly":  # what is lost is needed again
        lost = Missing(Difference.LOST, ml(100))
        arrive(houses, number, ArrivedLine(1, NOTHING, (lost,)), ArrivedLine(2, ml(100)))
        a_rule(houses, "G-STORE", 300, 250)
        assert [need.short.amount for need in needs(houses, at=MORNING).open] == ["100"]


@pytest.fixture
def work(fresh_database):
    engine = make_engine(fresh_database)
    unit_of_work = UnitOfWork(engine)
    with unit_of_work.write() as session:
        two_houses(session)
    yield unit_of_work
    engine.dispose()


def test_two_people_take_in_the_same_transfer_once(work):
    with work.write() as session:
        number = sent(session)

    def receive(n):
        try:
            with work.write() as session:
                half = (ArrivedLine(1, ml(150)),) if n % 2 else ()
                arrive(session, number, *half, key=f"phone-{n}")
        except (MoreThanSent, TransferState) as error:
            return error
        return None

    heard = at_once(6, receive)
    assert any(error is None for error in heard)
    with work.read() as session:
        assert held(session)["G-STORE"] <= 400
        assert verify(session) == []
        transfer = session.scalars(select(Transfer)).one()
        assert transfer.done_at is not None


def test_the_same_key_takes_in_once(work):
    with work.write() as session:
        number = sent(session)
    for expected in (None, Conflict):
        try:
            with work.write() as session:
                arrive(session, number, ArrivedLine(1, ml(10)), key="tap:1")
            assert expected is None
        except Conflict:
            assert expected is Conflict
    with work.read() as session:
        assert held(session)["G-STORE"] == 10


def test_sending_and_cancelling_at_once_do_one_of_both(work):
    with work.write() as session:
        number = drafted(session)

    def step(n):
        try:
            with work.write() as session:
                (send_transfer if n % 2 else cancel_transfer)(
                    session, number, actor=MIRA, at=MORNING + timedelta(minutes=1)
                )
        except TransferState as error:
            return error
        return None

    assert sum(1 for error in at_once(4, step) if error is None) == 1
    with work.read() as session:
        assert verify(session) == []
