"""Opening lots: every receipt is in a lot, also of products whose lots nobody tracks."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import insert, select, tuple_
from sqlalchemy.orm import Session

from procurement.kernel.errors import Conflict
from procurement.kernel.serial import Series, next_numbers
from procurement.stock.models import Lot
from procurement.stock.rules.shelf_life import use_by
from procurement.stock.terms import LotStatus

_LOT = Lot.metadata.tables["lot"]


@dataclass(frozen=True, slots=True)
class NewLot:
    """What came in. `number` is generated when neither it nor the supplier's lot is known.

    `line` is the caller's name for it, used in refusals. Cost is the total paid for `quantity` steps.
    """

    product_id: int
    received_on: date
    number: str | None = None
    supplier_lot: str | None = None
    expires_on: date | None = None
    container_pack_id: int | None = None
    status: LotStatus = LotStatus.AVAILABLE
    cost_minor: int | None = None
    cost_currency: str | None = None
    quantity: int = 0
    names_allergens: bool | None = None
    line: str = ""


@dataclass(slots=True)
class _Opening:
    """A lot that is not there yet, by its columns."""

    product_id: int
    number: str
    status: LotStatus
    container_pack_id: int | None
    supplier_lot: str | None
    received_on: date
    expires_on: date | None
    use_by: date | None
    names_allergens: bool | None
    cost_minor: int | None
    cost_currency: str | None
    cost_steps: int | None


Key = tuple[int, str]  # product, number


def open_lots(session: Session, new: Sequence[NewLot], *, at: datetime) -> list[Lot]:
    """A lot for each line, in its order, in as many statements for many as for one.

    The same supplier lot with the same expiry joins the lot that is there (and adds its cost); with another
    expiry it is a Conflict that names the field.
    """
    known = _known(session, {(n.product_id, name) for n in new if (name := _name(n)) is not None})
    unnamed = sum(1 for n in new if _name(n) is None)
    numbers = iter(next_numbers(session, Series.LOT, at.date(), unnamed) if unnamed else ())
    opening: dict[Key, _Opening] = {}
    keys: list[Key] = []
    for line in new:
        key = (line.product_id, _name(line) or next(numbers))
        there = known.get(key) or opening.get(key)
        if there is None:
            opening[key] = _open(line, key[1])
        else:
            _join(there, line)
        keys.append(key)
    if opening:
        # The session's own way would be a statement for each row on SQLite, to learn its key.
        session.execute(insert(_LOT), [asdict(one) for one in opening.values()])
        known |= _known(session, set(opening))
    return [known[key] for key in keys]


def _name(line: NewLot) -> str | None:
    return line.number or line.supplier_lot


def _known(session: Session, names: set[Key]) -> dict[Key, Lot]:
    if not names:
        return {}
    found = session.scalars(
        select(Lot).where(tuple_(Lot.product_id, Lot.number).in_(names)).order_by(Lot.id)
    )
    return {(lot.product_id, lot.number): lot for lot in found}


def _open(line: NewLot, number: str) -> _Opening:
    return _Opening(
        product_id=line.product_id,
        number=number,
        status=line.status,
        container_pack_id=line.container_pack_id,
        supplier_lot=line.supplier_lot,
        received_on=line.received_on,
        expires_on=line.expires_on,
        use_by=use_by(line.expires_on, None, None),
        names_allergens=line.names_allergens,
        cost_minor=line.cost_minor,
        cost_currency=line.cost_currency,
        cost_steps=line.quantity if line.cost_minor is not None else None,
    )


def _join(lot: Lot | _Opening, line: NewLot) -> None:
    if line.expires_on != lot.expires_on:
        there = lot.expires_on or "no expiry"
        raise Conflict(
            f"Lot {lot.number} is here with {there}; the same lot cannot have another expiry.",
            field=f"{line.line}.expires_on" if line.line else "expires_on",
        )
    if line.names_allergens is not None and lot.names_allergens is not False:
        lot.names_allergens = line.names_allergens  # one old label among them counts for all
    if line.cost_minor is not None and lot.cost_currency in {None, line.cost_currency}:
        lot.cost_currency = line.cost_currency
        lot.cost_minor = (lot.cost_minor or 0) + line.cost_minor
        lot.cost_steps = (lot.cost_steps or 0) + line.quantity
