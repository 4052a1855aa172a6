"""A count of five thousand lines, from its sheet to the books: started, entered in phone-sized batches, posted."""

from collections.abc import Callable
from itertools import count
from typing import TYPE_CHECKING
from uuid import uuid4

from procurement.catalogue.models import Pack, Product
from procurement.catalogue.terms import Kind
from procurement.kernel.actor import SYSTEM
from procurement.kernel.clock import utc_now
from procurement.kernel.quantity import Quantity, Unit
from procurement.kernel.unit_of_work import UnitOfWork
from procurement.stock.operations.counting.closing import PostCount, post_count
from procurement.stock.operations.counting.entering import EnterCounted, Entry, enter_counted
from procurement.stock.operations.counting.starting import StartCount, start_count
from procurement.stock.operations.places import CreateLocation, create_location
from procurement.stock.operations.posting import PostStock, StockMove, post_stock
from procurement.stock.terms import LocationKind, Reason

if TYPE_CHECKING:
    from bench.cases import Sql

COUNT_LINES, BATCH = 5_000, 500
_ROOM, _SKU = "COUNTED", "COUNTED-1"
_HELD = 1_000
_rounds = count(1)


def fill_counted_room(unit_of_work: UnitOfWork) -> None:
    """A room of its own with one lot for each line."""
    held = Quantity(_HELD, Unit.PIECE)
    moves = tuple(
        StockMove(_SKU, "OPENING", _ROOM, held, f"K-{number}") for number in range(COUNT_LINES)
    )
    with unit_of_work.write() as session:
        room = CreateLocation(_ROOM, "Counted", LocationKind.TREATMENT_ROOM, "BENCH")
        create_location(session, room, actor=SYSTEM)
        product = Product(
            sku=_SKU, name="Counted", kind=Kind.TOOL, unit=Unit.PIECE, created_at=utc_now()
        )
        product.packs = [Pack(code="EACH", name="each", size_steps=1, is_sales_pack=True)]
        session.add(product)
        session.flush()  # its moves name it
        post_stock(session, PostStock(Reason.OPENING, moves), actor=SYSTEM, at=utc_now())


def count_room(unit_of_work: UnitOfWork) -> Callable[[], object]:
    """Every line is one off, to and fro, so that rounds do not run the room dry."""

    def work() -> None:
        found = _HELD - next(_rounds) % 2
        with unit_of_work.write() as session:
            number = start_count(session, StartCount(_ROOM), actor=SYSTEM, at=utc_now()).number
        for first in range(0, COUNT_LINES, BATCH):
            at = utc_now()
            entries = tuple(
                Entry(str(uuid4()), _SKU, Quantity(found, Unit.PIECE), at, f"K-{lot}", again=True)
                for lot in range(first, first + BATCH)
            )
            with unit_of_work.write() as session:
                enter_counted(session, EnterCounted(number, entries), actor=SYSTEM, at=at)
        with unit_of_work.write() as session:
            post_count(session, PostCount(number), actor=SYSTEM, at=utc_now())

    return work


def count_room_by_hand(sql: "Sql") -> Callable[[], object]:
    """The rows themselves: a count, its lines and entries, one posting, its movements, the balances."""

    def work() -> None:
        now, found = sql.moment(utc_now()), _HELD - next(_rounds) % 2
        with sql.transaction():
            room = sql.run("SELECT id FROM location WHERE code = ?", _ROOM).fetchone()[0]
            adjustment = sql.run("SELECT id FROM location WHERE code = 'ADJUSTMENT'").fetchone()[0]
            held = sql.run(
                "SELECT lot_id, product_id, on_hand FROM balance WHERE location_id = ?", room
            ).fetchall()
            count_id, posting = _documents(sql, room, now)
            sql.many(
                "INSERT INTO stock_count_line (count_id, position, key, product_id, lot_id, at_start, found,"
                " left_out, counted, expected) VALUES (?, ?, ?, ?, ?, ?, false, false, ?, ?)",
                [
                    (count_id, place, str(lot), product, lot, there, found, there)
                    for place, (lot, product, there) in enumerate(held)
                ],
            )
            sql.many(
                "INSERT INTO stock_count_entry (uid, count_id, line_id, product_id, quantity, counted_at,"
                " counted_by, how, again, note, received_at)"
                " SELECT ?, ?, id, product_id, ?, ?, 'bench', 'tapped', true, '', ?"
                " FROM stock_count_line WHERE count_id = ? AND position = ?",
                [
                    (str(uuid4()), count_id, found, now, now, count_id, place)
                    for place in range(len(held))
                ],
            )
            off = [(lot, product, found - there) for lot, product, there in held if found != there]
            ends = {True: (adjustment, room), False: (room, adjustment)}
            sql.many(
                "INSERT INTO movement (posting_id, product_id, lot_id, from_id, to_id, quantity, occurred_at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                [(posting, product, lot, *ends[d > 0], abs(d), now) for lot, product, d in off],
            )
            sql.many(
                "UPDATE balance SET on_hand = on_hand + ? WHERE location_id = ? AND lot_id = ?",
                [(d, room, lot) for lot, _, d in off],
            )

    return work


def _documents(sql: "Sql", room: int, now: object) -> tuple[int, int]:
    """The count, posted at once, and its posting."""
    posting = sql.run(
        "INSERT INTO posting (ref, reason, occurred_at, recorded_at, actor_name, note)"
        " VALUES (?, 'count', ?, ?, 'bench', '') RETURNING id",
        str(uuid4()), now, now,
    ).fetchone()[0]  # fmt: skip
    count_id = sql.run(
        "INSERT INTO stock_count (number, location_id, status, blind, due_only, currency, tolerance_bp,"
        " tolerance_minor, approval_minor, started_at, started_by, closed_at, closed_by, posting_id)"
        " VALUES (?, ?, 'posted', false, false, 'EUR', 500, 1000, 10000, ?, 'bench', ?, 'bench', ?) RETURNING id",
        f"H-{uuid4()}", room, now, now, posting,
    ).fetchone()[0]  # fmt: skip
    return int(count_id), int(posting)
