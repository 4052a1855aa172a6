"""How many of a pack may be ordered at once: from, in steps, up to."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from procurement.catalogue.operations.products import change_product
from procurement.catalogue.queries.known import known
from procurement.catalogue.rules.order_rules import FREE, OrderRule
from procurement.catalogue.terms import OrderRuleDraft, PackDraft, ProductDraft
from procurement.kernel.errors import Invalid
from procurement.kernel.permissions import Role
from tests.builders import NOON, a_product, an_actor

MANAGER = an_actor(Role.SPA_MANAGER)
SIXES = OrderRule(12, 6, 120)


@pytest.mark.parametrize(
    ("rule", "packs", "nearest", "problem"),
    [
        (FREE, 1, 1, ""),
        (SIXES, 12, 12, ""),
        (SIXES, 120, 120, ""),
        (SIXES, 7, 12, "At least 12 an order: make it 12."),
        (SIXES, 13, 18, "Sold in sixes: make it 18."),
        (SIXES, 121, 120, "At most 120 an order: make it 120."),
        (OrderRule(6, 6, 20), 19, 18, "Sold in sixes: make it 18."),
        (OrderRule(7, 7), 8, 14, "Sold in steps of 7: make it 14."),
        (OrderRule(1, 1, 3), 5, 3, "At most 3 an order: make it 3."),
    ],
)
def test_the_nearest_number_is_said(rule, packs, nearest, problem):
    assert (rule.nearest(packs), rule.problem(packs)) == (nearest, problem)
    assert rule.allows(rule.nearest(packs))


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (FREE, ""),
        (OrderRule(6, 6), "sold in sixes"),
        (SIXES, "sold in sixes, at least 12, at most 120"),
        (OrderRule(2, 1), "at least 2"),
    ],
)
def test_a_rule_in_words(rule, words):
    assert rule.words == words


def said(session, **rule) -> OrderRule:
    pack = PackDraft("ALM-500", "bottle", rule=OrderRuleDraft(**rule))
    change_product(session, ProductDraft("ALM-500"), [pack], actor=MANAGER, at=NOON)
    sales_pack = known(session, ["ALM-500"]).products["ALM-500"].sales_pack
    assert sales_pack is not None
    return sales_pack.rule


def test_a_pack_keeps_its_rule_and_what_is_not_said_stays(session):
    a_product(session, "ALM-500")
    assert said(session, step=6) == OrderRule(6, 6)
    assert said(session, most=60) == OrderRule(6, 6, 60)
    assert said(session, step=4) == OrderRule(8, 4, 60)
    assert said(session, least=0, most=0) == OrderRule(4, 4)
    assert said(session, least=0, step=0) == FREE
    with pytest.raises(Invalid, match="multiple of the step") as refused:
        said(session, step=6, least=7)
    assert refused.value.errors[0].field == "order_least"
    with pytest.raises(Invalid, match="below the least"):
        said(session, step=6, most=5)


@pytest.mark.parametrize(
    "broken", ["order_step = 0", "order_least = 0", "order_step = 2", "order_most = 0"]
)
def test_the_database_refuses_rules_that_cannot_be(session, broken):
    a_product(session, "ALM-500")
    with pytest.raises(IntegrityError, match="order_"), session.begin_nested():
        session.execute(text(f"UPDATE pack SET {broken}"))
