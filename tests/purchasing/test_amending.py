"""Placed orders are changed by revisions: what may change, who agrees, what the papers say, two people at once."""

from datetime import date

import pytest
from sqlalchemy import select

from procurement.kernel.actor import Actor
from procurement.kernel.db import make_engine
from procurement.kernel.errors import Conflict, Forbidden, Invalid
from procurement.kernel.money import UnitPrice
from procurement.kernel.permissions import Role, permissions_of
from procurement.kernel.unit_of_work import UnitOfWork
from procurement.outbox.models import Message
from procurement.purchasing.errors import OverReceipt, StaleVersion, WrongStatus
from procurement.purchasing.operations.amended_lines import AmendedLine
from procurement.purchasing.operations.amending import (
    AmendOrder,
    amend_order,
    approve_change,
    refuse_change,
    withdraw_change,
)
from procurement.purchasing.operations.lines import NewOrderLine
from procurement.purchasing.queries.orders import order_page
from procurement.purchasing.queries.papers import order_paper
from procurement.purchasing.queries.revisions import (
    changes_to_approve,
    revision_paper,
    revisions_of,
)
from procurement.purchasing.rules.amending import PlacedLine, Wish, objection
from procurement.purchasing.terms import OrderStatus, RevisionStatus
from tests.documents.papers import text_of
from tests.doors import an_account
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
from tests.purchasing.test_approving import a_rule
from tests.threads import at_once

ALMOND, FACE = 1, 2
EUR_84 = UnitPrice.parse("84.00", "EUR")


@pytest.mark.parametrize(
    ("received_packs", "closed", "wish", "field"),
    [
        (0, False, Wish(1, packs=12), ""),
        (3, False, Wish(1, packs=3), ""),
        (3, False, Wish(1, packs=2), "packs"),
        (0, False, Wish(1, packs=0), "packs"),
        (0, False, Wish(1, price=UnitPrice.parse("80", "EUR")), ""),
        (3, False, Wish(1, price=UnitPrice.parse("80", "EUR")), "unit_price"),
        (3, False, Wish(1, price=EUR_84), ""),
        (3, False, Wish(1, close=True), ""),
        (10, False, Wish(1, close=True), "close"),
        (0, True, Wish(1, packs=12), "packs"),
    ],
)
def test_what_a_line_may_become(received_packs, closed, wish, field):
    placed = PlacedLine(1, 10, received_packs, closed, EUR_84, None)
    assert objection(placed, wish)[0] == field


@pytest.fixture
def order(session):
    a_spa_that_orders(session)
    return a_placed_order(session, CASES, COVERS)


def amended(session, order, *lines: AmendedLine, actor=ANA, **more):
    command = AmendOrder(number=order.number, lines=lines, **more)
    revision = amend_order(session, command, actor=actor, at=MONDAY)
    session.flush()
    return revision


def words(paper) -> str:
    return text_of(paper.content)


def test_each_change_is_a_revision_with_its_paper_and_is_sent_again(session, order):
    first = order_paper(session, order.number, actor=ANA).content
    new = NewOrderLine(product="COV-020", packs=3, unit_price="38.00")
    amended(
        session,
        order,
        AmendedLine(position=ALMOND, packs=8, wanted_by=date(2026, 12, 9)),
        AmendedLine(position=FACE, close=True),
        added=(new,),
        why="Half of the covers suffice.",
        due_on=date(2026, 12, 9),
    )
    page = order_page(session, order.number)
    assert (page.revision, page.due_on, page.status) == (1, date(2026, 12, 9), OrderStatus.PLACED)
    assert [(line.position, line.packs, line.dropped) for line in page.lines] == [
        (1, 8, False),
        (2, 8, True),
        (3, 3, False),
    ]
    assert str(page.totals.net) == "750.00 EUR"  # 8 x 79.50 + 3 x 38.00
    now, before = revisions_of(session, order.number)
    assert (now.label, before.label, str(before.after)) == ("R1", "As placed", "1111.80 EUR")
    assert revision_paper(session, order.number, 0, actor=ANA).content == first
    said = words(order_paper(session, order.number, actor=ANA))
    for part in (
        "revision 1",
        "Changed: 8 instead of 10",
        "New in R1",
        "Face-cradle Covers: no longer",
        "Half of the covers suffice.",
    ):
        assert part in said
    assert "316.80" not in said
    mails = session.scalars(select(Message).order_by(Message.id)).all()
    assert [mail.subject.split(" from ")[0] for mail in mails] == [
        f"Purchase order {order.number}",
        f"Changed purchase order {order.number} R1",
    ]
    amended(session, order, AmendedLine(position=3, packs=2))
    assert [row.label for row in revisions_of(session, order.number)] == ["R2", "R1", "As placed"]
    assert words(revision_paper(session, order.number, 1, actor=ANA)) == said


