"""Random days in a spa: whatever is posted, reserved and taken back, the figures agree with a plain dictionary."""

import contextlib
from collections import defaultdict
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.kernel.actor import SYSTEM
from procurement.kernel.paging import PageRequest
from procurement.kernel.quantity import Quantity, Unit
from procurement.stock.errors import AlreadyReversed, InsufficientStock
from procurement.stock.models import Lot
from procurement.stock.operations.posting import PostStock, StockMove, post_stock, reverse_posting
from procurement.stock.operations.transfers import (
    DraftTransfer,
    TransferItem,
    cancel_transfer,
    complete_transfer,
    draft_transfer,
)
from procurement.stock.queries.on_hand import StockFilter, stock, stock_as_at
from procurement.stock.queries.verification import verify
from procurement.stock.terms import Reason
from tests.builders import a_product
from tests.stock.builders import MORNING, a_spa

PLACES = ("STORE", "ROOM-1", "ROOM-2")
PRODUCTS = ("ALM-500", "LAV-250")
LOTS = {"A": date(2027, 1, 1), "B": date(2026, 12, 1), "C": None}
places, products, lots = (
    st.sampled_from(PLACES),
    st.sampled_from(PRODUCTS),
    st.sampled_from(sorted(LOTS)),
)
amounts = st.integers(1, 40)


class Spa(RuleBasedStateMachine):
    """The model: on hand and reserved as dictionaries of (product, place, lot)."""

    session: Session

    def __init__(self):
        super().__init__()
        self.savepoint = self.session.begin_nested()
        a_spa(self.session)
        self.sku_of = {a_product(self.session, sku, name=sku).id: sku for sku in PRODUCTS}
        self.now = MORNING
        self.on_hand = defaultdict(int)
        self.reserved = defaultdict(int)
        self.postings = []
        self.drafts = []
        self.past = []

    def teardown(self):
        self.savepoint.rollback()
        self.session.expunge_all()

    def post(self, reason, moves):
        self.now += timedelta(minutes=1)
        with self.session.begin_nested():
            posted = post_stock(
                self.session, PostStock(reason, tuple(moves)), actor=SYSTEM, at=self.now
            )
        self.take_over(posted)
        self.postings.append([posted.ref, posted.moves, False])

    def take_over(self, posted):
        for move in posted.moves:
            sku = self.sku_of[move.product_id]
            if move.source in PLACES:
                self.on_hand[sku, move.source, move.lot] -= move.quantity
            if move.destination in PLACES:
                self.on_hand[sku, move.destination, move.lot] += move.quantity

    def free(self, sku, place, lot=None):
        return sum(
            quantity - self.reserved[key]
            for key, quantity in self.on_hand.items()
            if key[:2] == (sku, place) and lot in {None, key[2]}
        )

    @rule(sku=products, place=places, lot=lots, amount=amounts)
    def open_stock(self, sku, place, lot, amount):
        quantity = Quantity(amount, Unit.ML)
        self.post(Reason.OPENING, [StockMove(sku, "OPENING", place, quantity, lot, LOTS[lot])])

    @rule(sku=products, source=places, destination=places, lot=st.none() | lots, amount=amounts)
    def transfer(self, sku, source, destination, lot, amount):
        if source != destination:
            self.take(Reason.TRANSFER, sku, source, destination, lot, amount)

    @rule(sku=products, place=places, lot=st.none() | lots, amount=amounts)
    def consume(self, sku, place, lot, amount):
        self.take(Reason.CONSUMPTION, sku, place, "CONSUMED", lot, amount)

    @rule(sku=products, place=places, amount=amounts)
    def write_off(self, sku, place, amount):
        self.take(Reason.WRITE_OFF, sku, place, "ADJUSTMENT", None, amount)

    def take(self, reason, sku, source, destination, lot, amount):
        if lot is not None and (sku, source, lot) not in self.on_hand:
            return
        move = StockMove(sku, source, destination, Quantity(amount, Unit.ML), lot)
        enough = self.free(sku, source, lot) >= amount
        if enough:
            self.post(reason, [move])
        else:
            with pytest.raises(InsufficientStock):
                self.post(reason, [move])

    @rule(data=st.data())
    def reverse(self, data):
        if not self.postings:
            return
        entry = data.draw(st.sampled_from(self.postings))
        with contextlib.suppress(InsufficientStock, AlreadyReversed):
            self.now += timedelta(minutes=1)
            if entry[2]:
                return
            with self.session.begin_nested():
                back = reverse_posting(self.session, entry[0], "wrong", actor=SYSTEM, at=self.now)
            entry[2] = True
            self.take_over(back)

    @rule(sku=products, amount=amounts)
    def draft(self, sku, amount):
        item = TransferItem(sku, Quantity(amount, Unit.ML))
        command = DraftTransfer("STORE", "ROOM-1", (item,))
        if self.free(sku, "STORE") < amount:
            with pytest.raises(InsufficientStock), self.session.begin_nested():
                draft_transfer(self.session, command, actor=SYSTEM, at=self.now)
            return
        with self.session.begin_nested():
            transfer = draft_transfer(self.session, command, actor=SYSTEM, at=self.now)
        lot_names = self._lot_names([line.lot_id for line in transfer.lines])
        held = [((sku, "STORE", lot_names[line.lot_id]), line.quantity) for line in transfer.lines]
        for key, quantity in held:
            self.reserved[key] += quantity
        self.drafts.append((transfer.number, held))

    def _lot_names(self, ids):
        return dict(self.session.execute(select(Lot.id, Lot.number).where(Lot.id.in_(ids))).all())

    @rule(done=st.booleans())
    def settle(self, done):
        if not self.drafts:
            return
        number, held = self.drafts.pop()
        self.now += timedelta(minutes=1)
        with self.session.begin_nested():
            if done:
                self.take_over(complete_transfer(self.session, number, actor=SYSTEM, at=self.now))
            else:
                cancel_transfer(self.session, number, actor=SYSTEM, at=self.now)
        for key, quantity in held:
            self.reserved[key] -= quantity

    @rule()
    def remember(self):
        self.past.append((self.now, {key: q for key, q in self.on_hand.items() if q}))

    @invariant()
    def figures_agree(self):
        assert verify(self.session) == []
        rows = stock(self.session, StockFilter(), at=self.now, paging=PageRequest(200)).items
        found = {(r.product, r.location, r.lot): (r.on_hand.steps, r.reserved.steps) for r in rows}
        assert found == {
            key: (quantity, self.reserved[key])
            for key, quantity in self.on_hand.items()
            if quantity or self.reserved[key]
        }

    @invariant()
    def the_past_stays_as_it_was(self):
        for moment, then in self.past[-1:]:
            rows = stock_as_at(
                self.session, StockFilter(), moment=moment, paging=PageRequest(200)
            ).items
            assert {(r.product, r.location, r.lot): r.on_hand.steps for r in rows} == then


def test_no_sequence_of_events_breaks_an_invariant(session, database):
    machine = type("SpaOnThisDatabase", (Spa,), {"session": session})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=12 if database == "sqlite" else 6,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        ),
    )
