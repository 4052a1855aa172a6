"""`flask --app wsgi worker run`: the work behind several server processes."""

import signal

import click
from flask import current_app
from flask.cli import AppGroup

from procurement.worker.draining import Drainer
from procurement.worker.sweeping import Sweeper

group = AppGroup("worker", help="Sends what waits in the outbox, expires quotes, measures the use.")


@group.command("run")
@click.option("--once", is_flag=True, help="Deal with what is due now, and end.")
def run(once: bool) -> None:
    """Drain the outbox, expire quotes and measure the use until stopped."""
    uow = current_app.extensions["uow"]
    drainer, sweeper = Drainer(uow, current_app.extensions["config"]), Sweeper(uow)
    if once:
        sent, expired, measured = (
            drainer.drain_once(),
            sweeper.sweep_once(),
            sweeper.measure_once(),
        )
        click.echo(f"{sent} sent, {expired} quotes expired, {measured} uses measured")
        return
    sweeper.start()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: drainer.stop())
    drainer.run()
