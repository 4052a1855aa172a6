"""A house into a migrated database, in bulk: the history is written as the ledger would have written it."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, time
from itertools import islice
from typing import Any

from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from bench.house import CONSUMED, FIRST_DAY, STORE, SUPPLIER, House
from procurement.catalogue.models import Pack, Product
from procurement.catalogue.terms import Kind
from procurement.kernel.actor import SYSTEM
from procurement.kernel.identifiers import uuid7
from procurement.kernel.quantity import Unit
from procurement.kernel.text import fold
from procurement.kernel.unit_of_work import UnitOfWork
from procurement.sourcing.models import PriceBreak, Supplier, SupplierItem
from procurement.stock.models import Balance, Lot, Movement, Posting, StockingRule
from procurement.stock.operations.places import (
    CreateLocation,
    CreateSite,
    create_location,
    create_site,
    ensure_virtual_locations,
)
from procurement.stock.queries.places import places_by_code
from procurement.stock.queries.verification import verify
from procurement.stock.terms import LocationKind, LotStatus, Reason

CHUNK = 5_000
BEGIN = datetime.combine(FIRST_DAY, time(8), UTC)
_REASONS = {(True, False): Reason.RECEIPT, (False, True): Reason.CONSUMPTION}


def load(unit_of_work: UnitOfWork, house: House) -> None:
    """Everything, and proof that the ledger agrees with the balances."""
    with unit_of_work.write() as session:
        places = _places(session, house)
        _products(session, house)
        _history(session, house, places)
        _rules(session, house, places)
        _settle(session)
    with unit_of_work.read() as session:
        if found := verify(session):
            raise SystemExit(f"the loaded house does not add up: {found[:3]}")


def _places(session: Session, house: House) -> dict[int, int]:
    ensure_virtual_locations(session)
    create_site(session, CreateSite("BENCH", "Bench", "UTC"), actor=SYSTEM)
    store = CreateLocation("STORE", "Store", LocationKind.STOREROOM, "BENCH")
    create_location(session, store, actor=SYSTEM)
    for _, code, name in house.rooms:
        room = CreateLocation(code, name, LocationKind.TREATMENT_ROOM, "BENCH")
        create_location(session, room, actor=SYSTEM)
    codes = {SUPPLIER: "SUPPLIER", CONSUMED: "CONSUMED", STORE: "STORE"}
    codes |= {number: code for number, code, _ in house.rooms}
    found = places_by_code(session, codes.values())
    return {number: found[code].id for number, code in codes.items()}


def _products(session: Session, house: House) -> None:
    _fill(
        session,
        Product,
        (
            {
                "id": number,
                "sku": sku,
                "name": name,
                "kind": Kind.TOOL,
                "unit": Unit.PIECE,
                "search_text": fold(f"{sku} {name}"),
                "created_at": BEGIN,
                "version": 1,
            }
            for number, sku, name in house.products
        ),
    )
    for table, extra in ((Pack, _pack), (Lot, _lot)):
        _fill(session, table, (extra(number) for number, _, _ in house.products))
    supplier = Supplier(code="SUP", name="Supplier", currency="EUR")
    session.add(supplier)
    session.flush()  # its items name it
    _fill(
        session,
        SupplierItem,
        (
            {
                "id": number,
                "supplier_id": supplier.id,
                "product_id": number,
                "pack_id": number,
                "code": f"X{number}",
                "moq": 1,
                "multiple": 1,
                "lead_time_days": 7,
            }
            for number, _, _ in house.products
        ),
    )
    breaks = (
        {"supplier_item_id": number, "from_packs": 1, "price_e4": 50_000}
        for number, _, _ in house.products
    )
    _fill(session, PriceBreak, breaks)


def _pack(number: int) -> dict[str, Any]:
    return {
        "id": number,
        "product_id": number,
        "code": "each",
        "name": "each",
        "size_steps": 1,
        "is_sales_pack": True,
    }


def _lot(number: int) -> dict[str, Any]:
    return {"id": number, "product_id": number, "number": "1", "status": LotStatus.AVAILABLE}


def _history(session: Session, house: House, places: dict[int, int]) -> None:
    moments = [datetime.combine(day, time(8), UTC) for day, *_ in house.movements]
    postings = (
        {
            "id": number,
            "ref": str(uuid7(moment)),
            "reason": _REASONS.get((source == SUPPLIER, target == CONSUMED), Reason.TRANSFER),
            "occurred_at": moment,
            "recorded_at": moment,
            "actor_name": "bench",
        }
        for number, (moment, (_, _, source, target, _)) in enumerate(
            zip(moments, house.movements, strict=True), 1
        )
    )
    _fill(session, Posting, postings)
    movements = (
        {
            "posting_id": number,
            "product_id": product,
            "lot_id": product,
            "from_id": places[source],
            "to_id": places[target],
            "quantity": pieces,
            "occurred_at": moment,
        }
        for number, (moment, (_, product, source, target, pieces)) in enumerate(
            zip(moments, house.movements, strict=True), 1
        )
    )
    _fill(session, Movement, movements)
    balances = (
        {
            "location_id": places[place],
            "lot_id": product,
            "product_id": product,
            "on_hand": pieces,
            "reserved": 0,
        }
        for (place, product), pieces in sorted(house.balances().items())
    )
    _fill(session, Balance, balances)


def _rules(session: Session, house: House, places: dict[int, int]) -> None:
    rooms = [(places[room], product, low, par) for room, product, low, par in house.room_rules]
    store = [(places[STORE], product, low, par) for product, low, par in house.buy_rules]
    names = ("location_id", "product_id", "reorder_point", "par_level")
    _fill(session, StockingRule, (dict(zip(names, row, strict=True)) for row in rooms + store))


def _fill(session: Session, table: Any, rows: Iterable[dict[str, Any]]) -> None:
    for chunk in _chunks(rows):
        session.execute(insert(table), chunk)


def _chunks(rows: Iterable[dict[str, Any]]) -> Iterator[Sequence[dict[str, Any]]]:
    waiting = iter(rows)
    while chunk := list(islice(waiting, CHUNK)):
        yield chunk


def _settle(session: Session) -> None:
    """Let PostgreSQL count on from the keys written here; let both databases look at what they hold."""
    if session.get_bind().dialect.name == "postgresql":
        for table in ("product", "pack", "lot", "supplier_item", "posting"):
            session.execute(
                text(
                    f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}"
                )
            )
    session.execute(text("ANALYZE"))
