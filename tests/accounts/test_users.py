"""Accounts: who may be made, by whom, and what ends with them."""

import hashlib
import threading
from datetime import timedelta

import pytest

from procurement.accounts.models import ApiToken
from procurement.accounts.operations.credentials import (
    close_session,
    open_session,
    session_digest,
    set_first_password,
)
from procurement.accounts.operations.tokens import account_by_token, issue_token, revoke_token
from procurement.accounts.operations.users import (
    change_user,
    create_first_administrator,
    create_user,
    switch_off,
    switch_on,
)
from procurement.accounts.queries import account_by_email, has_accounts, is_open, tokens_of
from procurement.accounts.rules.passwords import faults_of
from procurement.accounts.terms import NewUser
from procurement.audit.queries import trail_of
from procurement.kernel.actor import SYSTEM, Actor
from procurement.kernel.db import make_engine
from procurement.kernel.errors import Conflict, DomainError, Forbidden, Invalid, NotFound
from procurement.kernel.permissions import Permission, Role
from procurement.kernel.unit_of_work import UnitOfWork
from tests.builders import NOON

GOOD = "lavender fields at noon"


def a_user(session, email="ana@example.com", *roles, password=GOOD):
    new = NewUser(email, "Ana", frozenset(roles or {Role.SALES}))
    user = create_user(session, new, password=password, actor=SYSTEM, at=NOON)
    session.flush()
    return user


def test_a_new_account_acts_with_its_roles(session):
    a_user(session, "ana@example.com", Role.SALES, Role.PURCHASER)
    actor = account_by_email(session, "ANA@example.com").actor
    assert actor.may(Permission.SELL)
    assert actor.may(Permission.DRAFT_ORDERS)
    assert not actor.may(Permission.EDIT_USERS)


def test_a_buyer_sees_one_customer_and_staff_see_all(session):
    buyer = account_by_email(session, a_user(session, "b@example.com", Role.WHOLESALE_BUYER).email)
    assert not buyer.is_staff
    assert buyer.actor.permissions == {Permission.BUY}


@pytest.mark.parametrize(
    ("email", "roles", "field"),
    [
        ("no address", {Role.SALES}, "email"),
        ("a@b@c.example", {Role.SALES}, "email"),
        ("x" * 250 + "@example.com", {Role.SALES}, "email"),
        ("a@example.com", set(), "roles"),
        ("a@example.com", {Role.SALES, Role.WHOLESALE_BUYER}, "roles"),
    ],
)
def test_what_cannot_be_an_account_is_refused_at_its_field(session, email, roles, field):
    with pytest.raises(Invalid) as refused:
        create_user(session, NewUser(email, "X", frozenset(roles)), actor=SYSTEM, at=NOON)
    assert refused.value.field == field


def test_only_who_edits_users_makes_them(session):
    nobody = Actor(1, "Bo", frozenset(Permission) - {Permission.EDIT_USERS})
    new = NewUser("a@example.com", "A", frozenset({Role.SALES}))
    with pytest.raises(Forbidden):
        create_user(session, new, actor=nobody, at=NOON)


def test_one_address_one_account(session):
    a_user(session)
    with pytest.raises(Conflict) as refused:
        a_user(session, "ANA@EXAMPLE.com")
    assert refused.value.field == "email"


@pytest.mark.parametrize(
    "weak", ["", "short", "aaaaaaaaaaaaaaaa", "password12345", "ana@example.com", "x" * 300]
)
def test_weak_passwords_are_refused(session, weak):
    with pytest.raises(Invalid) as refused:
        a_user(session, password=weak)
    assert refused.value.field == "password"


@pytest.mark.parametrize("good", [GOOD, "Ünïcödé wörds tøø", "correct horse battery"])
def test_long_ones_of_any_letters_are_fine(good):
    assert faults_of(good) == []


def test_the_last_administrator_cannot_leave(session):
    ada = a_user(session, "ada@example.com", Role.ADMINISTRATOR)
    with pytest.raises(Conflict):
        switch_off(session, ada.email, actor=SYSTEM, at=NOON)
    with pytest.raises(Conflict):
        change_user(
            session,
            ada.email,
            name="Ada",
            roles=frozenset({Role.SALES}),
            customer_id=None,
            actor=SYSTEM,
            at=NOON,
        )
    a_user(session, "eve@example.com", Role.ADMINISTRATOR)
    switch_off(session, ada.email, actor=SYSTEM, at=NOON)
    assert not ada.active


def test_switching_off_ends_sessions_and_tokens(session):
    ana = a_user(session)
    secret = open_session(session, ana.id, at=NOON)
    token = issue_token(session, ana.email, "till", at=NOON)
    session.flush()
    assert is_open(session, session_digest(secret), ana.id, NOON)
    assert account_by_token(session, token, at=NOON) is not None
    switch_off(session, ana.email, actor=SYSTEM, at=NOON)
    session.flush()
    assert not is_open(session, session_digest(secret), ana.id, NOON)
    assert account_by_token(session, token, at=NOON) is None
    switch_on(session, ana.email, actor=SYSTEM, at=NOON)
    assert [entry.action for entry in trail_of(session, ana.email)] == [
        "switch on account",
        "switch off account",
        "create account",
    ]


def test_a_session_runs_out_and_can_be_closed(session):
    ana = a_user(session)
    secret = open_session(session, ana.id, at=NOON)
    session.flush()
    digest = session_digest(secret)
    assert not is_open(session, digest, ana.id, NOON + timedelta(days=8))
    assert not is_open(session, digest, ana.id + 1, NOON)
    close_session(session, secret)
    assert not is_open(session, digest, ana.id, NOON)


def test_a_first_password_uses_up_its_mark(session):
    ana = a_user(session, password=None)
    mark = ana.fs_uniquifier
    set_first_password(session, mark, GOOD, at=NOON)
    session.flush()
    with pytest.raises(NotFound):
        set_first_password(session, mark, "another fine password", at=NOON)


def test_only_the_digest_of_a_token_is_kept(session):
    ana = a_user(session)
    token = issue_token(session, ana.email, "till", at=NOON, expires_at=NOON + timedelta(days=1))
    session.flush()
    (row,) = tokens_of(session, ana.id)
    kept = session.get_one(ApiToken, row.id)
    assert kept.digest == hashlib.sha256(token.encode()).hexdigest()
    assert token.startswith(row.prefix)
    assert len(row.prefix) < 20
    assert account_by_token(session, token, at=NOON + timedelta(days=2)) is None
    with pytest.raises(NotFound):
        revoke_token(session, ana.id + 1, row.id, at=NOON)
    revoke_token(session, ana.id, row.id, at=NOON)
    session.flush()
    assert account_by_token(session, token, at=NOON) is None
    assert tokens_of(session, ana.id) == []


def test_of_two_founders_at_once_one_founds(fresh_database):
    engine = make_engine(fresh_database)
    uow = UnitOfWork(engine)
    results, barrier = [], threading.Barrier(2)

    def found(email):
        barrier.wait()
        try:
            with uow.write() as session:
                create_first_administrator(session, email, "A", GOOD, at=NOON)
            results.append("founded")
        except DomainError as error:
            results.append(error.message)

    threads = [threading.Thread(target=found, args=(f"{n}@example.com",)) for n in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["There is an administrator already; sign in instead.", "founded"]
    with uow.read() as session:
        assert has_accounts(session)
    engine.dispose()
