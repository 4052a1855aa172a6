"""Two clerks at one delivery, each in a transaction of their own, on both databases."""

from dataclasses import replace
from datetime import date

import pytest

from procurement.kernel.db import make_engine
from procurement.kernel.errors import Conflict
from procurement.kernel.quantity import Quantity, Unit
from procurement.kernel.unit_of_work import UnitOfWork
from procurement.purchasing.errors import AlreadyReversed, OverReceipt, WrongStatus
from procurement.purchasing.operations.confirming import SupplierSays, confirm_order
from procurement.purchasing.operations.deciding import place_order
from procurement.purchasing.operations.invoicing import (
    NewInvoiceLine,
    RecordInvoice,
    record_invoice,
)
from procurement.purchasing.operations.returning import ReturnedLot, ReturnGoods, return_goods
from procurement.purchasing.operations.reversing import reverse_receipt
from procurement.purchasing.queries.confirmations import confirmations_of
from procurement.purchasing.queries.invoices import invoice_page
from procurement.purchasing.queries.orders import order_page
from procurement.purchasing.terms import LineAnswer, ReturnReason
from procurement.purchasing.terms.invoices import DifferenceKind, InvoiceStatus
from procurement.stock.queries.verification import verify
from tests.purchasing.builders import (
    ANA,
    CASES,
    MONDAY,
    a_draft,
    a_placed_order,
    a_spa_that_orders,
    approve_order,
    delivered,
    received,
)
from tests.threads import at_once


@pytest.fixture
def work(fresh_database):
    engine = make_engine(fresh_database)
    unit_of_work = UnitOfWork(engine)
    with unit_of_work.write() as session:
        a_spa_that_orders(session)
    yield unit_of_work
    engine.dispose()


def attempt(work, act, *refusals):
    try:
        with work.write() as session:
            return act(session)
    except refusals as refusal:
        return type(refusal)


def test_seven_of_ten_received_twice_at_once_is_received_once(work):
    with work.write() as session:
        number = a_placed_order(session).number

    def receive(clerk):
        line = delivered(7, supplier_lot=f"L{clerk}")
        return attempt(work, lambda s: received(s, number, line).number, OverReceipt)

    answers = at_once(2, receive)
    assert answers.count(OverReceipt) == 1
    with work.read() as session:
        assert order_page(session, number).lines[0].received == 7
        assert verify(session) == []


def test_goods_that_go_back_while_they_are_invoiced_are_told_whoever_is_first(work):
    with work.write() as session:
        order = a_placed_order(session).number
        received(session, order, delivered(10))

    line = NewInvoiceLine(order=order, position=1, packs=10)
    asked = RecordInvoice(
        supplier="CORRIB", supplier_number="INV-1", invoiced_on=date(2026, 11, 20), lines=(line,)
    )
    lot = ReturnedLot("ALM-500/L1", Quantity.parse("12000", Unit.ML))
    back = ReturnGoods(
        supplier="CORRIB", location="STORE", reason=ReturnReason.DAMAGED, lines=(lot,)
    )

    def step(clerk):
        if clerk:
            return attempt(work, lambda s: return_goods(s, back, actor=ANA, at=MONDAY).number)
        return attempt(work, lambda s: record_invoice(s, asked, actor=ANA, at=MONDAY).number)

    invoice, _ = at_once(2, step)
    with work.read() as session:
        page = invoice_page(session, invoice)
        assert page.status is InvoiceStatus.RECORDED
        assert [one.kind for one in page.open_differences] == [DifferenceKind.QUANTITY]
        assert verify(session) == []


def test_what_may_come_on_top_comes_once_however_it_is_split(work):
    with work.write() as session:
        number = a_placed_order(session, replace(CASES, tolerance=1)).number

    def receive(clerk):
        parts = (
            delivered(3, supplier_lot=f"L{clerk}"),
            delivered(3, supplier_lot=f"M{clerk}", into="ROOM-1"),
        )
        return attempt(work, lambda s: received(s, number, *parts).number, OverReceipt)

    answers = at_once(2, receive)
    assert answers.count(OverReceipt) == 1
    with work.write() as session:
        received(session, number, delivered(5, supplier_lot="L9"))
    with work.read() as session:
        assert order_page(session, number).lines[0].received == 11
        assert verify(session) == []


def test_one_delivery_sent_ten_times_is_one_receipt(work):
    with work.write() as session:
        number = a_placed_order(session).number

    def receive(_):
        return attempt(
            work, lambda s: received(s, number, delivered(7), idempotency_key="K").number
        )

    answers = at_once(10, receive)
    assert len(set(answers)) == 1
    with work.read() as session:
        assert order_page(session, number).lines[0].received == 7


def test_the_same_new_lot_received_twice_at_once_is_one_lot(work):
    with work.write() as session:
        orders = [a_placed_order(session).number for _ in range(2)]

    def receive(clerk):
        line = delivered(2, supplier_lot="SAME")
        return attempt(work, lambda s: received(s, orders[clerk], line).number, Conflict)

    answers = at_once(2, receive)
    taken = sum(isinstance(answer, str) for answer in answers)
    assert taken >= 1
    with work.read() as session:
        assert sum(order_page(session, n).lines[0].received for n in orders) == 2 * taken
        assert verify(session) == []


def test_an_order_is_placed_once(work):
    with work.write() as session:
        number = a_draft(session).number
        approve_order(session, number, actor=ANA, at=MONDAY)

    def place(_):
        act = lambda s: place_order(s, number, actor=ANA, at=MONDAY).number  # noqa: E731 (read at once)
        return attempt(work, act, WrongStatus)

    assert at_once(4, place).count(WrongStatus) == 3


def test_a_receipt_is_reversed_once(work):
    with work.write() as session:
        receipt = received(session, a_placed_order(session).number, delivered(7)).number

    def reverse(_):
        return attempt(
            work,
            lambda s: reverse_receipt(s, receipt, why="Twice", actor=ANA, at=MONDAY).number,
            AlreadyReversed,
        )

    assert at_once(2, reverse).count(AlreadyReversed) == 1


def test_a_supplier_who_taps_twice_at_once_has_answered_once(work):
    with work.write() as session:
        number = a_placed_order(session).number
    says = SupplierSays(said_by="Orla", lines=(LineAnswer(1, packs=6),))

    def tap(_):
        with work.write() as session:
            return confirm_order(session, number, says, actor=ANA, at=MONDAY).id

    assert len(set(at_once(4, tap))) == 1
    with work.read() as session:
        assert len(confirmations_of(session, number)) == 1
        assert order_page(session, number).lines[0].outstanding == 10
