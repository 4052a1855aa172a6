"""What all groups of commands do alike."""

import click
import pytest

from procurement.cli.groups import ContextGroup, unit_of_work
from procurement.kernel.errors import Conflict
from tests.apps import an_app

group = ContextGroup("example")


@group.command("refuse")
def refuse():
    raise Conflict("The shelf is empty.")


@group.command("count")
def count():
    with unit_of_work().read() as session:
        click.echo(session.connection().exec_driver_sql("SELECT count(*) FROM site").scalar())


@pytest.fixture
def run(tmp_path):
    def run(url: str, *words: str):
        with an_app(url, tmp_path) as app:
            app.cli.add_command(group)
            return app.test_cli_runner().invoke(args=words)

    return run


def test_a_command_works_on_a_migrated_database(run, fresh_database):
    result = run(fresh_database, "example", "count")
    assert (result.exit_code, result.output) == (0, "0\n")


def test_a_command_refuses_a_database_that_is_not_migrated(run, tmp_path):
    result = run(f"sqlite:///{tmp_path}/empty.db", "example", "count")
    assert result.exit_code == 1
    assert result.output.startswith("Error: The database is not migrated")
    assert result.output.count("\n") == 1


def test_a_database_out_of_reach_is_said_in_one_line(run, tmp_path):
    result = run(f"sqlite:///{tmp_path}/no/such/folder.db", "example", "count")
    assert result.exit_code == 1
    assert result.output.startswith("Error: The database cannot be used")
    assert result.output.count("\n") == 1


def test_a_refusal_is_one_line(run, fresh_database):
    result = run(fresh_database, "example", "refuse")
    assert (result.exit_code, result.output) == (1, "Error: The shelf is empty.\n")


def test_help_needs_no_database(run, tmp_path):
    result = run(f"sqlite:///{tmp_path}/empty.db", "example", "--help")
    assert result.exit_code == 0
