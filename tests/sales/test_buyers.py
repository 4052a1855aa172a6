"""Buyers look after their own company, and no other."""

import pytest

from procurement.accounts.models import User
from procurement.accounts.queries import account_by_email
from procurement.kernel.actor import Actor
from procurement.kernel.db import make_engine
from procurement.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from procurement.kernel.money import Money
from procurement.kernel.permissions import Permission, Role
from procurement.kernel.unit_of_work import UnitOfWork
from procurement.sales.operations.buyers import (
    InviteColleague,
    change_colleague,
    invite_colleague,
    let_go,
    take_back,
)
from procurement.sales.operations.customers import SaveCustomer, change_customer
from procurement.sales.operations.merging import merge_customers
from procurement.sales.queries.buyers import buyers, powers_of
from procurement.sales.terms.buyers import Powers
from tests.builders import NOON
from tests.doors import an_account
from tests.sales.stories import SELLER, a_customer, a_shop
from tests.threads import at_once

ALL = Powers()
LITTLE = Powers(may_manage=False, may_approve=False, order_limit=Money(50_000, "EUR"))


def a_buyer(session, customer) -> tuple[User, Actor]:
    user = an_account(session, Role.WHOLESALE_BUYER, customer_id=customer.id)
    return user, acting(user)


def acting(user) -> Actor:
    return Actor(user.id, user.name, frozenset({Permission.BUY}), user.customer_id)


@pytest.fixture
def linden(session):
    a_shop(session)
    return a_customer(session)


def invite(session, actor, email="ben@linden.example", powers=LITTLE):
    command = InviteColleague(email=email, name="Ben", powers=powers)
    invite_colleague(
        session, command, link_of="https://spa.example/{}".format, actor=actor, at=NOON
    )
    session.flush()
    account = account_by_email(session, email)
    assert account is not None
    return account


def test_a_buyer_without_set_powers_has_them_all_and_gives_some(session, linden):
    _, ana = a_buyer(session, linden)
    assert powers_of(session, ana) == ALL
    ben = invite(session, ana)
    assert ben.customer_id == linden.id
    assert powers_of(session, ben.actor) == LITTLE
    assert not LITTLE.covers(Money(50_001, "EUR"))
    assert LITTLE.covers(Money(50_000, "EUR"))
    rows = buyers(session, linden.id, actor=ana)
    assert [(row.email, row.has_password, row.is_me) for row in rows if row.name == "Ben"] == [
        ("ben@linden.example", False, False)
    ]


def test_limits_are_never_read_in_another_currency(session, linden):
    _, ana = a_buyer(session, linden)
    invite(session, ana, powers=LITTLE)
    in_yen = SaveCustomer(name=linden.name, kind=linden.kind, currency="JPY")
    with pytest.raises(Invalid, match="order limits in EUR"):
        change_customer(session, linden.code, in_yen, actor=SELLER, at=NOON)
    linden.currency = "EUR"
    other = a_customer(session, "HAZEL")
    other.currency = "JPY"
    session.flush()
    with pytest.raises(Conflict, match="order limits in EUR"):
        merge_customers(session, "HAZEL", linden.code, actor=SELLER, at=NOON)


def test_who_may_not_manage_changes_nobody(session, linden):
    user, ana = a_buyer(session, linden)
    ben = invite(session, ana).actor
    for refused in (
        lambda: invite(session, ben, "cleo@linden.example"),
        lambda: change_colleague(session, user.email, LITTLE, actor=ben, at=NOON),
        lambda: let_go(session, user.email, actor=ben, at=NOON),
    ):
        with pytest.raises(Forbidden):
            refused()


def test_another_company_is_not_there(session, linden):
    _, ana = a_buyer(session, linden)
    other = a_customer(session, "HAZEL")
    stranger, stranger_acting = a_buyer(session, other)
    for act in (let_go, take_back):
        with pytest.raises(NotFound):
            act(session, stranger.email, actor=ana, at=NOON)
    with pytest.raises(NotFound):
        buyers(session, linden.id, actor=stranger_acting)
    assert buyers(session, linden.id, actor=SELLER)


def test_somebody_goes_on_managing(session, linden):
    user, ana = a_buyer(session, linden)
    with pytest.raises(Conflict):
        change_colleague(session, user.email, LITTLE, actor=ana, at=NOON)
    ben = invite(session, ana, powers=ALL)
    change_colleague(session, user.email, LITTLE, actor=ana, at=NOON)
    session.flush()
    with pytest.raises(Conflict):
        let_go(session, ben.email, actor=ben.actor, at=NOON)


def test_who_is_let_go_is_out_and_may_come_back(session, linden):
    _, ana = a_buyer(session, linden)
    ben = invite(session, ana)
    let_go(session, ben.email, actor=ana, at=NOON)
    session.flush()
    after = account_by_email(session, ben.email)
    assert after is not None
    assert (after.active, after.fs_uniquifier == ben.fs_uniquifier) == (False, False)
    take_back(session, ben.email, actor=ana, at=NOON)
    session.flush()
    assert account_by_email(session, ben.email).active


def test_a_limit_is_in_the_companys_currency(session, linden):
    _, ana = a_buyer(session, linden)
    with pytest.raises(Invalid) as refused:
        invite(session, ana, powers=Powers(order_limit=Money(1, "USD")))
    assert refused.value.errors[0].field == "order_limit"


def test_of_two_who_give_up_managing_at_once_one_stays(fresh_database):
    engine = make_engine(fresh_database)
    work = UnitOfWork(engine)
    with work.write() as session:
        a_shop(session)
        customer = a_customer(session)
        pair = [a_buyer(session, customer) for _ in range(2)]
        people = [(user.email, actor) for user, actor in pair]

    def give_up(which):
        email, actor = people[which]
        try:
            with work.write() as session:
                change_colleague(session, email, LITTLE, actor=actor, at=NOON)
        except Conflict:
            return "stays"
        return "gave up"

    assert sorted(at_once(2, give_up)) == ["gave up", "stays"]
    engine.dispose()
