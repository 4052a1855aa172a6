"""The transaction. This is the only file that commits; doors open it, nobody below does."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.orm.exc import StaleDataError

from procurement.kernel.db import Base
from procurement.kernel.errors import Conflict, refusal_of


class UnitOfWork:
    """Hands out sessions: `write()` commits on leaving and rolls back on any exception, `read()` cannot write."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        reader = engine.execution_options(read_only=True, postgresql_readonly=True)
        self._write = sessionmaker(engine, expire_on_commit=False)
        self._read = sessionmaker(reader, expire_on_commit=False, autoflush=False)

    @contextmanager
    def write(self, *, dry_run: bool = False) -> Iterator[Session]:
        """One business transaction. A constraint's refusal leaves as the domain error registered for it.

        With `dry_run` everything is carried out, checked and then rolled back.
        """
        session = self._write()
        try:
            yield session
            if dry_run:
                session.flush()  # so that the constraints have spoken
                session.rollback()
            else:
                session.commit()
        except IntegrityError as error:
            session.rollback()
            if refusal := refusal_of(error, Base.metadata):
                raise refusal from error
            raise
        except StaleDataError as error:
            session.rollback()
            raise Conflict("Somebody else changed this in the meantime; look again.") from error
        except BaseException:
            session.rollback()
            raise
        finally:
            session.close()

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session for queries: PostgreSQL READ ONLY, SQLite query_only."""
        session = self._read()
        try:
            yield session
        finally:
            session.close()
