"""The real server, several processes: stock is never sold twice, and asking twice is asking once."""

from collections import Counter

import pytest

from procurement.accounts.operations.tokens import issue_token
from procurement.kernel.clock import utc_now
from procurement.kernel.db import make_engine
from procurement.kernel.permissions import Role
from procurement.kernel.unit_of_work import UnitOfWork
from tests.builders import a_location, a_product, a_room
from tests.doors import an_account
from tests.server.running import Client, running
from tests.threads import at_once

pytestmark = pytest.mark.server

CLIENTS, ATTEMPTS, UNITS = 8, 50, 100
REPLAYS = 100


@pytest.fixture
def server(fresh_database, tmp_path):
    with running(fresh_database, tmp_path, workers=4) as server:
        yield server


@pytest.fixture
def token(fresh_database):
    """A stock keeper's token, in a spa with a storeroom, a room and towels."""
    engine = make_engine(fresh_database)
    with UnitOfWork(engine).write() as session:
        a_location(session)
        a_room(session)
        a_product(session, "TOWEL", unit="piece")
        user = an_account(session, Role.STOCK_KEEPER)
        token = issue_token(session, user.email, "tests", at=utc_now())
    engine.dispose()
    return token


def moving(reason, source, destination, amount):
    quantity = {"amount": str(amount), "unit": "piece"}
    move = {"product": "TOWEL", "from": source, "to": destination, "quantity": quantity}
    return {"reason": reason, "moves": [move]}


def on_hand(port, token):
    with Client(port, token) as client:
        answer = client.ask("GET", "/stock")
    assert answer.status == 200
    return {row["location"]: row["on_hand"]["amount"] for row in answer.json["items"]}


def test_eight_clients_take_a_hundred_units_and_asking_twice_is_asking_once(server, token):
    here = (server.port, token)
    opening = moving("opening", "OPENING", "STORE", UNITS)
    with Client(*here) as client:
        assert client.ask("POST", "/postings", opening).status == 201

    answers = sum(at_once(CLIENTS, taking(*here)), Counter())
    assert answers == {201: UNITS, 409: CLIENTS * ATTEMPTS - UNITS}
    assert on_hand(*here) == {"ROOM-1": str(UNITS)}

    replays = [one for some in at_once(20, replaying(*here)) for one in some]
    assert len(replays) == REPLAYS
    ((status, _),) = set(replays)
    assert status == 201
    assert on_hand(*here) == {"ROOM-1": str(UNITS - 7), "STORE": "7"}

    checked = server.command("stock", "verify")
    assert checked.returncode == 0, checked.stdout + checked.stderr


def taking(port, token):
    """A client who takes one unit at a time: how often it heard what."""
    body = moving("transfer", "STORE", "ROOM-1", 1)

    def take(_):
        with Client(port, token) as client:
            return Counter(client.ask("POST", "/postings", body).status for _ in range(ATTEMPTS))

    return take


def replaying(port, token):
    """A client that sends one request again and again under one key."""
    body = moving("transfer", "ROOM-1", "STORE", 7)

    def replay(_):
        with Client(port, token) as client:
            answers = [
                client.ask("POST", "/postings", body, key="the same") for _ in range(REPLAYS // 20)
            ]
            return [(answer.status, answer.body) for answer in answers]

    return replay