def test_never_below_what_was_received(session, order):
    received(session, order.number, delivered(4))
    with pytest.raises(Invalid) as refusal:
        amended(
            session,
            order,
            AmendedLine(position=ALMOND, packs=3),
            AmendedLine(position=9, packs=1),
            AmendedLine(position=FACE, unit_price="x"),
        )
    assert {error.field for error in refusal.value.errors} == {
        "lines.0.packs",
        "lines.1.position",
        "lines.2.unit_price",
    }
    amended(session, order, AmendedLine(position=ALMOND, close=True))
    assert order_page(session, order.number).lines[0].packs == 4
    with pytest.raises(OverReceipt):
        received(session, order.number, delivered(1))
    amended(session, order, AmendedLine(position=FACE, close=True))
    assert order.status is OrderStatus.RECEIVED
    with pytest.raises(WrongStatus):
        amended(session, order, AmendedLine(position=FACE, packs=9))


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({}, Invalid),
        ({"lines": (AmendedLine(position=ALMOND, packs=10),)}, Invalid),
        ({"added": (NewOrderLine(product="NOPE", packs=1),)}, Invalid),
        (
            {"lines": (AmendedLine(position=1, close=True), AmendedLine(position=2, close=True))},
            Conflict,
        ),
        ({"lines": (AmendedLine(position=1, packs=9),), "version": 0}, StaleVersion),
    ],
)
def test_what_changes_nothing_or_leaves_nothing_is_refused(session, order, change, refusal):
    with pytest.raises(refusal):
        amend_order(session, AmendOrder(number=order.number, **change), actor=ANA, at=MONDAY)


@pytest.fixture
def people(session, order) -> dict[str, Actor]:
    """Dara drafts, Maeve manages; orders above 1,000.00 need a manager."""
    a_rule(session, 100_000)
    return {
        name: Actor(an_account(session, role).id, name, permissions_of(frozenset({role})))
        for name, role in {"Dara": Role.PURCHASER, "Maeve": Role.SPA_MANAGER}.items()
    }


def test_what_costs_more_waits_for_those_who_approve_it(session, order, people):
    dara, maeve = people["Dara"], people["Maeve"]
    revision = amended(session, order, AmendedLine(position=ALMOND, packs=20), actor=dara)
    assert (revision.status, order.revision) == (RevisionStatus.PROPOSED, 0)
    assert order_page(session, order.number).lines[0].packs == 10
    with pytest.raises(Conflict):
        amended(session, order, AmendedLine(position=ALMOND, packs=5), actor=dara)
    with pytest.raises(Forbidden):
        approve_change(session, order.number, actor=dara, at=MONDAY)
    assert changes_to_approve(session, actor=dara, at=MONDAY, limit=9) == ()
    (waits,) = changes_to_approve(session, actor=maeve, at=MONDAY, limit=9)
    assert (waits.order, waits.proposed_by) == (order.number, "Dara")
    approve_change(session, order.number, actor=maeve, at=MONDAY)
    session.flush()
    page = order_page(session, order.number)
    assert (page.revision, page.lines[0].packs, page.approved_by) == (1, 20, "Maeve")
    cheaper = amended(session, order, AmendedLine(position=ALMOND, packs=19), actor=dara)
    assert cheaper.status is RevisionStatus.SENT


def test_a_change_that_waits_is_refused_or_withdrawn(session, order, people):
    dara, maeve = people["Dara"], people["Maeve"]
    amended(session, order, AmendedLine(position=ALMOND, packs=20), actor=dara)
    refuse_change(session, order.number, why="Too much", actor=maeve, at=MONDAY)
    session.flush()
    amended(session, order, AmendedLine(position=ALMOND, packs=12), actor=dara)
    received(session, order.number, delivered(10))
    withdraw_change(session, order.number, actor=dara, at=MONDAY)
    session.flush()
    with pytest.raises(Conflict):
        approve_change(session, order.number, actor=maeve, at=MONDAY)
    states = [row.status for row in revisions_of(session, order.number)]
    assert states == [RevisionStatus.WITHDRAWN, RevisionStatus.REFUSED]
    assert order.revision == 0


def test_what_came_while_a_change_waited_stands_against_it(session, order, people):
    amended(
        session,
        order,
        AmendedLine(position=ALMOND, packs=5),
        AmendedLine(position=FACE, packs=40),
        actor=people["Dara"],
    )
    received(session, order.number, delivered(7))
    with pytest.raises(Conflict):
        approve_change(session, order.number, actor=people["Maeve"], at=MONDAY)


def test_of_two_who_amend_at_once_one_hears_that_it_changed(fresh_database):
    engine = make_engine(fresh_database)
    work = UnitOfWork(engine)
    with work.write() as session:
        a_spa_that_orders(session)
        number = a_placed_order(session).number
    with work.read() as session:
        version = order_page(session, number).version

    def amend(clerk: int):
        line = AmendedLine(position=ALMOND, packs=11 + clerk)
        command = AmendOrder(number=number, lines=(line,), version=version)
        try:
            with work.write() as session:
                return amend_order(session, command, actor=ANA, at=MONDAY).number
        except StaleVersion:
            return "stale"

    assert sorted(map(str, at_once(2, amend))) == ["1", "stale"]
    engine.dispose()
