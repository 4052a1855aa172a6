"""Returns to suppliers: posted with their own reason, with a paper, once; taken back whole. What stays outstanding."""

from datetime import timedelta

import pytest

from procurement.kernel.errors import Conflict, Forbidden, Invalid
from procurement.kernel.money import Money
from procurement.kernel.paging import PageRequest
from procurement.kernel.permissions import Role
from procurement.kernel.quantity import Quantity, Unit
from procurement.purchasing.errors import AlreadyReversed, ReturnUnknown
from procurement.purchasing.operations.claiming import MakeClaim, make_claim, send_claim
from procurement.purchasing.operations.deciding import close_short
from procurement.purchasing.operations.returning import (
    ReturnedLot,
    ReturnGoods,
    return_goods,
    reverse_return,
)
from procurement.purchasing.queries.backorders import backorder_page, backorders
from procurement.purchasing.queries.returns import (
    return_page,
    return_paper,
    returnable,
    supplier_returns,
)
from procurement.purchasing.terms import Condition, ReturnReason
from procurement.stock.errors import BelongsToDocument, InsufficientStock
from procurement.stock.operations.holding import hold_lot
from procurement.stock.operations.posting import reverse_posting
from procurement.stock.queries.history import movements
from procurement.stock.queries.verification import verify
from procurement.stock.terms import Reason
from tests.builders import an_actor
from tests.purchasing.builders import (
    ANA,
    CASES,
    COVERS,
    MONDAY,
    a_placed_order,
    a_spa_that_orders,
    delivered,
    received,
)
from tests.queries import assert_queries

LOT = "ALM-500/L1"


@pytest.fixture(autouse=True)
def _stock(session):
    """Four cases (24 l, 318.00 euros) of lot L1 in the store."""
    a_spa_that_orders(session)
    received(session, a_placed_order(session).number, delivered(4))


def ml(amount: str) -> Quantity:
    return Quantity.parse(amount, Unit.ML)


def returned(session, *lines, **more) -> str:
    values = {"supplier": "CORRIB", "location": "STORE", "reason": ReturnReason.DAMAGED, **more}
    told = tuple(lines or [ReturnedLot(LOT)])
    made = return_goods(session, ReturnGoods(lines=told, **values), actor=ANA, at=MONDAY)
    session.flush()
    return str(made.number)


def test_a_held_lot_goes_back_with_a_paper_and_can_be_taken_back(session):
    hold_lot(session, LOT, "cloudy", actor=ANA, at=MONDAY)
    number = returned(session, ReturnedLot(LOT, ml("6000")), note="Collect it on Friday")
    page = return_page(session, number)
    (line,) = page.lines
    assert (line.lot, line.quantity, line.value.amount) == ("L1", ml("6000"), "79.50")
    assert page.head.credit.amount == "79.50"
    assert return_paper(session, number, actor=ANA).content.startswith(b"%PDF")
    last = movements(session, paging=PageRequest(1)).items[0]
    assert (last.reason, last.destination, last.document) == (Reason.RETURN, "SUPPLIER", number)
    with pytest.raises(BelongsToDocument):
        reverse_posting(session, last.ref, why="No", actor=ANA, at=MONDAY)
    assert [row.free for row in returnable(session, "STORE", "CORRIB")] == [ml("18000")]
    reverse_return(session, number, why="They do not want it", actor=ANA, at=MONDAY)
    with pytest.raises(AlreadyReversed):
        reverse_return(session, number, why="Again", actor=ANA, at=MONDAY)
    assert [row.free for row in returnable(session, "STORE", "CORRIB")] == [ml("24000")]
    assert b"%PDF" in return_paper(session, number, actor=ANA).content
    assert verify(session) == []


def test_the_same_key_gives_the_same_return_and_all_goes_without_a_quantity(session):
    number = returned(session, idempotency_key="K", credit=Money(1, "EUR"))
    assert returned(session, idempotency_key="K") == number
    (row,) = supplier_returns(session, PageRequest(), supplier="CORRIB").items
    assert (row.credit.minor, row.lines) == (1, 1)
    assert returnable(session, "STORE", "CORRIB") == []


