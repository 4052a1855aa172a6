"""A lot goes back from its page, or in a recall: always by a return, its supplier and claim found by themselves."""

from datetime import date

import pytest
from sqlalchemy import update

from procurement.kernel.errors import Forbidden, Invalid, NotFound
from procurement.kernel.permissions import Role
from procurement.kernel.quantity import Quantity, Unit
from procurement.purchasing.operations.claiming import MakeClaim, make_claim
from procurement.purchasing.operations.returning import reverse_return
from procurement.purchasing.operations.sending_back import (
    SendBack,
    SettleItem,
    send_back,
    settle_recall_item,
)
from procurement.purchasing.queries.return_origins import suppliers_of_lots
from procurement.purchasing.queries.returns import return_page, return_paper
from procurement.purchasing.terms import ReturnReason
from procurement.stock.errors import InsufficientStock, RecallState
from procurement.stock.models import Lot
from procurement.stock.operations.containers.opening import OpenContainer, open_container
from procurement.stock.operations.holding import hold_lot
from procurement.stock.operations.recalls import StartRecall, look_again, start_recall
from procurement.stock.queries.recalls import recall_page
from procurement.stock.queries.verification import verify
from procurement.stock.terms import RecallOutcome
from tests.builders import an_actor
from tests.purchasing.builders import (
    ANA,
    DOUBTFUL,
    MONDAY,
    a_placed_order,
    a_spa_that_orders,
    delivered,
    received,
)
from tests.stock.builders import moved, opened

LOT = "ALM-500/L1"
RETURNED = RecallOutcome.RETURNED


@pytest.fixture(autouse=True)
def _stock(session):
    """Four cases (24 l, 318.00 euros) of lot L1 in the store."""
    a_spa_that_orders(session)
    received(session, a_placed_order(session).number, delivered(4))


def ml(amount: int) -> Quantity:
    return Quantity.parse(str(amount), Unit.ML)


def back(session, *, actor=ANA, **changes):
    values = {"lot": LOT, "location": "STORE", "why": "cloudy"} | changes
    made = send_back(session, SendBack(**values), actor=actor, at=MONDAY)
    session.flush()
    return return_page(session, made.number)


def recalled(session, *lots: str, drill: bool = False) -> str:
    command = StartRecall("ALM-500", lots or ("L1",), "glass found", drill)
    number = start_recall(session, command, actor=ANA, at=MONDAY).number
    session.flush()
    return number


def settled(session, number, position=1, *, actor=ANA, **more):
    command = SettleItem(recall=number, position=position, outcome=RETURNED, **more)
    made = settle_recall_item(session, command, actor=actor, at=MONDAY)
    session.flush()
    return made


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        ("available", ReturnReason.OTHER),
        ("quarantine", ReturnReason.OTHER),
        ("past", ReturnReason.EXPIRED),
    ],
)
def test_it_goes_to_who_delivered_it_whatever_state_it_is_in(session, state, reason):
    if state == "past":
        session.execute(update(Lot).values(use_by=date(2026, 1, 1)))
        session.expire_all()
    elif state == "quarantine":
        hold_lot(session, LOT, "cloudy", actor=ANA, at=MONDAY)
    part = back(session, quantity=ml(6000))
    assert (part.head.supplier, part.head.reason, part.note) == ("CORRIB", reason, "cloudy")
    assert (part.head.credit.amount, part.head.is_credit_due) == ("79.50", True)
    rest = back(session)
    assert [line.quantity for line in rest.lines] == [ml(18000)]
    assert return_paper(session, rest.head.number, actor=ANA).content.startswith(b"%PDF")
    reverse_return(session, rest.head.number, why="found good", actor=ANA, at=MONDAY)
    assert verify(session) == []


