"""One application for many tests: what it says to the database goes to another, empty one for each.

Making an application takes longer than most tests (some 570 addresses), and an engine of its own compiles every
statement anew. So there is one of each kind in a worker, and between two tests everything is put back that a test may
have changed. A test that adds addresses or needs settings asks for `own_app`, or makes one: `an_app` of tests/apps.py.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from procurement.kernel.unit_of_work import UnitOfWork
from procurement.web.throttle import limiter
from tests.apps import an_application
from tests.databases import Databases
from tests.doors import a_config
from tests.emptying import Contents, NotAsItWas


class Lending:
    """An application on one kind of database, lent to one test after the other."""

    def __init__(self, databases: Databases, kind: str, folder: Path) -> None:
        self.databases = databases
        self.kind = kind
        self.url = databases.fresh(kind)
        self.app = an_application(a_config(self.url, folder))
        self.app.config["WTF_CSRF_ENABLED"] = False
        self.engine = self.app.extensions["uow"].engine
        sa.event.listen(self.engine, "do_connect", self._lead_elsewhere)
        self.contents = Contents.read(self.engine) if kind == "postgresql" else None
        self._used = False
        self._kept = {name: dict(getattr(self.app, name)) for name in ("config", "view_functions")}
        self._extensions = dict(self.app.extensions)
        self._addresses = len(self.app.url_map._rules)

    @contextmanager
    def lent(self, folder: Path) -> Iterator[Flask]:
        if self._used:
            self._renew()
        self._used = True
        self.app.extensions["uow"] = UnitOfWork(self.engine)
        self.app.extensions["config"] = a_config(self.url, folder)
        limiter.reset()
        yield self.app
        for name, was in self._kept.items():
            mapping = getattr(self.app, name)
            mapping.clear()
            mapping.update(was)
        self.app.extensions.clear()
        self.app.extensions.update(self._extensions)
        assert len(self.app.url_map._rules) == self._addresses, (
            "who adds addresses asks for own_app"
        )

    def close(self) -> None:
        self.engine.dispose()
        self.databases.drop(self.url)

    def _renew(self) -> None:
        """An empty database for the next test: on PostgreSQL the same one, emptied, or a new copy where that fails."""
        if self.contents is not None:
            try:
                self.contents.restore(self.engine)
            except (NotAsItWas, sa.exc.DBAPIError):
                self._take_another()
        else:
            self._take_another()

    def _take_another(self) -> None:
        self.engine.dispose()
        self.databases.drop(self.url)
        self.url = self.databases.fresh(self.kind)
        self.engine.url = sa.make_url(self.url)

    def _lead_elsewhere(
        self, _dialect: Any, _record: Any, arguments: list[Any], named: dict[str, Any]
    ) -> None:
        name = sa.make_url(self.url).database
        if self.kind == "sqlite":
            arguments[0] = name
        else:
            named["dbname"] = name


class Lendings:
    """Those of one worker, made when first asked for."""

    def __init__(self, databases: Databases, folder: Path) -> None:
        self._databases = databases
        self._folder = folder
        self._made: dict[str, Lending] = {}

    def of(self, kind: str) -> Lending:
        if kind not in self._made:
            self._made[kind] = Lending(self._databases, kind, self._folder)
        return self._made[kind]

    def close(self) -> None:
        for one in self._made.values():
            one.close()
        shutil.rmtree(self._folder, ignore_errors=True)


@pytest.fixture(scope="session")
def applications(
    databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Lendings]:
    lendings = Lendings(databases, tmp_path_factory.mktemp("applications"))
    yield lendings
    lendings.close()


@pytest.fixture
def app(database: str, applications: Lendings, tmp_path: Path) -> Iterator[Flask]:
    """The application on an empty database. CSRF is off here; tests/web turns it on to test it."""
    with applications.of(database).lent(tmp_path) as app:
        yield app


@pytest.fixture
def own_app(fresh_database: str, tmp_path: Path) -> Iterator[Flask]:
    """An application of the test's own, for what is not put back: addresses, hooks, settings."""
    app = an_application(a_config(fresh_database, tmp_path))
    app.config["WTF_CSRF_ENABLED"] = False
    yield app
    app.extensions["uow"].engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser nobody has signed in with yet: `sign_in(client, Role.SALES)` of tests/doors.py does."""
    return app.test_client()
