"""A recall finds every place, deals with each once and closes at 100 %; a drill moves nothing."""

from datetime import timedelta

import pypdfium2
import pytest
from sqlalchemy import select

from procurement.documents.recall import render_recall
from procurement.kernel.actor import SYSTEM
from procurement.kernel.db import make_engine
from procurement.kernel.errors import Conflict, Invalid
from procurement.kernel.paging import PageRequest
from procurement.kernel.unit_of_work import UnitOfWork
from procurement.stock.errors import LotNotUsable, RecallState
from procurement.stock.models import Lot
from procurement.stock.operations.arrivals import send_transfer
from procurement.stock.operations.containers.decanting import Decant, Fill, decant
from procurement.stock.operations.containers.opening import OpenContainer, open_container
from procurement.stock.operations.containers.using import use_dose
from procurement.stock.operations.holding import release_lot
from procurement.stock.operations.places import (
    CreateLocation,
    CreateSite,
    create_location,
    create_site,
)
from procurement.stock.operations.recalls import (
    StartRecall,
    close_recall,
    look_again,
    settle_item,
    start_recall,
)
from procurement.stock.operations.transfers import DraftTransfer, TransferItem, draft_transfer
from procurement.stock.queries.on_hand import StockFilter, stock
from procurement.stock.queries.recall_papers import recall_content
from procurement.stock.queries.recalls import recall_page, recalls
from procurement.stock.queries.verification import verify
from procurement.stock.terms import LocationKind, LotStatus, RecallOutcome
from tests.builders import a_company, a_product
from tests.queries import assert_queries
from tests.stock.builders import MORNING, a_spa, ml, moved, opened, used
from tests.threads import at_once

LATER = MORNING + timedelta(hours=1)
RECALL = StartRecall("ALM-500", ("A1",), "glass in a bottle")


@pytest.fixture
def scene(session):
    """Lot A1 in the storeroom and two rooms, a bottle open, one filled from it, some used; B1 has no part in it."""
    a_company(session)
    a_spa(session)
    a_product(session, name="Almond oil")
    opened(session, 3000, lot="A1")
    opened(session, 100, lot="B1")
    moved(session, 1000, "STORE", "ROOM-1", lot="A1")
    moved(session, 500, "STORE", "ROOM-2", lot="A1")
    bottle = open_container(
        session, OpenContainer("ROOM-1", "ALM-500"), actor=SYSTEM, at=MORNING
    ).containers[0]
    daughter = decant(
        session, Decant(bottle, (Fill(1, ml(100)),), to="ROOM-2"), actor=SYSTEM, at=MORNING
    ).containers[0]
    use_dose(session, daughter, actor=SYSTEM, at=MORNING)
    session.flush()
    return bottle, daughter


def _on_hand(session):
    rows = stock(session, StockFilter(), at=LATER, paging=PageRequest(100)).items
    return {(row.lot, row.location): row.on_hand.steps for row in rows if row.on_hand.steps}


def _settle(session, number, position, outcome=RecallOutcome.QUARANTINED):
    return settle_item(session, number, position, outcome, actor=SYSTEM, at=LATER)


def test_a_recall_from_start_to_close(session, scene):
    bottle, daughter = scene
    number = start_recall(session, RECALL, actor=SYSTEM, at=LATER).number
    page = recall_page(session, number)
    assert {(item.lot, item.location) for item in page.items} == {
        ("A1", "STORE"),
        ("A1", "ROOM-1"),
        ("A1", "ROOM-2"),
        (bottle, "ROOM-1"),
        (daughter, "ROOM-2"),
    }
    assert (page.head.percent, page.head.places) == (0, 5)
    assert [one.lot for one in page.treatments] == [daughter]
    session.expire_all()
    assert {lot.number: lot.status for lot in session.scalars(select(Lot))} == {
        "A1": LotStatus.RECALLED,
        "B1": LotStatus.AVAILABLE,
        bottle: LotStatus.RECALLED,
        daughter: LotStatus.RECALLED,
    }
    with pytest.raises(LotNotUsable):
        use_dose(session, bottle, actor=SYSTEM, at=LATER)
    at = {(item.lot, item.location): item.position for item in page.items}
    # Somebody carries the goods of ROOM-2 to the storeroom before its line is dealt with.
    moved(session, 500, "ROOM-2", "STORE", lot="A1", at=LATER)
    _settle(session, number, at["A1", "ROOM-1"])
    _settle(session, number, at["A1", "ROOM-2"])
    _settle(session, number, at[bottle, "ROOM-1"], RecallOutcome.NOT_FOUND)
    _settle(session, number, at[daughter, "ROOM-2"], RecallOutcome.DESTROYED)
    with pytest.raises(RecallState):
        close_recall(session, number, actor=SYSTEM, at=LATER)
    with pytest.raises(RecallState):
        _settle(session, number, at["A1", "ROOM-1"])
    with pytest.raises(RecallState, match="return to its supplier"):
        _settle(session, number, at["A1", "STORE"], RecallOutcome.RETURNED)
    _settle(session, number, at["A1", "STORE"], RecallOutcome.DESTROYED)
    assert _on_hand(session) == {("A1", "QUARANTINE"): 500_000, ("B1", "STORE"): 100_000}
    opened(session, 10, lot="A1", into="ROOM-2", at=LATER)
    with pytest.raises(RecallState, match="look again"):
        close_recall(session, number, actor=SYSTEM, at=LATER)
    assert look_again(session, number, actor=SYSTEM, at=LATER) == 1
    with pytest.raises(Conflict):
        release_lot(session, "ALM-500/A1", "fine", actor=SYSTEM, at=LATER)
    _settle(session, number, 6)
    head = recall_page(session, number).head
    assert (head.percent, head.took) == (100, timedelta())
    close_recall(session, number, actor=SYSTEM, at=LATER)
    release_lot(session, "ALM-500/A1", "the laboratory says fine", actor=SYSTEM, at=LATER)
    assert verify(session) == []