def test_the_claim_that_covers_it_is_named_and_no_other(session):
    order = a_placed_order(session)
    receipt = received(
        session, order.number, delivered(3, supplier_lot="L7", condition=DOUBTFUL, why="leaks")
    )
    claim = make_claim(session, MakeClaim(receipt=receipt.number), actor=ANA, at=MONDAY).number
    session.flush()
    whole = back(session, lot="ALM-500/L7", location="QUARANTINE", quantity=ml(6000))
    assert (whole.head.claim, whole.head.is_credit_due) == (claim, False)
    assert back(session, quantity=ml(1000)).head.claim is None
    moved(session, 500, "STORE", "ROOM-1", lot="L1", at=MONDAY)
    named = back(session, location="ROOM-1", claim=claim)
    assert named.head.claim == claim


@pytest.mark.parametrize(
    ("changes", "error", "field"),
    [
        ({"lot": "ALM-500/Z9"}, NotFound, []),
        ({"location": "ATTIC"}, Invalid, ["location"]),
        ({"location": "CONSUMED"}, Invalid, ["location"]),
        ({"location": "ROOM-2"}, Invalid, ["lot"]),
        ({"quantity": ml(24001)}, InsufficientStock, ["quantity"]),
        ({"quantity": Quantity(1, Unit.PIECE)}, Invalid, ["quantity"]),
        ({"why": " "}, Invalid, ["why"]),
        ({"supplier": "NOBODY"}, Invalid, ["supplier"]),
        ({"claim": "CL-1"}, Invalid, ["claim"]),
    ],
)
def test_what_cannot_go_back_is_refused_by_name(session, changes, error, field):
    with pytest.raises(error) as refused:
        back(session, **changes)
    assert [one.field for one in refused.value.errors if one.field] == field


def test_goods_nobody_delivered_need_a_supplier_named(session):
    opened(session, 500, lot="OLD", into="ROOM-1")
    with pytest.raises(Invalid) as refused:
        back(session, lot="ALM-500/OLD", location="ROOM-1")
    assert [one.field for one in refused.value.errors] == ["supplier"]
    page = back(session, lot="ALM-500/OLD", location="ROOM-1", supplier="CORRIB")
    assert (page.head.supplier, page.head.credit) == ("CORRIB", None)


def test_a_recall_sends_back_by_a_return_also_what_was_opened(session):
    moved(session, 1000, "STORE", "ROOM-1", lot="L1", at=MONDAY)
    (bottle,) = open_container(
        session, OpenContainer("ROOM-1", "ALM-500"), actor=ANA, at=MONDAY
    ).containers
    session.flush()
    assert suppliers_of_lots(session, [f"ALM-500/{bottle}"])[f"ALM-500/{bottle}"][0] == "CORRIB"
    number = recalled(session)
    items = recall_page(session, number).items
    made = {item.lot: settled(session, number, item.position) for item in items}
    page = return_page(session, made[bottle].number)
    assert page.head.reason is ReturnReason.RECALLED
    assert page.note == f"{number}: glass found"
    assert [line.lot for line in page.lines] == [bottle]
    after = recall_page(session, number)
    assert (after.head.percent, {item.outcome for item in after.items}) == (100, {RETURNED})
    assert all(item.posting for item in after.items)
    with pytest.raises(RecallState):
        settled(session, number)
    # Taken back, the goods stand there again and are found again.
    reverse_return(session, made["L1"].number, why="they refused", actor=ANA, at=MONDAY)
    assert look_again(session, number, actor=ANA, at=MONDAY) == 1
    assert verify(session) == []


def test_a_recall_of_goods_nobody_delivered_asks_for_the_supplier(session):
    opened(session, 500, lot="OLD", into="ROOM-1")
    number = recalled(session, "OLD")
    with pytest.raises(Invalid) as refused:
        settled(session, number)
    assert refused.value.errors[0].field == "supplier"
    keeper = an_actor(Role.THERAPIST)
    with pytest.raises(Forbidden):
        settled(session, number, supplier="CORRIB", actor=keeper)
    assert settled(session, number, supplier="CORRIB").number.startswith("SR-")


def test_a_drill_makes_no_return_and_what_is_gone_needs_none(session):
    drill = recalled(session, drill=True)
    assert settled(session, drill) is None
    number = recalled(session)
    moved(session, 24000, "STORE", "QUARANTINE", lot="L1", at=MONDAY)
    assert settled(session, number) is None
    assert recall_page(session, number).items[0].posting is None
