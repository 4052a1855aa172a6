"""Who approves which orders: the rule as a table, then orders under it."""

from datetime import date
from decimal import Decimal

import pytest

from procurement.audit.queries import trail_of
from procurement.kernel.actor import Actor
from procurement.kernel.db import make_engine
from procurement.kernel.errors import Conflict, Forbidden, Invalid
from procurement.kernel.money import Money
from procurement.kernel.permissions import Role, permissions_of
from procurement.kernel.unit_of_work import UnitOfWork
from procurement.purchasing.errors import RateUnknown, RuleUnknown, WrongStatus
from procurement.purchasing.operations.approval_rules import (
    NewApprovalRule,
    add_approval_rule,
    remove_approval_rule,
)
from procurement.purchasing.operations.deciding import (
    approve_order,
    place_order,
    reopen_order,
    send_back_order,
)
from procurement.purchasing.operations.ordering import ChangeOrder, change_order
from procurement.purchasing.queries.approvals import (
    approval_rules,
    approval_state,
    orders_to_approve,
)
from procurement.purchasing.queries.orders import order_page
from procurement.purchasing.rules.approval import (
    ALREADY,
    NOT_NAMED,
    NOT_YOURS,
    OWN,
    Approver,
    Asked,
    objection,
    rule_for,
)
from procurement.purchasing.terms import ApprovalRuleRow, ApproverRow, OrderStatus
from procurement.settings.operations.money import set_rate
from tests.builders import a_supplier, an_actor
from tests.doors import an_account
from tests.purchasing.builders import ANA, CASES, COVERS, MONDAY, a_draft, a_spa_that_orders
from tests.queries import counted
from tests.threads import at_once


def eur(minor: int) -> Money:
    return Money(minor, "EUR")


def rule(above: int, approvals: int = 1, site: str | None = None, *of: ApproverRow):
    return ApprovalRuleRow(above + 1, eur(above), approvals, site, of)


MANAGERS = ApproverRow(Role.SPA_MANAGER)
NIAMH_HERSELF = ApproverRow(None, 9, "Niamh")
GENERAL = [rule(500), rule(5000, 2, None, MANAGERS), rule(100, 1, "NAF", NIAMH_HERSELF)]

DARA = Approver(7, frozenset({Role.PURCHASER}), may_approve=False, may_draft=True)
AOIFE = Approver(8, frozenset({Role.SPA_MANAGER}), may_approve=True, may_draft=True)
NIAMH = Approver(9, frozenset({Role.SALES}), may_approve=False, may_draft=False)
ADMIN = Approver(6, frozenset({Role.ADMINISTRATOR}), may_approve=True, may_draft=True)
PROGRAM = Approver(None, frozenset(), may_approve=True, may_draft=True)


@pytest.mark.parametrize(
    ("rules", "value", "site", "who", "asked", "against"),
    [
        pytest.param([], 10**9, None, AOIFE, Asked(8), "", id="without rules, even one's own"),
        pytest.param([], 1, None, DARA, Asked(7), NOT_YOURS, id="but not who may only draft"),
        pytest.param(GENERAL, 500, None, DARA, Asked(7), "", id="the drafter up to the amount"),
        pytest.param(GENERAL, 501, None, DARA, Asked(7), OWN, id="not above it"),
        pytest.param(GENERAL, 501, None, AOIFE, Asked(8), OWN, id="nor a manager their own"),
        pytest.param(GENERAL, 501, None, AOIFE, Asked(7), "", id="a manager another's"),
        pytest.param(GENERAL, 400, None, DARA, Asked(8), NOT_YOURS, id="not somebody else's"),
        pytest.param(GENERAL, 400, None, AOIFE, Asked(7), "", id="a manager a small one"),
        pytest.param(GENERAL, 5001, None, ADMIN, Asked(7), NOT_NAMED, id="the rule names others"),
        pytest.param(GENERAL, 5001, None, AOIFE, Asked(7), "", id="it names this role"),
        pytest.param(
            GENERAL, 5001, None, AOIFE, Asked(7, frozenset({8})), ALREADY, id="nobody agrees twice"
        ),
        pytest.param(GENERAL, 101, "NAF", NIAMH, Asked(7), "", id="a person named for a site"),
        pytest.param(GENERAL, 9999, "NAF", AOIFE, Asked(7), NOT_NAMED, id="its rules replace ours"),
        pytest.param(GENERAL, 501, "KIN", AOIFE, Asked(7), "", id="a site without rules"),
        pytest.param(GENERAL, 9999, None, PROGRAM, Asked(None), NOT_NAMED, id="nobody is no role"),
        pytest.param(GENERAL, 501, None, PROGRAM, Asked(None), "", id="a program that may approve"),
    ],
)
def test_who_may_agree(rules, value, site, who, asked, against):
    held = rule_for(rules, eur(value), site)
    assert objection(rules, held, who, asked) == against


