"""How Alembic reaches the database: one transaction for all steps, on a connection of its own."""

from typing import Any, Literal

import sqlalchemy as sa
from alembic import context

from migrations.guards import create_guards, drop_guards
from procurement import schema
from procurement.kernel.db import make_engine
from procurement.kernel.trigrams import is_index
from procurement.kernel.types import UTCDateTime

UPGRADE_LOCK = 7_788_201  # any number of our own: two starts at once upgrade one after the other


def run_migrations() -> None:
    engine = make_engine(context.config.attributes["url"])
    if engine.dialect.name == "sqlite":
        # Rebuilding a table that others refer to fails otherwise, and the pragma does nothing inside a transaction.
        sa.event.listen(engine, "connect", without_foreign_keys)
    try:
        with engine.begin() as connection:
            migrate(connection)
    finally:
        engine.dispose()


def migrate(connection: sa.Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(UPGRADE_LOCK)))
    context.configure(
        connection=connection,
        target_metadata=schema.metadata,
        render_as_batch=True,
        render_item=render_item,
        include_object=include_object,
        transactional_ddl=True,  # SQLite can, once its driver is kept from committing by itself
    )
    changes_tables = context.config.attributes.get("changes_tables", False)
    if changes_tables:
        drop_guards(connection)
    with context.begin_transaction():
        context.run_migrations()
    if changes_tables:
        create_guards(connection)
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise RuntimeError(f"the migration leaves rows that refer to nothing: {broken[:5]}")


def render_item(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Our own types are written as what they are in the database: a migration does not change with our code."""
    if kind == "type" and isinstance(item, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def include_object(
    _thing: Any, name: str | None, _kind: str, reflected: bool, _compared: Any
) -> bool:
    """The search indexes are made with the guards, not by single migrations: comparing must not drop them."""
    return not (reflected and name is not None and is_index(name, list(schema.SEARCHED)))


def without_foreign_keys(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA foreign_keys=OFF")


run_migrations()
