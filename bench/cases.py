"""The work that is measured, each piece twice: through our operations, and by hand-written SQL on the same tables.

The hand-written half checks nothing but what the database checks; it is the least that could do the work.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import uuid4

from bench.counting import COUNT_LINES, count_room, count_room_by_hand
from procurement.catalogue.queries.narrowing import ProductFilter
from procurement.catalogue.queries.search import search
from procurement.kernel.actor import SYSTEM
from procurement.kernel.clock import utc_now
from procurement.kernel.paging import PageRequest
from procurement.kernel.quantity import Quantity, Unit
from procurement.kernel.trigrams import index_table
from procurement.kernel.unit_of_work import UnitOfWork
from procurement.planning.queries.needs import needs
from procurement.purchasing.operations.deciding import approve_order, place_order
from procurement.purchasing.operations.lines import NewOrderLine
from procurement.purchasing.operations.ordering import DraftOrder, draft_order
from procurement.purchasing.operations.receiving import ReceiveGoods, receive_goods
from procurement.purchasing.rules.receiving import DeliveredLine
from procurement.stock.operations.posting import PostStock, StockMove, post_stock
from procurement.stock.queries.on_hand import StockFilter, stock
from procurement.stock.terms import Reason

ROOM, LINES = "ROOM-0001", 50
LARGE, LARGE_ROUNDS = 250, 5  # a delivery of a whole range; the promise: posted in under 2 s
WORDS = "lavender oil"
_numbers = count(1)


@dataclass(frozen=True)
class Case:
    name: str
    ours: Callable[[], object]
    by_hand: Callable[[], object]
    rounds: int


class Sql:
    """Hand-written statements over the engine's own driver connection, with %s or ? as it wants them."""

    def __init__(self, unit_of_work: UnitOfWork) -> None:
        self.engine = unit_of_work.engine
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        self.connection: Any = self.engine.raw_connection()

    def run(self, statement: str, *values: object) -> Any:
        text = statement if self.is_sqlite else statement.replace("?", "%s")
        cursor = self.connection.cursor()
        cursor.execute(text, values)
        return cursor

    def many(self, statement: str, rows: list[tuple[object, ...]]) -> None:
        text = statement if self.is_sqlite else statement.replace("?", "%s")
        self.connection.cursor().executemany(text, rows)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        if self.is_sqlite:
            self.run("PRAGMA query_only=OFF")
            self.run("BEGIN IMMEDIATE")
        yield
        self.run("COMMIT") if self.is_sqlite else self.connection.commit()

    def moment(self, at: datetime) -> object:
        return at.strftime("%Y-%m-%d %H:%M:%S.%f") if self.is_sqlite else at


def cases(unit_of_work: UnitOfWork, skus: list[str]) -> list[Case]:
    sql = Sql(unit_of_work)
    return [
        Case("post a transfer", _transfer(unit_of_work, skus[0]), _transfer_by_hand(sql), 200),
        Case("on hand of one room", _room(unit_of_work), _room_by_hand(sql), 100),
        Case(
            f"receive a {LINES}-line order", _receive(unit_of_work, skus), _receive_by_hand(sql), 15
        ),
        Case(
            f"post a {LARGE}-line receipt",
            _large(unit_of_work, skus),
            _large_by_hand(sql, skus),
            LARGE_ROUNDS,
        ),
        Case("needs over all rooms", _needs(unit_of_work), _needs_by_hand(sql), 7),
        Case("search two words", _search(unit_of_work), _search_by_hand(sql), 50),
        Case(f"count {COUNT_LINES:,} lines", count_room(unit_of_work), count_room_by_hand(sql), 3),
    ]


def _transfer(unit_of_work: UnitOfWork, sku: str) -> Callable[[], object]:
    one = Quantity(1, Unit.PIECE)

    def work() -> object:
        # To and fro, so that neither end runs dry.
        ends = ("STORE", ROOM) if next(_numbers) % 2 else (ROOM, "STORE")
        with unit_of_work.write() as session:
            move = StockMove(sku, *ends, one, "1")
            return post_stock(
                session, PostStock(Reason.TRANSFER, (move,)), actor=SYSTEM, at=utc_now()
            )

    return work


def _transfer_by_hand(sql: Sql) -> Callable[[], object]:
    store, room = (_id(sql, "location", "code", code) for code in ("STORE", ROOM))

    def work() -> None:
        source, target = (store, room) if next(_numbers) % 2 else (room, store)
        with sql.transaction():
            _post_by_hand(sql, "transfer", [(1, source, target, 1)])

    return work


