"""`demo load` fills an empty installation with the demo spa; `demo sign-ins` says who may sign in to it."""

import time
from typing import TYPE_CHECKING

import click
from flask import current_app

from procurement.cli.groups import ContextGroup, unit_of_work
from procurement.demo import house
from procurement.demo.load import is_loaded, load_demo
from procurement.kernel.clock import utc_now

if TYPE_CHECKING:
    from config import Config

group = ContextGroup("demo", help="The demo spa: two houses, three months of history.")


@group.command("load")
def load() -> None:
    """Fill an empty installation with the demo spa."""
    config: Config = current_app.extensions["config"]
    begun = time.monotonic()
    with unit_of_work().write() as session:
        spa = load_demo(
            session,
            at=utc_now(),
            public_url=config.public_url,
            tell=lambda words: click.echo(f"  {words} …"),
        )
    click.echo(
        f"The demo spa is open: {spa.products} products, {spa.rooms} treatment rooms, "
        f"{spa.days} days of history ({time.monotonic() - begun:.0f} s)."
    )


@group.command("sign-ins")
def sign_ins() -> None:
    """Say who may sign in, when this is the demo spa."""
    with unit_of_work().read() as session:
        if not is_loaded(session):
            return
    click.echo(f"Sign in with the password {house.password()} as")
    for user in house.users():
        click.echo(f"  {user.email:<28} {user.role.replace('_', ' ')}")