@pytest.fixture
def people(session) -> dict[str, Actor]:
    """Dara drafts; Maeve and Ben manage; Nora keeps stock."""
    a_spa_that_orders(session)
    roles = {
        "Dara": Role.PURCHASER,
        "Maeve": Role.SPA_MANAGER,
        "Ben": Role.SPA_MANAGER,
        "Nora": Role.STOCK_KEEPER,
    }
    return {
        name: Actor(an_account(session, role).id, name, permissions_of(frozenset({role})))
        for name, role in roles.items()
    }


def a_rule(session, above: int, approvals: int = 1, **more: object):
    command = NewApprovalRule(above=eur(above), approvals=approvals, **more)
    made = add_approval_rule(session, command, actor=an_actor(Role.ADMINISTRATOR), at=MONDAY)
    session.flush()
    return made


def drafted_by(session, actor: Actor, *lines):
    order = a_draft(session, *lines)
    order.drafted_by, order.drafted_by_id = actor.name, actor.id
    session.flush()
    return order


def test_two_people_agree_and_neither_is_the_drafter(session, people):
    a_rule(session, 50_000, 2)
    order = drafted_by(session, people["Maeve"])  # 795.00
    number = order.number
    for name in ("Maeve", "Dara", "Nora"):
        with pytest.raises(Forbidden):
            approve_order(session, number, actor=people[name], at=MONDAY)
    approve_order(session, number, actor=people["Ben"], at=MONDAY)
    session.flush()
    state = approval_state(session, number, actor=people["Ben"], at=MONDAY)
    assert (order.status, state.missing, state.objection) == (OrderStatus.DRAFT, 1, ALREADY)
    with pytest.raises(WrongStatus):
        place_order(session, number, actor=people["Dara"], at=MONDAY)
    approve_order(session, number, actor=ANA, at=MONDAY)
    assert (order.status, order.approved_by) == (OrderStatus.APPROVED, "Ben and Ana")
    assert [row.action for row in trail_of(session, number)][:2] == [
        "approve order",
        "agree to order",
    ]


def test_what_is_changed_is_agreed_to_again(session, people):
    a_rule(session, 50_000, 2)
    order = drafted_by(session, people["Dara"])
    approve_order(session, order.number, actor=people["Ben"], at=MONDAY)
    change = ChangeOrder(number=order.number, lines=(CASES, COVERS))
    change_order(session, change, actor=people["Dara"], at=MONDAY)
    approve_order(session, order.number, actor=people["Ben"], at=MONDAY)
    assert order.status is OrderStatus.DRAFT
    approve_order(session, order.number, actor=people["Maeve"], at=MONDAY)
    assert order.status is OrderStatus.APPROVED
    reopen_order(session, order.number, actor=people["Dara"], at=MONDAY)
    assert approval_state(session, order.number, actor=ANA, at=MONDAY).given == ()


