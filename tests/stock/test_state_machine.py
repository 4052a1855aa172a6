"""Random days in a spa: whatever is posted, reserved and taken back, the figures agree with a plain dictionary."""

import contextlib
import os
from collections import defaultdict
from datetime import date, timedelta
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from procurement.kernel.actor import SYSTEM
from procurement.kernel.errors import Conflict, Invalid, NotFound
from procurement.kernel.paging import PageRequest
from procurement.kernel.quantity import Quantity, Unit
from procurement.stock.errors import (
    AlreadyReversed,
    ContainerElsewhere,
    ContainerFinished,
    CountUndecided,
    InsufficientStock,
    LotNotUsable,
    RecallState,
)
from procurement.stock.models import Lot
from procurement.stock.operations.arrivals import (
    ArrivedLine,
    ArriveTransfer,
    Missing,
    arrive_transfer,
    send_transfer,
)
from procurement.stock.operations.containers.decanting import Decant, Fill, decant
from procurement.stock.operations.containers.finishing import (
    DiscardContainer,
    FinishContainer,
    discard_container,
    finish_and_open_next,
    finish_container,
)
from procurement.stock.operations.containers.moving import MoveContainer, move_container
from procurement.stock.operations.containers.opening import OpenContainer, open_container
from procurement.stock.operations.containers.undoing import take_back
from procurement.stock.operations.containers.using import ReadContainer, read_container
from procurement.stock.operations.counting.closing import PostCount, cancel_count, post_count
from procurement.stock.operations.counting.entering import EnterCounted, Entry, enter_counted
from procurement.stock.operations.counting.starting import StartCount, start_count
from procurement.stock.operations.holding import hold_lot, release_lot
from procurement.stock.operations.posting import PostStock, StockMove, post_stock, reverse_posting
from procurement.stock.operations.recalls import (
    StartRecall,
    close_recall,
    look_again,
    settle_item,
    start_recall,
)
from procurement.stock.operations.transfers import (
    DraftTransfer,
    TransferItem,
    cancel_transfer,
    complete_transfer,
    draft_transfer,
)
from procurement.stock.queries.on_hand import StockFilter, stock, stock_as_at
from procurement.stock.queries.recalls import recall_page
from procurement.stock.queries.transfers import transfer_page
from procurement.stock.queries.verification import verify
from procurement.stock.rules.amounts import Reading
from procurement.stock.terms import (
    Cause,
    Difference,
    LotStatus,
    Reason,
    RecallOutcome,
    Rest,
    Told,
)
from tests.builders import a_company, a_product
from tests.stock.builders import MORNING, a_spa

PLACES = ("STORE", "ROOM-1", "ROOM-2", "QUARANTINE")
PRODUCTS = ("ALM-500", "LAV-250")
LOTS = {"A": date(2027, 1, 1), "B": date(2026, 12, 1), "C": None}
places, products, lots = (
    st.sampled_from(PLACES[:3]),
    st.sampled_from(PRODUCTS),
    st.sampled_from(sorted(LOTS)),
)
amounts = st.integers(1, 40)
# What goes back to its supplier does so by a return (tests/purchasing/test_sending_back.py).
SETTLED_HERE = sorted(set(RecallOutcome) - {RecallOutcome.RETURNED})


