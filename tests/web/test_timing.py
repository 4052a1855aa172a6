"""An unknown address costs the machine as much as a wrong password, so that its time says nothing."""

import time

import pytest

from procurement.accounts.operations.users import create_user
from procurement.accounts.terms import NewUser
from procurement.kernel.actor import SYSTEM
from procurement.kernel.clock import utc_now
from procurement.kernel.permissions import Role
from tests.hashing import hash_as_customers_do


@pytest.fixture
def hard_hashes(monkeypatch):
    hash_as_customers_do(monkeypatch)


@pytest.fixture
def app(hard_hashes, own_app):
    """An application of its own, with hashes as hard as they are for customers: they are what takes the time."""
    return own_app


def test_an_unknown_address_takes_as_long(app, client):
    with app.extensions["uow"].write() as session:
        new = NewUser("ana@example.com", "Ana", frozenset({Role.SALES}))
        create_user(session, new, password="lavender fields at noon", actor=SYSTEM, at=utc_now())

    def effort(email):
        start = time.process_time()
        client.post("/sign-in", data={"email": email, "password": "a wrong guess"})
        return time.process_time() - start

    effort("warm@example.com")
    known = min(effort("ana@example.com") for _ in range(2))
    unknown = min(effort("nobody@example.com") for _ in range(2))
    assert 0.7 < unknown / known < 1.4
