"""`flask --app wsgi purchasing import-receipt FILE`: a delivery note shown beside its order, received when told."""

from pathlib import Path

import click

from procurement.cli.groups import unit_of_work
from procurement.exchange.delivery_notes import Prefill, prefill, read_delivery_note
from procurement.kernel.actor import SYSTEM
from procurement.kernel.clock import utc_now
from procurement.kernel.errors import Invalid
from procurement.purchasing.operations.receiving import ReceiveGoods, receive_goods
from procurement.purchasing.queries.orders import order_page

LARGEST = 20_000_000


@click.command("import-receipt")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--order", metavar="NUMBER", help="Which order it is of, where the file does not say."
)
@click.option("--into", metavar="CODE", help="Where it goes; else where the order is delivered.")
@click.option("--receive", is_flag=True, help="Post it. Without this it is only shown.")
def import_receipt(file: Path, order: str | None, into: str | None, *, receive: bool) -> None:
    """Read a UBL DespatchAdvice, CSV or XLSX; exit 1 where something of it is not on the order."""
    if file.stat().st_size > LARGEST:
        raise click.ClickException("The file is too large for a delivery note.")
    note = read_delivery_note(file.read_bytes())
    number = order or note.order
    if not number:
        raise click.ClickException("The file names no order; say which: --order PO-2026-0001")
    with unit_of_work().read() as session:
        page = order_page(session, number)
        found = prefill(session, note, page)
    _show(found)
    if receive and not found.unknown:
        command = ReceiveGoods(
            order_number=number,
            into=into or page.deliver_to or "",
            lines=tuple(line for line in found.lines if line.packs or line.noted_packs),
            delivery_note=note.number,
        )
        if any(line.packs == 0 and line.supplier_lot for line in found.lines):
            raise Invalid("Several lots share a line; receive it on its page.")
        with unit_of_work().write() as session:
            made = receive_goods(session, command, actor=SYSTEM, at=utc_now()).number
        click.echo(f"Received as {made}.")
    if found.unknown:
        raise SystemExit(1)


def _show(found: Prefill) -> None:
    for line in found.lines:
        lot = f", lot {line.supplier_lot}" if line.supplier_lot else ""
        until = f", use by {line.expires_on}" if line.expires_on else ""
        click.echo(f"Line {line.position}: {line.packs} packs{lot}{until}")
    for text in found.differences:
        click.echo(f"Differs: {text}")
    for text in found.unknown:
        click.echo(f"Not found: {text}", err=True)
