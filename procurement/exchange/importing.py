"""The import: a file in, its good rows taken, every other row named. A dry run and the preview run the same code."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from procurement.audit.operations import record
from procurement.catalogue.operations.saving import hold_products
from procurement.catalogue.terms import Kind
from procurement.exchange.layouts import Options, Reading, read_file
from procurement.exchange.records import Refusal
from procurement.exchange.tabular import ByHand, Detected, Row, UnusableFile, read_table
from procurement.exchange.taking.applying import Applying, Counts, drop_what_is_not_permitted
from procurement.exchange.taking.checking import check
from procurement.exchange.taking.world import company_currency, look_around
from procurement.kernel.actor import Actor
from procurement.kernel.permissions import Permission

_SAMPLE = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportFile:
    """A file and what a person says about it."""

    name: str
    data: bytes
    layout: str = "auto"
    mapping: Mapping[str, str] = field(default_factory=dict)
    by_hand: ByHand = field(default_factory=ByHand)
    kind: Kind | None = None
    location: str | None = None
    sku_from_name: bool = False
    accept_barcodes: bool = False
    currency: str | None = None  # None: the company's


@dataclass(frozen=True, slots=True)
class ImportOutcome:
    """`created`, `updated` and `unchanged` count what the file is about; `counts` tells every kind apart."""

    read: int
    created: int
    updated: int
    unchanged: int
    refused: tuple[Refusal, ...]
    warnings: tuple[str, ...]
    layout: str
    title: str
    detected: Detected
    counts: Mapping[str, Counts]
    columns: tuple[
        tuple[str, str], ...
    ]  # of the file, each with the field it was taken for ("" for none)
    header: tuple[str, ...]
    fields: tuple[str, ...]  # that the layout knows
    sample: tuple[Row, ...]  # the first rows, as they were read


@dataclass(frozen=True, slots=True)
class Glance:
    """A file that could be read but not understood: what a person needs to say which column is which."""

    detected: Detected
    header: tuple[str, ...]
    sample: tuple[Row, ...]


def glance(data: bytes, by_hand: ByHand) -> Glance | None:
    """Read without understanding; None where not even that is possible."""
    try:
        table = read_table(data, by_hand)
    except UnusableFile:
        return None
    return Glance(table.detected, table.header, table.rows[:_SAMPLE])


def read_list(command: ImportFile, *, currency: str) -> Reading:
    """The file without the database: the slow part, done before a transaction is open. `currency` is the company's."""
    options = Options(
        kind=command.kind,
        location=command.location,
        sku_from_name=command.sku_from_name,
        accept_barcodes=command.accept_barcodes,
        currency=command.currency or currency,
    )
    return read_file(
        command.data,
        options,
        layout=command.layout,
        mapping=command.mapping,
        by_hand=command.by_hand,
    )


def import_file(
    session: Session,
    command: ImportFile,
    *,
    actor: Actor,
    at: datetime,
    reading: Reading | None = None,
) -> ImportOutcome:
    """Read, check and take a file. Raises UnusableFile where nothing of it can be taken, Forbidden.

    `reading` is the file as `read_list` gave it; it is used up.
    """
    actor.require_any(
        Permission.EDIT_CATALOGUE, Permission.EDIT_SUPPLIERS, Permission.EDIT_LOCATIONS
    )
    reading = reading or read_list(command, currency=company_currency(session))
    harvest = reading.harvest
    drop_what_is_not_permitted(harvest, actor)
    hold_products(session, {*harvest.products, *(sku for sku, _ in harvest.packs)})
    world = look_around(session, harvest)
    check(harvest, world, reading.column_of)
    applied = Applying(session, harvest, world, actor=actor, at=at).run()
    subjects = [applied.counts[kind] for kind in harvest.subjects if kind in applied.counts]
    created, updated = sum(one.created for one in subjects), sum(one.updated for one in subjects)
    if created or updated:
        detail = f"{command.name[:200]}: {created} created, {updated} updated, {len(harvest.refused)} rows refused"
        record(session, "import file", reading.layout.title, detail, actor=actor, at=at)
    return ImportOutcome(
        read=harvest.read,
        created=created,
        updated=updated,
        unchanged=sum(one.unchanged for one in subjects),
        refused=tuple(sorted(harvest.refused, key=lambda refusal: refusal.row)),
        warnings=tuple(harvest.warnings),
        layout=reading.layout.name,
        title=reading.layout.title,
        detected=reading.table.detected,
        counts=applied.counts,
        columns=reading.uses(),
        header=reading.table.header,
        fields=tuple(reading.layout.columns),
        sample=reading.table.rows[:_SAMPLE],
    )
