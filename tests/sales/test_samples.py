"""What costs a customer nothing: so many an order, each again after some time, also when two order at once."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from procurement.kernel.db import make_engine
from procurement.kernel.errors import Invalid
from procurement.kernel.permissions import Role
from procurement.kernel.unit_of_work import UnitOfWork
from procurement.sales.models import Price
from procurement.sales.operations.confirming import cancel_sales_order
from procurement.sales.operations.placing import PlaceOrder, place_order, preview_order
from procurement.sales.operations.shop import arrange_shop
from procurement.sales.operations.wanting import WantedLine
from procurement.sales.terms.shop import SampleRule, VisitorPrices
from tests.builders import NOON, an_actor
from tests.doors import sign_in
from tests.sales.fulfilling import SELLER, a_stocked_shop
from tests.sales.stories import a_customer, a_ready_shop
from tests.sales.test_placing import a_buyer
from tests.threads import at_once

ADMIN = an_actor(Role.ADMINISTRATOR)


@pytest.fixture
def buyer(session):
    """Bottles of almond oil are given away."""
    a_stocked_shop(session)
    session.execute(update(Price).where(Price.from_packs == 1).values(price_e4=0))
    return a_buyer(session)


def give(session, most, days=90):
    rule = SampleRule(most, days)
    arrange_shop(session, VisitorPrices.NONE, None, samples=rule, actor=ADMIN, at=NOON)
    session.info.clear()


def place(session, buyer, packs=1, key="one", at=NOON):
    wanted = (WantedLine("ALM-500", packs),)
    return place_order(session, PlaceOrder(key=key, lines=wanted), actor=buyer, at=at)


@pytest.mark.parametrize(
    ("most", "packs", "refused"),
    [(None, 50, ""), (3, 3, ""), (3, 4, "3 samples"), (1, 2, "1 sample;"), (0, 1, "no samples")],
)
def test_an_order_holds_so_many(session, buyer, most, packs, refused):
    give(session, most)
    shown = preview_order(session, actor=buyer, at=NOON, lines=(WantedLine("ALM-500", packs),))
    assert [refused in one.message for one in shown.problems] == ([True] if refused else [])
    if refused:
        with pytest.raises(Invalid, match=refused):
            place(session, buyer, packs)
    else:
        assert place(session, buyer, packs).net_minor == 0


def test_the_same_is_had_again_after_some_time_or_where_the_first_came_to_nothing(session, buyer):
    give(session, 3)
    first = place(session, buyer)
    session.flush()
    with pytest.raises(Invalid, match=r"within the last 90 days"):
        place(session, buyer, key="two", at=NOON + timedelta(days=89))
    assert place(session, buyer, key="three", at=NOON + timedelta(days=91)).number != first.number
    session.flush()
    later = NOON + timedelta(days=300)
    again = place(session, buyer, key="four", at=later)
    session.flush()
    cancel_sales_order(session, again.number, actor=SELLER, at=later)
    session.flush()
    assert place(session, buyer, key="five", at=later).number != again.number


def test_what_another_customer_had_keeps_nobody_from_theirs(session, buyer):
    give(session, 3)
    a_customer(session, "BIRCH")
    place(session, buyer)
    session.flush()
    assert place(session, a_buyer(session, "BIRCH"), key="theirs").net_minor == 0


def test_of_two_who_ask_for_the_same_at_once_one_gets_it(fresh_database):
    engine = make_engine(fresh_database)
    work = UnitOfWork(engine)
    with work.write() as session:
        a_stocked_shop(session)
        session.execute(update(Price).where(Price.from_packs == 1).values(price_e4=0))
        buyer = a_buyer(session)
        give(session, 3)

    def order(n: int) -> str:
        try:
            with work.write() as session:
                return place(session, buyer, key=f"key {n}").number
        except Invalid as error:
            return str(error)

    said = at_once(2, order)
    assert sum("within the last 90 days" in one for one in said) == 1
    engine.dispose()


def test_a_sample_is_called_one_and_the_rule_is_set_on_a_page(app, client):
    with app.extensions["uow"].write() as session:
        linden = a_ready_shop(session).id
        session.execute(update(Price).where(Price.from_packs == 1).values(price_e4=0))
    sign_in(client)
    typed = {"visitor_prices": "none", "samples_most": "2", "sample_days": "30"}
    assert client.post("/settings/shop", data=typed).status_code == 303
    page = client.get("/settings/shop").text
    assert 'value="2"' in page
    assert client.post("/settings/shop", data=typed | {"samples_most": "2000"}).status_code == 422
    sign_in(client, Role.WHOLESALE_BUYER, customer_id=linden)
    for address in ("/catalogue", "/catalogue/ALM-500"):
        assert "Free sample" in client.get(address).text
    client.post("/basket/ALM-500/bottle", data={"packs": "3"})
    assert "2 samples" in client.get("/basket/order").text
