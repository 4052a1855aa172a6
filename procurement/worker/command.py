"""`flask --app wsgi worker run`: the work behind several server processes."""

import signal

import click
from flask import current_app
from flask.cli import AppGroup

from procurement.worker.batching import Printer
from procurement.worker.draining import Drainer
from procurement.worker.planning import Planner
from procurement.worker.sweeping import Sweeper

group = AppGroup(
    "worker",
    help="Sends what waits in the outbox, expires quotes, measures the use, computes large plans, prints batches.",
)


@group.command("run")
@click.option("--once", is_flag=True, help="Deal with what is due now, and end.")
def run(once: bool) -> None:
    """Drain the outbox, expire quotes, measure the use and compute plans until stopped."""
    uow = current_app.extensions["uow"]
    config = current_app.extensions["config"]
    drainer, sweeper = Drainer(uow, config), Sweeper(uow, config.public_url)
    planner, printer = Planner(uow, config.plan_seconds), Printer(uow)
    if once:
        done = (
            f"{drainer.drain_once()} sent",
            f"{sweeper.sweep_once()} quotes expired",
            f"{sweeper.measure_once()} uses measured",
            f"{planner.plan_once()} plans computed",
            f"{printer.print_once()} quotes printed",
            f"{sweeper.reprice_once()} price files applied",
        )
        click.echo(", ".join(done))
        return
    sweeper.start()
    planner.start()
    printer.start()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: drainer.stop())
    drainer.run()
