"""Visits from procurement systems are forgotten with their baskets, and so is what was said and made no order."""

from datetime import timedelta

from sqlalchemy import func, select

from procurement.sales.models import BasketLine, CxmlMessage, PunchoutVisit
from procurement.sales.operations.baskets import set_basket
from procurement.sales.operations.punchout_forgetting import forget_visits
from procurement.sales.queries.offers import offered_products
from procurement.sales.queries.punchout import is_any_visit_old
from procurement.sales.rules.punchout import KEPT
from tests.builders import NOON
from tests.sales.connections import a_visit, connect
from tests.sales.stories import a_ready_shop

LATER = NOON + timedelta(days=5)


def test_a_visit_is_kept_for_three_months(session):
    a_ready_shop(session)
    connect(session, "LINDEN")
    pack = offered_products(session, skus={"ALM-500"})["ALM-500"].packs[0].id
    for at in (NOON, LATER):
        _, visitor = a_visit(session, who="Aoife", at=at)
        set_basket(session, {pack: 2}, actor=visitor, at=at)
    due = NOON + timedelta(hours=4) + KEPT + timedelta(seconds=1)
    assert not is_any_visit_old(session, NOON + KEPT)
    assert is_any_visit_old(session, due)
    assert forget_visits(session, at=due) == 2  # the visit, and that it was asked for
    for table in (PunchoutVisit, BasketLine, CxmlMessage):
        assert session.scalar(select(func.count()).select_from(table)) == 1
    assert not is_any_visit_old(session, due)
