"""What every group of commands shares: it refuses an unmigrated database, and says refusals in one line."""

from collections.abc import Callable
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup, ScriptInfo
from sqlalchemy.exc import OperationalError

from procurement.kernel.errors import DomainError
from procurement.kernel.migrations import is_current
from procurement.kernel.unit_of_work import UnitOfWork


class ContextGroup(AppGroup):
    """The commands of one context. They run in the application's context, on a migrated database."""

    def invoke(self, ctx: click.Context) -> Any:
        with ctx.ensure_object(ScriptInfo).load_app().app_context():
            return in_words(require_migrated_then(super().invoke), ctx)


def require_migrated_then(
    invoke: Callable[[click.Context], Any],
) -> Callable[[click.Context], Any]:
    def checked(ctx: click.Context) -> Any:
        if not is_current(unit_of_work().engine):
            raise click.ClickException(
                "The database is not migrated; run: flask --app wsgi database upgrade"
            )
        return invoke(ctx)

    return checked


def in_words(invoke: Callable[[click.Context], Any], ctx: click.Context) -> Any:
    """Refusals become one line on standard error and exit code 1."""
    try:
        return invoke(ctx)
    except DomainError as error:
        raise click.ClickException(error.message) from error
    except OperationalError as error:
        reason = str(error.orig).splitlines()[0]
        raise click.ClickException(f"The database cannot be used: {reason}") from error


def unit_of_work() -> UnitOfWork:
    uow: UnitOfWork = current_app.extensions["uow"]
    return uow
