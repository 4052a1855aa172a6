"""`server run`: upgrade, load the demo spa into an empty installation, and serve.

One process with eight threads under waitress; with `--workers N`, N processes of four threads under gunicorn.
"""

import signal
import socket
import subprocess
import sys
from typing import TYPE_CHECKING

import click
import waitress
from flask import Flask, current_app
from flask.cli import AppGroup

from procurement.accounts.queries import has_accounts
from procurement.catalogue.operations.deriving import follow_the_table
from procurement.cli.groups import unit_of_work
from procurement.kernel import migrations
from procurement.web.setup import setup_code

if TYPE_CHECKING:
    from config import Config

group = AppGroup("server", help="Serve the application.")


@group.command("run")
@click.option("--workers", type=click.IntRange(0, 64), default=0, help="Processes, under gunicorn.")
@click.pass_context
def run(ctx: click.Context, workers: int) -> None:
    """Upgrade the database and serve on 127.0.0.1:8000 (PORT=)."""
    config: Config = current_app.extensions["config"]
    refuse_taken_port(config.host, config.port)
    if not migrations.is_current(unit_of_work().engine):
        migrations.upgrade(config.database_url)
    with unit_of_work().write() as session:
        follow_the_table(session)
    load_demo(ctx)
    click.echo(f"\nStillroom is at {config.public_url} (Ctrl+C stops it)")
    tell_founder(config)
    sys.stdout.flush()
    unit_of_work().engine.dispose()
    if workers:
        ctx.exit(serve_with_gunicorn(config.host, config.port, workers))
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined] # noqa: SLF001 (Flask's documented way)
    for start in app.extensions["background"]:
        start()
    waitress.serve(app, host=config.host, port=config.port, threads=8, ident=None)


def refuse_taken_port(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise click.ClickException(
                f"Cannot listen on {host}:{port} ({error.strerror}); choose another: PORT=8001"
            ) from None


def tell_founder(config: "Config") -> None:
    """An installation without accounts opens its set-up page to whoever reads this."""
    with unit_of_work().read() as session:
        if has_accounts(session):
            return
    code = setup_code(config.secret_key)
    click.echo(f"Nobody can sign in yet: open {config.public_url}/setup with the code {code}")


def load_demo(ctx: click.Context) -> None:
    """The demo spa, on the first start of an empty installation unless STILLROOM_DEMO=0."""
    config: Config = current_app.extensions["config"]
    demo = current_app.cli.get_command(ctx, "demo")
    if not isinstance(demo, click.Group):
        return
    if config.demo and is_empty():
        click.echo("Loading the demo spa (once; STILLROOM_DEMO=0 starts empty)")
        ctx.invoke(demo.commands["load"])
    if sign_ins := demo.commands.get("sign-ins"):
        ctx.invoke(sign_ins)


def is_empty() -> bool:
    """Whether nobody could sign in: a new installation."""
    with unit_of_work().read() as session:
        return not has_accounts(session)


def serve_with_gunicorn(host: str, port: int, workers: int) -> int:
    """Several server processes, and the one that drains the outbox, for as long as the server runs."""
    options = ["--worker-class", "gthread", "--threads", "4", "--workers", str(workers)]
    # Loaded once and forked: nothing of the application opens a connection before the first request.
    options += ["--bind", f"{host}:{port}", "--no-control-socket", "--preload"]
    flask = [sys.executable, "-m", "flask", "--app", "wsgi"]
    with (
        subprocess.Popen([*flask, "worker", "run"]) as drainer,  # noqa: S603 (our own command)
        subprocess.Popen([sys.executable, "-m", "gunicorn", *options, "wsgi:app"]) as server,  # noqa: S603 (likewise)
    ):

        def stop(*_: object) -> None:
            server.terminate()
            drainer.terminate()  # at once: each of them takes a second or two to leave

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, stop)
        try:
            return server.wait()
        finally:
            drainer.terminate()
