"""`database upgrade`: bring the tables to this version."""

import click
from flask import current_app
from flask.cli import AppGroup

from procurement.kernel import migrations

group = AppGroup("database", help="Create, upgrade, back up and restore the database.")


@group.command("upgrade")
def upgrade() -> None:
    """Bring the database to this version of Stillroom; creates it when there is none."""
    migrations.upgrade(current_app.extensions["config"].database_url)
    click.echo("The database is up to date.")
