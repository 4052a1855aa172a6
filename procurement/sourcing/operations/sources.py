"""Many suppliers and supplier items at once, as a list brings them: sets of rows, no statement per row."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from procurement.kernel.actor import Actor
from procurement.kernel.errors import Invalid
from procurement.kernel.permissions import Permission
from procurement.sourcing.models import PriceBreak, Supplier, SupplierItem
from procurement.sourcing.operations.pricing import note_changes
from procurement.sourcing.rules.price_files import Steps
from procurement.sourcing.terms import BreakScheme, Standing

Key = tuple[int, int, int]  # supplier, product, pack
_CHUNK = 5_000
_NEW: dict[str, Any] = {
    "moq": 1,
    "multiple": 1,
    "lead_time_days": 7,
    "scheme": BreakScheme.ALL_UNITS,
    "guaranteed_days": None,
    "blocked": False,
}


_SAID = ("address", "active", "standing", "minimum_minor", "freight_minor", "free_from_minor")


@dataclass(frozen=True, slots=True)
class SupplierInList:
    """A supplier as a list knows it, under a key of the list's own; None keeps what is there."""

    key: str
    code: str
    name: str
    currency: str
    address: str | None = None
    active: bool | None = None
    standing: Standing | None = None
    minimum_minor: int | None = None
    freight_minor: int | None = None
    free_from_minor: int | None = None
    id: int | None = None  # of the one that is here


@dataclass(frozen=True, slots=True)
class ItemInList:
    """A product as one supplier sells it; None keeps what is there. Breaks: (from packs, pack price in 1/10000)."""

    supplier_id: int
    product_id: int
    pack_id: int
    code: str
    moq: int | None = None
    multiple: int | None = None
    lead_time_days: int | None = None
    price_breaks: tuple[tuple[int, int], ...] | None = None
    scheme: BreakScheme | None = None
    guaranteed_days: int | None = None
    blocked: bool | None = None

    @property
    def key(self) -> Key:
        return (self.supplier_id, self.product_id, self.pack_id)

    def figures(self) -> dict[str, Any]:
        said = {name: getattr(self, name) for name in _NEW}
        return {name: value for name, value in said.items() if value is not None}


@dataclass(slots=True)
class ItemsSaved:
    created: set[Key] = field(default_factory=set)
    updated: set[Key] = field(default_factory=set)


@dataclass(slots=True)
class SuppliersSaved:
    ids: dict[str, int] = field(default_factory=dict)
    created: set[str] = field(default_factory=set)
    updated: set[str] = field(default_factory=set)


def save_suppliers(
    session: Session, suppliers: Sequence[SupplierInList], *, actor: Actor
) -> SuppliersSaved:
    """Create suppliers, or change the ones named by their keys."""
    actor.require(Permission.EDIT_SUPPLIERS)
    saved = SuppliersSaved()
    for one in suppliers:
        there = session.get(Supplier, one.id) if one.id is not None else None
        if there is None:
            there = Supplier(
                code=one.code, name=one.name, currency=one.currency, address="", active=True
            )
            session.add(there)
            saved.created.add(one.code)
        said = {name: getattr(one, name) for name in _SAID if getattr(one, name) is not None}
        changed = {name: value for name, value in said.items() if getattr(there, name) != value}
        for name, value in changed.items():
            setattr(there, name, value)
        if changed and one.code not in saved.created:
            saved.updated.add(one.code)
        session.flush()  # the items below need its key
        saved.ids[one.key] = there.id
    return saved


def save_supplier_items(
    session: Session, items: Sequence[ItemInList], *, actor: Actor, at: datetime
) -> ItemsSaved:
    """Create or change supplier items; the price breaks a list gives replace those that are there."""
    actor.require(Permission.EDIT_SUPPLIERS)
    by_key = {item.key: item for item in items}
    if len(by_key) < len(items):
        raise Invalid("A supplier item stands here twice.")
    there = _there(session, {item.product_id for item in items})
    saved = ItemsSaved()
    new = [item for item in items if item.key not in there]
    ids = {key: known.id for key, known in there.items()}
    if new:
        rows = [_new_row(item) for item in new]
        statement = insert(SupplierItem).returning(
            SupplierItem.supplier_id, SupplierItem.product_id, SupplierItem.pack_id, SupplierItem.id
        )
        for supplier_id, product_id, pack_id, key in session.connection().execute(statement, rows):
            ids[supplier_id, product_id, pack_id] = key
        saved.created.update(item.key for item in new)
    _change(session, by_key, there, saved)
    _save_breaks(session, by_key, there, ids, saved)
    note_changes(session, _repriced(by_key, there, ids), actor=actor, at=at)
    session.expire_all()
    return saved