def test_who_does_not_agree_sends_it_back_and_says_why(session, people):
    a_rule(session, 50_000)
    order = drafted_by(session, people["Dara"])
    with pytest.raises(Invalid):
        send_back_order(session, order.number, why=" ", actor=people["Maeve"], at=MONDAY)
    send_back_order(session, order.number, why="Too many", actor=people["Maeve"], at=MONDAY)
    session.flush()
    page = order_page(session, order.number)
    assert (page.returned_by, page.returned_why) == ("Maeve", "Too many")
    assert orders_to_approve(session, actor=people["Maeve"], at=MONDAY, limit=9) == ()
    change = ChangeOrder(number=order.number, lines=(CASES,))
    change_order(session, change, actor=people["Dara"], at=MONDAY)
    session.flush()
    waiting = orders_to_approve(session, actor=people["Maeve"], at=MONDAY, limit=9)
    assert [row.number for row in waiting] == [order.number]
    assert orders_to_approve(session, actor=people["Dara"], at=MONDAY, limit=9) == ()
    approve_order(session, order.number, actor=people["Maeve"], at=MONDAY)
    place_order(session, order.number, actor=people["Dara"], at=MONDAY)
    with pytest.raises(WrongStatus):
        send_back_order(session, order.number, why="Late", actor=people["Maeve"], at=MONDAY)


def test_an_order_in_another_currency_needs_a_rate_only_where_a_rule_asks(session, people):
    a_supplier(session, "HUDSON", currency="USD")
    line = COVERS.__class__(product="COV-020", packs=10, unit_price="60.00")
    order = a_draft(session, line, supplier="HUDSON")
    a_rule(session, 60_000)
    with pytest.raises(RateUnknown):
        approve_order(session, order.number, actor=people["Maeve"], at=MONDAY)
    root = an_actor(Role.ADMINISTRATOR)
    set_rate(session, "USD", date(2026, 12, 1), Decimal(9), actor=root, at=MONDAY)  # not yet
    session.flush()
    with pytest.raises(RateUnknown):
        approve_order(session, order.number, actor=people["Maeve"], at=MONDAY)
    set_rate(session, "USD", date(2026, 11, 1), Decimal("0.89"), actor=root, at=MONDAY)
    session.flush()
    state = approval_state(session, order.number, actor=people["Maeve"], at=MONDAY)
    assert (state.value, state.rule) == (eur(53_400), None)
    approve_order(session, order.number, actor=people["Maeve"], at=MONDAY)
    assert order.status is OrderStatus.APPROVED


def test_rules_are_added_once_and_taken_away(session, people):
    kept = a_rule(
        session, 50_000, 2, site="KIN", roles=(Role.SPA_MANAGER,), people=(people["Ben"].id,)
    )
    (row,) = approval_rules(session)
    assert (row.site, [one.role for one in row.approvers]) == ("KIN", [Role.SPA_MANAGER, None])
    for refusal, change in (
        (Conflict, {"site": "KIN"}),
        (Invalid, {"approvals": 3}),
        (Invalid, {"people": (10**6,)}),
    ):
        with pytest.raises(refusal):
            a_rule(session, 50_000, **change)
    with pytest.raises(Forbidden):
        remove_approval_rule(session, kept.id, actor=people["Ben"], at=MONDAY)
    remove_approval_rule(session, kept.id, actor=an_actor(Role.ADMINISTRATOR), at=MONDAY)
    session.flush()
    assert approval_rules(session) == []
    with pytest.raises(RuleUnknown):
        remove_approval_rule(session, kept.id, actor=an_actor(Role.ADMINISTRATOR), at=MONDAY)


def test_a_long_list_to_approve_asks_no_more_than_a_short_one(session, people):
    a_rule(session, 50_000)

    def asked() -> int:
        with counted(session.get_bind()) as statements:
            orders_to_approve(session, actor=people["Maeve"], at=MONDAY, limit=50)
        return len(statements)

    drafted_by(session, people["Dara"])
    one = asked()
    for _ in range(6):
        drafted_by(session, people["Dara"])
    assert asked() == one


def test_of_two_who_agree_at_once_one_approves(fresh_database):
    engine = make_engine(fresh_database)
    work = UnitOfWork(engine)
    with work.write() as session:
        a_spa_that_orders(session)
        a_rule(session, 50_000, 2)
        number = a_draft(session).number
        managers = [
            Actor(an_account(session, Role.SPA_MANAGER).id, name, ANA.permissions)
            for name in ("Ben", "Maeve", "Zoe")
        ]

    def agree(clerk: int):
        try:
            with work.write() as session:
                return approve_order(session, number, actor=managers[clerk], at=MONDAY).status
        except WrongStatus:
            return "late"

    answers = at_once(3, agree)
    assert sorted(map(str, answers)) == ["approved", "draft", "late"]
    engine.dispose()
