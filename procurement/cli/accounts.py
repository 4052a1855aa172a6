"""`flask --app wsgi accounts create-user|create-token|setup-code`."""

import sys

import click
from flask import current_app

from procurement.accounts.operations.tokens import issue_token
from procurement.accounts.operations.users import create_user
from procurement.accounts.queries import has_accounts
from procurement.accounts.terms import NewUser
from procurement.cli.groups import ContextGroup, unit_of_work
from procurement.kernel.actor import SYSTEM
from procurement.kernel.clock import utc_now
from procurement.kernel.db import ReadSession
from procurement.kernel.errors import Invalid
from procurement.kernel.permissions import Role
from procurement.sales.queries.customers import customer_by_code
from procurement.web.setup import setup_code

group = ContextGroup("accounts", help="People who sign in, and tokens for programs.")


@group.command("create-user")
@click.argument("email")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option("--name", default="", help="As it appears beside what they do.")
@click.option("--customer", metavar="CODE", help="Whose buyer: only for a wholesale buyer.")
@click.option(
    "--password-stdin", is_flag=True, required=True, help="Read the password from standard input."
)
def create(email: str, role: str, name: str, customer: str | None, **_flags: bool) -> None:
    """Create an account that can sign in at once; the first one of an empty installation, too."""
    password = sys.stdin.readline().rstrip("\r\n")
    called, roles = name or email.partition("@")[0], frozenset({Role(role)})
    with unit_of_work().write() as session:
        new = NewUser(email, called, roles, _customer_id(session, customer))
        user = create_user(session, new, password=password, actor=SYSTEM, at=utc_now())
    buys = f" for {customer}" if customer else ""
    click.echo(f"{user.email} may sign in as {role.replace('_', ' ')}{buys}.", err=True)


def _customer_id(session: ReadSession, code: str | None) -> int | None:
    if code is None:
        return None
    customer = customer_by_code(session, code)
    if customer is None:
        raise Invalid(f"There is no customer {code}.", field="customer")
    return customer.id


@group.command("create-token")
@click.argument("email")
@click.option("--label", default="command line", help="What it is for.")
def create_token(email: str, label: str) -> None:
    """Print a new API token of a person, alone on standard output. It is shown this once."""
    with unit_of_work().write() as session:
        token = issue_token(session, email, label, at=utc_now())
    click.echo(token)


@group.command("setup-code")
def print_setup_code() -> None:
    """Print the code that /setup asks for on an installation without accounts."""
    with unit_of_work().read() as session:
        if has_accounts(session):
            raise click.ClickException("There are accounts already; the set-up page is closed.")
    click.echo(setup_code(current_app.secret_key))
