"""What suppliers answer, line by line, by whichever way; what becomes of the order's day and what is on order."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from procurement.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from procurement.kernel.permissions import Role
from procurement.outbox.models import Message
from procurement.purchasing.errors import WrongStatus
from procurement.purchasing.models import OrderLink, PurchaseOrder
from procurement.purchasing.operations.amended_lines import AmendedLine
from procurement.purchasing.operations.amending import AmendOrder, amend_order
from procurement.purchasing.operations.confirming import (
    SupplierSays,
    confirm_by_link,
    confirm_order,
    note_difference,
)
from procurement.purchasing.operations.deciding import approve_order, cancel_order, place_order
from procurement.purchasing.operations.papers import SendOrder, end_links, send_order_again
from procurement.purchasing.queries.confirmations import confirmations_of, differences
from procurement.purchasing.queries.links import linked_order, linked_order_paper
from procurement.purchasing.queries.orders import order_page
from procurement.purchasing.queries.supply import on_order
from procurement.purchasing.terms import AnsweredBy, LineAnswer, SupplierAnswer
from tests.builders import an_actor, files_of
from tests.documents.papers import plain, text_of
from tests.purchasing.builders import (
    ANA,
    CASES,
    COVERS,
    MONDAY,
    a_draft,
    a_spa_that_orders,
    delivered,
    received,
)

URL = "https://spa.example"
FIRST, LATER = (
    date(2026, 12, 2),
    date(2026, 12, 14),
)  # nine days after placing, and what they make of it
ACCEPTED, CHANGED, REFUSED = (
    SupplierAnswer.ACCEPTED,
    SupplierAnswer.CHANGED,
    SupplierAnswer.REFUSED,
)


@pytest.fixture(autouse=True)
def _spa(session):
    a_spa_that_orders(session)


def placed(session) -> PurchaseOrder:
    order = a_draft(session, CASES, COVERS)
    approve_order(session, order.number, actor=ANA, at=MONDAY)
    place_order(session, order.number, actor=ANA, at=MONDAY, public_url=URL)
    session.flush()
    return order


def token_of(session, mail: int = -1) -> str:
    bodies = session.scalars(select(Message.body).order_by(Message.id)).all()
    return bodies[mail].split(f"{URL}/o/")[1].split()[0]


def says(*lines: LineAnswer, **more) -> SupplierSays:
    return SupplierSays(**{"said_by": "Orla", "lines": lines, **more})


@pytest.mark.parametrize(
    ("answer", "whole", "due_on", "confirmed"),
    [
        (says(), ACCEPTED, FIRST, [(10, FIRST), (8, FIRST)]),
        (says(LineAnswer(1, packs=10, due_on=FIRST)), ACCEPTED, FIRST, [(10, FIRST), (8, FIRST)]),
        (says(LineAnswer(1, packs=6)), CHANGED, FIRST, [(6, FIRST), (8, FIRST)]),
        (says(LineAnswer(2, due_on=LATER)), CHANGED, LATER, [(10, FIRST), (8, LATER)]),
        (says(LineAnswer(2, packs=0)), CHANGED, FIRST, [(10, FIRST), (0, None)]),
        (says(refuses_all=True), REFUSED, FIRST, [(0, None), (0, None)]),
        (says(only_received=True), SupplierAnswer.ACKNOWLEDGED, FIRST, [(None, None)] * 2),
    ],
)
def test_an_answer_says_what_comes_and_moves_only_the_day(
    session, answer, whole, due_on, confirmed
):
    order = placed(session)
    before = [(one.order, one.quantity) for one in on_order(session)]
    made = confirm_order(session, order.number, answer, actor=ANA, at=MONDAY)
    assert (made.answer, order.answer, order.due_on) == (whole, whole, due_on)
    assert [(line.confirmed_packs, line.confirmed_on) for line in order.lines] == confirmed
    assert order.promised_on == FIRST  # for the scorecard
    session.flush()
    assert [(one.order, one.quantity) for one in on_order(session)] == before  # nothing twice


def test_each_product_is_on_order_for_the_day_its_line_was_confirmed(session):
    order = placed(session)
    confirm_order(session, order.number, says(LineAnswer(1, due_on=LATER)), actor=ANA, at=MONDAY)
    session.flush()
    days = {one.product: one.due_on for one in on_order(session)}
    assert days == {"ALM-500": LATER, "COV-020": FIRST}


def test_what_cannot_be_meant_is_named_at_its_line(session):
    order = placed(session)
    wrong = says(
        LineAnswer(9),
        LineAnswer(1, packs=-1),
        LineAnswer(1, due_on=MONDAY.date() - timedelta(days=1)),
        LineAnswer(2, due_on=date(2036, 1, 1)),
    )
    with pytest.raises(Invalid) as caught:
        confirm_order(session, order.number, wrong, actor=ANA, at=MONDAY)
    assert {error.field for error in caught.value.errors} == {
        "lines.0.position",
        "lines.1.packs",
        "lines.2.position",
        "lines.2.due_on",
        "lines.3.due_on",
    }
    assert order.answer is None


def test_who_may_and_when(session):
    order = placed(session)
    with pytest.raises(Forbidden):
        confirm_order(session, order.number, says(), actor=an_actor(Role.THERAPIST), at=MONDAY)
    received(session, order.number, delivered(10), delivered(8, 2))
    with pytest.raises(WrongStatus, match="received"):
        confirm_order(session, order.number, says(), actor=ANA, at=MONDAY)


def test_a_second_tap_is_the_same_answer_and_another_word_a_new_one(session):
    order = placed(session)
    one = confirm_order(session, order.number, says(), actor=ANA, at=MONDAY)
    assert confirm_order(session, order.number, says(), actor=ANA, at=MONDAY) is one
    other = confirm_order(session, order.number, says(LineAnswer(1, packs=6)), actor=ANA, at=MONDAY)
    session.flush()
    assert [row.id for row in confirmations_of(session, order.number)] == [other.id, one.id]
    (line,) = confirmations_of(session, order.number)[0].differences
    assert (line.name, line.packs_asked, line.packs) == ("Sweet Almond Oil", 10, 6)


def test_a_difference_waits_until_somebody_has_noted_it(session):
    order = placed(session)
    confirm_order(session, order.number, says(), actor=ANA, at=MONDAY)
    assert differences(session, limit=8) == ()
    off = confirm_order(session, order.number, says(LineAnswer(2, packs=0)), actor=ANA, at=MONDAY)
    (row,) = differences(session, limit=8)
    assert (row.order, row.answer, row.differences) == (order.number, CHANGED, 1)
    note_difference(session, order.number, off.id, actor=ANA, at=MONDAY)
    session.flush()
    assert differences(session, limit=8) == ()
    with pytest.raises(NotFound):
        note_difference(session, order.number, 10**9, actor=ANA, at=MONDAY)


def test_the_link_is_in_the_mail_and_on_the_paper_and_only_its_hash_is_kept(session):
    order = placed(session)
    token = token_of(session)
    linked = linked_order(session, token, at=MONDAY)
    assert (linked.number, linked.can_be_answered, linked.content.number) == (
        order.number,
        True,
        order.number,
    )
    kept = session.scalars(select(OrderLink)).one()
    assert token not in kept.token_sha256
    assert token not in repr(linked.content)
    paper = linked_order_paper(session, token, at=MONDAY)
    assert token.isalnum()  # a reader loses a dash at a line's end
    assert token in plain(text_of(paper.content))
    made = confirm_by_link(session, token, says(answered_by=AnsweredBy.LINK), at=MONDAY)
    assert (made.answered_by, made.said_by, made.recorded_by) == (AnsweredBy.LINK, "Orla", "")


@pytest.mark.parametrize("token", ["", "x", "A" * 22, "a\0b", "\ud800", "ü" * 500])
def test_a_link_nobody_made_leads_nowhere(session, token):
    placed(session)
    for ask in (linked_order, linked_order_paper):
        with pytest.raises(NotFound, match="nothing at this address"):
            ask(session, token, at=MONDAY)
    with pytest.raises(NotFound, match="nothing at this address"):
        confirm_by_link(session, token, says(), at=MONDAY)


def test_an_amended_order_ends_the_old_link_and_says_where_the_new_one_went(session):
    order = placed(session)
    old = token_of(session)
    confirm_by_link(session, old, says(LineAnswer(1, due_on=LATER)), at=MONDAY)
    change = AmendOrder(
        number=order.number, lines=(AmendedLine(position=1, packs=9),), public_url=URL
    )
    amend_order(session, change, actor=ANA, at=MONDAY)
    session.flush()
    gone = linked_order(session, old, at=MONDAY)
    assert (gone.is_replaced, gone.can_be_answered, gone.sent_to) == (
        True,
        False,
        "o...@corrib.example",
    )
    with pytest.raises(Conflict):
        confirm_by_link(session, old, says(), at=MONDAY)
    with pytest.raises(NotFound):
        linked_order_paper(session, old, at=MONDAY)
    new = linked_order(session, token_of(session), at=MONDAY)
    assert (new.label, new.answers, order.answer) == (f"{order.number} R1", (), None)
    assert [line.packs for line in new.content.trade.lines] == [9, 8]
    assert order.promised_on == FIRST


def test_links_end_by_hand_by_time_and_with_the_order(session):
    order = placed(session)
    token = token_of(session)
    late = MONDAY + timedelta(days=70)
    assert linked_order(session, token, at=late).is_over
    send_order_again(session, SendOrder(number=order.number, public_url=URL), actor=ANA, at=MONDAY)
    session.flush()
    second = token_of(session)
    assert linked_order(session, second, at=MONDAY).can_be_answered
    end_links(session, order.number, actor=ANA, at=MONDAY)
    assert {linked_order(session, one, at=MONDAY).is_over for one in (token, second)} == {True}
    with pytest.raises(Conflict):
        end_links(session, order.number, actor=ANA, at=MONDAY)
    cancel_order(session, order.number, actor=ANA, at=MONDAY)
    assert linked_order(session, second, at=MONDAY).is_gone


def test_an_order_is_sent_again_with_the_same_paper(session):
    order = placed(session)
    again = SendOrder(
        number=order.number, public_url=URL, recipient="depot@corrib.example", message="For Orla"
    )
    send_order_again(session, again, actor=ANA, at=MONDAY + timedelta(days=3))
    first, second = session.scalars(select(Message).order_by(Message.id))
    assert second.recipient == "depot@corrib.example"
    assert files_of(session, second) == files_of(session, first)
    assert "For Orla" in second.body
    assert "of 23 November 2026" in second.body  # as the paper says
    for wrong, error in (
        (replace(again, recipient="nobody"), Invalid),
        (replace(again, number="PO-2026-9999"), NotFound),
        (replace(again, number=a_draft(session).number), WrongStatus),
    ):
        with pytest.raises(error):
            send_order_again(session, wrong, actor=ANA, at=MONDAY)
    assert order_page(session, order.number).number == order.number
