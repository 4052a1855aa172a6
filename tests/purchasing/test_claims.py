"""Claims: what a tap claims, what is asked, sent, answered and settled; each once."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from procurement.kernel.errors import Conflict, Forbidden, Invalid
from procurement.kernel.money import Money, UnitPrice
from procurement.kernel.paging import PageRequest
from procurement.kernel.permissions import Role
from procurement.outbox.queries import messages
from procurement.purchasing.errors import ClaimState, ClaimUnknown, StaleVersion
from procurement.purchasing.operations.accepting import SaveDeliveryRule, save_delivery_rule
from procurement.purchasing.operations.claiming import (
    ChangeClaim,
    ClaimAnswer,
    ClaimedLine,
    MakeClaim,
    answer_claim,
    change_claim,
    make_claim,
    send_claim,
    settle_claim,
    withdraw_claim,
)
from procurement.purchasing.operations.photos import attach_receipt_photo
from procurement.purchasing.operations.reversing import reverse_receipt
from procurement.purchasing.queries.claims import claim_page, claim_paper, claims, claims_due
from procurement.purchasing.rules.claims import Delivered, claims_of
from procurement.purchasing.terms import ClaimStatus, Condition, Fault, Remedy
from tests.builders import an_actor
from tests.files.test_pictures import a_picture
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

PRICE = UnitPrice.parse("2.50", "EUR")
GOOD, DOUBTFUL, REFUSED = Condition.GOOD, Condition.DOUBTFUL, Condition.REFUSED


def line(position=1, packs=10, condition=GOOD, **more) -> Delivered:
    values = {"order_position": 1, "fault": None, "noted_packs": None, "remark": "", "why": ""}
    return Delivered(
        position=position, packs=packs, condition=condition, price=PRICE, **values | more
    )


@pytest.mark.parametrize(
    ("lines", "claimed"),
    [
        ([line()], []),
        ([line(condition=DOUBTFUL)], [(1, Fault.OTHER, 10, 2500)]),
        ([line(condition=DOUBTFUL, fault=Fault.DAMAGED)], [(1, Fault.DAMAGED, 10, 2500)]),
        ([line(condition=REFUSED, remark="Short")], [(1, Fault.SHORT_DATED, 10, 2500)]),
        ([line(remark="Short")], [(1, Fault.SHORT_DATED, 10, 0)]),
        ([line(packs=0, noted_packs=4)], [(1, Fault.MISSING, 4, 1000)]),
        ([line(packs=6, noted_packs=10), line(2, packs=4)], []),
        (
            [line(packs=6, noted_packs=7), line(2, packs=4, noted_packs=5)],
            [(1, Fault.MISSING, 2, 500)],
        ),
        (
            [line(packs=2, condition=REFUSED, noted_packs=5, fault=Fault.WRONG_GOODS)],
            [(1, Fault.WRONG_GOODS, 2, 500), (1, Fault.MISSING, 3, 750)],
        ),
        ([line(packs=3, noted_packs=2)], []),
    ],
)
def test_a_tap_claims_what_was_not_right(lines, claimed):
    found = claims_of(lines)
    assert [(one.position, one.fault, one.packs, one.asked.minor) for one in found] == claimed


@pytest.fixture
def receipt(session) -> str:
    """Ten cases: six fine, three damaged, one missing; of eight packs of covers all are fine."""
    a_spa_that_orders(session)
    number = a_placed_order(session, CASES, COVERS).number
    broken = delivered(3, condition=DOUBTFUL, fault=Fault.DAMAGED, why="Two leak")
    made = received(
        session,
        number,
        delivered(6, noted_packs=10),
        broken,
        delivered(8, position=2, expires_on=None),
    )
    return str(made.number)


def claimed(session, receipt, *lines, **more) -> str:
    command = MakeClaim(receipt=receipt, lines=lines, **more)
    made = make_claim(session, command, actor=ANA, at=MONDAY)
    session.flush()
    return str(made.number)


def test_a_claim_is_made_changed_sent_answered_and_settled(session, receipt):
    rule = SaveDeliveryRule(supplier="CORRIB", claim_days=5)
    save_delivery_rule(session, rule, actor=ANA, at=MONDAY)
    attach_receipt_photo(session, receipt, 2, a_picture(), "leak.png", actor=ANA, at=MONDAY)
    number = claimed(session, receipt)
    page = claim_page(session, number)
    assert [(one.fault, one.packs, one.asked.amount) for one in page.lines] == [
        (Fault.DAMAGED, 3, "238.50"),
        (Fault.MISSING, 1, "79.50"),
    ]
    assert (page.head.deadline, page.head.asked.amount) == (date(2026, 11, 28), "318.00")
    assert len(page.photos) == 1
    change = ChangeClaim(
        note="Please hurry", deadline=date(2026, 12, 1), asked={2: Money(100, "EUR")}
    )
    change_claim(session, number, replace(change, version=page.version), actor=ANA, at=MONDAY)
    session.flush()
    with pytest.raises(StaleVersion):
        change_claim(session, number, replace(change, version=page.version), actor=ANA, at=MONDAY)
    assert claim_paper(session, number, actor=ANA).content.startswith(b"%PDF")
    assert send_claim(session, number, actor=ANA, at=MONDAY) == "orders@corrib.example"
    with pytest.raises(ClaimState, match="was sent"):
        change_claim(session, number, change, actor=ANA, at=MONDAY)
    (mail,) = [
        one
        for one in messages(session, PageRequest(), status=None, actor=ANA).items
        if one.reference == number
    ]
    assert mail.recipient == "orders@corrib.example"
    answer = ClaimAnswer(remedy=Remedy.CREDIT, amount=Money(20_000, "EUR"), text="Sorry")
    answer_claim(session, number, answer, actor=ANA, at=MONDAY)
    settle_claim(session, number, actor=ANA, at=MONDAY)
    session.flush()
    (row,) = claims(session, PageRequest(), supplier="CORRIB", statuses=[ClaimStatus.SETTLED]).items
    assert (row.asked.amount, row.agreed.amount, row.remedy) == ("239.50", "200.00", Remedy.CREDIT)
    for act in (settle_claim, withdraw_claim, send_claim):
        with pytest.raises(ClaimState):
            act(session, number, actor=ANA, at=MONDAY)


def test_what_is_claimed_is_not_claimed_twice_until_it_is_withdrawn(session, receipt):
    number = claimed(session, receipt)
    with pytest.raises(Conflict, match="Nothing of this delivery is left"):
        claimed(session, receipt)
    again = ClaimedLine(position=2, fault=Fault.DAMAGED, packs=1)
    with pytest.raises(Conflict, match=f"{number} claims that already"):
        claimed(session, receipt, again)
    hidden = ClaimedLine(position=1, fault=Fault.OTHER, packs=1, note="Smells odd")
    second = claimed(session, receipt, hidden, idempotency_key="K")
    assert claimed(session, receipt, hidden, idempotency_key="K") == second
    withdraw_claim(session, number, actor=ANA, at=MONDAY)
    session.flush()
    assert claimed(session, receipt) not in {number, second}


def test_a_no_can_be_asked_again(session, receipt):
    number = claimed(session, receipt)
    send_claim(session, number, actor=ANA, at=MONDAY)
    answer_claim(session, number, ClaimAnswer(remedy=None, text="No"), actor=ANA, at=MONDAY)
    assert claim_page(session, number).head.status is ClaimStatus.REJECTED
    send_claim(session, number, actor=ANA, at=MONDAY)
    answer_claim(session, number, ClaimAnswer(remedy=Remedy.RETURN), actor=ANA, at=MONDAY)
    assert claim_page(session, number).head.agreed.amount == "318.00"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"position": 9}, "lines.0.position"),
        ({"packs": 7}, "lines.0.packs"),
        ({"packs": 0}, "lines.0.packs"),
        ({"asked": Money(1, "USD")}, "lines.0.asked"),
        ({"asked": Money(-1, "EUR")}, "lines.0.asked"),
        ({"note": "a\x00"}, "lines.0.note"),
    ],
)
def test_a_line_that_cannot_be_claimed_is_named(session, receipt, changes, field):
    told = {"position": 1, "fault": Fault.DAMAGED, "packs": 1, **changes}
    with pytest.raises(Invalid) as refusal:
        claimed(session, receipt, ClaimedLine(**told))
    assert [error.field for error in refusal.value.errors] == [field]


def test_who_may_and_what_is_there(session, receipt):
    with pytest.raises(Forbidden):
        make_claim(session, MakeClaim(receipt=receipt), actor=an_actor(Role.SALES), at=MONDAY)
    with pytest.raises(ClaimUnknown):
        claim_page(session, "CL-2026-9999")
    reverse_receipt(session, receipt, why="Wrong", actor=ANA, at=MONDAY)
    with pytest.raises(Conflict, match="was taken back"):
        claimed(session, receipt)


@pytest.mark.parametrize(
    ("sent", "days", "told"),
    [(False, 10, False), (False, 11, True), (False, 20, True), (True, 14, False), (True, 15, True)],
)
def test_somebody_is_told_before_the_deadline_and_when_nobody_answers(
    session, receipt, sent, days, told
):
    number = claimed(session, receipt)
    if sent:
        send_claim(session, number, actor=ANA, at=MONDAY)
    session.flush()
    due = claims_due(session, MONDAY.date() + timedelta(days=days))
    assert [row.number for row in due] == ([number] if told else [])
