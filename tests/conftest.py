"""What every test may ask for. Builders are plain functions elsewhere; here is only what needs tearing down."""

import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from procurement.kernel.actor import Actor
from procurement.kernel.db import make_engine
from procurement.kernel.permissions import Permission
from tests import network, routing
from tests.clocks import FixedClock
from tests.databases import KINDS, Databases
from tests.hashing import hash_quickly
from tests.lending import app, applications, client, own_app  # noqa: F401 (fixtures)

FOLDER, SERVER, REASON = "STILLROOM_TESTS", "STILLROOM_TEST_SERVER", "STILLROOM_NO_POSTGRESQL"
databases_key = pytest.StashKey[Databases]()


def pytest_configure(config: pytest.Config) -> None:
    """The process that steers the workers starts PostgreSQL; they find it through the environment."""
    routing.keep_compiled_addresses()
    hash_quickly()
    if hasattr(config, "workerinput"):
        folder = Path(os.environ[FOLDER])
        config.stash[databases_key] = Databases(folder, os.environ[SERVER], os.environ[REASON])
    elif not config.option.collectonly:
        folder = Path(tempfile.mkdtemp(prefix="stillroom-tests-"))
        databases = Databases.start(folder)
        config.stash[databases_key] = databases
        if databases.reason and os.environ.get("CI") == "true":
            pytest.exit(f"CI=true, and the PostgreSQL half would be skipped: {databases.reason}", 1)
        os.environ |= {FOLDER: str(folder), SERVER: databases.server_url, REASON: databases.reason}


def pytest_unconfigure(config: pytest.Config) -> None:
    databases = config.stash.get(databases_key, None)
    if databases:
        databases.stop()
        if not hasattr(config, "workerinput"):
            shutil.rmtree(databases.folder, ignore_errors=True)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """With CI=true a skipped test is a failure: what was not run has not passed."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") == "true" and reporter and reporter.stats.get("skipped"):
        session.exitstatus = session.exitstatus or 1
        reporter.write_line("\nCI=true, and tests were skipped: that counts as failed", red=True)


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the network nor a mail server outside: only this machine answers."""
    monkeypatch.setattr(socket.socket, "connect", network.connect)
    monkeypatch.setattr(socket.socket, "connect_ex", network.connect_ex)


@pytest.fixture(scope="session")
def databases(pytestconfig: pytest.Config) -> Databases:
    return pytestconfig.stash[databases_key]


@pytest.fixture(params=KINDS)
def database(request: pytest.FixtureRequest, databases: Databases) -> str:
    """The kind of database: a test that asks for it, or for what needs it, runs on both."""
    if request.param == "postgresql" and databases.reason:
        pytest.skip(databases.reason)
    return str(request.param)


@pytest.fixture(scope="session")
def shared_engines(databases: Databases) -> Iterator[dict[str, Engine]]:
    """One engine of each kind for all tests that roll back; made when first asked for."""
    engines: dict[str, Engine] = {}
    yield engines
    for engine in engines.values():
        engine.dispose()


@pytest.fixture
def engine(database: str, databases: Databases, shared_engines: dict[str, Engine]) -> Engine:
    """A migrated, empty database. Leave nothing behind in it: use `session`, or `fresh_database`."""
    if database not in shared_engines:
        shared_engines[database] = make_engine(databases.fresh(database))
    return shared_engines[database]


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A session whose commits are savepoints; all of it is rolled back afterwards."""
    with engine.connect() as connection, connection.begin() as transaction:
        with Session(
            connection, join_transaction_mode="create_savepoint", expire_on_commit=False
        ) as session:
            yield session
        transaction.rollback()


@pytest.fixture
def fresh_database(database: str, databases: Databases) -> Iterator[str]:
    """The address of a migrated, empty database of the test's own: for doors, commits, several writers."""
    with databases.lent(database) as url:
        yield url


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture
def actor() -> Actor:
    """An administrator."""
    permissions = frozenset(Permission) - {Permission.BUY}
    return Actor(id=None, name="Ada", permissions=permissions)
