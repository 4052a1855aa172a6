"""An index of three-letter pieces over one folded text column, so that a word is found anywhere in it at any size.

SQLite keeps an FTS5 table beside the rows, filled by triggers; PostgreSQL an index of its pg_trgm extension. Where that
extension cannot be had, LIKE reads the rows instead: the answers are the same. Like the guards, all of this is made
again after every migration, because SQLite drops a table's triggers whenever it is rebuilt.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Boolean, ColumnElement, Connection, literal
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from procurement.kernel.text import containing

_EVENTS = ("insert", "update", "delete")


def index_name(table: str) -> str:
    """PostgreSQL's index."""
    return f"ix_{table}_trigrams"


def index_table(table: str) -> str:
    """SQLite's table; it has helpers whose names begin with its own."""
    return f"{table}_trigrams"


def trigger_names(table: str, dialect: str) -> set[str]:
    if dialect != "sqlite":
        return set()
    return {f"{index_table(table)}_{event}" for event in _EVENTS}


def create_index(connection: Connection, table: str, column: str) -> None:
    """Make the index, filled from what is there; making it twice is right."""
    if connection.dialect.name == "sqlite":
        for statement in _sqlite(table, column):
            connection.exec_driver_sql(statement)
        return
    try:
        with connection.begin_nested():
            connection.exec_driver_sql("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    except DBAPIError:
        return  # not installed, or not ours to install: LIKE answers without it
    connection.exec_driver_sql(
        f"CREATE INDEX IF NOT EXISTS {index_name(table)} ON {table} USING gin ({column} gin_trgm_ops)"
    )


def drop_index(connection: Connection, table: str) -> None:
    if connection.dialect.name == "sqlite":
        for trigger in sorted(trigger_names(table, "sqlite")):
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {trigger}")
        connection.exec_driver_sql(f"DROP TABLE IF EXISTS {index_table(table)}")
        return
    connection.exec_driver_sql(f"DROP INDEX IF EXISTS {index_name(table)}")


def is_index(name: str, tables: Sequence[str]) -> bool:
    """Whether a table or index found in the database is one of ours, which the models do not name."""
    return any(
        name in {index_name(table), index_table(table)} or name.startswith(f"{index_table(table)}_")
        for table in tables
    )


def _sqlite(table: str, column: str) -> list[str]:
    index = index_table(table)
    forget = (
        f"INSERT INTO {index} ({index}, rowid, {column}) VALUES ('delete', old.id, old.{column})"  # noqa: S608 (our own names)
    )
    learn = f"INSERT INTO {index} (rowid, {column}) VALUES (new.id, new.{column})"  # noqa: S608 (our own names)
    made = {
        f"{index}_insert": f"AFTER INSERT ON {table} BEGIN {learn}; END",
        f"{index}_update": f"AFTER UPDATE OF {column} ON {table} BEGIN {forget}; {learn}; END",
        f"{index}_delete": f"AFTER DELETE ON {table} BEGIN {forget}; END",
    }
    return [
        *(f"DROP TRIGGER IF EXISTS {name}" for name in made),
        f"DROP TABLE IF EXISTS {index}",
        f"CREATE VIRTUAL TABLE {index} USING fts5({column}, content='{table}', content_rowid='id',"
        " tokenize='trigram')",
        f"INSERT INTO {index} ({index}) VALUES ('rebuild')",  # noqa: S608 (our own names)
        *(f"CREATE TRIGGER {name} {body}" for name, body in made.items()),
    ]


class _Holds(FunctionElement[bool]):
    """Arguments: the key, the column, SQLite's MATCH, then one LIKE pattern for each word."""

    type = Boolean()
    inherit_cache = True
    name = "holds"


class _HoldsAll(_Holds):
    inherit_cache = True
    name = "holds_all"


class _HoldsAny(_Holds):
    inherit_cache = True
    name = "holds_any"


def holds_all(key: Any, column: Any, words: Sequence[str]) -> ColumnElement[bool]:
    """Whether the folded column contains every word; words have at least three letters."""
    return _HoldsAll(*_arguments(key, column, words, " AND "))


def holds_any(key: Any, column: Any, words: Sequence[str]) -> ColumnElement[bool]:
    """Whether the folded column contains at least one of the words."""
    return _HoldsAny(*_arguments(key, column, words, " OR "))


def _arguments(key: Any, column: Any, words: Sequence[str], joined: str) -> list[Any]:
    match = joined.join('"' + word.replace('"', '""') + '"' for word in words)
    return [key, column, literal(match), *(literal(containing(word)) for word in words)]


@compiles(_Holds)
def _like(element: _Holds, compiler: Any, **options: Any) -> str:
    _, column, _, *patterns = element.clauses
    said = compiler.process(column, **options)
    operator = " AND " if isinstance(element, _HoldsAll) else " OR "
    likes = (f"{said} LIKE {compiler.process(one, **options)} ESCAPE '\\'" for one in patterns)
    return f"({operator.join(likes)})"


@compiles(_Holds, "sqlite")
def _match(element: _Holds, compiler: Any, **options: Any) -> str:
    key, column, match, *_ = element.clauses
    index = index_table(column.table.name)
    found = compiler.process(match, **options)
    return f"{compiler.process(key, **options)} IN (SELECT rowid FROM {index} WHERE {index} MATCH {found})"  # noqa: S608 (our own names)
