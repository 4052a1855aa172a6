"""The ledger moves what is there, and nothing else."""

from datetime import date, timedelta

import pytest
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.exc import IntegrityError

from procurement.kernel.actor import SYSTEM, Actor
from procurement.kernel.db import Base
from procurement.kernel.errors import Conflict, Forbidden, Invalid, refusal_of
from procurement.kernel.paging import PageRequest
from procurement.kernel.permissions import Permission
from procurement.stock import ledger
from procurement.stock.errors import (
    AlreadyReversed,
    BelongsToDocument,
    InsufficientStock,
    LotNotUsable,
    PeriodClosed,
)
from procurement.stock.models import Lot, Movement, Posting
from procurement.stock.operations.posting import PostStock, StockMove, post_stock, reverse_posting
from procurement.stock.operations.transfers import (
    DraftTransfer,
    TransferItem,
    cancel_transfer,
    complete_transfer,
    draft_transfer,
)
from procurement.stock.queries.on_hand import StockFilter, available_at, stock, stock_as_at
from procurement.stock.queries.places import places_by_code
from procurement.stock.queries.verification import verify
from procurement.stock.terms import LotStatus, Reason
from tests.builders import a_product
from tests.stock.builders import MORNING, a_spa, closed_until, ml, moved, opened, used


@pytest.fixture
def spa(session):
    a_spa(session)
    a_product(session, name="Sweet Almond Oil")
    return session


def shelf(session, at=MORNING, **wanted):
    page = stock(session, StockFilter(**wanted), at=at, paging=PageRequest())
    return {(row.location, row.lot): row.on_hand.amount for row in page.items}


def test_opening_stock_stands_in_its_room_in_a_lot_of_its_own(spa):
    posted = opened(spa, 500, lot="A1", expires_on=date(2027, 3, 1))
    assert posted.moves[0].lot == "A1"
    assert shelf(spa) == {("STORE", "A1"): "500"}
    assert verify(spa) == []


def test_a_transfer_picks_the_earliest_use_by_first_and_splits_over_lots(spa):
    opened(spa, 100, lot="LATE", expires_on=date(2028, 1, 1))
    opened(spa, 50, lot="SOON", expires_on=date(2026, 12, 1))
    posted = moved(spa, 60, "STORE", "ROOM-1")
    assert [(m.lot, m.quantity) for m in posted.moves] == [("SOON", 50_000), ("LATE", 10_000)]
    assert shelf(spa, location="ROOM-1") == {("ROOM-1", "LATE"): "10", ("ROOM-1", "SOON"): "50"}


def test_what_is_not_there_is_refused_with_the_line_and_what_is_left(spa):
    opened(spa, 10, into="ROOM-1")
    with pytest.raises(InsufficientStock, match="Room-1 has 10 ml of Sweet Almond Oil") as refusal:
        used(spa, 11, "ROOM-1")
    assert refusal.value.errors[0].field == "moves.0.quantity"


def test_two_lines_of_one_posting_share_what_is_there(spa):
    opened(spa, 10)
    moves = (
        StockMove("ALM-500", "STORE", "ROOM-1", ml(6)),
        StockMove("ALM-500", "STORE", "ROOM-2", ml(6)),
    )
    with pytest.raises(InsufficientStock) as refusal:
        post_stock(spa, PostStock(Reason.TRANSFER, moves), actor=SYSTEM, at=MORNING)
    assert (refusal.value.field, refusal.value.left) == ("moves.1.quantity", 4_000)


def test_a_named_lot_that_is_too_small_is_refused_by_its_line(spa):
    opened(spa, 10, lot="A1")
    opened(spa, 90, lot="A2")
    with pytest.raises(InsufficientStock, match="10 ml of Sweet Almond Oil, lot A1"):
        moved(spa, 11, "STORE", "ROOM-1", lot="A1")


def test_a_lot_past_its_use_by_is_not_used_but_may_be_written_off(spa):
    opened(spa, 30, lot="OLD", expires_on=date(2026, 11, 22), into="ROOM-1")
    with pytest.raises(InsufficientStock):
        used(spa, 5, "ROOM-1")
    with pytest.raises(LotNotUsable, match="past its use-by"):
        used(spa, 5, "ROOM-1", lot="OLD")
    moved(spa, 30, "ROOM-1", "ADJUSTMENT", reason=Reason.WRITE_OFF)
    assert shelf(spa) == {}


