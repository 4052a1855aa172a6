"""How many statements something sends: lists send the same few, whatever the number of rows."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, event

_TRANSACTION = ("BEGIN", "PRAGMA", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


@contextmanager
def assert_queries(engine: Engine, most: int) -> Iterator[list[str]]:
    """At most so many statements; those of the transaction itself do not count."""
    sent: list[str] = []

    def note(_connection, _cursor, statement, *_more):
        if not statement.lstrip().upper().startswith(_TRANSACTION):
            sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert len(sent) <= most, f"{len(sent)} statements:\n" + "\n".join(sent)
