"""How many statements something sends: lists send the same few, whatever the number of rows."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, event

_TRANSACTION = ("BEGIN", "PRAGMA", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


@contextmanager
def counted(database: Engine | Connection) -> Iterator[list[str]]:
    """The statements sent while the block runs; those of the transaction itself do not count."""
    sent: list[str] = []

    def note(_connection, _cursor, statement, *_more):
        if not statement.lstrip().upper().startswith(_TRANSACTION):
            sent.append(statement)

    event.listen(database, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(database, "before_cursor_execute", note)


@contextmanager
def assert_queries(engine: Engine, most: int) -> Iterator[list[str]]:
    """At most so many statements."""
    with counted(engine) as sent:
        yield sent
    assert len(sent) <= most, f"{len(sent)} statements:\n" + "\n".join(sent)