def test_the_use_by_day_itself_still_counts(spa):
    opened(spa, 30, lot="TODAY", expires_on=date(2026, 11, 23), into="ROOM-1")
    used(spa, 5, "ROOM-1")
    assert shelf(spa) == {("ROOM-1", "TODAY"): "25"}


def test_a_lot_in_quarantine_is_neither_available_nor_used(spa):
    opened(spa, 30, lot="Q", into="ROOM-1")
    spa.scalars(select(Lot).where(Lot.number == "Q")).one().status = LotStatus.QUARANTINE
    spa.flush()  # the query below reads it
    assert list(available_at(spa, at=MORNING).values()) == [(30_000, 0)]
    with pytest.raises(LotNotUsable, match="in quarantine"):
        used(spa, 5, "ROOM-1", lot="Q")


def test_a_reversal_moves_everything_back_once(spa):
    opened(spa, 100, lot="A1")
    posted = moved(spa, 40, "STORE", "ROOM-1")
    back = reverse_posting(spa, posted.ref, "wrong room", actor=SYSTEM, at=MORNING)
    assert shelf(spa) == {("STORE", "A1"): "100"}
    with pytest.raises(AlreadyReversed):
        reverse_posting(spa, back.ref, "again", actor=SYSTEM, at=MORNING)
    assert verify(spa) == []


def test_a_second_reversal_is_refused_by_the_database(spa):
    posted = opened(spa, 100, lot="A1")
    reverse_posting(spa, posted.ref, "wrong", actor=SYSTEM, at=MORNING)
    with pytest.raises(IntegrityError) as refused:
        reverse_posting(spa, posted.ref, "wrong", actor=SYSTEM, at=MORNING)
    assert isinstance(refusal_of(refused.value, Base.metadata), AlreadyReversed)


def test_what_was_used_meanwhile_cannot_be_reversed_away(spa):
    opened(spa, 100)
    posted = moved(spa, 40, "STORE", "ROOM-1")
    used(spa, 30, "ROOM-1")
    with pytest.raises(InsufficientStock):
        reverse_posting(spa, posted.ref, "wrong room", actor=SYSTEM, at=MORNING)


def test_a_document_takes_its_own_posting_back_and_nobody_else(spa):
    opened(spa, 100)
    item = TransferItem("ALM-500", ml(10))
    number = draft_transfer(
        spa, DraftTransfer("STORE", "ROOM-1", (item,)), actor=SYSTEM, at=MORNING
    ).number
    posted = complete_transfer(spa, number, actor=SYSTEM, at=MORNING)
    with pytest.raises(BelongsToDocument, match=number):
        reverse_posting(spa, posted.ref, "no", actor=SYSTEM, at=MORNING)


def test_the_same_key_posts_once(spa):
    opened(spa, 100)
    command = PostStock(
        Reason.TRANSFER, (StockMove("ALM-500", "STORE", "ROOM-1", ml(1)),), idempotency_key="tap-1"
    )
    post_stock(spa, command, actor=SYSTEM, at=MORNING)
    with pytest.raises(IntegrityError) as refused:
        post_stock(spa, command, actor=SYSTEM, at=MORNING)
    assert isinstance(refusal_of(refused.value, Base.metadata), Conflict)


def test_stock_as_at_a_past_moment_is_what_was_there_then(spa):
    opened(spa, 100, lot="A1")
    moved(spa, 40, "STORE", "ROOM-1", at=MORNING + timedelta(hours=1))
    used(spa, 15, "ROOM-1", at=MORNING + timedelta(hours=2))

    def then(hours):
        page = stock_as_at(
            spa, StockFilter(), moment=MORNING + timedelta(hours=hours), paging=PageRequest()
        )
        return {row.location: row.on_hand.amount for row in page.items}

    assert then(-1) == {}
    assert then(0) == {"STORE": "100"}
    assert then(1) == {"STORE": "60", "ROOM-1": "40"}
    assert then(2) == {"STORE": "60", "ROOM-1": "25"}


