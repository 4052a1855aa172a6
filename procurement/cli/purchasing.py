"""`flask --app wsgi purchasing import-prices FILE --supplier CODE`; `import-receipt` stands in `deliveries.py`."""

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from procurement.cli.catalogue import SOME_REFUSED, UNUSABLE, ColumnMap
from procurement.cli.deliveries import import_receipt
from procurement.cli.groups import ContextGroup, unit_of_work
from procurement.exchange.price_files import PriceList, read_price_list
from procurement.exchange.tabular import UnusableFile
from procurement.kernel.actor import SYSTEM
from procurement.kernel.clock import utc_now
from procurement.kernel.db import Session
from procurement.planning.queries.price_effects import PriceEffect, price_effects
from procurement.sourcing.operations.price_files import (
    ApplyPrices,
    NewPriceFile,
    apply_prices,
    take_in_prices,
)
from procurement.sourcing.queries import supplier_page
from procurement.sourcing.queries.price_files import price_file_page
from procurement.sourcing.terms import LineKind, PriceFilePage, PriceFileStatus

group = ContextGroup("purchasing", help="Suppliers' prices, and what they deliver.")
group.add_command(import_receipt)


@group.command("import-prices")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--supplier", required=True, metavar="CODE", help="Whose prices these are.")
@click.option(
    "--map", "mapping", type=ColumnMap(), multiple=True, help="Use this column as that field."
)
@click.option(
    "--apply-on",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The day from which they hold; without it the file waits to be looked at.",
)
@click.option("--dry-run", is_flag=True, help="Do everything, keep nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the difference as JSON.")
def import_prices(file: Path, supplier: str, **said: Any) -> None:
    """Compare a supplier's CSV or XLSX with our prices. Exit 0: all rows good; 1: some refused; 2: unusable."""
    moment: datetime | None = said["apply_on"]
    try:
        with unit_of_work().read() as reader:
            currency = supplier_page(reader, supplier).currency
        found = read_price_list(file.read_bytes(), currency=currency, mapping=dict(said["mapping"]))
        with unit_of_work().write(dry_run=said["dry_run"]) as session:
            page, effects = _take_in(
                session, file.name, supplier, found, moment.date() if moment else None
            )
    except UnusableFile as error:
        if said["as_json"]:
            click.echo(json.dumps({"error": error.message}, ensure_ascii=False))
        hint = " (--map Artikelnummer=code --map Preis=unit_price)" if error.field == "map" else ""
        click.echo(f"Error: {error.message}{hint}", err=True)
        raise SystemExit(UNUSABLE) from error
    if said["as_json"]:
        click.echo(json.dumps(_as_json(page, effects, found), ensure_ascii=False))
    else:
        click.echo(_as_text(page, effects, found, dry_run=said["dry_run"]))
    if found.refused:
        raise SystemExit(SOME_REFUSED)


def _take_in(
    session: Session, name: str, supplier: str, found: PriceList, on: date | None
) -> tuple[PriceFilePage, list[PriceEffect]]:
    at = utc_now()
    command = NewPriceFile(supplier, name, found.rows, found.read_as, _refusals(found))
    number = take_in_prices(session, command, actor=SYSTEM, at=at).number
    effects = price_effects(session, price_file_page(session, number), actor=SYSTEM, at=at)
    if on is not None and any(effect.line.kind is LineKind.CHANGED for effect in effects):
        apply_prices(session, ApplyPrices(number, on), actor=SYSTEM, at=at)
        session.flush()  # the page is read from the tables
    return price_file_page(session, number), effects


def _refusals(found: PriceList) -> str:
    return "\n".join(f"Row {one.row}: {one.column} {one.reason}" for one in found.refused[:100])


def _as_json(
    page: PriceFilePage, effects: list[PriceEffect], found: PriceList
) -> dict[str, object]:
    return {
        "number": page.number,
        "status": page.status.value,
        "apply_on": page.apply_on.isoformat() if page.apply_on else None,
        "counts": {kind.value: len(page.of_kind(kind)) for kind in LineKind},
        "changes": [
            {
                "product": effect.line.product,
                "pack": effect.line.pack,
                "code": effect.line.code,
                "kind": effect.line.kind.value,
                "old": effect.line.old.amount if effect.line.old else None,
                "new": effect.line.new.amount if effect.line.new else None,
                "change_percent": None if effect.change is None else str(effect.change),
                "quotes": list(effect.quotes),
            }
            for effect in effects
        ],
        "refused": [
            {"row": one.row, "column": one.column, "reason": one.reason} for one in found.refused
        ],
        "notes": list(found.notes),
    }


def _as_text(
    page: PriceFilePage, effects: list[PriceEffect], found: PriceList, *, dry_run: bool
) -> str:
    lines = [f"{page.number}, {page.supplier_name}: {len(found.rows)} rows read ({page.read_as})."]
    for effect in effects:
        line = effect.line
        old = line.old.amount if line.old else "none"
        new = line.new.amount if line.new else "none"
        percent = "" if effect.change is None else f", {effect.change:+} %"
        quotes = f", on {', '.join(effect.quotes)}" if effect.quotes else ""
        lines.append(f"  {line.code} {line.product_name}: {old} -> {new}{percent}{quotes}")
    counts = ", ".join(f"{len(page.of_kind(kind))} {kind.value}" for kind in LineKind)
    lines += [f"Row {one.row} refused: {one.column} {one.reason}" for one in found.refused]
    lines += [f"Note: {note}" for note in found.notes]
    lines.append(f"{counts}, {len(found.refused)} refused.")
    said = {
        PriceFileStatus.READ: "No price was changed; look at it and apply it.",
        PriceFileStatus.SCHEDULED: f"The prices change on {page.apply_on}.",
        PriceFileStatus.APPLIED: "The prices are changed.",
    }
    lines.append("Nothing was kept: this was a dry run." if dry_run else said[page.status])
    return "\n".join(lines)
