"""The triggers and search indexes of the whole schema, taken away before migration steps and made again after them.

They are not written into single migrations: SQLite drops a table's triggers without a word whenever it is rebuilt.
"""

import sqlalchemy as sa

from procurement import schema
from procurement.kernel.guards import append_only, guard_name
from procurement.kernel.trigrams import create_index, drop_index, trigger_names


def create_guards(connection: sa.Connection) -> None:
    """Guard every append-only table that there is at this version."""
    present = set(sa.inspect(connection).get_table_names())
    for table in sorted(present.intersection(schema.APPEND_ONLY)):
        for statement in append_only(table, connection.dialect.name):
            connection.exec_driver_sql(statement)
    for table, column in schema.SEARCHED.items():
        if table in present:
            create_index(connection, table, column)


def drop_guards(connection: sa.Connection) -> None:
    for table in schema.SEARCHED:
        drop_index(connection, table)
    if connection.dialect.name == "sqlite":
        for name in sorted(guards_present(connection)):
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        return
    for table in schema.APPEND_ONLY:
        connection.exec_driver_sql(f"DROP FUNCTION IF EXISTS {guard_name(table)} CASCADE")


def guards_present(connection: sa.Connection) -> set[str]:
    """The names of all our triggers in the database."""
    query = "SELECT name FROM sqlite_schema WHERE type = 'trigger'"
    if connection.dialect.name == "postgresql":
        query = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    return set(connection.scalars(sa.text(query)))


def guards_expected(dialect: str) -> set[str]:
    """The names that an up-to-date database has."""
    events = ("update", "delete") if dialect == "sqlite" else ("rows", "truncate")
    guards = {f"{guard_name(table)}_{event}" for table in schema.APPEND_ONLY for event in events}
    return guards.union(*(trigger_names(table, dialect) for table in schema.SEARCHED))
