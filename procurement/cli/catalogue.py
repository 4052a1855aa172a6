"""`flask --app wsgi catalogue import FILE`: the good rows are taken, every other row is named."""

import json
from pathlib import Path
from typing import Any

import click

from procurement.catalogue.terms import Kind
from procurement.cli.groups import ContextGroup, unit_of_work
from procurement.exchange.importing import ImportFile, ImportOutcome, import_file, read_list
from procurement.exchange.layouts import LAYOUT_NAMES
from procurement.exchange.tabular import ByHand, UnusableFile
from procurement.exchange.tabular.csv_records import SEPARATORS
from procurement.exchange.taking.world import company_currency
from procurement.kernel.actor import SYSTEM
from procurement.kernel.clock import utc_now

SOME_REFUSED, UNUSABLE = 1, 2
_SEPARATOR_WORDS = {"tab": "\t", "comma": ",", "semicolon": ";", "bar": "|", "\\t": "\t"}
# How to say on the command line what an error's field asks for.
_HINTS = {
    "map": "--map Artikelnummer=sku --map Bezeichnung=name",
    "location": "--location CODE",
    "encoding": "--encoding NAME",
    "separator": "--separator NAME",
    "header_row": "--header-row NUMBER",
    "sheet": "--sheet NAME",
}

group = ContextGroup("catalogue", help="Products, packs and prices.")


class ColumnMap(click.ParamType[tuple[str, str]]):
    name = "COLUMN=FIELD"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, str]:
        column, equals, name = str(value).rpartition("=")
        if not equals or not column.strip() or not name.strip():
            self.fail(f"{value!r} is not like Artikelnummer=sku", param, ctx)
        return column.strip(), name.strip()


class Separator(click.ParamType[str]):
    name = "SEPARATOR"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        separator = _SEPARATOR_WORDS.get(str(value).lower(), str(value))
        if separator not in SEPARATORS:
            self.fail("a separator is comma, semicolon, tab or bar", param, ctx)
        return separator


@group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--layout",
    type=click.Choice(LAYOUT_NAMES),
    default="auto",
    show_default=True,
    help="Whose list it is.",
)
@click.option(
    "--map", "mapping", type=ColumnMap(), multiple=True, help="Use this column as that field."
)
@click.option(
    "--kind",
    type=click.Choice([kind.value for kind in Kind]),
    help="Of products whose kind the file omits.",
)
@click.option("--location", metavar="CODE", help="Where levels apply and stock stands.")
@click.option(
    "--sku-from",
    type=click.Choice(["name"]),
    help="Make missing SKUs from the name, the same every time.",
)
@click.option(
    "--accept-barcodes", is_flag=True, help="Take the barcodes offered in place of damaged ones."
)
@click.option("--currency", metavar="CODE", help="Of prices without one; otherwise the company's.")
@click.option("--encoding", help="Instead of the one detected.")
@click.option(
    "--separator",
    type=Separator(),
    help="Instead of the one detected: comma, semicolon, tab or bar.",
)
@click.option("--header-row", type=click.IntRange(min=1), help="Instead of the one detected.")
@click.option("--sheet", help="Instead of the first filled one.")
@click.option("--decimal-mark", type=click.Choice([".", ","]), help="Instead of the one detected.")
@click.option("--dry-run", is_flag=True, help="Do everything, keep nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the outcome as JSON.")
def import_(file: Path, **said: Any) -> None:
    """Import a CSV or XLSX file. Exit 0: all rows good; 1: some refused, the good ones kept; 2: unusable."""
    command = ImportFile(
        name=file.name,
        data=file.read_bytes(),
        layout=said["layout"],
        mapping=dict(said["mapping"]),
        kind=Kind(said["kind"]) if said["kind"] else None,
        location=said["location"],
        sku_from_name=said["sku_from"] == "name",
        accept_barcodes=said["accept_barcodes"],
        currency=said["currency"],
        by_hand=ByHand(
            encoding=said["encoding"],
            separator=said["separator"],
            header_row=said["header_row"],
            sheet=said["sheet"],
            decimal_mark=said["decimal_mark"],
        ),
    )
    try:
        with unit_of_work().read() as reader:
            currency = company_currency(reader)
        reading = read_list(command, currency=currency)
        with unit_of_work().write(dry_run=said["dry_run"]) as session:
            outcome = import_file(session, command, actor=SYSTEM, at=utc_now(), reading=reading)
    except UnusableFile as error:
        if said["as_json"]:
            click.echo(json.dumps({"error": error.message}, ensure_ascii=False))
        hint = f" ({_HINTS[error.field]})" if error.field in _HINTS else ""
        click.echo(f"Error: {error.message}{hint}", err=True)
        raise SystemExit(UNUSABLE) from error
    click.echo(
        as_text(outcome, dry_run=said["dry_run"]) if not said["as_json"] else _as_json(outcome)
    )
    if outcome.refused:
        raise SystemExit(SOME_REFUSED)


def _as_json(outcome: ImportOutcome) -> str:
    return json.dumps(
        {
            "read": outcome.read,
            "created": outcome.created,
            "updated": outcome.updated,
            "unchanged": outcome.unchanged,
            "refused": [
                {"row": one.row, "column": one.column, "reason": one.reason}
                for one in outcome.refused
            ],
            "warnings": list(outcome.warnings),
            "layout": outcome.layout,
            "counts": {
                kind: {"created": one.created, "updated": one.updated, "unchanged": one.unchanged}
                for kind, one in sorted(outcome.counts.items())
            },
        },
        ensure_ascii=False,
    )


def as_text(outcome: ImportOutcome, *, dry_run: bool) -> str:
    lines = [f"{outcome.title}: {outcome.read} rows read."]
    lines += [
        f"  {kind.replace('_', ' ')}: {one.created} created, {one.updated} updated, {one.unchanged} unchanged"
        for kind, one in sorted(outcome.counts.items())
    ]
    lines += [f"Note: {warning}" for warning in outcome.warnings]
    lines += [
        f"Row {one.row} refused: {one.column} {one.reason}".replace("  ", " ")
        for one in outcome.refused
    ]
    lines.append(
        f"{outcome.created} created, {outcome.updated} updated, {outcome.unchanged} unchanged,"
        f" {len(outcome.refused)} refused."
    )
    if dry_run:
        lines.append("Nothing was kept: this was a dry run.")
    return "\n".join(lines)
