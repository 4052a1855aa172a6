"""Opened containers: their clock, what is left in them, how they end, and how each step is taken back."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from procurement.catalogue.models import Pack, Product
from procurement.kernel.actor import SYSTEM, Actor
from procurement.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from procurement.kernel.paging import PageRequest
from procurement.kernel.permissions import Permission
from procurement.stock.errors import (
    BelongsToDocument,
    ContainerElsewhere,
    ContainerFinished,
    InsufficientStock,
    LotNotUsable,
)
from procurement.stock.models import Lot, Posting
from procurement.stock.operations.containers.decanting import Decant, Fill, decant
from procurement.stock.operations.containers.finishing import (
    DiscardContainer,
    FinishContainer,
    discard_container,
    finish_and_open_next,
    finish_container,
)
from procurement.stock.operations.containers.moving import MoveContainer, move_container
from procurement.stock.operations.containers.opening import (
    OpenContainer,
    correct_opening_day,
    open_container,
)
from procurement.stock.operations.containers.undoing import take_back
from procurement.stock.operations.containers.using import ReadContainer, read_container, use_dose
from procurement.stock.operations.posting import reverse_posting
from procurement.stock.operations.transfers import DraftTransfer, TransferItem, draft_transfer
from procurement.stock.queries.on_hand import StockFilter, stock
from procurement.stock.queries.verification import verify
from procurement.stock.rules.amounts import Reading
from procurement.stock.terms import Cause, LotStatus, Reason, Rest, Told
from tests.builders import a_product
from tests.stock.builders import MORNING, a_spa, ml, moved, opened, used

EXPIRY = date(2028, 3, 31)


@pytest.fixture
def spa(session):
    """Three bottles of almond oil, good for six months once opened, in ROOM-1; one gallon in STORE."""
    a_spa(session)
    oil = a_product(session, packs={"BOT": "500", "GAL": "3785.412", "SMALL": "250"})
    oil.period_after_opening_months = 6
    oil.dose = 25_000
    opened(session, 1500, into="ROOM-1", lot="A1", expires_on=EXPIRY)
    opened(session, "3785.412", into="STORE", lot="G1", expires_on=EXPIRY)
    return session


def an_open_bottle(session, room="ROOM-1", *, at=MORNING, **more):
    done = open_container(session, OpenContainer(room, "ALM-500", **more), actor=SYSTEM, at=at)
    return done.containers[0]


def a_gallon(session):
    return an_open_bottle(session, "STORE", pack="GAL")


def the_lot(session, number):
    return session.scalar(select(Lot).where(Lot.number == number))


def there(session):
    rows = stock(session, StockFilter(), at=MORNING, paging=PageRequest(200)).items
    return {(row.location, row.lot): row.on_hand.amount for row in rows}


def read(session, number, told, figure, *, at=MORNING, **more):
    command = ReadContainer(number, Reading(told, figure), **more)
    return read_container(session, command, actor=SYSTEM, at=at)


def a_therapist(*without):
    may = {Permission.USE_STOCK, Permission.COUNT_STOCK, Permission.WRITE_OFF_STOCK}
    return Actor(None, "Mira", frozenset(may - set(without)))


def test_opening_takes_one_bottle_out_of_its_lot_and_starts_its_clock(spa):
    number = an_open_bottle(spa)
    lot = the_lot(spa, number)
    assert number == "B-2026-0001"
    assert there(spa)["ROOM-1", "A1"] == "1000"
    assert there(spa)["ROOM-1", number] == "500"
    assert lot.use_by == date(2027, 5, 23)
    assert (lot.expires_on, lot.supplier_lot, lot.filled) == (EXPIRY, None, 500_000)
    assert verify(spa) == []


def test_a_bottle_near_its_expiry_keeps_it(spa):
    opened(spa, 500, into="ROOM-2", lot="OLD", expires_on=date(2027, 1, 15))
    assert the_lot(spa, an_open_bottle(spa, "ROOM-2")).use_by == date(2027, 1, 15)


def test_the_bottle_opened_is_the_one_to_be_used_first(spa):
    opened(spa, 500, into="ROOM-1", lot="SOON", expires_on=date(2027, 2, 1))
    assert the_lot(spa, an_open_bottle(spa)).expires_on == date(2027, 2, 1)
    assert the_lot(spa, an_open_bottle(spa, lot="A1")).expires_on == EXPIRY


def test_several_bottles_of_one_lot_stand_open_in_several_rooms(spa):
    moved(spa, 500, "ROOM-1", "ROOM-2", lot="A1")
    numbers = {an_open_bottle(spa), an_open_bottle(spa), an_open_bottle(spa, "ROOM-2")}
    assert len(numbers) == 3
    assert sum(1 for place, lot in there(spa) if lot in numbers and place == "ROOM-1") == 2


def test_a_bottle_opened_last_week_is_entered_today(spa):
    spa.execute(update(Lot).values(received_on=date(2026, 11, 10)))
    number = an_open_bottle(spa, opened_on=date(2026, 11, 16))
    assert the_lot(spa, number).use_by == date(2027, 5, 16)


@pytest.mark.parametrize(
    ("day", "words"),
    [(date(2026, 11, 24), "still to come"), (date(2026, 11, 22), "came on 2026-11-23")],
)
def test_a_day_to_come_or_before_it_came_is_refused(spa, day, words):
    with pytest.raises(Invalid, match=words):
        an_open_bottle(spa, opened_on=day)


def test_the_true_opening_day_makes_a_date_earlier_and_never_later(spa):
    number = an_open_bottle(spa)
    spa.execute(update(Lot).values(received_on=date(2026, 11, 1)))
    day = correct_opening_day(spa, number, date(2026, 11, 9), actor=SYSTEM, at=MORNING)
    assert day == date(2027, 5, 9)
    with pytest.raises(Invalid, match="only becomes earlier"):
        correct_opening_day(spa, number, date(2026, 11, 20), actor=SYSTEM, at=MORNING)
    for wrong in (date(2026, 11, 24), date(2026, 10, 31)):
        with pytest.raises(Invalid):
            correct_opening_day(spa, number, wrong, actor=SYSTEM, at=MORNING)
    assert verify(spa) == []


def test_an_opening_day_reaches_the_bottles_filled_from_it(spa):
    gallon = a_gallon(spa)
    bottle = decant(spa, Decant(gallon, (Fill(1, ml(500)),)), actor=SYSTEM, at=MORNING).containers[
        0
    ]
    spa.execute(update(Lot).values(received_on=date(2026, 11, 1)))
    correct_opening_day(spa, gallon, date(2026, 11, 9), actor=SYSTEM, at=MORNING)
    assert the_lot(spa, bottle).use_by == date(2027, 5, 9)
    with pytest.raises(Conflict, match="filled from another"):
        correct_opening_day(spa, bottle, date(2026, 11, 8), actor=SYSTEM, at=MORNING)


def test_what_cannot_be_opened_is_refused(spa):
    with pytest.raises(InsufficientStock):
        an_open_bottle(spa, "ROOM-2")
    with pytest.raises(Conflict, match="open already"):
        an_open_bottle(spa, lot=an_open_bottle(spa))
    with pytest.raises(Invalid, match="no pack CASE"):
        an_open_bottle(spa, pack="CASE")
    used(spa, 1000, "ROOM-1", lot="A1")
    with pytest.raises(InsufficientStock):
        an_open_bottle(spa)
    spa.execute(update(Lot).where(Lot.number == "G1").values(status=LotStatus.QUARANTINE))
    with pytest.raises(LotNotUsable):
        an_open_bottle(spa, "STORE", lot="G1")


def test_the_last_of_a_lot_may_be_less_than_a_bottle(spa):
    used(spa, 1300, "ROOM-1")
    assert the_lot(spa, an_open_bottle(spa)).filled == 200_000


@pytest.mark.parametrize(
    ("told", "figure", "left"),
    [
        (Told.DOSES, 2, "450"),
        (Told.USED, 30_000, "470"),
        (Told.LEFT, 380_000, "380"),
        (Told.EYE, 3, "375"),
    ],
)
def test_a_reading_posts_the_difference_as_used(spa, told, figure, left):
    number = an_open_bottle(spa)
    posted = read(spa, number, told, figure).postings[0]
    assert posted.reason is Reason.CONSUMPTION
    assert there(spa)["ROOM-1", number] == left


def test_a_bottle_is_weighed(spa):
    spa.execute(update(Product).values(density=920))
    spa.execute(update(Pack).where(Pack.code == "BOT").values(tare=45_000))
    number = an_open_bottle(spa)
    read(spa, number, Told.SCALE, 321_000)
    assert there(spa)["ROOM-1", number] == "300"


def test_more_than_the_book_says_is_a_correction_and_so_is_less_with_a_reason(spa):
    number = an_open_bottle(spa)
    read(spa, number, Told.LEFT, 200_000)
    up = read(spa, number, Told.EYE, 2).postings[0]
    down = read(spa, number, Told.LEFT, 240_000, correction="Spilled, I think").postings[0]
    assert up.reason is down.reason is Reason.ADJUSTMENT
    assert there(spa)["ROOM-1", number] == "240"
    assert read(spa, number, Told.LEFT, 240_000).postings == ()
    assert verify(spa) == []


def test_the_last_drop_finishes_a_bottle(spa):
    number = an_open_bottle(spa)
    read(spa, number, Told.LEFT, 10_000)
    use_dose(spa, number, actor=SYSTEM, at=MORNING)
    assert the_lot(spa, number).finished_at == MORNING
    with pytest.raises(ContainerFinished, match="empty already; Stillroom finished it"):
        use_dose(spa, number, actor=SYSTEM, at=MORNING)


def test_what_is_open_is_used_before_what_is_sealed(spa):
    spa.execute(update(Product).values(period_after_opening_months=None))
    number = an_open_bottle(spa)
    used(spa, 30, "ROOM-1")
    assert there(spa) == {
        ("ROOM-1", "A1"): "1000",
        ("ROOM-1", number): "470",
        ("STORE", "G1"): "3785.412",
    }


def test_finishing_says_what_became_of_the_rest(spa):
    one, two = an_open_bottle(spa), an_open_bottle(spa)
    used_up = finish_container(spa, FinishContainer(one), actor=SYSTEM, at=MORNING)
    thrown = finish_container(spa, FinishContainer(two, Rest.THROWN_AWAY), actor=SYSTEM, at=MORNING)
    assert used_up.postings[0].reason is Reason.CONSUMPTION
    posting = spa.scalar(select(Posting).where(Posting.ref == thrown.postings[0].ref))
    assert (posting.reason, posting.cause) == (Reason.WRITE_OFF, Cause.LEFTOVER)
    assert there(spa) == {("ROOM-1", "A1"): "500", ("STORE", "G1"): "3785.412"}


def test_finish_and_open_next_is_one_step_and_is_taken_back_as_one(spa):
    first = an_open_bottle(spa)
    read(spa, first, Told.LEFT, 40_000)
    done = finish_and_open_next(spa, FinishContainer(first), actor=SYSTEM, at=MORNING)
    assert done.containers == (first, "B-2026-0002")
    assert there(spa)["ROOM-1", "B-2026-0002"] == "500"
    assert ("ROOM-1", first) not in there(spa)
    take_back(spa, [posted.ref for posted in done.postings], actor=SYSTEM, at=MORNING)
    assert there(spa)["ROOM-1", first] == "40"
    assert ("ROOM-1", "B-2026-0002") not in there(spa)
    assert the_lot(spa, first).finished_at is None
    assert verify(spa) == []


def test_without_a_next_bottle_nothing_is_finished_either(spa):
    number = an_open_bottle(spa)
    used(spa, 1000, "ROOM-1", lot="A1")
    with pytest.raises(InsufficientStock), spa.begin_nested():
        finish_and_open_next(spa, FinishContainer(number), actor=SYSTEM, at=MORNING)
    assert there(spa)["ROOM-1", number] == "500"
    assert verify(spa) == []


def test_past_its_use_by_a_bottle_is_corrected_moved_and_thrown_away_but_not_used(spa):
    number = an_open_bottle(spa)
    late = MORNING + timedelta(days=200)
    for step in (
        lambda: use_dose(spa, number, actor=SYSTEM, at=late),
        lambda: read(spa, number, Told.EYE, 1, at=late),
        lambda: finish_container(spa, FinishContainer(number), actor=SYSTEM, at=late),
        lambda: decant(spa, Decant(number, (Fill(1, ml(1)),)), actor=SYSTEM, at=late),
    ):
        with pytest.raises(LotNotUsable, match="was to be used by 2027-05-23"):
            step()
    read(spa, number, Told.LEFT, 100_000, correction="Counted", at=late)
    move_container(spa, MoveContainer(number, "QUARANTINE"), actor=SYSTEM, at=late)
    gone = DiscardContainer(number, Cause.PAST_DATE)
    discard_container(spa, gone, actor=SYSTEM, at=late)
    assert the_lot(spa, number).finished_at == late
    assert verify(spa) == []


def test_a_bottle_is_moved_whole_or_not_at_all(spa):
    number = an_open_bottle(spa)
    with pytest.raises(ContainerElsewhere), spa.begin_nested():
        moved(spa, 100, "ROOM-1", "ROOM-2", lot=number)
    move_container(spa, MoveContainer(number, "ROOM-2"), actor=SYSTEM, at=MORNING)
    assert there(spa)["ROOM-2", number] == "500"
    with pytest.raises(Invalid, match="already"):
        move_container(spa, MoveContainer(number, "ROOM-2"), actor=SYSTEM, at=MORNING)


def test_a_transfer_promises_only_what_is_sealed(spa):
    used(spa, 1000, "ROOM-1")
    an_open_bottle(spa)
    command = DraftTransfer("ROOM-1", "ROOM-2", (TransferItem("ALM-500", ml(10)),))
    with pytest.raises(InsufficientStock):
        draft_transfer(spa, command, actor=SYSTEM, at=MORNING)


def test_a_gallon_fills_bottles_that_keep_its_label_and_its_clock(spa):
    spa.execute(update(Lot).where(Lot.number == "G1").values(supplier_lot="SUP-9"))
    gallon = a_gallon(spa)
    later = MORNING + timedelta(days=30)
    command = Decant(gallon, (Fill(3, ml(500), "BOT"), Fill(2, ml(250), "SMALL")), to="ROOM-2")
    done = decant(spa, command, actor=SYSTEM, at=later)
    bottles = [the_lot(spa, number) for number in done.containers]
    mother = the_lot(spa, gallon)
    assert [bottle.filled for bottle in bottles] == [500_000] * 3 + [250_000] * 2
    for bottle in bottles:
        assert bottle.parent_id == mother.id
        assert bottle.supplier_lot == "SUP-9"
        assert (bottle.expires_on, bottle.use_by) == (mother.expires_on, mother.use_by)
        assert (bottle.opened_at, bottle.decanted_at) == (mother.opened_at, later)
    assert there(spa)["STORE", gallon] == "1785.412"
    assert verify(spa) == []


def test_a_decanted_bottle_may_be_dated_earlier_but_not_later(spa):
    gallon = a_gallon(spa)
    early, late = date(2027, 1, 31), date(2030, 1, 1)
    numbers = [
        decant(
            spa, Decant(gallon, (Fill(1, ml(100)),), expires_on=day), actor=SYSTEM, at=MORNING
        ).containers[0]
        for day in (early, late)
    ]
    assert [the_lot(spa, number).use_by for number in numbers] == [early, date(2027, 5, 23)]
    assert [the_lot(spa, number).expires_on for number in numbers] == [early, EXPIRY]


def test_what_sticks_to_the_funnel_is_written_off_and_the_empty_gallon_finished(spa):
    gallon = a_gallon(spa)
    spilled = Decant(gallon, (Fill(3, ml(500)),), loss=ml(12), cause=Cause.DAMAGED)
    decant(spa, spilled, actor=SYSTEM, at=MORNING)
    assert there(spa)["STORE", gallon] == "2273.412"
    last = Decant(gallon, (Fill(4, ml(500)),), finish=True)
    done = decant(spa, last, actor=SYSTEM, at=MORNING)
    assert [posted.reason for posted in done.postings] == [Reason.DECANT, Reason.WRITE_OFF]
    assert the_lot(spa, gallon).finished_at == MORNING
    assert verify(spa) == []
    take_back(spa, [posted.ref for posted in done.postings], actor=SYSTEM, at=MORNING)
    assert there(spa)["STORE", gallon] == "2273.412"
    assert all(the_lot(spa, number).finished_at for number in done.containers)
    assert verify(spa) == []


def test_more_cannot_be_poured_than_is_there(spa):
    gallon = a_gallon(spa)
    for fills in (
        (Fill(8, ml(500)),),
        (),
        (Fill(0, ml(1)),),
        (Fill(1, ml(1), "NOPE"),),
        (Fill(201, ml(1)),),
    ):
        with pytest.raises((InsufficientStock, Invalid)):
            decant(spa, Decant(gallon, fills), actor=SYSTEM, at=MORNING)


def test_an_opening_is_taken_back_while_nothing_was_used(spa):
    done = open_container(spa, OpenContainer("ROOM-1", "ALM-500"), actor=SYSTEM, at=MORNING)
    (number,), (posted,) = done.containers, done.postings
    use = use_dose(spa, number, actor=SYSTEM, at=MORNING).postings[0]
    with pytest.raises(Conflict, match="used since"):
        take_back(spa, [posted.ref], actor=SYSTEM, at=MORNING)
    take_back(spa, [use.ref], actor=SYSTEM, at=MORNING)
    take_back(spa, [posted.ref], actor=SYSTEM, at=MORNING)
    assert there(spa)["ROOM-1", "A1"] == "1500"
    assert the_lot(spa, number).finished_at == MORNING
    assert verify(spa) == []
    with pytest.raises(BelongsToDocument):
        reverse_posting(spa, use.ref, "wrong", actor=SYSTEM, at=MORNING)


def test_a_use_is_not_put_back_into_a_bottle_that_was_carried_away(spa):
    number = an_open_bottle(spa)
    use = use_dose(spa, number, actor=SYSTEM, at=MORNING).postings[0]
    move_container(spa, MoveContainer(number, "ROOM-2"), actor=SYSTEM, at=MORNING)
    with pytest.raises(ContainerElsewhere), spa.begin_nested():
        take_back(spa, [use.ref], actor=SYSTEM, at=MORNING)
    assert verify(spa) == []


def test_what_is_no_step_of_a_container_is_not_found(spa):
    ref = used(spa, 1, "ROOM-1").ref
    for unknown in (ref, "nothing"):
        with pytest.raises(NotFound):
            take_back(spa, [unknown], actor=SYSTEM, at=MORNING)
    with pytest.raises(NotFound):
        use_dose(spa, "A1", actor=SYSTEM, at=MORNING)


def test_each_operation_asks_its_permission(spa):
    number = an_open_bottle(spa)
    ref = use_dose(spa, number, actor=SYSTEM, at=MORNING).postings[0].ref
    nobody = Actor(None, "Nobody")
    user = Actor(None, "Mira", frozenset({Permission.USE_STOCK}))
    refused = [
        lambda: open_container(spa, OpenContainer("ROOM-1", "ALM-500"), actor=nobody, at=MORNING),
        lambda: correct_opening_day(spa, number, date(2026, 11, 23), actor=nobody, at=MORNING),
        lambda: use_dose(spa, number, actor=nobody, at=MORNING),
        lambda: finish_container(spa, FinishContainer(number), actor=nobody, at=MORNING),
        lambda: finish_and_open_next(spa, FinishContainer(number), actor=nobody, at=MORNING),
        lambda: decant(spa, Decant(number, (Fill(1, ml(1)),)), actor=nobody, at=MORNING),
        lambda: decant(spa, Decant(number, (Fill(1, ml(1)),), loss=ml(1)), actor=user, at=MORNING),
        lambda: finish_container(
            spa, FinishContainer(number, Rest.THROWN_AWAY), actor=user, at=MORNING
        ),
        lambda: discard_container(
            spa, DiscardContainer(number, Cause.SPOILT), actor=user, at=MORNING
        ),
        lambda: move_container(spa, MoveContainer(number, "ROOM-2"), actor=user, at=MORNING),
        lambda: read_container(
            spa, ReadContainer(number, Reading(Told.EYE, 4)), actor=user, at=MORNING
        ),
        lambda: take_back(spa, [ref], actor=user, at=MORNING),
    ]
    before = there(spa)
    for step in refused:
        with pytest.raises(Forbidden):
            step()
    assert there(spa) == before


def test_a_container_whose_story_does_not_add_up_is_named(spa):
    number = an_open_bottle(spa)
    lot = the_lot(spa, number)
    lot.finished_at, lot.filled, lot.use_by = MORNING, 400_000, date(2029, 1, 1)
    spa.flush()
    found = {discrepancy.what for discrepancy in verify(spa)}
    assert found == {
        f"places of container {number}",
        f"filling of container {number}",
        f"containers whose date is later than their parent's ({number})",
    }
