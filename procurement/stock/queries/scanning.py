"""What a scanned code names: a pack, a lot, an opened container, a place. At most four statements, whatever it is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import or_, select

from procurement.catalogue.models import Pack, Product
from procurement.catalogue.rules.gs1 import Reading, base_gtin
from procurement.catalogue.rules.scanning import OwnLabel, Scan, read_scan
from procurement.kernel.db import ReadSession
from procurement.kernel.quantity import Quantity, Unit
from procurement.stock.models import Balance, Location, Lot
from procurement.stock.queries.places import places_by_code
from procurement.stock.terms import LotStatus, Place


class Scanned(StrEnum):
    """What a code turned out to be."""

    PACK = "pack"  # a product in one of its packs, perhaps with a lot that is not here yet
    PRODUCT = "product"
    LOT = "lot"
    CONTAINER = "container"
    LOCATION = "location"
    UNCLEAR = "unclear"  # one of `choices`; a person says which
    NOTHING = "nothing"  # nothing of ours, or no code that can be read; `message` says why


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a code names, and what stands beside it on the label."""

    what: Scanned
    message: str  # a sentence for the person who scanned
    product: str | None = None
    product_name: str | None = None
    unit: Unit | None = None
    pack: str | None = None
    pack_name: str | None = None
    pack_size: Quantity | None = None
    packs: int | None = None  # so many of the pack, where the label says it
    quantity: Quantity | None = None  # weighed or counted, where the label says it
    lot: str | None = None  # our number of a lot that is here
    supplier_lot: str | None = None  # as the label says it
    serial: str | None = None
    expires_on: date | None = None  # as the label says it; else as the lot has it
    best_before: date | None = None
    disagrees: bool = False  # the label's expiry is not the one that the lot has here
    status: LotStatus | None = None
    location: str | None = None  # a place; or where a container stands
    location_name: str | None = None
    read: str = ""  # the elements, as people read them
    choices: tuple["Found", ...] = ()
    separated: bool = False  # the scanner is one that sends separators

    @property
    def is_goods(self) -> bool:
        """A product, however closely it is named."""
        return self.what in {Scanned.PACK, Scanned.PRODUCT, Scanned.LOT, Scanned.CONTAINER}


def find_scanned(session: ReadSession, text: str, *, today: date, kept: bool = False) -> Found:
    """`kept`: the scanner is known to send separators, so that a text without one has none to send."""
    try:
        scan = read_scan(text, today=today, kept=kept)
    except ValueError as error:
        return Found(what=Scanned.NOTHING, message=str(error))
    if scan.readings:
        found = _of_readings(session, scan.readings)
    elif scan.own:
        found = _one_of(_own(session, scan.own), "This label is not one of ours any more.")
    else:
        found = _one_of(_of_code(session, scan.code or ""), _unknown(scan))
    return replace(found, separated=scan.separated)


def _unknown(scan: Scan) -> str:
    code = scan.code or ""
    if code.isascii() and code.isdigit() and (len(code) in {8, 12, 13, 14} or len(code) > 15):
        return f"{code} is nothing of ours. If it is a barcode, a digit is wrong: scan it again."
    return f"{code} is nothing of ours: no barcode, SKU, lot, bottle or room."


# Barcodes


@dataclass(frozen=True, slots=True)
class _Known:
    """A pack with its product."""

    product_id: int
    found: Found


def _of_readings(session: ReadSession, readings: Sequence[Reading]) -> Found:
    gtins = {reading.gtin for reading in readings if reading.gtin}
    bases = {gtin: base for gtin in gtins if (base := base_gtin(gtin))}
    packs = _packs(session, gtins | set(bases.values()))
    named = [reading for reading in readings if reading.gtin in packs]
    if not named:
        return _unnamed(readings[0], bases, packs)
    lots = _lots_of(session, named, packs)
    answers: list[Found] = []
    certain: list[Found] = []
    for reading in named:
        known = packs[reading.gtin or ""]
        here = [
            _lot_of(known, reading, lot) for lot in lots.get((known.product_id, reading.lot), ())
        ]
        answers += here or [_pack_of(known, reading)]
        certain += [one for one in here if _is_certain(one, reading, named[0])]
    if len(answers) == 1:
        return answers[0]
    return certain[0] if len(certain) == 1 else _unclear(answers)


def _is_certain(found: Found, reading: Reading, whole: Reading) -> bool:
    """A lot that is here decides between readings: read whole, or its own expiry stands where the rest was cut off.

    A shorter lot that merely exists proves nothing: the longer one may be new.
    """
    if found.disagrees:
        return False
    return reading is whole or reading.expires_on not in {None, whole.expires_on}