def _post_by_hand(sql: Sql, reason: str, moves: list[tuple[int, int, int, int]]) -> None:
    now = sql.moment(utc_now())
    posting = sql.run(
        "INSERT INTO posting (ref, reason, occurred_at, recorded_at, actor_name, note)"
        " VALUES (?, ?, ?, ?, 'bench', '') RETURNING id",
        str(uuid4()), reason, now, now,
    ).fetchone()[0]  # fmt: skip
    sql.many(
        "INSERT INTO movement (posting_id, product_id, lot_id, from_id, to_id, quantity, occurred_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        [(posting, lot, lot, source, target, pieces, now) for lot, source, target, pieces in moves],
    )
    take = "UPDATE balance SET on_hand = on_hand - ? WHERE location_id = ? AND lot_id = ? AND on_hand - reserved >= ?"
    put = (
        "INSERT INTO balance (location_id, lot_id, product_id, is_physical, on_hand, reserved)"
        " VALUES (?, ?, ?, true, ?, 0) ON CONFLICT (location_id, lot_id)"
        " DO UPDATE SET on_hand = balance.on_hand + excluded.on_hand"
    )
    if reason == "transfer":
        sql.many(take, [(pieces, source, lot, pieces) for lot, source, _, pieces in moves])
    sql.many(put, [(target, lot, lot, pieces) for lot, _, target, pieces in moves])


def _room(unit_of_work: UnitOfWork) -> Callable[[], object]:
    def work() -> int:
        with unit_of_work.read() as session:
            page = stock(session, StockFilter(location=ROOM), at=utc_now(), paging=PageRequest(200))
        return len(page.items)

    return work


def _room_by_hand(sql: Sql) -> Callable[[], object]:
    statement = (
        "SELECT p.sku, p.name, l.number, l.use_by, b.on_hand, b.reserved FROM balance b"
        " JOIN lot l ON l.id = b.lot_id JOIN product p ON p.id = b.product_id"
        " JOIN location o ON o.id = b.location_id WHERE o.code = ? AND b.on_hand <> 0"
        " ORDER BY p.sku, l.number LIMIT 200"
    )

    def work() -> int:
        rows = sql.run(statement, ROOM).fetchall()
        sql.connection.rollback()
        return len(rows)

    return work


def _receive(unit_of_work: UnitOfWork, skus: list[str]) -> Callable[[], object]:
    """Draft, approve, place and receive, each in its transaction, as people do."""

    def work() -> object:
        return _deliver(unit_of_work, _order(unit_of_work, skus[:LINES]), LINES)

    return work


def _receive_by_hand(sql: Sql) -> Callable[[], object]:
    """The same rows: order with lines, one update for each step, receipt, posting, movements, balances."""

    def work() -> None:
        _deliver_by_hand(sql, _order_by_hand(sql, LINES), LINES)

    return work


def _large(unit_of_work: UnitOfWork, skus: list[str]) -> Callable[[], object]:
    """The receipt alone; its orders were placed before."""
    lines = len(skus[:LARGE])
    waiting = [_order(unit_of_work, skus[:LARGE]) for _ in range(LARGE_ROUNDS + 1)]
    return lambda: _deliver(unit_of_work, waiting.pop(), lines)


def _large_by_hand(sql: Sql, skus: list[str]) -> Callable[[], object]:
    lines = len(skus[:LARGE])
    waiting = [_order_by_hand(sql, lines) for _ in range(LARGE_ROUNDS + 1)]
    return lambda: _deliver_by_hand(sql, waiting.pop(), lines)


def _order(unit_of_work: UnitOfWork, skus: list[str]) -> str:
    at = utc_now()
    lines = tuple(NewOrderLine(product=sku, pack="each", packs=3) for sku in skus)
    command = DraftOrder(supplier="SUP", lines=lines, deliver_to="STORE")
    with unit_of_work.write() as session:
        number: str = draft_order(session, command, actor=SYSTEM, at=at).number
    with unit_of_work.write() as session:
        approve_order(session, number, actor=SYSTEM, at=at)
    with unit_of_work.write() as session:
        place_order(session, number, actor=SYSTEM, at=at)
    return number


def _deliver(unit_of_work: UnitOfWork, number: str, lines: int) -> object:
    delivered = tuple(
        DeliveredLine(position=n, packs=3, supplier_lot="1") for n in range(1, lines + 1)
    )
    command = ReceiveGoods(order_number=number, into="STORE", lines=delivered)
    with unit_of_work.write() as session:
        return receive_goods(session, command, actor=SYSTEM, at=utc_now())


def _order_by_hand(sql: Sql, lines: int) -> int:
    store, now = _id(sql, "location", "code", "STORE"), sql.moment(utc_now())
    with sql.transaction():
        order: int = sql.run(
            "INSERT INTO purchase_order (number, supplier_id, status, currency, deliver_to_id, drafted_at,"
            " drafted_by, returned_why, revision, note_to_supplier, note_to_us, freight_tax_ppm, freight_agreed,"
            " net_minor, tax_minor, gross_minor, version)"
            " VALUES (?, 1, 'draft', 'EUR', ?, ?, 'bench', '', 0, '', '', 0, false, 75000, 0, 75000, 1)"
            " RETURNING id",
            f"H-{next(_numbers)}", store, now,
        ).fetchone()[0]  # fmt: skip
        sql.many(
            "INSERT INTO purchase_order_line (order_id, position, product_id, pack_id, container_pack_id,"
            " name, supplier_code,"
            " pack_steps, packs, price_e4, tax_ppm, net_minor, tolerance, received, closed, dropped, invoiced,"
            " payable, unreceived, returned_steps, drawn)"
            " VALUES (?, ?, ?, ?, ?, '', '', 1, 3, 50000, 0, 1500, 0, 0, false, false, 0, 0, 0, 0, 0)",
            [(order, n, n, n, n) for n in range(1, lines + 1)],
        )
    for status in ("approved", "placed"):
        with sql.transaction():
            sql.run("UPDATE purchase_order SET status = ? WHERE id = ?", status, order)
    return order


