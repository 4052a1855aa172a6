"""Quotes beyond a rule wait for somebody else; what was agreed to is the quote at that moment."""

from dataclasses import replace
from decimal import Decimal

import pytest

from procurement.accounts.models import User
from procurement.kernel.actor import Actor
from procurement.kernel.errors import Conflict, Forbidden, Invalid
from procurement.kernel.money import Money, Rate
from procurement.kernel.permissions import GRANTS, Role
from procurement.sales.errors import ApprovalNeeded
from procurement.sales.operations.approval_rules import (
    NewQuoteRule,
    add_quote_rule,
    remove_quote_rule,
)
from procurement.sales.operations.approving import approve_quote, ask_for_approval, send_quote_back
from procurement.sales.operations.issuing import revise_quote
from procurement.sales.operations.lines import OfferInput
from procurement.sales.operations.quoting import ChangeQuote, change_quote
from procurement.sales.queries.approvals import facts_of, quote_approval, quotes_to_approve
from procurement.sales.rules.approval import (
    Facts,
    NamedApprover,
    Person,
    QuoteRule,
    concession,
    objection,
    reasons,
)
from tests.builders import NOON, a_supplier, a_supplier_item, an_actor
from tests.sales.stories import SELLER, a_draft, a_line, a_ready_shop, euros, issue

RULE = QuoteRule(
    id=1, discount_above=Rate(1000), margin_below=Rate(3000), amount_above=Money(10_000, "EUR")
)
GOOD = Facts(1000, 3000, Money(10_000, "EUR"))


@pytest.mark.parametrize(
    ("facts", "count"),
    [
        (GOOD, 0),
        (replace(GOOD, discount_bp=1001), 1),
        (replace(GOOD, margin_bp=2999), 1),
        (replace(GOOD, margin_bp=None), 1),
        (replace(GOOD, worth=Money(10_001, "EUR")), 1),
        (replace(GOOD, worth=None), 1),
        (Facts(5000, -100, Money(99_999, "EUR")), 3),
    ],
)
def test_a_rule_speaks_above_its_limits_and_about_what_is_not_known(facts, count):
    assert len(reasons(RULE, facts)) == count


def test_a_price_typed_below_the_list_is_a_discount_and_a_dearer_one_is_none():
    assert concession(euros("10"), euros("8"), Rate(1000)) == 2800
    assert concession(euros("10"), euros("12"), Rate(0)) == 0
    assert concession(None, euros("12"), Rate(500)) == 500
    assert concession(euros("0"), euros("0"), Rate(500)) == 0


def test_who_may_agree():
    named = replace(
        RULE, approvers=(NamedApprover(role=Role.SPA_MANAGER), NamedApprover(user_id=7))
    )
    seller = Person(5, frozenset({Role.SALES}), may_approve=True)
    assert objection([RULE], seller, 4) == ""
    assert "drafted" in objection([RULE], seller, 5)
    assert "others" in objection([RULE, named], seller, 4)
    assert objection([named], replace(seller, id=7), 4) == ""
    assert objection([named], replace(seller, roles=frozenset({Role.SPA_MANAGER})), 4) == ""
    assert objection([RULE], replace(seller, may_approve=False), 4)
    assert objection([RULE], replace(seller, id=None), 4)


@pytest.fixture
def boss(session) -> Actor:
    user = User(
        email="boss@spa.example", name="Boss", fs_uniquifier="boss", active=True, created_at=NOON
    )
    session.add(user)
    session.flush()
    return Actor(id=user.id, name="Boss", permissions=GRANTS[Role.SALES])


def a_rule(session, **limits) -> int:
    command = NewQuoteRule(**(limits or {"discount_above": Rate(1000)}))
    return add_quote_rule(session, command, actor=an_actor(), at=NOON).id


def ask(session, number, note=""):
    return ask_for_approval(session, number, note, actor=SELLER, at=NOON)


def change(session, quote, *lines):
    command = ChangeQuote(
        number=quote.number, version=quote.version, valid_until=quote.valid_until, lines=lines
    )
    change_quote(session, command, actor=SELLER, at=NOON)
    session.flush()


