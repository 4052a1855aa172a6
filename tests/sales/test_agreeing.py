"""An order beyond its buyer's limit: with the seller only once a colleague has agreed."""

from threading import Event, Thread

import pytest
from sqlalchemy import select

from procurement.accounts.models import User
from procurement.kernel.actor import Actor
from procurement.kernel.db import make_engine
from procurement.kernel.errors import Conflict, Forbidden, Invalid
from procurement.kernel.paging import PageRequest
from procurement.kernel.permissions import GRANTS, Role
from procurement.kernel.unit_of_work import UnitOfWork
from procurement.outbox.models import Message
from procurement.sales.errors import OrderUnknown, WrongStatus
from procurement.sales.models import Buyer, Customer
from procurement.sales.operations.agreeing import agree, refuse
from procurement.sales.operations.confirming import cancel_sales_order, confirm_order
from procurement.sales.operations.placing import PlaceOrder, place_order
from procurement.sales.operations.sales_orders import ChangeSalesOrder, change_sales_order
from procurement.sales.operations.wanting import WantedLine
from procurement.sales.queries.agreements import open_agreements
from procurement.sales.queries.sales_orders import (
    SalesOrderFilter,
    sales_order_page,
    sales_orders,
)
from procurement.sales.terms.orders import SalesOrderStatus
from tests.builders import NOON
from tests.doors import an_account
from tests.sales.fulfilling import SELLER, a_stocked_shop
from tests.sales.stories import a_customer
from tests.threads import at_once

ORDER = PlaceOrder(key="k", lines=(WantedLine("ALM-500", 2),))
ALL = {"may_manage": True, "may_approve": True}


def a_buyer(session, code="LINDEN", **powers) -> Actor:
    customer = session.scalars(select(Customer).where(Customer.code == code)).one()
    user = an_account(session, Role.WHOLESALE_BUYER, customer_id=customer.id)
    if powers:
        session.add(Buyer(user_id=user.id, **powers))
        session.flush()
    return Actor(user.id, user.email, GRANTS[Role.WHOLESALE_BUYER], customer_id=customer.id)


@pytest.fixture
def shop(session):
    a_stocked_shop(session)
    a_customer(session, "BIRCH")
    return session


def placed(session, actor, key="k") -> str:
    number = place_order(
        session, PlaceOrder(key=key, lines=ORDER.lines), actor=actor, at=NOON
    ).number
    session.flush()
    return number


def to_confirm(session) -> list[str]:
    page = sales_orders(session, SalesOrderFilter(placed=True), PageRequest(), actor=SELLER)
    return [row.number for row in page.items]


def mailed(session) -> list[str]:
    return list(session.scalars(select(Message.recipient).order_by(Message.id)))


def test_within_the_limit_nobody_is_asked(shop):
    ben = a_buyer(shop, order_limit_minor=10**6)
    number = placed(shop, ben)
    assert to_confirm(shop) == [number]
    assert open_agreements(shop, actor=ben) == ()


def test_beyond_it_the_order_waits_and_is_ours_after_a_colleague_agreed(shop):
    ben, ana = a_buyer(shop, order_limit_minor=1), a_buyer(shop, **ALL)
    number = placed(shop, ben)
    assert to_confirm(shop) == []
    assert mailed(shop) == [ana.name]
    with pytest.raises(WrongStatus):
        confirm_order(shop, number, actor=SELLER, at=NOON)
    with pytest.raises(WrongStatus):  # what was asked for is what is agreed to
        change_sales_order(
            shop, ChangeSalesOrder(number=number, packs={1: 9}), actor=SELLER, at=NOON
        )
    assert [row.may_decide for row in open_agreements(shop, actor=ben)] == [False]
    assert [row.may_decide for row in open_agreements(shop, actor=ana)] == [True]
    agree(shop, number, actor=ana, at=NOON)
    shop.flush()
    assert to_confirm(shop) == [number]
    assert mailed(shop)[1:] == [ben.name]
    assert open_agreements(shop, actor=ana) == ()
    confirm_order(shop, number, actor=SELLER, at=NOON)
    with pytest.raises(Conflict):
        agree(shop, number, actor=ana, at=NOON)


