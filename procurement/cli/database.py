"""`database upgrade | backup FILE | restore FILE`: works on a database of any version, or on none."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from flask import current_app
from flask.cli import AppGroup

from procurement.catalogue.operations.deriving import follow_the_table
from procurement.cli.groups import in_words, unit_of_work
from procurement.kernel import backup, migrations
from procurement.kernel.clock import utc_now

if TYPE_CHECKING:
    from config import Config


class DatabaseGroup(AppGroup):
    def invoke(self, ctx: click.Context) -> Any:
        return in_words(super().invoke, ctx)


group = DatabaseGroup("database", help="Create, upgrade, back up and restore the database.")
FILE = click.Path(dir_okay=False, path_type=Path)


@group.command("upgrade")
def upgrade() -> None:
    """Bring the database to this version of Stillroom; creates it when there is none."""
    migrations.upgrade(url())
    with unit_of_work().write() as session:
        follow_the_table(session)
    click.echo("The database is up to date.")


@group.command("backup")
@click.argument("file", type=FILE)
def back_up(file: Path) -> None:
    """Write the whole database into FILE; the application may go on working meanwhile."""
    backup.back_up(url(), file.absolute(), at=utc_now())
    click.echo(f"Backed up to {file} ({file.stat().st_size:,} bytes).")


@group.command("restore")
@click.argument("file", type=FILE)
@click.option("--replace", is_flag=True, help="Put it in the place of what is there.")
def restore(file: Path, *, replace: bool) -> None:
    """Put the database of FILE in place. Stop the application first."""
    unit_of_work().engine.dispose()
    manifest = backup.restore(url(), file, replace=replace)
    click.echo(f"Restored the backup of {manifest.made_at}.")
    if manifest.version != migrations.newest_version():
        click.echo("It is of an older version; now run: flask --app wsgi database upgrade")


def url() -> str:
    config: Config = current_app.extensions["config"]
    return config.database_url