def test_a_back_dated_posting_that_leaves_a_later_day_below_nothing_is_refused(spa):
    opened(spa, 100, lot="A1", into="ROOM-1")
    used(spa, 90, "ROOM-1", at=MORNING + timedelta(days=1))
    opened(spa, 90, lot="A1", into="ROOM-1", at=MORNING + timedelta(days=2))
    late = MORNING + timedelta(days=3)
    with pytest.raises(InsufficientStock, match="On that day or later"), spa.begin_nested():
        used(spa, 20, "ROOM-1", lot="A1", at=late, occurred_at=MORNING + timedelta(hours=1))
    used(spa, 10, "ROOM-1", lot="A1", at=late, occurred_at=MORNING + timedelta(hours=1))
    assert verify(spa) == []


def test_a_closed_period_refuses_back_dated_postings(spa):
    opened(spa, 100)
    closed_until(spa, MORNING + timedelta(hours=2))
    with pytest.raises(PeriodClosed):
        moved(
            spa,
            1,
            "STORE",
            "ROOM-1",
            at=MORNING + timedelta(hours=3),
            occurred_at=MORNING + timedelta(hours=1),
        )
    moved(spa, 1, "STORE", "ROOM-1", at=MORNING + timedelta(hours=3))


def test_the_future_is_refused(spa):
    opened(spa, 100)
    with pytest.raises(Invalid) as refusal:
        moved(spa, 1, "STORE", "ROOM-1", occurred_at=MORNING + timedelta(minutes=1))
    assert refusal.value.field == "occurred_at"


@pytest.mark.parametrize(
    ("reason", "source", "destination", "field"),
    [
        (Reason.TRANSFER, "STORE", "CONSUMED", "to"),
        (Reason.TRANSFER, "STORE", "STORE", "to"),
        (Reason.CONSUMPTION, "STORE", "ROOM-1", "to"),
        (Reason.CONSUMPTION, "SUPPLIER", "CONSUMED", "from"),
        (Reason.OPENING, "SUPPLIER", "STORE", "from"),
        (Reason.WRITE_OFF, "STORE", "CONSUMED", "to"),
        (Reason.ADJUSTMENT, "STORE", "ROOM-1", "to"),
        (Reason.ADJUSTMENT, "SUPPLIER", "ADJUSTMENT", "to"),
    ],
)
def test_each_reason_has_its_way(spa, reason, source, destination, field):
    opened(spa, 100)
    with pytest.raises(Invalid) as refusal:
        moved(spa, 1, source, destination, reason=reason)
    assert refusal.value.errors[0].field == f"moves.0.{field}"


def test_every_name_nobody_has_is_reported(spa):
    move = StockMove("NONE", "NOWHERE", "NEITHER", ml(1))
    with pytest.raises(Invalid) as refusal:
        post_stock(spa, PostStock(Reason.TRANSFER, (move,)), actor=SYSTEM, at=MORNING)
    assert [error.field for error in refusal.value.errors] == [
        "moves.0.product",
        "moves.0.from",
        "moves.0.to",
    ]


def test_a_lot_joins_with_the_same_expiry_and_is_refused_with_another(spa):
    opened(spa, 10, lot="A1", expires_on=date(2027, 1, 1))
    opened(spa, 5, lot="A1", expires_on=date(2027, 1, 1))
    assert shelf(spa) == {("STORE", "A1"): "15"}
    with pytest.raises(Conflict) as refusal:
        opened(spa, 5, lot="A1", expires_on=date(2027, 2, 1))
    assert refusal.value.field == "moves.0.expires_on"


def test_a_therapist_uses_but_does_not_adjust(spa):
    therapist = Actor(None, "Mira", frozenset({Permission.USE_STOCK}))
    opened(spa, 10, into="ROOM-1")
    move = StockMove("ALM-500", "ROOM-1", "CONSUMED", ml(1))
    post_stock(spa, PostStock(Reason.CONSUMPTION, (move,)), actor=therapist, at=MORNING)
    write_off = StockMove("ALM-500", "ROOM-1", "ADJUSTMENT", ml(1))
    with pytest.raises(Forbidden):
        post_stock(spa, PostStock(Reason.WRITE_OFF, (write_off,)), actor=therapist, at=MORNING)


