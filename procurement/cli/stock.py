"""`flask --app wsgi stock verify`."""

import click

from procurement.cli.groups import ContextGroup, unit_of_work
from procurement.sales.queries.verification import verify_sales
from procurement.stock.queries.verification import verify as verify_ledger

group = ContextGroup("stock", help="The ledger and what is kept beside it.")


@group.command()
def verify() -> None:
    """Derive every balance, and what orders say was shipped, from the ledger again; exit 1 on any difference."""
    with unit_of_work().read() as session:
        found = [*verify_ledger(session), *verify_sales(session)]
    for difference in found:
        click.echo(f"{difference.what}: expected {difference.expected}, found {difference.found}")
    if found:
        raise SystemExit(1)
    click.echo("Every balance equals its ledger.")
