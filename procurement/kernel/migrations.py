"""Which version the database is at, and bringing it to another. Alembic does it; `migrations/` holds the steps."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

FOLDER = Path(__file__).resolve().parents[2] / "migrations"


def alembic_config(url: str) -> Config:
    """Alembic without an ini file: the address of the database is given, not looked up."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("path_separator", "os")
    config.attributes["url"] = url
    return config


def upgrade(url: str, revision: str = "head") -> None:
    command.upgrade(_changing(url), revision)


def downgrade(url: str, revision: str) -> None:
    command.downgrade(_changing(url), revision)


def _changing(url: str) -> Config:
    config = alembic_config(url)
    config.attributes["changes_tables"] = True  # migrations/env.py takes the guards away meanwhile
    return config


def newest_version() -> str | None:
    return ScriptDirectory(str(FOLDER)).get_current_head()


def is_known(version: str) -> bool:
    """Whether this code has that version among its steps; a newer one it has not."""
    return any(step.revision == version for step in ScriptDirectory(str(FOLDER)).walk_revisions())


def version_of(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def is_current(engine: Engine) -> bool:
    """Whether the database has every table this code expects."""
    with engine.connect() as connection:
        return version_of(connection) == newest_version()