class Spa(RuleBasedStateMachine):
    """The model: on hand and reserved as dictionaries of (product, place, lot)."""

    session: Session

    def __init__(self):
        super().__init__()
        self.savepoint = self.session.begin_nested()
        a_company(self.session)
        a_spa(self.session)
        self.sku_of = {a_product(self.session, sku, name=sku).id: sku for sku in PRODUCTS}
        self.now = MORNING
        self.on_hand = defaultdict(int)
        self.reserved = defaultdict(int)
        self.postings = []
        self.drafts = []
        self.recalls = []
        self.containers = {}  # number -> SKU
        self.steps = []
        self.past = []
        self.counts = {}  # place -> number, and (SKU, lot) -> the entry and its difference

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
        held = set() if posted.reason is Reason.REVERSAL else self.held()
        for move in posted.moves:
            sku = self.sku_of[move.product_id]
            if move.source in PLACES and (sku, move.lot) in held:
                assert move.destination in {"STORE", "ADJUSTMENT", "QUARANTINE", "SUPPLIER"}
            if move.source in PLACES:
                self.on_hand[sku, move.source, move.lot] -= move.quantity
            if move.destination in PLACES:
                self.on_hand[sku, move.destination, move.lot] += move.quantity

    def held(self):
        """(SKU, lot) of all that is in quarantine or recalled, with what was made from it."""
        rows = self.session.execute(
            select(Lot.product_id, Lot.number).where(Lot.status != LotStatus.AVAILABLE)
        )
        return {(self.sku_of[product_id], number) for product_id, number in rows}

    def free(self, sku, place, lot=None, *, sealed=False, usable=True):
        held = self.held() if usable and lot is None else set()
        return sum(
            quantity - self.reserved[key]
            for key, quantity in self.on_hand.items()
            if key[:2] == (sku, place)
            and lot in {None, key[2]}
            and not (sealed and key[2] in self.containers)
            and (sku, key[2]) not in held
        )

    def attempt(self, number, operation, command):
        """A step with a container; of a held one much is refused, and nothing is used (`take_over` looks)."""
        if (self.containers[number], number) not in self.held():
            return False
        with contextlib.suppress(Conflict, Invalid):
            done = self.step(operation, command)
            self.containers.update(dict.fromkeys(done.containers, self.containers[number]))
        return True

    def left(self, number):
        return sum(quantity for key, quantity in self.on_hand.items() if key[2] == number)

    def step(self, operation, command):
        """What is done to containers: taken over when it went through, and kept to be taken back."""
        self.now += timedelta(minutes=1)
        with self.session.begin_nested():
            done = operation(self.session, command, actor=SYSTEM, at=self.now)
        for posted in done.postings:
            self.take_over(posted)
        self.steps.append([[posted.ref for posted in done.postings], False])
        return done

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
        goes = {"STORE", "ADJUSTMENT"}
        if (sku, lot) in self.held() and destination not in goes:
            with pytest.raises((LotNotUsable, InsufficientStock)):
                self.post(reason, [move])
            return
        # Unasked, only what was never opened is carried away.
        free = self.free(
            sku,
            source,
            lot,
            sealed=reason is Reason.TRANSFER,
            usable=reason is not Reason.WRITE_OFF,
        )
        enough = free >= amount
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
        with contextlib.suppress(InsufficientStock, AlreadyReversed, ContainerElsewhere):
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
        if self.free(sku, "STORE", sealed=True) < amount:
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

    @rule(amount=amounts, lost=amounts, arrived=amounts)
    def travel(self, amount, lost, arrived):
        """Sent, arriving in part, the rest lost or left behind: what is under way is nobody else's."""
        sku = PRODUCTS[0]
        if self.free(sku, "STORE", sealed=True) < amount:
            return
        self.now += timedelta(minutes=1)
        item = TransferItem(sku, Quantity(amount, Unit.ML))
        command = DraftTransfer("STORE", "ROOM-2", (item,))
        number = draft_transfer(self.session, command, actor=SYSTEM, at=self.now).number
        self.session.flush()
        self.take_over(send_transfer(self.session, number, actor=SYSTEM, at=self.now))
        self.session.flush()
        lines = transfer_page(self.session, number).items
        whole = lines[0].under_way.steps
        first = min(arrived, whole)
        missing = Missing(Difference.LOST, Quantity(min(lost, whole - first), Unit.ML))
        part = ArrivedLine(1, Quantity(first, Unit.ML), (missing,))
        self.arrive(ArriveTransfer(number, (part,)))
        assert verify(self.session) == []
        rest = [line for line in transfer_page(self.session, number).items if line.under_way.steps]
        behind = tuple(
            ArrivedLine(
                line.position,
                Quantity(0, Unit.ML),
                (Missing(Difference.LEFT_BEHIND, line.under_way),),
            )
            for line in rest
        )
        if behind:
            self.arrive(ArriveTransfer(number, behind))

    def arrive(self, command):
        for posted in arrive_transfer(self.session, command, actor=SYSTEM, at=self.now):
            self.take_over(posted)
        self.session.flush()

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

    @rule(sku=products, place=places, lot=st.none() | lots, amount=amounts)
    def open_a_container(self, sku, place, lot, amount):
        if lot is not None and self.free(sku, place, lot) <= 0:
            return
        command = OpenContainer(place, sku, lot, quantity=Quantity(amount, Unit.ML))
        if (sku, lot) in self.held():
            with pytest.raises(LotNotUsable):
                self.step(open_container, command)
            return
        if self.free(sku, place, lot, sealed=True) < amount:
            with pytest.raises(InsufficientStock):
                self.step(open_container, command)
            return
        # The lot to be used first may have less, though all of them together have enough.
        with contextlib.suppress(InsufficientStock):
            done = self.step(open_container, command)
            self.containers[done.containers[0]] = sku

    @rule(data=st.data(), told=st.sampled_from([Told.USED, Told.LEFT, Told.EYE]), amount=amounts)
    def read_a_container(self, data, told, amount):
        if not self.containers:
            return
        number = data.draw(st.sampled_from(sorted(self.containers)))
        figure = amount % 5 if told is Told.EYE else amount
        command = ReadContainer(
            number, Reading(told, figure), data.draw(st.sampled_from(["", "?"]))
        )
        if self.attempt(number, read_container, command):
            return
        left = self.left(number)
        if left == 0:
            with pytest.raises(ContainerFinished):
                self.step(read_container, command)
        elif told is Told.USED and amount > left:
            with pytest.raises(Invalid):
                self.step(read_container, command)
        else:
            with contextlib.suppress(Invalid):  # more than it held at first
                self.step(read_container, command)

    @rule(data=st.data(), rest=st.sampled_from(Rest), open_next=st.booleans())
    def finish_a_container(self, data, rest, open_next):
        if not self.containers:
            return
        number = data.draw(st.sampled_from(sorted(self.containers)))
        operation = finish_and_open_next if open_next else finish_container
        if self.attempt(number, operation, FinishContainer(number, rest)):
            return
        if self.left(number) == 0:
            with pytest.raises(ContainerFinished):
                self.step(operation, FinishContainer(number, rest))
            return
        with contextlib.suppress(InsufficientStock):  # there is no next
            done = self.step(operation, FinishContainer(number, rest))
            assert self.left(number) == 0
            self.containers.update(dict.fromkeys(done.containers, self.containers[number]))

    @rule(
        data=st.data(),
        bottles=st.integers(1, 3),
        each=st.integers(1, 10),
        loss=st.integers(0, 3),
        to=st.none() | places,
        finish=st.booleans(),
    )
    def decant_a_container(self, data, bottles, each, loss, to, finish):
        if not self.containers:
            return
        number = data.draw(st.sampled_from(sorted(self.containers)))
        left = self.left(number)
        fill = Fill(bottles, Quantity(each, Unit.ML))
        command = Decant(number, (fill,), to, loss=Quantity(loss, Unit.ML), finish=finish)
        if self.attempt(number, decant, command):
            return
        lost = max(left - bottles * each, 0) if finish else loss
        if left == 0 or bottles * each + lost > left:
            with pytest.raises(ContainerFinished if left == 0 else InsufficientStock):
                self.step(decant, command)
            return
        done = self.step(decant, command)
        self.containers.update(dict.fromkeys(done.containers, self.containers[number]))

    @rule(data=st.data(), to=places)
    def move_a_container(self, data, to):
        standing = sorted(
            key for key, left in self.on_hand.items() if left and key[2] in self.containers
        )
        if not standing:
            return
        _, place, number = data.draw(st.sampled_from(standing))
        if self.attempt(number, move_container, MoveContainer(number, to)):
            return
        if place == to:
            with pytest.raises(Invalid):
                self.step(move_container, MoveContainer(number, to))
        else:
            self.step(move_container, MoveContainer(number, to))

    @rule(data=st.data(), amount=st.none() | amounts)
    def discard_a_container(self, data, amount):
        standing = sorted(number for number in self.containers if self.left(number))
        if not standing:
            return
        number = data.draw(st.sampled_from(standing))
        quantity = Quantity(amount, Unit.ML) if amount else None
        command = DiscardContainer(number, Cause.SPOILT, quantity)
        if (amount or 0) > self.left(number):
            with pytest.raises(InsufficientStock):
                self.step(discard_container, command)
        else:
            self.step(discard_container, command)

    @rule(data=st.data())
    def take_a_step_back(self, data):
        if not self.steps:
            return
        entry = data.draw(st.sampled_from(self.steps))
        refs, was_taken_back = entry
        self.now += timedelta(minutes=1)
        try:
            with self.session.begin_nested():
                back = take_back(self.session, refs, actor=SYSTEM, at=self.now)
        except Conflict:  # more was done to it since
            return
        except IntegrityError:  # the doors' transaction says AlreadyReversed
            assert was_taken_back
            return
        assert not (was_taken_back and refs)
        entry[1] = True
        for posted in back:
            self.take_over(posted)

    @rule(place=places, data=st.data(), amount=st.integers(0, 60))
    def count(self, place, data, amount):
        """Somebody counts a lot or bottle that the books know, wherever they have it; the last figure holds."""
        known = sorted({(sku, lot) for sku, _, lot in self.on_hand})
        if not known:
            return
        sku, lot = data.draw(st.sampled_from(known))
        self.now += timedelta(minutes=1)
        if place not in self.counts:
            start = StartCount(place)
            number = start_count(self.session, start, actor=SYSTEM, at=self.now).number
            self.counts[place] = (number, {})
        number, differences = self.counts[place]
        before, _ = differences.get((sku, lot), (None, 0))
        quantity = Quantity(amount, Unit.ML)
        entry = Entry(
            str(uuid4()), sku, quantity, self.now, lot, again=True,
            supersedes=(before,) if before else (),
        )  # fmt: skip
        enter_counted(self.session, EnterCounted(number, (entry,)), actor=SYSTEM, at=self.now)
        differences[sku, lot] = (entry.uid, amount - self.on_hand[sku, place, lot])

    @rule(place=places)
    def post_count(self, place):
        """Every difference as it was when it was counted, whatever has moved since; or nothing at all."""
        if place not in self.counts:
            return
        self.now += timedelta(minutes=1)
        number, differences = self.counts.pop(place)
        off = {key: d for key, (_, d) in differences.items() if d}
        try:
            with self.session.begin_nested():
                posted = post_count(self.session, PostCount(number), actor=SYSTEM, at=self.now)
        except CountUndecided:
            assert any(
                (d < 0 and self.on_hand[sku, place, lot] - self.reserved[sku, place, lot] + d < 0)
                or (d > 0 and lot in self.containers)
                for (sku, lot), d in off.items()
            )
            cancel_count(self.session, number, actor=SYSTEM, at=self.now)
            return
        moved = {
            (self.sku_of[m.product_id], m.lot): m.quantity * (1 if m.destination == place else -1)
            for m in (posted.moves if posted else ())
        }
        assert moved == off
        if posted:
            self.take_over(posted)

    @rule(sku=products, lot=lots)
    def hold(self, sku, lot):
        with contextlib.suppress(Conflict, NotFound), self.session.begin_nested():
            hold_lot(self.session, f"{sku}/{lot}", "cloudy", actor=SYSTEM, at=self.now)
            self.session.flush()
        self.give_up()

    @rule(sku=products, lot=lots)
    def release(self, sku, lot):
        with contextlib.suppress(Conflict, NotFound), self.session.begin_nested():
            release_lot(self.session, f"{sku}/{lot}", "fine", actor=SYSTEM, at=self.now)

    def give_up(self):
        """Draft transfers lost what is held."""
        held = self.held()
        for draft in list(self.drafts):
            number, lines = draft
            kept = [(key, quantity) for key, quantity in lines if (key[0], key[2]) not in held]
            for key, quantity in lines:
                if (key, quantity) not in kept:
                    self.reserved[key] -= quantity
            self.drafts[self.drafts.index(draft)] = (number, kept)
        self.drafts = [draft for draft in self.drafts if draft[1]]

    @rule(sku=products, lot=lots, drill=st.booleans())
    def recall(self, sku, lot, drill):
        command = StartRecall(sku, (lot,), "glass", drill)
        with contextlib.suppress(Invalid), self.session.begin_nested():
            number = start_recall(self.session, command, actor=SYSTEM, at=self.now).number
            self.session.flush()
            self.recalls.append(number)
        self.give_up()

    @rule(data=st.data(), outcome=st.sampled_from(SETTLED_HERE))
    def settle_a_place(self, data, outcome):
        if not self.recalls:
            return
        number = data.draw(st.sampled_from(self.recalls))
        page = recall_page(self.session, number)
        self.now += timedelta(minutes=1)
        if not page.to_do:
            with contextlib.suppress(RecallState), self.session.begin_nested():
                close_recall(self.session, number, actor=SYSTEM, at=self.now)
                self.recalls.remove(number)
            with contextlib.suppress(RecallState), self.session.begin_nested():
                look_again(self.session, number, actor=SYSTEM, at=self.now)
            return
        position = page.to_do[0].position
        with self.session.begin_nested():
            posted = settle_item(self.session, number, position, outcome, actor=SYSTEM, at=self.now)
            self.session.flush()
        if posted is not None:
            assert not page.head.is_drill
            self.take_over(posted)

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
            max_examples=int(
                os.environ.get("STILLROOM_EXAMPLES", "12" if database == "sqlite" else "6")
            ),
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        ),
    )
