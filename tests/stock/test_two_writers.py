"""Several writers at once, each in a transaction of its own, on both databases."""

import pytest

from procurement.kernel.actor import SYSTEM
from procurement.kernel.db import make_engine
from procurement.kernel.errors import Conflict
from procurement.kernel.unit_of_work import UnitOfWork
from procurement.stock.errors import AlreadyReversed, InsufficientStock
from procurement.stock.operations.posting import PostStock, StockMove, post_stock, reverse_posting
from procurement.stock.queries.on_hand import available_at
from procurement.stock.queries.verification import verify
from procurement.stock.terms import Reason
from tests.builders import a_product
from tests.stock.builders import MORNING, a_spa, ml, moved, opened, used
from tests.threads import at_once


@pytest.fixture
def work(fresh_database):
    engine = make_engine(fresh_database)
    unit_of_work = UnitOfWork(engine)
    with unit_of_work.write() as session:
        a_spa(session)
        a_product(session)
        a_product(session, "LAV-250")
    yield unit_of_work
    engine.dispose()


@pytest.mark.parametrize("lot", [None, "A1"])
def test_eight_takers_share_a_hundred_units_exactly(work, lot):
    with work.write() as session:
        opened(session, 100, lot="A1", into="ROOM-1")

    def take(_):
        taken = 0
        for _ in range(20):
            try:
                with work.write() as session:
                    used(session, 1, "ROOM-1", lot=lot)
                taken += 1
            except InsufficientStock:
                pass
        return taken

    assert sum(at_once(8, take)) == 100
    with work.read() as session:
        assert verify(session) == []
        assert available_at(session, at=MORNING) == {}


def test_rooms_that_swap_stock_do_not_wait_for_each_other_for_ever(work):
    with work.write() as session:
        for sku in ("ALM-500", "LAV-250"):
            for lot in "ABC":
                for room in ("ROOM-1", "ROOM-2"):
                    opened(session, 100, product=sku, lot=f"{sku}-{lot}", into=room)

    def swap(number):
        way = ("ROOM-1", "ROOM-2") if number % 2 else ("ROOM-2", "ROOM-1")
        skus = ("ALM-500", "LAV-250") if number % 4 < 2 else ("LAV-250", "ALM-500")
        for _ in range(8):
            with work.write() as session:
                moves = tuple(StockMove(sku, *way, ml(3)) for sku in skus)
                post_stock(session, PostStock(Reason.TRANSFER, moves), actor=SYSTEM, at=MORNING)

    at_once(6, swap)
    with work.read() as session:
        assert verify(session) == []
        assert (
            sum(on_hand for on_hand, _ in available_at(session, at=MORNING).values()) == 1_200_000
        )


def test_a_key_sent_many_times_at_once_posts_once(work):
    with work.write() as session:
        opened(session, 100, lot="A1")
    command = PostStock(
        Reason.TRANSFER, (StockMove("ALM-500", "STORE", "ROOM-1", ml(1)),), idempotency_key="tap"
    )

    def tap(_):
        try:
            with work.write() as session:
                post_stock(session, command, actor=SYSTEM, at=MORNING)
        except Conflict:
            return 0
        return 1

    assert sum(at_once(8, tap)) == 1


def test_two_people_reverse_a_posting_once(work):
    with work.write() as session:
        opened(session, 100)
        ref = moved(session, 10, "STORE", "ROOM-1").ref

    def undo(_):
        try:
            with work.write() as session:
                reverse_posting(session, ref, "wrong", actor=SYSTEM, at=MORNING)
        except (AlreadyReversed, InsufficientStock):
            return 0
        return 1

    assert sum(at_once(4, undo)) == 1
    with work.read() as session:
        assert verify(session) == []


def test_new_lots_made_at_once_get_numbers_of_their_own(work):
    def deliver(_):
        with work.write() as session:
            return opened(session, 1).moves[0].lot

    assert len(set(at_once(8, deliver))) == 8
