"""How the rows of a price file meet our supplier items. Pure.

A row is matched by the supplier's own code first, then by the pack's GTIN, then by our SKU. Rows of the same thing are
its price breaks; together they replace the breaks we have.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from procurement.kernel.errors import FieldError, Invalid
from procurement.sourcing.terms.price_files import LineKind, PriceRow

T = TypeVar("T")
Steps = tuple[tuple[int, int], ...]  # (from packs, price of one pack in 1/10000), lowest first


@dataclass(frozen=True, slots=True)
class KnownItem:
    """An active item of the supplier as it stands."""

    item_id: int
    pack_id: int
    code: str
    product: str
    product_name: str
    pack: str
    gtin: str
    steps: Steps


@dataclass(frozen=True, slots=True)
class KnownPack:
    """A pack of our catalogue that a row might mean, found by GTIN or SKU."""

    pack_id: int
    product: str
    product_name: str
    pack: str
    gtin: str
    is_sales_pack: bool


@dataclass(frozen=True, slots=True)
class Compared:
    """One line of the difference."""

    row: int | None
    kind: LineKind
    code: str
    name: str
    item_id: int | None
    pack_id: int | None
    before: Steps
    after: Steps


def written(steps: Steps) -> str:
    """Price breaks as they are stored: "1:86000 10:79500"."""
    return " ".join(f"{packs}:{price}" for packs, price in steps)


def read(text: str) -> Steps:
    pairs = (part.split(":") for part in text.split())
    return tuple((int(packs), int(price)) for packs, price in pairs)


def compare(
    rows: Sequence[PriceRow], items: Sequence[KnownItem], packs: Sequence[KnownPack]
) -> list[Compared]:
    """Every thing of the file in its order, then what we buy there and the file does not name."""
    matcher = _Matcher(items, packs)
    groups: defaultdict[tuple[str, object], list[PriceRow]] = defaultdict(list)
    meant: dict[tuple[str, object], KnownItem | KnownPack | None] = {}
    errors: list[FieldError] = []
    for index, row in enumerate(rows):
        try:
            thing = matcher.find(row)
        except ValueError as error:
            errors.append(FieldError(f"rows.{index}", f"Row {row.row}: {error}"))
            continue
        key = ("pack", thing.pack_id) if thing else ("none", _called(row))
        if any(one.from_packs == row.from_packs for one in groups[key]):
            said = f"Row {row.row}: {_called(row)} from {row.from_packs} stands here twice."
            errors.append(FieldError(f"rows.{index}", said))
        groups[key].append(row)
        meant[key] = thing
    if errors:
        raise Invalid.of(errors)
    found = [_compared(same, meant[key]) for key, same in groups.items()]
    named = {line.item_id for line in found}
    return [*found, *_missing(items, named)]


def _missing(items: Iterable[KnownItem], named: set[int | None]) -> Iterator[Compared]:
    for item in items:
        if item.item_id not in named:
            yield Compared(
                None,
                LineKind.MISSING,
                item.code,
                item.product_name,
                item.item_id,
                item.pack_id,
                item.steps,
                (),
            )


def _compared(rows: list[PriceRow], thing: KnownItem | KnownPack | None) -> Compared:
    after = tuple(sorted((row.from_packs, row.price_e4) for row in rows))
    first = rows[0]
    code = first.code or first.product or first.gtin
    if thing is None:
        return Compared(first.row, LineKind.UNKNOWN, code, first.name, None, None, (), after)
    if isinstance(thing, KnownPack):
        return Compared(
            first.row,
            LineKind.NEW,
            code,
            first.name or thing.product_name,
            None,
            thing.pack_id,
            (),
            after,
        )
    kind = LineKind.SAME if thing.steps == after else LineKind.CHANGED
    return Compared(
        first.row,
        kind,
        thing.code,
        thing.product_name,
        thing.item_id,
        thing.pack_id,
        thing.steps,
        after,
    )


def _called(row: PriceRow) -> str:
    return row.code or row.gtin or row.product


class _Matcher:
    def __init__(self, items: Sequence[KnownItem], packs: Sequence[KnownPack]) -> None:
        self.by_code = _grouped((item.code.casefold(), item) for item in items)
        self.by_gtin = _grouped((item.gtin, item) for item in items if item.gtin)
        self.by_product = _grouped((item.product.casefold(), item) for item in items)
        self.packs_by_gtin = _grouped((pack.gtin, pack) for pack in packs if pack.gtin)
        self.packs_by_product = _grouped((pack.product.casefold(), pack) for pack in packs)

    def find(self, row: PriceRow) -> KnownItem | KnownPack | None:
        """What the row means; ValueError with a reason where it could be several things."""
        for table, key in (
            (self.by_code, row.code.casefold()),
            (self.by_gtin, row.gtin),
        ):
            if key and (found := _in_pack(table.get(key, []), row.pack)):
                return _only(found, key)
        ours = self.by_product.get(row.product.casefold(), []) if row.product else []
        # Our own SKU with a pack means that pack and no other; the supplier's code may call packs by its own names.
        if found := [item for item in ours if not row.pack or _is_pack(item, row.pack)]:
            return _only(found, row.product)
        if row.gtin and (offered := self.packs_by_gtin.get(row.gtin)):
            return offered[0]
        packs = self.packs_by_product.get(row.product.casefold(), []) if row.product else []
        if row.pack:
            return next((pack for pack in packs if _is_pack(pack, row.pack)), None)
        return next((pack for pack in packs if pack.is_sales_pack), None)


def _in_pack(found: list[KnownItem], pack: str) -> list[KnownItem]:
    if len(found) < 2 or not pack:
        return found
    return [item for item in found if _is_pack(item, pack)]


def _is_pack(thing: KnownItem | KnownPack, pack: str) -> bool:
    return thing.pack.casefold() == pack.casefold()


def _only(found: list[KnownItem], key: str) -> KnownItem:
    if len(found) > 1:
        packs = ", ".join(item.pack for item in found)
        raise ValueError(f"{key} is sold in several packs ({packs}); name the pack.")
    return found[0]


def _grouped(pairs: Iterable[tuple[str, T]]) -> Mapping[str, list[T]]:
    found: defaultdict[str, list[T]] = defaultdict(list)
    for key, thing in pairs:
        found[key].append(thing)
    return found