@dataclass(frozen=True, slots=True)
class _Known:
    id: int
    code: str
    figures: dict[str, Any]
    price_breaks: tuple[tuple[int, int], ...]


def _new_row(item: ItemInList) -> dict[str, Any]:
    supplier_id, product_id, pack_id = item.key
    return {
        "supplier_id": supplier_id,
        "product_id": product_id,
        "pack_id": pack_id,
        "code": item.code,
        **_NEW,
        **item.figures(),
        "preferred": False,
        "active": True,
    }


def _there(session: Session, product_ids: set[int]) -> Mapping[Key, _Known]:
    found: dict[Key, _Known] = {}
    for chunk in _chunks(product_ids):
        rows = (
            session.execute(select(SupplierItem).where(SupplierItem.product_id.in_(chunk)))
            .scalars()
            .all()
        )
        breaks: dict[int, list[tuple[int, int]]] = {}
        for part in _chunks([row.id for row in rows]):
            for item_id, from_packs, price in session.execute(
                select(PriceBreak.supplier_item_id, PriceBreak.from_packs, PriceBreak.price_e4)
                .where(PriceBreak.supplier_item_id.in_(part))
                .order_by(PriceBreak.supplier_item_id, PriceBreak.from_packs)
            ):
                breaks.setdefault(item_id, []).append((from_packs, price))
        for row in rows:
            figures = {name: getattr(row, name) for name in _NEW}
            known = _Known(row.id, row.code, figures, tuple(breaks.get(row.id, ())))
            found[row.supplier_id, row.product_id, row.pack_id] = known
    return found


def _change(
    session: Session,
    items: Mapping[Key, ItemInList],
    there: Mapping[Key, _Known],
    saved: ItemsSaved,
) -> None:
    changed: list[dict[str, Any]] = []
    for key, item in items.items():
        known = there.get(key)
        if known is None:
            continue
        wanted = {"code": item.code, **known.figures, **item.figures()}
        if wanted != {"code": known.code, **known.figures}:
            changed.append(
                {"key": known.id, **{f"new_{name}": value for name, value in wanted.items()}}
            )
            saved.updated.add(key)
    if changed:
        columns: dict[str, Any] = {name: bindparam(f"new_{name}") for name in ("code", *_NEW)}
        statement = (
            update(SupplierItem).where(SupplierItem.id == bindparam("key")).values(**columns)
        )
        session.connection().execute(statement, changed)


def _save_breaks(
    session: Session,
    items: Mapping[Key, ItemInList],
    there: Mapping[Key, _Known],
    ids: Mapping[Key, int],
    saved: ItemsSaved,
) -> None:
    stale: list[int] = []
    rows: list[dict[str, int]] = []
    for key, item in items.items():
        wanted = item.price_breaks
        known = there.get(key)
        if wanted is None or (known is not None and known.price_breaks == tuple(sorted(wanted))):
            continue
        if known is not None:
            stale.append(known.id)
            saved.updated.add(key)
        rows += [
            {"supplier_item_id": ids[key], "from_packs": n, "price_e4": price}
            for n, price in wanted
        ]
    for chunk in _chunks(stale):
        session.execute(
            delete(PriceBreak)
            .where(PriceBreak.supplier_item_id.in_(chunk))
            .execution_options(synchronize_session=False)
        )
    if rows:
        session.connection().execute(insert(PriceBreak), rows)


def _repriced(
    items: Mapping[Key, ItemInList], there: Mapping[Key, _Known], ids: Mapping[Key, int]
) -> dict[int, tuple[Steps, Steps]]:
    """The price breaks before and after of the items whose prices the list gives."""
    return {
        ids[key]: (
            there[key].price_breaks if key in there else (),
            tuple(sorted(item.price_breaks)),
        )
        for key, item in items.items()
        if item.price_breaks is not None
    }


def _chunks(keys: Any) -> Iterator[list[int]]:
    rest = iter(keys)
    while chunk := list(islice(rest, _CHUNK)):
        yield chunk
