"""`flask --app wsgi worker run`: the work behind several server processes."""

import signal

import click
from flask import current_app
from flask.cli import AppGroup

from procurement.worker.draining import Drainer

group = AppGroup("worker", help="Sends what waits in the outbox.")


@group.command("run")
@click.option("--once", is_flag=True, help="Deal with what is due now, and end.")
def run(once: bool) -> None:
    """Drain the outbox until stopped."""
    drainer = Drainer(current_app.extensions["uow"], current_app.extensions["config"])
    if once:
        click.echo(f"{drainer.drain_once()} sent")
        return
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: drainer.stop())
    drainer.run()
