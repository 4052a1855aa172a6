"""Migrated databases for tests: one template of each kind, made once a run, and quick copies of it."""

import itertools
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import sqlalchemy as sa

from procurement.kernel import migrations
from procurement.kernel.db import make_engine
from tests import postgres
from tests.emptying import Contents, NotAsItWas

KINDS = ("sqlite", "postgresql")
_numbers = itertools.count(1)
T = TypeVar("T")


@dataclass
class Databases:
    """Where copies come from. Workers get the templates' addresses from the process that started them."""

    folder: Path
    server_url: str  # empty where there is no PostgreSQL; `reason` then says why
    reason: str = ""
    server: postgres.Server | None = None
    _owned: list[str] = field(default_factory=list)
    _emptied: list[str] = field(default_factory=list)
    _contents: Contents | None = None

    @classmethod
    def start(cls, folder: Path) -> "Databases":
        """Migrate one template of each kind. Called once, by the process that runs or steers the tests."""
        try:
            server = postgres.start()
        except postgres.Unavailable as error:
            databases = cls(folder, "", str(error))
        else:
            databases = cls(folder, server.url, server=server)
            databases._make_postgres_template()
        migrations.upgrade(f"sqlite:///{folder / 'template.db'}")
        # A template copied as one file: nothing of it may be left in a write-ahead log
        engine = make_engine(f"sqlite:///{folder / 'template.db'}")
        # Outside any transaction: inside one a checkpoint does nothing
        raw = engine.raw_connection()
        raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        raw.close()
        engine.dispose()
        return databases

    @property
    def template(self) -> str:
        return f"stillroom_template_{self.folder.name.replace('-', '_')}"

    def fresh(self, kind: str) -> str:
        """The address of a migrated database of one's own."""
        name = f"copy_{os.getpid()}_{next(_numbers)}"
        if kind == "sqlite":
            shutil.copyfile(self.folder / "template.db", self.folder / f"{name}.db")
            return f"sqlite:///{self.folder / name}.db"
        self._administer(f'CREATE DATABASE {name} TEMPLATE "{self.template}" STRATEGY FILE_COPY')
        self._owned.append(name)
        return self._url_of(name)

    @contextmanager
    def lent(self, kind: str) -> Iterator[str]:
        """A migrated database for one test. On PostgreSQL the next test gets it again, emptied: a copy takes longer."""
        url = self._emptied.pop() if kind == "postgresql" and self._emptied else self.fresh(kind)
        if kind == "postgresql" and self._contents is None:
            self._contents = self._within(url, Contents.read)
        yield url
        if kind == "postgresql" and self._contents is not None:
            try:
                self._within(url, self._contents.restore)
            except (NotAsItWas, sa.exc.DBAPIError):
                self.drop(url)
            else:
                self._emptied.append(url)
        else:
            self.drop(url)

    def _within(self, url: str, work: Callable[[sa.Engine], T]) -> T:
        engine = make_engine(url)
        try:
            return work(engine)
        finally:
            engine.dispose()

    def drop(self, url: str) -> None:
        address = sa.make_url(url)
        if address.get_backend_name() == "sqlite":
            for suffix in ("", "-wal", "-shm"):
                Path(f"{address.database}{suffix}").unlink(missing_ok=True)
        elif address.database in self._owned:
            self._owned.remove(address.database)
            self._administer(f"DROP DATABASE {address.database} WITH (FORCE)")

    def stop(self) -> None:
        for name in list(self._owned):
            self.drop(self._url_of(name))
        if self.server:
            self._administer(f'DROP DATABASE "{self.template}" WITH (FORCE)')
            self.server.stop()

    def _make_postgres_template(self) -> None:
        self._administer(f'CREATE DATABASE "{self.template}"')
        migrations.upgrade(self._url_of(self.template))

    def _url_of(self, name: str) -> str:
        address = sa.make_url(self.server_url).set(database=name)
        return address.render_as_string(hide_password=False)

    def _administer(self, statement: str) -> None:
        engine = make_engine(self.server_url).execution_options(isolation_level="AUTOCOMMIT")
        try:
            with engine.connect() as connection:
                connection.exec_driver_sql(statement)
        finally:
            engine.dispose()