def test_a_quote_waits_is_approved_and_issued_and_a_change_asks_again(session, boss):
    a_ready_shop(session)
    quote = a_draft(session, a_line(off="10"))
    a_rule(session)
    with pytest.raises(Conflict):
        ask(session, quote.number)  # ten percent is not above ten
    change(session, quote, a_line(off="12.5"))
    with pytest.raises(ApprovalNeeded, match=r"12\.5 % is above 10 %"):
        issue(session, quote.number)
    ask(session, quote.number)
    with pytest.raises(ApprovalNeeded, match="waits"):
        issue(session, quote.number)
    with pytest.raises(Forbidden):
        approve_quote(session, quote.number, actor=SELLER, at=NOON)
    (waiting,) = quotes_to_approve(session, actor=boss, limit=8)
    assert waiting.number == quote.number
    with pytest.raises(Conflict):
        approve_quote(session, quote.number, "another content", actor=boss, at=NOON)
    approve_quote(session, quote.number, actor=boss, at=NOON)
    assert quotes_to_approve(session, actor=boss, limit=8) == ()
    change(session, quote, a_line(off="13"))
    with pytest.raises(ApprovalNeeded):
        issue(session, quote.number)
    ask(session, quote.number)
    approve_quote(session, quote.number, actor=boss, at=NOON)
    assert issue(session, quote.number).status == "issued"


def test_a_quote_is_sent_back_with_a_reason_and_asked_for_again_after_a_change(session, boss):
    a_ready_shop(session)
    a_rule(session)
    quote = a_draft(session, a_line(off="20"))
    ask(session, quote.number, "They buy a lot")
    with pytest.raises(Invalid):
        send_quote_back(session, quote.number, " ", actor=boss, at=NOON)
    send_quote_back(session, quote.number, "Too much", actor=boss, at=NOON)
    state = quote_approval(session, quote.number, actor=SELLER, at=NOON)
    assert (state.is_returned, state.decided_why, state.note) == (
        True,
        "Too much",
        "They buy a lot",
    )
    with pytest.raises(ApprovalNeeded):
        issue(session, quote.number)
    change(session, quote, a_line(off="5"))
    assert issue(session, quote.number).status == "issued"


def test_what_was_changed_since_it_was_asked_is_not_approved(session, boss):
    a_ready_shop(session)
    a_rule(session)
    quote = a_draft(session, a_line(off="20"))
    ask(session, quote.number)
    change(session, quote, a_line(off="90"))
    assert quotes_to_approve(session, actor=boss, limit=8) == ()
    with pytest.raises(Conflict, match="changed"):
        approve_quote(session, quote.number, actor=boss, at=NOON)


def test_margins_amounts_and_other_quantities_are_looked_at(session):
    a_ready_shop(session)
    a_supplier(session)
    a_supplier_item(session, prices={1: "8.60"})
    margin = a_rule(session, margin_below=Rate(2800))
    quote = a_draft(session, a_line())  # 11.90 each, 8.60 to buy again: 27.7 %
    state = quote_approval(session, quote.number, actor=SELLER, at=NOON)
    assert state.reasons == ("a margin of 27.73 % is below 28 %",)
    remove_quote_rule(session, margin, actor=an_actor(), at=NOON)
    a_rule(session, amount_above=Money(2_900, "EUR"))
    assert "29.27 EUR" in quote_approval(session, quote.number, actor=SELLER, at=NOON).reasons[0]
    offers = (OfferInput(50, euros("9"), Rate(1500)),)
    a_rule(session, discount_above=Rate(1400))
    other = a_draft(session, a_line(packs=1, offers=offers))
    said = quote_approval(session, other.number, actor=SELLER, at=NOON).reasons
    assert said == ("a discount of 35.71 % is above 14 %",)
    assert Decimal(other.gross_minor) < 2_900


def test_a_quantity_offered_below_its_list_price_counts_by_all_it_gives_away(session):
    """Six cases stand on the list at 135.60, so 108.48 each is a fifth off, whatever its percentage says."""
    a_ready_shop(session)
    offers = (OfferInput(6, euros("108.48")), OfferInput(7, discount=Rate(500)))
    quote = a_draft(session, a_line(pack="case", offers=offers))
    session.flush()
    assert [(one.list_price_e4, one.price_e4) for one in quote.lines[0].offers] == [
        (1_356_000, 1_084_800),
        (1_356_000, 1_356_000),
    ]
    assert facts_of(session, quote, NOON).discount_bp == 2000
    issue(session, quote.number)
    revised = revise_quote(session, quote.number, actor=SELLER, at=NOON)
    assert facts_of(session, revised, NOON).discount_bp == 2000
