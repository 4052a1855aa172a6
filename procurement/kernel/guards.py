"""DDL that makes a table append-only: the database itself refuses UPDATE, DELETE, REPLACE and TRUNCATE.

The message is the guard's own name, so that `kernel/errors.py` finds the sentence registered for it.
A SQLite batch migration drops triggers without a word: every migration that rebuilds a table runs these again.
"""


def guard_name(table: str) -> str:
    return f"guard_append_only_{table}"


def append_only(table: str, dialect: str) -> list[str]:
    """Statements that (re)create the guard of one table; running them twice is right."""
    return _sqlite(table) if dialect == "sqlite" else _postgresql(table)


def _sqlite(table: str) -> list[str]:
    # INSERT OR REPLACE deletes the old row: with recursive_triggers ON the DELETE guard sees it.
    guard = guard_name(table)
    statements = []
    for event in ("UPDATE", "DELETE"):
        name = f"{guard}_{event.lower()}"
        statements += [
            f"DROP TRIGGER IF EXISTS {name}",
            f"CREATE TRIGGER {name} BEFORE {event} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{guard}'); END",
        ]
    return statements


def _postgresql(table: str) -> list[str]:
    guard = guard_name(table)
    # Without the ERRCODE it would arrive as a programming error, not as a refusal.
    return [
        f"CREATE OR REPLACE FUNCTION {guard}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"RAISE EXCEPTION '{guard}' USING ERRCODE = 'integrity_constraint_violation', "
        f"CONSTRAINT = '{guard}'; END $$",
        f"DROP TRIGGER IF EXISTS {guard}_rows ON {table}",
        f"CREATE TRIGGER {guard}_rows BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {guard}()",
        f"DROP TRIGGER IF EXISTS {guard}_truncate ON {table}",
        f"CREATE TRIGGER {guard}_truncate BEFORE TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {guard}()",
    ]