def _unclear(answers: Iterable[Found]) -> Found:
    choices = tuple(dict.fromkeys(answers))
    first = choices[0]
    if len({(one.product, one.supplier_lot) for one in choices}) == len(choices) and first.read:
        said = (
            f"{first.product_name}: the scanner left out a separator, so the lot can be read in {len(choices)} ways."
            " Say which, or type it."
        )
    else:
        said = f"This code names {len(choices)} things. Say which."
    return Found(
        what=Scanned.UNCLEAR,
        message=said,
        product=first.product if len({one.product for one in choices}) == 1 else None,
        product_name=first.product_name if len({one.product for one in choices}) == 1 else None,
        read=first.read,
        choices=choices,
    )


def _unnamed(reading: Reading, bases: dict[str, str], packs: dict[str, _Known]) -> Found:
    gtin = reading.gtin or ""
    single = packs.get(bases.get(gtin, ""))
    if single is None:
        return Found(
            what=Scanned.NOTHING,
            message=f"No product of ours has the barcode {gtin}.",
            read=reading.written,
        )
    one = single.found
    how = (
        "a measured amount" if gtin[0] == "9" else "a case"
    )  # a pack level of 9 says: weighed or cut
    return Found(
        what=Scanned.NOTHING,
        message=(
            f"{gtin} is {how} of {one.product_name}, and how much is in it is not known here. "
            f"Give {one.product} a pack with this barcode, or scan a single {one.pack_name}."
        ),
        product=one.product,
        product_name=one.product_name,
        unit=one.unit,
        read=reading.written,
    )


def _packs(session: ReadSession, gtins: Iterable[str]) -> dict[str, _Known]:
    rows = session.execute(
        select(
            Pack.gtin,
            Product.id,
            Product.sku,
            Product.name,
            Product.unit,
            Pack.code,
            Pack.name,
            Pack.size_steps,
        )
        .join(Product, Product.id == Pack.product_id)
        .where(Pack.gtin.in_(sorted(gtins)))
    )
    return {
        gtin: _Known(
            key,
            Found(
                what=Scanned.PACK,
                message="",
                product=sku,
                product_name=name,
                unit=unit,
                pack=pack,
                pack_name=pack_name,
                pack_size=Quantity(steps, unit),
            ),
        )
        for gtin, key, sku, name, unit, pack, pack_name, steps in rows
    }


def _lots_of(
    session: ReadSession, readings: Iterable[Reading], packs: dict[str, _Known]
) -> dict[tuple[int, str | None], list[Lot]]:
    """Sealed lots by product and by either of their numbers."""
    wanted = {(packs[one.gtin or ""].product_id, one.lot) for one in readings if one.lot}
    if not wanted:
        return {}
    names = sorted({lot for _, lot in wanted if lot})
    rows: list[Lot] = list(
        session.scalars(
            select(Lot)
            .where(
                Lot.product_id.in_({key for key, _ in wanted}),
                or_(Lot.number.in_(names), Lot.supplier_lot.in_(names)),
                Lot.parent_id.is_(None),
            )
            .order_by(Lot.id)
        )
    )
    found: dict[tuple[int, str | None], list[Lot]] = {
        (key, name): [
            lot for lot in rows if lot.product_id == key and name in (lot.number, lot.supplier_lot)
        ]
        for key, name in wanted
    }
    return found


def _pack_of(known: _Known, reading: Reading) -> Found:
    beside = known.found
    quantity = _quantity(beside, reading)
    parts = [beside.product_name or "", _how_many(beside.pack_name or "", reading.count)]
    if reading.lot:
        parts.append(f"lot {reading.lot}")
    if reading.expires_on:
        parts.append(f"use by {reading.expires_on.isoformat()}")
    return replace(
        beside,
        message=", ".join(parts),
        packs=reading.count,
        quantity=quantity,
        supplier_lot=reading.lot,
        serial=reading.serial,
        expires_on=reading.expires_on,
        best_before=reading.best_before,
        read=reading.written,
    )


def _lot_of(known: _Known, reading: Reading, lot: Lot) -> Found:
    found = _pack_of(known, reading)
    message = found.message
    disagrees = reading.expires_on is not None and reading.expires_on != lot.expires_on
    if disagrees:
        there = lot.expires_on.isoformat() if lot.expires_on else "no date"
        message += f". Lot {lot.number} is known here with {there}: look at the label"
    return replace(
        found,
        what=Scanned.LOT,
        message=message,
        lot=lot.number,
        status=lot.status,
        expires_on=reading.expires_on or lot.expires_on,
        disagrees=disagrees,
    )