def test_reserved_stock_is_on_the_shelf_but_cannot_be_taken(spa):
    opened(spa, 100, lot="A1")
    item = TransferItem("ALM-500", ml(70))
    number = draft_transfer(
        spa, DraftTransfer("STORE", "ROOM-1", (item,)), actor=SYSTEM, at=MORNING
    ).number
    row = stock(spa, StockFilter(), at=MORNING, paging=PageRequest()).items[0]
    assert (row.on_hand.amount, row.reserved.amount, row.available.amount) == ("100", "70", "30")
    for lot in (None, "A1"):
        with pytest.raises(InsufficientStock), spa.begin_nested():
            moved(spa, 31, "STORE", "ROOM-2", lot=lot)
    complete_transfer(spa, number, actor=SYSTEM, at=MORNING)
    assert shelf(spa) == {("STORE", "A1"): "30", ("ROOM-1", "A1"): "70"}
    assert verify(spa) == []


def test_a_cancelled_transfer_frees_its_goods_and_is_not_carried(spa):
    opened(spa, 100)
    item = TransferItem("ALM-500", ml(70))
    number = draft_transfer(
        spa, DraftTransfer("STORE", "ROOM-1", (item,)), actor=SYSTEM, at=MORNING
    ).number
    cancel_transfer(spa, number, actor=SYSTEM, at=MORNING)
    with pytest.raises(Conflict, match="cancelled already"):
        complete_transfer(spa, number, actor=SYSTEM, at=MORNING)
    moved(spa, 100, "STORE", "ROOM-2")
    assert verify(spa) == []


@pytest.mark.parametrize("table", [Posting, Movement])
def test_history_is_neither_changed_nor_deleted(spa, table):
    opened(spa, 100)
    for statement in (update(table).values(id=99), delete(table)):
        with pytest.raises(IntegrityError) as refused, spa.begin_nested():
            spa.execute(statement)
        assert "reversed, never changed" in refusal_of(refused.value, Base.metadata).message


def test_history_is_not_replaced_or_truncated_either(spa):
    opened(spa, 100)
    sly = (
        "INSERT OR REPLACE INTO movement SELECT * FROM movement"
        if spa.get_bind().dialect.name == "sqlite"
        else "TRUNCATE movement CASCADE"
    )
    with pytest.raises(IntegrityError), spa.begin_nested():
        spa.execute(text(sly))


def test_verify_names_a_balance_that_somebody_has_edited(spa):
    opened(spa, 100, lot="A1")
    spa.execute(text("UPDATE balance SET on_hand = on_hand - 1, reserved = 0"))
    found = verify(spa)
    assert [(d.what, d.expected, d.found) for d in found] == [
        ("on hand of ALM-500, lot A1, at STORE", 100_000, 99_999)
    ]


@pytest.mark.parametrize(
    "bad",
    [
        {"quantity": 0},
        {"quantity": -5},
        {"to_id": "from_id"},
        {"product_id": 999_999},
    ],
)
def test_the_database_itself_refuses_an_impossible_movement(spa, bad):
    posted = opened(spa, 100)
    row = spa.execute(select(Movement.__table__)).mappings().one()
    values = {key: row[value] if isinstance(value, str) else value for key, value in bad.items()}
    with pytest.raises(IntegrityError), spa.begin_nested():
        spa.execute(
            insert(Movement).values({**row, "id": row["id"] + 1, "posting_id": posted.id, **values})
        )


def test_a_move_without_a_lot_from_a_virtual_place_is_a_mistake_of_the_caller(spa):
    product = a_product(spa, "X", name="X")
    place = places_by_code(spa, {"SUPPLIER", "STORE"})
    move = ledger.Move(product.id, 5, place["SUPPLIER"], place["STORE"], line="lines.0")
    with pytest.raises(Invalid) as refusal:
        ledger.post(spa, Reason.RECEIPT, [move], actor=SYSTEM, at=MORNING)
    assert refusal.value.field == "lines.0.lot"
