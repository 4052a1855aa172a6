"""A PostgreSQL database brought back to what the migrations left in it, in a few statements.

A copy of the template takes a quarter of a second; emptying the few tables that a test wrote to, a few milliseconds.
"""

from dataclasses import dataclass

import sqlalchemy as sa

# What would not be undone by emptying tables: another column, table, constraint, index or trigger.
_SHAPE = """
SELECT md5(string_agg(part, ' ' ORDER BY part)) FROM (
  SELECT c.relname::text || '.' || a.attname::text || ':' || a.atttypid::text || a.attnotnull::text FROM pg_attribute a
    JOIN pg_class c ON c.oid = a.attrelid
    WHERE c.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped
  UNION ALL SELECT conname::text FROM pg_constraint WHERE connamespace = 'public'::regnamespace
  UNION ALL SELECT tgname::text || tgenabled::text FROM pg_trigger
) shape(part)
"""
# A table that never had a row has no page.
_WRITTEN = """
SELECT oid::regclass::text FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND pg_relation_size(oid) > 0
"""
_COUNTERS = """
SELECT setval(c.oid, coalesce(k.last, 1), k.last IS NOT NULL)
FROM pg_sequences s
JOIN pg_class c ON c.relname = s.sequencename AND c.relnamespace = 'public'::regnamespace
LEFT JOIN json_to_recordset(CAST(:kept AS json)) AS k(name text, last bigint) ON k.name = s.sequencename
WHERE s.schemaname = 'public' AND s.last_value IS DISTINCT FROM k.last
"""


class NotAsItWas(Exception):
    """The schema itself was changed: only a new copy helps."""


@dataclass(frozen=True)
class Contents:
    """What a migrated database holds: rows as JSON by table, and how far its counters are."""

    shape: str
    rows: dict[str, str]
    counters: str

    @classmethod
    def read(cls, engine: sa.Engine) -> "Contents":
        with engine.connect() as connection:
            ask = connection.exec_driver_sql
            rows = {}
            for (table,) in ask(_WRITTEN).all():
                if kept := ask(f"SELECT json_agg(t)::text FROM {table} t").scalar():
                    rows[table] = kept
            counters = ask(
                "SELECT coalesce(json_agg(json_build_object('name', sequencename, 'last', last_value)), '[]')::text"
                " FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL"
            ).scalar_one()
            return cls(ask(_SHAPE).scalar_one(), rows, counters)

    def restore(self, engine: sa.Engine) -> None:
        """Raises NotAsItWas, or DBAPIError where somebody still holds a row."""
        with engine.begin() as connection:
            ask = connection.exec_driver_sql
            if ask(_SHAPE).scalar_one() != self.shape:
                raise NotAsItWas
            ask("SET LOCAL lock_timeout = '2s'")
            # The guards of what is never deleted, and the foreign keys' triggers, sleep for this transaction only
            ask("SET LOCAL session_replication_role = replica")
            written = [table for (table,) in ask(_WRITTEN).all()]
            if written:
                ask("; ".join(f"DELETE FROM {table}" for table in written))
            for table, kept in self.rows.items():
                statement = f"INSERT INTO {table} SELECT * FROM json_populate_recordset(NULL::{table}, :kept)"
                connection.execute(sa.text(statement), {"kept": kept})
            connection.execute(sa.text(_COUNTERS), {"kept": self.counters})