def _deliver_by_hand(sql: Sql, order: int, lines: int) -> None:
    store = _id(sql, "location", "code", "STORE")
    supplier = _id(sql, "location", "code", "SUPPLIER")
    with sql.transaction():
        sql.run(
            "INSERT INTO goods_receipt (number, order_id, delivery_note, received_at, received_by, reversed_why)"
            " VALUES (?, ?, '', ?, 'bench', '')",
            f"H-{next(_numbers)}", order, sql.moment(utc_now()),
        )  # fmt: skip
        _post_by_hand(sql, "receipt", [(n, supplier, store, 3) for n in range(1, lines + 1)])
        sql.run("UPDATE purchase_order_line SET received = packs WHERE order_id = ?", order)
        sql.run("UPDATE purchase_order SET status = 'received' WHERE id = ?", order)


def _needs(unit_of_work: UnitOfWork) -> Callable[[], object]:
    at = datetime.now(UTC) + timedelta(seconds=1)

    def work() -> int:
        with unit_of_work.read() as session:
            return len(needs(session, at=at).open)

    return work


def _needs_by_hand(sql: Sql) -> Callable[[], object]:
    """What is short, what is on order, where the store can help, who sells it: one statement, rows as they are."""
    statement = (
        "WITH held AS (SELECT location_id, product_id, sum(on_hand - reserved) AS there FROM balance"
        "  GROUP BY location_id, product_id),"
        " coming AS (SELECT o.deliver_to_id, l.product_id, sum((l.packs - l.received) * l.pack_steps) AS coming"
        "  FROM purchase_order_line l JOIN purchase_order o ON o.id = l.order_id"
        "  WHERE o.status IN ('draft', 'approved', 'placed', 'partially_received') AND NOT l.closed"
        "  GROUP BY o.deliver_to_id, l.product_id)"
        " SELECT o.code, p.sku, coalesce(h.there, 0), r.reorder_point, r.par_level, coalesce(c.coming, 0),"
        "  s.there, i.supplier_id, i.moq, i.multiple, b.price_e4"
        " FROM stocking_rule r JOIN location o ON o.id = r.location_id JOIN product p ON p.id = r.product_id"
        " LEFT JOIN held h ON h.location_id = r.location_id AND h.product_id = r.product_id"
        " LEFT JOIN coming c ON c.deliver_to_id = r.location_id AND c.product_id = r.product_id"
        " LEFT JOIN held s ON s.product_id = r.product_id"
        "  AND s.location_id = (SELECT id FROM location WHERE code = 'STORE')"
        " LEFT JOIN supplier_item i ON i.product_id = r.product_id"
        " LEFT JOIN price_break b ON b.supplier_item_id = i.id"
        " WHERE coalesce(h.there, 0) + coalesce(c.coming, 0) < r.reorder_point"
    )

    def work() -> int:
        rows = sql.run(statement).fetchall()
        sql.connection.rollback()
        return len(rows)

    return work


def _search(unit_of_work: UnitOfWork) -> Callable[[], object]:
    def work() -> int:
        with unit_of_work.read() as session:
            return len(search(session, ProductFilter(text=WORDS), PageRequest(20)).page.items)

    return work


def _search_by_hand(sql: Sql) -> Callable[[], object]:
    """How many there are, and the first twenty by name, over the same index."""
    first, second = WORDS.split()
    if sql.is_sqlite:
        index = index_table("product")
        found = f"p.id IN (SELECT rowid FROM {index} WHERE {index} MATCH ?)"
        values: tuple[object, ...] = (f'"{first}" AND "{second}"',)
    else:
        found = "p.search_text LIKE ? AND p.search_text LIKE ?"
        values = (f"%{first}%", f"%{second}%")
    columns = "p.sku, p.name, p.kind, k.name, k.size_steps"
    packs = "LEFT JOIN pack k ON k.product_id = p.id AND k.is_sales_pack"

    def work() -> int:
        sql.run(f"SELECT count(*) FROM product p WHERE {found}", *values).fetchone()
        rows = sql.run(
            f"SELECT {columns} FROM product p {packs} WHERE {found} ORDER BY p.name LIMIT 20",
            *values,
        ).fetchall()
        sql.connection.rollback()
        return len(rows)

    return work


def _id(sql: Sql, table: str, column: str, value: str) -> int:
    found = sql.run(f"SELECT id FROM {table} WHERE {column} = ?", value).fetchone()[0]
    sql.connection.rollback()
    return int(found)