@pytest.mark.parametrize(
    ("lines", "changes", "refusal", "fields"),
    [
        ([], {"supplier": "NOBODY"}, Invalid, ["supplier"]),
        ([], {"location": "CONSUMED"}, Invalid, ["location"]),
        ([], {"credit": Money(1, "USD")}, Invalid, ["credit"]),
        ([], {"credit": Money(-1, "EUR")}, Invalid, ["credit"]),
        ([], {"claim": "CL-2026-0009"}, Invalid, ["claim"]),
        ([], {"location": "ROOM-1"}, Invalid, ["lines.0.lot"]),
        ([ReturnedLot(LOT, Quantity(1, Unit.PIECE))], {}, Invalid, ["lines.0.quantity"]),
        ([ReturnedLot(LOT, Quantity(0, Unit.ML))], {}, Invalid, ["lines.0.quantity"]),
        ([ReturnedLot(LOT), ReturnedLot(LOT)], {}, Invalid, ["lines"]),
        ([ReturnedLot(LOT, Quantity.parse("24001", Unit.ML))], {}, InsufficientStock, None),
    ],
)
def test_what_cannot_go_back_is_named(session, lines, changes, refusal, fields):
    with pytest.raises(refusal) as refused:
        returned(session, *lines, **changes)
    if fields is not None:
        assert [error.field for error in refused.value.errors] == fields


def test_who_may_and_what_is_there(session):
    command = ReturnGoods(
        supplier="CORRIB", location="STORE", reason=ReturnReason.OTHER, lines=(ReturnedLot(LOT),)
    )
    with pytest.raises(Forbidden):
        return_goods(session, command, actor=an_actor(Role.SALES), at=MONDAY)
    with pytest.raises(ReturnUnknown):
        return_page(session, "SR-2026-0009")
    with pytest.raises(Invalid):
        reverse_return(session, returned(session), why=" ", actor=ANA, at=MONDAY)


def test_what_came_in_part_or_late_stays_outstanding_with_the_credit_to_come(session):
    number = a_placed_order(session, CASES, COVERS).number
    assert len(backorders(session, at=MONDAY)[0].lines) == 1  # of the order that came in part
    receipt = received(session, number, delivered(2, condition=Condition.REFUSED)).number
    received(session, number, delivered(3, position=1, supplier_lot="L7"))
    claim = make_claim(session, MakeClaim(receipt=receipt), actor=ANA, at=MONDAY).number
    session.flush()
    returned(session, ReturnedLot(LOT, ml("6000")))
    assert backorders(session, at=MONDAY)[0].claimed.minor == 0
    send_claim(session, claim, actor=ANA, at=MONDAY)
    session.flush()
    later = MONDAY.replace(month=12)
    (found,) = backorders(session, at=later, supplier="CORRIB")
    assert [(row.position, row.packs, row.value.amount) for row in found.lines] == [
        (1, 6, "477.00"),
        (1, 7, "556.50"),
        (2, 8, "316.80"),
    ]
    assert all(row.days_late for row in found.lines)
    assert (found.claimed.amount, found.returned.amount) == ("159.00", "79.50")
    close_short(session, number, position=1, actor=ANA, at=later)
    session.flush()
    assert len(backorders(session, at=later)[0].lines) == 2
    with pytest.raises(Conflict):
        close_short(session, number, position=1, actor=ANA, at=later)


def test_outstanding_lines_are_paged_by_the_day_they_were_due(session):
    for _ in range(3):
        a_placed_order(session, CASES, COVERS)
    session.flush()
    late = MONDAY + timedelta(days=60)
    whole = [(row.order, row.position) for row in backorders(session, at=late)[0].lines]
    assert len(whole) == 7  # of the order that came in part, too
    seen, cursor, pages = [], None, 0
    while pages == 0 or cursor:
        with assert_queries(session.get_bind(), 4 if pages == 0 else 3):
            page = backorder_page(session, PageRequest.parse(3, cursor), at=late)
        seen += [(row.order, row.position) for one in page.suppliers for row in one.lines]
        cursor, pages = page.next, pages + 1
        assert (page.lines, page.late) == (7, 7)
    assert (seen, pages) == (whole, 3)
    with pytest.raises(Invalid):
        backorder_page(session, PageRequest(3, ("yesterday", "PO", 1)), at=late)