def test_a_refusal_is_told_and_nothing_is_ordered(shop):
    ben, ana = a_buyer(shop, order_limit_minor=1), a_buyer(shop, **ALL)
    number = placed(shop, ben)
    with pytest.raises(Invalid) as unexplained:
        refuse(shop, number, " ", actor=ana, at=NOON)
    assert unexplained.value.errors[0].field == "why"
    refuse(shop, number, "Next month.", actor=ana, at=NOON)
    shop.flush()
    assert sales_order_page(shop, number, actor=SELLER).status is SalesOrderStatus.CANCELLED
    assert "Next month." in shop.scalars(select(Message).order_by(Message.id.desc())).first().body


def test_who_has_left_is_told_nothing(shop):
    ben, ana = a_buyer(shop, order_limit_minor=1), a_buyer(shop, **ALL)
    refused, agreed = placed(shop, ben), placed(shop, ben, "other")
    shop.get_one(User, ben.id).active = False
    before = len(mailed(shop))
    refuse(shop, refused, "No.", actor=ana, at=NOON)
    agree(shop, agreed, actor=ana, at=NOON)
    assert ben.name not in mailed(shop)[before:]


def test_who_may_not_decide_does_not(shop):
    ben, _ana = a_buyer(shop, order_limit_minor=1, may_approve=True), a_buyer(shop, **ALL)
    little = a_buyer(shop, order_limit_minor=1, may_approve=True)
    helper = a_buyer(shop, may_approve=False)
    number = placed(shop, ben)
    for actor in (ben, little, helper):
        with pytest.raises(Forbidden):
            agree(shop, number, actor=actor, at=NOON)
    with pytest.raises(OrderUnknown):
        agree(shop, number, actor=a_buyer(shop, "BIRCH"), at=NOON)
    shop.get_one(
        Buyer, ben.id
    ).order_limit_minor = None  # raised since: still somebody else's to say
    shop.flush()
    with pytest.raises(Forbidden, match="colleague"):
        agree(shop, number, actor=ben, at=NOON)


def test_without_a_colleague_to_ask_it_is_said_at_once(shop):
    ben = a_buyer(shop, order_limit_minor=1)
    with pytest.raises(Conflict, match="beyond your limit"):
        placed(shop, ben)


def test_of_two_who_decide_at_once_one_is_told(fresh_database):
    engine = make_engine(fresh_database)
    work = UnitOfWork(engine)
    with work.write() as session:
        a_stocked_shop(session)
        ben, ana, cleo = a_buyer(session, order_limit_minor=1), a_buyer(session), a_buyer(session)
        number = placed(session, ben)

    def decide(which):
        try:
            with work.write() as session:
                if which:
                    agree(session, number, actor=ana, at=NOON)
                else:
                    refuse(session, number, "No.", actor=cleo, at=NOON)
        except Conflict:
            return "told"
        return "decided"

    assert sorted(at_once(2, decide)) == ["decided", "told"]
    engine.dispose()


def test_who_agrees_while_we_cancel_it_is_told(fresh_database):
    engine = make_engine(fresh_database)
    work = UnitOfWork(engine)
    with work.write() as session:
        a_stocked_shop(session)
        ben, ana = a_buyer(session, order_limit_minor=1), a_buyer(session)
        number = placed(session, ben)
    cancelled, outcome = Event(), []

    def decide():
        cancelled.wait(9)
        try:
            with work.write() as session:
                agree(session, number, actor=ana, at=NOON)
        except Conflict as told:
            outcome.append(told.message)

    other = Thread(target=decide)
    other.start()
    with work.write() as session:
        cancel_sales_order(session, number, actor=SELLER, at=NOON)
        session.flush()
        cancelled.set()
        other.join(0.3)  # it waits for us
    other.join()
    assert outcome == [f"{number} was withdrawn meanwhile."]
    engine.dispose()


def test_a_limit_counts_the_tax(shop):
    ben, _ana = a_buyer(shop, order_limit_minor=1), a_buyer(shop, **ALL)
    number = placed(shop, ben)
    gross = sales_order_page(shop, number, actor=SELLER).gross
    exact = a_buyer(shop, order_limit_minor=gross.minor)
    short = a_buyer(shop, order_limit_minor=gross.minor - 1)
    placed(shop, exact, "e")
    waiting = {row.asked_by for row in open_agreements(shop, actor=ben)}
    placed(shop, short, "s")
    assert len(open_agreements(shop, actor=ben)) == len(waiting) + 1
