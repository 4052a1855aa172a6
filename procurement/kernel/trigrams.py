"""An index of three-letter pieces over one folded text column, so that a word is found anywhere in it at any size.

SQLite keeps an FTS5 table beside the rows, filled by triggers; PostgreSQL an index of its pg_trgm extension. Where that
extension cannot be had, LIKE reads the rows instead: the answers are the same. Like the guards, all of this is made
again after every migration, because SQLite drops a table's triggers whenever it is rebuilt.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BindParameter, Boolean, ColumnElement, Connection, Text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql import coercions, roles
from sqlalchemy.sql.visitors import InternalTraversal

from procurement.kernel.text import containing

_EVENTS = ("insert", "update", "delete")
_MATCHED, _PATTERN = "matched", "pattern_"

Groups = Sequence[Sequence[Sequence[str]]]  # in each group its ways, in each way its words
Shape = tuple[tuple[int, ...], ...]  # of each group how many words each way has


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


class _Holds(ColumnElement[bool]):
    """SQLite's MATCH, and beside it the patterns by which LIKE says the same: so many for each word of each way.

    One element with its parameters, not a tree of them: a search with many synonyms would take longer to write down
    than to answer.
    """

    __visit_name__ = "holds"
    _traverse_internals = [  # noqa: RUF012 (SQLAlchemy's own declaration: what makes two of them the same statement)
        ("key", InternalTraversal.dp_clauseelement),
        ("column", InternalTraversal.dp_clauseelement),
        ("matched", InternalTraversal.dp_clauseelement),
        ("patterns", InternalTraversal.dp_clauseelement_list),
        ("shape", InternalTraversal.dp_plain_obj),
    ]
    type = Boolean()

    def __init__(
        self, key: Any, column: Any, shape: Shape, matched: Any, patterns: Sequence[Any]
    ) -> None:
        self.key = coercions.expect(roles.ExpressionElementRole, key)
        self.column = coercions.expect(roles.ExpressionElementRole, column)
        self.shape = shape
        self.matched = matched
        self.patterns = list(patterns)

    def self_group(self, against: Any = None) -> "_Holds":
        """As it is: "IN (...) = 1", as SQLite would be told of any other truth, hides the index from it."""
        return self


def holds(key: Any, column: Any, groups: Groups) -> ColumnElement[bool]:
    """Whether the folded column holds every group: in each, one of its ways; of a way, every word.

    A word stands anywhere in the column. All have at least three letters, or no index could find them.
    """
    patterns = [_bound(pattern) for pattern in _patterns(groups)]
    return _Holds(key, column, shape_of(groups), _bound(_matched(groups)), patterns)


def would_hold(key: Any, column: Any, shape: Shape) -> ColumnElement[bool]:
    """The same for any groups of that shape, whose words are given when the statement is executed: `words_given`."""
    many = sum(sum(ways) for ways in shape)
    patterns = [_named(f"{_PATTERN}{number}") for number in range(many)]
    return _Holds(key, column, shape, _named(_MATCHED), patterns)


def words_given(groups: Groups) -> dict[str, str]:
    """What a statement with `would_hold` is executed with."""
    given = {f"{_PATTERN}{number}": said for number, said in enumerate(_patterns(groups))}
    return given | {_MATCHED: _matched(groups)}


def shape_of(groups: Groups) -> Shape:
    return tuple(tuple(len(way) for way in ways) for ways in groups)


def _matched(groups: Groups) -> str:
    return " AND ".join(f"({' OR '.join(_all(way) for way in ways)})" for ways in groups)


def _patterns(groups: Groups) -> list[str]:
    return [containing(word) for ways in groups for way in ways for word in way]


def _bound(value: str) -> BindParameter[str]:
    return BindParameter(None, value, Text(), unique=True)


def _named(name: str) -> BindParameter[str]:
    return BindParameter(name, type_=Text(), required=True)


def _all(words: Sequence[str]) -> str:
    """In FTS5's own language; a quote in a word is written twice."""
    quoted = ('"' + word.replace('"', '""') + '"' for word in words)
    return f"({' AND '.join(quoted)})"


@compiles(_Holds)
def _like(element: _Holds, compiler: Any, **options: Any) -> str:
    said = compiler.process(element.column, **options)
    patterns = iter(element.patterns)

    def one() -> str:
        return f"{said} LIKE {compiler.process(next(patterns), **options)} ESCAPE '\\'"

    groups = (
        " OR ".join("(" + " AND ".join(one() for _ in range(words)) + ")" for words in ways)
        for ways in element.shape
    )
    return "(" + " AND ".join(f"({group})" for group in groups) + ")"


@compiles(_Holds, "sqlite")
def _match(element: _Holds, compiler: Any, **options: Any) -> str:
    index = index_table(element.column.table.name)
    found = compiler.process(element.matched, **options)
    return f"{compiler.process(element.key, **options)} IN (SELECT rowid FROM {index} WHERE {index} MATCH {found})"  # noqa: S608 (our own names)
