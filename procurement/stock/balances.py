"""Balance rows in sets: made, locked in key order and changed by one statement each, whatever the number of keys.

Part of the ledger; nothing else imports it. SQLite takes the deltas as JSON, PostgreSQL as arrays, so that the
statement's text, and with it the prepared plan, is the same for one key and for a thousand.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import TextClause, case, or_, select, text
from sqlalchemy.orm import Session

from procurement.stock.models import Balance, Movement

Key = tuple[int, int]  # location, lot


@dataclass(frozen=True, slots=True)
class Delta:
    """What a posting changes at one key, in steps."""

    product_id: int
    on_hand: int
    reserved: int


_SQLITE_DELTAS = (
    "(SELECT json_extract(value, '$[0]') AS location_id, json_extract(value, '$[1]') AS lot_id,"
    " json_extract(value, '$[2]') AS product_id, json_extract(value, '$[3]') AS on_hand,"
    " json_extract(value, '$[4]') AS reserved FROM json_each(:deltas)) AS delta"
)
_POSTGRESQL_DELTAS = (
    "unnest(CAST(:location_id AS bigint[]), CAST(:lot_id AS bigint[]), CAST(:product_id AS bigint[]),"
    " CAST(:on_hand AS bigint[]), CAST(:reserved AS bigint[]))"
    " AS delta (location_id, lot_id, product_id, on_hand, reserved)"
)
# "WHERE true" keeps SQLite's parser from reading ON CONFLICT as a join.
_ENSURE = (
    "INSERT INTO balance (location_id, lot_id, product_id, is_physical, on_hand, reserved)"
    " SELECT location_id, lot_id, product_id, true, 0, 0 FROM {deltas}"
    " WHERE true ORDER BY location_id, lot_id ON CONFLICT DO NOTHING"
)
_LOCK = (
    "SELECT 1 FROM balance JOIN {deltas} USING (location_id, lot_id)"
    " ORDER BY balance.location_id, balance.lot_id FOR UPDATE OF balance"
)
_ADD = (
    "UPDATE balance SET on_hand = balance.on_hand + delta.on_hand,"
    " reserved = balance.reserved + delta.reserved FROM {deltas}"
    " WHERE balance.location_id = delta.location_id AND balance.lot_id = delta.lot_id"
    " AND balance.on_hand + delta.on_hand >= balance.reserved + delta.reserved"
    " AND balance.reserved + delta.reserved >= 0"
    " RETURNING balance.location_id, balance.lot_id"
)
_STATEMENTS: dict[str, dict[str, TextClause]] = {
    dialect: {
        name: text(statement.format(deltas=deltas))
        for name, statement in (("ensure", _ENSURE), ("lock", _LOCK), ("add", _ADD))
    }
    for dialect, deltas in (("sqlite", _SQLITE_DELTAS), ("postgresql", _POSTGRESQL_DELTAS))
}


def ensure(session: Session, deltas: Mapping[Key, Delta]) -> None:
    """Make a row of zero for every key that has none."""
    session.execute(_statement(session, "ensure"), _parameters(session, deltas))


def lock(session: Session, deltas: Mapping[Key, Delta]) -> None:
    """Lock the rows in key order. On SQLite the writer holds the whole database already."""
    if _dialect(session) == "postgresql":
        session.execute(_statement(session, "lock"), _parameters(session, deltas))


def add(session: Session, deltas: Mapping[Key, Delta]) -> list[Key]:
    """Add the deltas where enough is left; the keys where it is not come back, unchanged."""
    rows = session.execute(_statement(session, "add"), _parameters(session, deltas))
    done = {(row.location_id, row.lot_id) for row in rows}
    return [key for key in deltas if key not in done]


def free(session: Session, key: Key) -> int:
    """On hand less reserved, now."""
    found = session.execute(
        select(Balance.on_hand - Balance.reserved).where(
            Balance.location_id == key[0], Balance.lot_id == key[1]
        )
    ).scalar_one_or_none()
    return int(found or 0)


def lowest_since(session: Session, key: Key, moment: datetime) -> int:
    """The lowest on hand from a moment until now: today's balance, taken back movement by movement."""
    location_id, lot_id = key
    level = session.execute(
        select(Balance.on_hand).where(Balance.location_id == location_id, Balance.lot_id == lot_id)
    ).scalar_one()
    later = session.execute(
        select(case((Movement.to_id == location_id, Movement.quantity), else_=-Movement.quantity))
        .where(
            Movement.lot_id == lot_id,
            or_(Movement.to_id == location_id, Movement.from_id == location_id),
            Movement.occurred_at > moment,
        )
        .order_by(Movement.occurred_at.desc(), Movement.id.desc())
    ).scalars()
    lowest = level
    for change in later:
        level -= change
        lowest = min(lowest, level)
    return int(lowest)


def _dialect(session: Session) -> str:
    return session.get_bind().dialect.name


def _statement(session: Session, name: str) -> TextClause:
    return _STATEMENTS[_dialect(session)][name]


def _parameters(session: Session, deltas: Mapping[Key, Delta]) -> dict[str, object]:
    rows = [
        (location, lot, delta.product_id, delta.on_hand, delta.reserved)
        for (location, lot), delta in deltas.items()
    ]
    if _dialect(session) == "sqlite":
        return {"deltas": json.dumps(rows)}
    columns = zip(*rows, strict=True) if rows else ((),) * 5
    names = ("location_id", "lot_id", "product_id", "on_hand", "reserved")
    return {name: list(column) for name, column in zip(names, columns, strict=True)}
