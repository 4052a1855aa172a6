"""Counting a room: what people find is posted against what the ledger had at that moment."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from procurement.catalogue.terms import Kind
from procurement.kernel.actor import SYSTEM
from procurement.kernel.errors import Conflict, Forbidden, Invalid
from procurement.kernel.paging import PageRequest
from procurement.kernel.permissions import Role
from procurement.kernel.quantity import Unit
from procurement.settings.models import Company
from procurement.stock.errors import (
    BelongsToDocument,
    CountChanged,
    CountClosed,
    CountRunning,
    CountUndecided,
    PeriodClosed,
)
from procurement.stock.models import Lot, Posting, StockCountEntry, StockCountLine
from procurement.stock.operations.containers.moving import MoveContainer, move_container
from procurement.stock.operations.containers.opening import OpenContainer, open_container
from procurement.stock.operations.counting.closing import cancel_count, submit_count
from procurement.stock.operations.counting.deciding import (
    Choice,
    DecideLine,
    count_rest_as_zero,
    decide_line,
    leave_out,
    say_causes,
)
from procurement.stock.operations.counting.entering import Outcome
from procurement.stock.operations.posting import reverse_posting
from procurement.stock.operations.stocking import SetStockingRule, set_stocking_rules
from procurement.stock.operations.transfers import DraftTransfer, TransferItem, draft_transfer
from procurement.stock.queries.counting.counts import count_of
from procurement.stock.queries.counting.review import late_entries
from procurement.stock.queries.on_hand import StockFilter, stock
from procurement.stock.queries.verification import verify
from procurement.stock.terms import CountCause, CountConflict, CountStatus, LotStatus
from tests.builders import a_company, a_product
from tests.doors import an_account
from tests.queries import assert_queries
from tests.stock.builders import MORNING, a_spa, closed_until, ml, moved, opened, used
from tests.stock.counting import (
    MIRA,
    NOOR,
    an_entry,
    entered,
    minutes,
    put_in_the_books,
    started,
    the_line,
    the_lines,
)


@pytest.fixture
def spa(session):
    """ROOM-1 with 1,000 ml of lot A1; nothing is too far off, and no value asks for approval."""
    company = a_company(session)
    company.count_tolerance_bp, company.count_approval_minor = 10_000, 10**9
    a_spa(session)
    a_product(session)
    opened(session, 1000, into="ROOM-1", lot="A1", at=MORNING - timedelta(days=1))
    lot = session.scalars(select(Lot)).one()
    lot.cost_minor, lot.cost_currency, lot.cost_steps = 5_000, "EUR", 1_000_000  # 5 cents a ml
    return session


def on_hand(session, room="ROOM-1"):
    rows = stock(session, StockFilter(location=room), at=minutes(99), paging=PageRequest(200)).items
    return {row.lot: row.on_hand.amount for row in rows}


def limits(session, **values):
    company = session.get(Company, 1)
    for name, value in values.items():
        setattr(company, name, value)


# What is counted


def test_the_sheet_holds_what_is_there_and_what_should_be(spa):
    for sku in ("LAV-250", "GONE-1", "OLD-1", "SAGE-1"):
        a_product(spa, sku)
    rule = SetStockingRule("ROOM-1", "LAV-250", ml(500), ml(100))
    set_stocking_rules(spa, [rule], actor=SYSTEM)
    long_ago = MORNING - timedelta(days=200)
    for sku, day in (("GONE-1", MORNING - timedelta(days=30)), ("OLD-1", long_ago)):
        opened(spa, 10, product=sku, into="ROOM-1", at=day)
        used(spa, 10, "ROOM-1", product=sku, at=day)
    number = started(spa)
    assert [(line.product, line.lot) for line in the_lines(spa, number)] == [
        ("ALM-500", "A1"),
        ("GONE-1", None),  # was there lately
        ("LAV-250", None),  # belongs there
    ]


def test_a_room_is_counted_once_at_a_time(spa):
    number = started(spa)
    with pytest.raises(CountRunning, match=number):
        started(spa)
    cancel_count(spa, number, actor=SYSTEM, at=minutes(1))
    assert started(spa) != number


def test_only_rooms_are_counted(spa):
    with pytest.raises(Invalid, match="CONSUMED"):
        started(spa, "CONSUMED")


# The difference


def test_movements_before_and_after_the_moment_of_counting_survive(spa):
    """Counted 900 at ten past; 50 were used before and 200 after, and 30 came."""
    number = started(spa)
    used(spa, 50, "ROOM-1", at=minutes(5))
    entered(spa, number, an_entry(900, at=minutes(10)))
    used(spa, 200, "ROOM-1", at=minutes(20))
    opened(spa, 30, into="ROOM-1", lot="A1", at=minutes(25))
    line = the_line(spa, number)
    assert (str(line.expected), str(line.difference)) == ("950 ml", "-50 ml")
    posted = put_in_the_books(spa, number)
    assert [(m.source, m.destination, m.quantity) for m in posted.moves] == [
        ("ROOM-1", "ADJUSTMENT", 50_000)
    ]
    assert on_hand(spa) == {"A1": "730"}
    assert verify(spa) == []


def test_what_is_booked_late_is_seen(spa):
    """Used before the counting, booked after it: not missing."""
    number = started(spa)
    entered(spa, number, an_entry(950, at=minutes(10)))
    assert str(the_line(spa, number).difference) == "-50 ml"
    used(spa, 50, "ROOM-1", at=minutes(40), occurred_at=minutes(5))
    assert str(the_line(spa, number).difference) == "0 ml"
    assert put_in_the_books(spa, number) is None
    head = count_of(spa, number)
    assert (head.status, head.posting) == (CountStatus.POSTED, None)


def test_more_than_expected_is_put_in(spa):
    number = started(spa)
    entered(spa, number, an_entry(1010))
    put_in_the_books(spa, number)
    assert on_hand(spa) == {"A1": "1010"}


def test_what_is_found_gets_a_line_and_a_lot(spa):
    a_product(spa, "LAV-250")
    number = started(spa)
    day = date(2027, 5, 31)
    found = an_entry(250, "LAV-250", lot=None, supplier_lot="X9", expires_on=day, again=True)
    entered(spa, number, an_entry(1000), found, an_entry(20, "LAV-250", lot=None, again=True))
    assert [line.found for line in the_lines(spa, number)] == [False, True, True]
    put_in_the_books(spa, number)
    there = on_hand(spa)
    assert (there.pop("A1"), there.pop("X9")) == ("1000", "250")
    assert list(there.values()) == ["20"]  # under a number of our own
    lot = spa.scalars(select(Lot).where(Lot.number == "X9")).one()
    assert (lot.use_by, lot.received_on) == (day, MORNING.date())


def test_what_was_found_and_is_received_meanwhile_is_not_there_twice(spa):
    number = started(spa)
    entered(spa, number, an_entry(250, lot=None, supplier_lot="X9", at=minutes(10)))
    opened(spa, 250, into="ROOM-1", lot="X9", at=minutes(8))  # found, then booked
    put_in_the_books(spa, number)
    assert on_hand(spa)["X9"] == "250"


def test_any_lot_can_be_counted(spa):
    """Past its date, in quarantine or recalled: it stands there."""
    opened(spa, 100, into="ROOM-1", lot="PAST", expires_on=MORNING.date() - timedelta(days=9))
    opened(spa, 100, into="ROOM-1", lot="HELD")
    spa.scalars(select(Lot).where(Lot.number == "HELD")).one().status = LotStatus.RECALLED
    number = started(spa)
    entered(spa, number, an_entry(90, lot="PAST"), an_entry(0, lot="HELD"))
    put_in_the_books(spa, number)
    assert on_hand(spa) == {"A1": "1000", "PAST": "90"}


def test_an_opened_container_is_counted_by_what_is_left(spa):
    bottle = open_container(
        spa, OpenContainer("ROOM-1", "ALM-500"), actor=SYSTEM, at=MORNING
    ).containers[0]
    number = started(spa)
    entered(spa, number, an_entry(0, lot=bottle), an_entry(500))
    put_in_the_books(spa, number)
    assert on_hand(spa) == {"A1": "500"}
    assert spa.scalars(select(Lot).where(Lot.number == bottle)).one().finished_at == minutes(60)
    assert verify(spa) == []


def test_the_books_closed_meanwhile_refuse_nothing_that_happens_today(spa):
    number = started(spa)
    entered(spa, number, an_entry(990))
    closed_until(spa, minutes(30))
    put_in_the_books(spa, number)
    assert on_hand(spa) == {"A1": "990"}


def test_in_a_closed_period_a_count_waits(spa):
    number = started(spa)
    entered(spa, number, an_entry(990))
    closed_until(spa, minutes(60))
    with pytest.raises(PeriodClosed), spa.begin_nested():
        put_in_the_books(spa, number)
    assert count_of(spa, number).status is CountStatus.OPEN
    put_in_the_books(spa, number, at=minutes(61))
    assert on_hand(spa) == {"A1": "990"}


# What comes in


def test_sent_twice_is_stored_once(spa):
    number = started(spa)
    one, two = an_entry(600), an_entry(400)
    assert [e.outcome for e in entered(spa, number, one)] == [Outcome.STORED]
    answers = entered(spa, number, one, two, two)
    assert [e.outcome for e in answers] == [Outcome.KNOWN, Outcome.STORED, Outcome.KNOWN]
    assert spa.scalar(select(func.count()).select_from(StockCountEntry)) == 2


def test_an_id_that_stands_for_something_else_is_refused(spa):
    number = started(spa)
    entered(spa, number, an_entry(600, uid="a"))
    [answer] = entered(spa, number, an_entry(601, uid="a"))
    assert (answer.outcome, answer.fault.field) == (Outcome.REFUSED, "id")


@pytest.mark.parametrize(
    ("entry", "field"),
    [
        ({"product": "NONE"}, "product"),
        ({"amount": -1}, "quantity"),
        ({"product": "TOWEL"}, "quantity"),  # pieces
        ({"product": "MASSAGE", "lot": None}, "product"),
        ({"expires_on": date(2030, 1, 1)}, "expires_on"),
    ],
)
def test_what_cannot_be_is_refused_and_the_rest_stored(spa, entry, field):
    a_product(spa, "TOWEL", unit=Unit.PIECE)
    a_product(spa, "MASSAGE", kind=Kind.SERVICE)
    number = started(spa)
    bad = an_entry(**{"amount": 5} | entry)
    answers = entered(spa, number, bad, an_entry(990))
    assert [e.outcome for e in answers] == [Outcome.REFUSED, Outcome.STORED]
    assert answers[0].fault.field == field


def test_a_correction_supersedes(spa):
    number = started(spa)
    first = an_entry(90)
    entered(spa, number, first)
    entered(spa, number, an_entry(900, supersedes=(first.uid,)))
    assert [str(e.quantity) for e in the_line(spa, number).entries] == ["900 ml"]


def test_two_entries_cannot_make_each_other_vanish(spa):
    number = started(spa)
    entered(
        spa,
        number,
        an_entry(90, uid="a", supersedes=("b", "a")),
        an_entry(900, uid="b", supersedes=("a",)),
    )
    assert [e.uid for e in the_line(spa, number).entries] == ["b"]


def test_what_comes_after_the_posting_is_kept_and_changes_nothing(spa):
    number = started(spa)
    entered(spa, number, an_entry(900))
    put_in_the_books(spa, number)
    late = an_entry(950)
    assert [e.outcome for e in entered(spa, number, late)] == [Outcome.LATE]
    assert [e.outcome for e in entered(spa, number, late)] == [Outcome.LATE]
    assert [(e.amount, e.lot) for e in late_entries(spa, count_of(spa, number))] == [
        ("950 ml", "A1")
    ]
    assert on_hand(spa) == {"A1": "900"}
    assert verify(spa) == []


# Several people


def test_two_who_counted_differently_are_a_conflict(spa):
    number = started(spa)
    mine, hers = an_entry(600), an_entry(400, at=minutes(12))
    entered(spa, number, mine)
    entered(spa, number, hers, actor=NOOR)
    line = the_line(spa, number)
    assert (line.conflict, line.counted) == (CountConflict.DISAGREE, None)
    assert [e.counted_by for e in line.entries] == ["Mira", "Noor"]
    with pytest.raises(CountUndecided, match="A1"):
        put_in_the_books(spa, number)
    seen = (mine.uid, hers.uid)
    with pytest.raises(Forbidden):
        decide_line(spa, DecideLine(number, 1, Choice.ADD, seen), actor=MIRA, at=minutes(40))
    with pytest.raises(CountChanged):
        decide_line(spa, DecideLine(number, 1, Choice.ADD, seen[:1]), actor=SYSTEM, at=minutes(40))
    decide_line(spa, DecideLine(number, 1, Choice.ADD, seen), actor=SYSTEM, at=minutes(40))
    assert (the_line(spa, number).conflict, str(the_line(spa, number).counted)) == (None, "1000 ml")


def test_one_of_two_figures_is_taken_with_its_moment(spa):
    number = started(spa)
    mine, hers = an_entry(1000, at=minutes(5)), an_entry(800, at=minutes(12))
    entered(spa, number, mine, hers)
    used(spa, 100, "ROOM-1", at=minutes(8))
    command = DecideLine(number, 1, Choice.TAKE, (mine.uid, hers.uid), hers.uid)
    decide_line(spa, command, actor=SYSTEM, at=minutes(40))
    assert str(the_line(spa, number).difference) == "-100 ml"


def test_two_who_agree_are_no_conflict(spa):
    number = started(spa)
    entered(spa, number, an_entry(900, at=minutes(5)))
    used(spa, 100, "ROOM-1", at=minutes(8))
    entered(spa, number, an_entry(800, at=minutes(12)), actor=NOOR)
    assert the_line(spa, number).conflict is None
    put_in_the_books(spa, number)
    assert on_hand(spa) == {"A1": "800"}


# What needs a second look


def test_far_off_is_counted_again(spa):
    limits(spa, count_tolerance_bp=500, count_tolerance_minor=1_000)
    number = started(spa)
    first = an_entry(700)  # 300 ml at 5 cents are 15 EUR
    entered(spa, number, first)
    assert the_line(spa, number).conflict is CountConflict.RECOUNT
    entered(spa, number, an_entry(700, at=minutes(15), again=True, supersedes=(first.uid,)))
    assert the_line(spa, number).conflict is None


def test_what_is_worth_much_waits_for_somebody_who_may_adjust(spa):
    limits(spa, count_approval_minor=499)
    number = started(spa)
    entered(spa, number, an_entry(900))  # 5 EUR
    submit_count(spa, number, actor=MIRA, at=minutes(31))
    with pytest.raises(Forbidden):
        put_in_the_books(spa, number, actor=MIRA)
    assert count_of(spa, number).status is CountStatus.REVIEW
    put_in_the_books(spa, number)


def test_what_cannot_be_taken_away_any_more_is_said_not_cut(spa):
    number = started(spa)
    entered(spa, number, an_entry(400))
    moved(spa, 700, "ROOM-1", "STORE", at=minutes(20))
    assert the_line(spa, number).conflict is CountConflict.GONE
    with pytest.raises(CountUndecided):
        put_in_the_books(spa, number)
    leave_out(spa, number, 1, out=True, actor=SYSTEM, at=minutes(41))
    assert put_in_the_books(spa, number) is None
    assert on_hand(spa) == {"A1": "300"}


def test_what_is_promised_cannot_be_counted_away_silently(spa):
    item = TransferItem("ALM-500", ml(900))
    draft_transfer(spa, DraftTransfer("ROOM-1", "STORE", (item,)), actor=SYSTEM, at=MORNING)
    number = started(spa)
    entered(spa, number, an_entry(800))
    assert the_line(spa, number).conflict is CountConflict.GONE


def test_a_container_found_in_another_room_is_moved_there_first(spa):
    bottle = open_container(
        spa, OpenContainer("ROOM-1", "ALM-500"), actor=SYSTEM, at=MORNING
    ).containers[0]
    number = started(spa, "ROOM-2")
    entered(spa, number, an_entry(500, lot=bottle))
    assert the_line(spa, number, bottle).conflict is CountConflict.ELSEWHERE
    move_container(spa, MoveContainer(bottle, "ROOM-2"), actor=SYSTEM, at=minutes(9))
    assert put_in_the_books(spa, number) is None


# The end


def test_what_nobody_counted_stays_unless_somebody_says_zero(spa):
    opened(spa, 50, into="ROOM-1", lot="B2")
    number = started(spa)
    entered(spa, number, an_entry(990))
    assert (the_line(spa, number, "B2").counted, the_line(spa, number, "B2").conflict) == (
        None,
        None,
    )
    assert count_rest_as_zero(spa, number, actor=MIRA, at=minutes(40)) == 1
    assert count_rest_as_zero(spa, number, actor=MIRA, at=minutes(41)) == 0
    put_in_the_books(spa, number)
    assert on_hand(spa) == {"A1": "990"}


def test_not_counted_is_not_zero(spa):
    opened(spa, 50, into="ROOM-1", lot="B2")
    number = started(spa)
    entered(spa, number, an_entry(990))
    put_in_the_books(spa, number)
    assert on_hand(spa) == {"A1": "990", "B2": "50"}


def test_a_page_that_is_old_posts_nothing(spa):
    number = started(spa)
    entered(spa, number, an_entry(990))
    entered(spa, number, an_entry(990), actor=NOOR)
    with pytest.raises(CountChanged):
        put_in_the_books(spa, number, seen=1)
    put_in_the_books(spa, number, seen=2)


def test_a_count_is_posted_once_and_taken_back_by_counting_again(spa):
    number = started(spa)
    entered(spa, number, an_entry(990))
    posted = put_in_the_books(spa, number)
    for again in (put_in_the_books, lambda s, n: cancel_count(s, n, actor=SYSTEM, at=minutes(70))):
        with pytest.raises(CountClosed):
            again(spa, number)
    with pytest.raises(BelongsToDocument):
        reverse_posting(spa, posted.ref, "wrong", actor=SYSTEM, at=minutes(70))


def test_a_cancelled_count_posts_nothing(spa):
    mira, namesake = (replace(MIRA, id=an_account(spa, Role.THERAPIST).id) for _ in range(2))
    number = started(spa, actor=mira)
    entered(spa, number, an_entry(1))
    for other in (NOOR, namesake, MIRA):  # somebody else's, whatever their name is
        with pytest.raises(Forbidden):
            cancel_count(spa, number, actor=other, at=minutes(40))
    cancel_count(spa, number, actor=mira, at=minutes(40))
    assert on_hand(spa) == {"A1": "1000"}
    assert spa.scalar(select(func.count()).where(Posting.document == number)) == 0


def test_a_count_without_an_account_is_cancelled_by_those_who_approve(spa):
    number = started(spa)
    with pytest.raises(Forbidden):
        cancel_count(spa, number, actor=MIRA, at=minutes(40))
    cancel_count(spa, number, actor=SYSTEM, at=minutes(40))


def test_why_it_differs_is_said_before_or_after(spa):
    number = started(spa)
    entered(spa, number, an_entry(990))
    say_causes(spa, number, {1: CountCause.TAKEN}, actor=MIRA, at=minutes(40))
    put_in_the_books(spa, number)
    with pytest.raises(Forbidden):
        say_causes(spa, number, {1: CountCause.LOST}, actor=MIRA, at=minutes(70))
    say_causes(spa, number, {1: CountCause.LOST}, actor=SYSTEM, at=minutes(70))
    assert the_line(spa, number).cause is CountCause.LOST


def test_lines_are_entered_and_posted_in_a_fixed_number_of_statements(spa, engine):
    taken = []
    for lots in (3, 60):
        for lot in range(lots):
            opened(spa, 10, into="STORE", lot=f"L{lots}-{lot}", at=MORNING)
        with assert_queries(engine, 60) as statements:
            number = started(spa, "STORE")
            lines = the_lines(spa, number)
            entered(spa, number, *(an_entry(9, lot=line.lot) for line in lines))
            put_in_the_books(spa, number)
        taken.append(len(statements))
    assert taken[0] == taken[1]


def test_a_count_that_does_not_fit_its_posting_is_found(spa):
    number = started(spa)
    entered(spa, number, an_entry(990))
    put_in_the_books(spa, number)
    assert verify(spa) == []
    line = spa.scalars(select(StockCountLine)).one()
    line.counted = 991_000
    spa.flush()
    assert [(d.what, d.expected, d.found) for d in verify(spa)] == [
        (f"difference of ALM-500 in count {number}", -9_000, -10_000)
    ]


def test_only_who_may_count_counts(spa, actor):
    stranger = type(actor)(None, "Visitor")
    for attempt in (
        lambda: started(spa, actor=stranger),
        lambda: entered(spa, "SC-2026-0001", actor=stranger),
        lambda: put_in_the_books(spa, "SC-2026-0001", actor=stranger),
    ):
        with pytest.raises(Forbidden):
            attempt()
    with pytest.raises(Conflict):
        started(spa, "ROOM-2", due_only=True)