def test_a_drill_holds_and_moves_nothing_and_is_timed(session, scene):
    before = _on_hand(session)
    drill = StartRecall("ALM-500", ("A1",), "practice", drill=True)
    number = start_recall(session, drill, actor=SYSTEM, at=LATER).number
    used(session, 10, "ROOM-1", lot="A1", at=LATER)
    for item in recall_page(session, number).items:
        at = LATER + timedelta(minutes=item.position)
        posted = settle_item(
            session, number, item.position, RecallOutcome.QUARANTINED, actor=SYSTEM, at=at
        )
        assert posted is None
    page = recall_page(session, number)
    assert page.head.took == timedelta(minutes=5)
    close_recall(session, number, actor=SYSTEM, at=LATER + timedelta(hours=1))
    before["A1", "ROOM-1"] -= 10_000
    assert _on_hand(session) == before
    assert [row.is_drill for row in recalls(session, PageRequest(5)).items] == [True]


def test_goods_under_way_are_taken_in_first(session, scene):
    create_site(session, CreateSite("GAL", "Galway", "Europe/Dublin"), actor=SYSTEM)
    for code, kind in (("FAR", LocationKind.STOREROOM), ("VAN", LocationKind.IN_TRANSIT)):
        create_location(session, CreateLocation(code, code, kind, "GAL"), actor=SYSTEM)
    command = DraftTransfer("STORE", "FAR", (TransferItem("ALM-500", ml(50), "A1"),))
    transfer = draft_transfer(session, command, actor=SYSTEM, at=MORNING)
    session.flush()
    send_transfer(session, transfer.number, actor=SYSTEM, at=MORNING)
    started = start_recall(session, RECALL, actor=SYSTEM, at=LATER)
    assert [(one.demand, one.was_released) for one in started.promised] == [
        (transfer.number, False)
    ]
    page = recall_page(session, started.number)
    (under_way,) = [item for item in page.items if item.kind is LocationKind.IN_TRANSIT]
    with pytest.raises(RecallState, match="under way"):
        _settle(session, started.number, under_way.position)


@pytest.mark.parametrize(
    ("command", "field"),
    [
        (StartRecall("NONE", ("A1",), "x"), "product"),
        (StartRecall("ALM-500", ("A1", "Z9"), "x"), "lots"),
        (StartRecall("ALM-500", (), "x"), "lots"),
        (StartRecall("ALM-500", ("A1",), " "), "reason"),
    ],
)
def test_what_is_missing_is_named(session, scene, command, field):
    with pytest.raises(Invalid) as caught:
        start_recall(session, command, actor=SYSTEM, at=LATER)
    assert [error.field for error in caught.value.errors] == [field]


def test_its_page_asks_a_fixed_number_of_statements(session, engine, scene):
    number = start_recall(session, RECALL, actor=SYSTEM, at=LATER).number
    session.flush()
    with assert_queries(engine, 6):
        recall_page(session, number)


def test_its_paper_names_every_place_and_is_the_same_again(session, scene):
    number = start_recall(session, RECALL, actor=SYSTEM, at=LATER).number
    _settle(session, number, 1, RecallOutcome.DESTROYED)
    content = recall_content(session, number)
    pdf = render_recall(content)
    assert pdf == render_recall(content)
    pages = pypdfium2.PdfDocument(pdf)
    text = "".join(page.get_textpage().get_text_range() for page in pages)
    for said in (number, "Almond oil", "1 of 5 places, 20 %", "destroyed", "still to be found"):
        assert said in text
    assert all(lot in text for lot in ("A1", *scene))


def test_two_people_deal_with_a_place_once_while_others_move_the_goods(fresh_database):
    engine = make_engine(fresh_database)
    work = UnitOfWork(engine)
    with work.write() as session:
        a_company(session)
        a_spa(session)
        a_product(session)
        opened(session, 100, lot="A1", into="ROOM-1")
        opened(session, 100, lot="A1", into="STORE")
        number = start_recall(session, RECALL, actor=SYSTEM, at=LATER).number

    def settle(who):
        done = 0
        for position in (1, 2):
            try:
                with work.write() as session:
                    if who == 0:
                        moved(session, 5, "ROOM-1", "STORE", lot="A1", at=LATER)
                    else:
                        _settle(session, number, position)
                        done += 1
            except Conflict:
                pass
        return done

    assert sum(at_once(4, settle)) == 2
    with work.write() as session:
        look_again(session, number, actor=SYSTEM, at=LATER)
    with work.write() as session:
        for item in recall_page(session, number).to_do:
            _settle(session, number, item.position)
        close_recall(session, number, actor=SYSTEM, at=LATER)
        assert _on_hand(session) == {("A1", "QUARANTINE"): 200_000}
        assert verify(session) == []
    engine.dispose()