def _how_many(pack_name: str, count: int | None) -> str:
    return pack_name if count is None else f"{count} × {pack_name}"  # noqa: RUF001 - as labels write it


def _quantity(pack: Found, reading: Reading) -> Quantity | None:
    if reading.measure is not None and reading.measure.unit is pack.unit:
        return reading.measure * (1 if reading.count is None else reading.count)
    if reading.count is not None and pack.pack_size is not None:
        return pack.pack_size * reading.count
    return None


# Labels of ours, and codes that are typed


def _own(session: ReadSession, own: OwnLabel) -> list[Found]:
    if own.location:
        return _places(session, [own.location])
    if own.container:
        return _lots(session, [own.container], containers=True)
    if own.lot:
        return [one for one in _lots(session, [own.lot]) if one.product == own.product]
    return _products(session, [own.product or ""])


def _of_code(session: ReadSession, code: str) -> list[Found]:
    """A SKU, a lot's number or the supplier's, a container's, a room's code; capitals are forgiven."""
    names = list(dict.fromkeys((code, code.upper())))
    return [*_products(session, names), *_lots(session, names), *_places(session, names)]


def _one_of(found: list[Found], nothing: str) -> Found:
    if not found:
        return Found(what=Scanned.NOTHING, message=nothing)
    return found[0] if len(found) == 1 else _unclear(found)


def _products(session: ReadSession, skus: list[str]) -> list[Found]:
    rows = session.execute(
        select(Product.sku, Product.name, Product.unit, Pack.code, Pack.name, Pack.size_steps)
        .outerjoin(Pack, (Pack.product_id == Product.id) & Pack.is_sales_pack)
        .where(Product.sku.in_(skus))
    )
    return [
        Found(
            what=Scanned.PRODUCT,
            message=name,
            product=sku,
            product_name=name,
            unit=unit,
            pack=pack,
            pack_name=pack_name,
            pack_size=Quantity(steps, unit) if steps else None,
        )
        for sku, name, unit, pack, pack_name, steps in rows
    ]


def _lots(session: ReadSession, names: list[str], *, containers: bool = False) -> list[Found]:
    statement = (
        select(Lot, Product.sku, Product.name, Product.unit, Pack.code, Pack.name, Pack.size_steps)
        .join(Product, Product.id == Lot.product_id)
        .outerjoin(Pack, Pack.id == Lot.container_pack_id)
        .where(or_(Lot.number.in_(names), Lot.supplier_lot.in_(names)))
        .order_by(Lot.id)
        .limit(20)
    )
    if containers:
        statement = statement.where(Lot.parent_id.is_not(None))
    rows = session.execute(statement).all()
    stands = _where(session, [row[0].id for row in rows if row[0].parent_id is not None])
    return [_lot_row(tuple(row), stands.get(row[0].id)) for row in rows]


def _lot_row(row: tuple[Any, ...], place: tuple[str, str] | None) -> Found:
    lot, sku, name, unit, pack, pack_name, steps = row
    is_container = lot.parent_id is not None
    until = lot.use_by if is_container else lot.expires_on
    said = [f"{lot.number}, {name}"]
    if until:
        said.append(f"use by {until.isoformat()}")
    if is_container:
        said.append(f"in {place[1]}" if place else "finished")
    return Found(
        what=Scanned.CONTAINER if is_container else Scanned.LOT,
        message=", ".join(said),
        product=sku,
        product_name=name,
        unit=unit,
        pack=pack,
        pack_name=pack_name,
        pack_size=Quantity(steps, unit) if steps else None,
        lot=lot.number,
        supplier_lot=lot.supplier_lot,
        expires_on=until,
        status=lot.status,
        location=place[0] if place else None,
        location_name=place[1] if place else None,
    )


def _where(session: ReadSession, lots: list[int]) -> dict[int, tuple[str, str]]:
    if not lots:
        return {}
    rows = session.execute(
        select(Balance.lot_id, Location.code, Location.name)
        .join(Location, Location.id == Balance.location_id)
        .where(Balance.lot_id.in_(lots), Balance.on_hand > 0)
    )
    return {lot: (code, name) for lot, code, name in rows}


def _places(session: ReadSession, codes: list[str]) -> list[Found]:
    found: Iterable[Place] = places_by_code(session, codes).values()
    return [
        Found(
            what=Scanned.LOCATION, message=place.name, location=place.code, location_name=place.name
        )
        for place in found
        if place.is_physical
    ]
