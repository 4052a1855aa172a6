"""A harvest against what is there: rows that name nothing, contradict what is kept, or clash are refused here."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from procurement.catalogue.rules.drafts import objections, sales_pack_code, unit_of
from procurement.catalogue.terms import Kind
from procurement.exchange.records import At, Harvest
from procurement.exchange.taking.world import World, drafts_of
from procurement.kernel.quantity import Quantity, Unit

ColumnOf = Callable[[str], str]


def check(harvest: Harvest, world: World, column_of: ColumnOf) -> None:
    """Refuse what cannot be taken, until what is left agrees with itself."""
    checker = _Checker(harvest, world, column_of)
    while checker.round():
        pass
    _drop_empty_families(harvest, world)


class _Checker:
    def __init__(self, harvest: Harvest, world: World, column_of: ColumnOf) -> None:
        self.harvest = harvest
        self.world = world
        self.column_of = column_of
        self.sales_packs: dict[str, str | None] = {}
        self.lists = dict(world.price_lists)
        self.refused = {refusal.row for refusal in harvest.refused}

    def round(self) -> bool:
        """One pass over everything; whether any row was refused in it."""
        self.sales_packs = sales_packs(self.harvest, self.world)
        found: dict[int, tuple[str, str]] = {}
        for row, field, reason in self._objections():
            found.setdefault(row, (field, reason))
        for row, (field, reason) in sorted(found.items()):
            if row not in self.refused:
                self.harvest.refuse(row, self.column_of(field), reason)
                self.refused.add(row)
        return bool(self._drop(found.keys()))

    def _drop(self, rows: Any) -> int:
        """Take the rows' drafts out. A refused supplier or product takes with it what hangs on it, next round."""
        dropped = 0
        for shelf in self._shelves():
            stale = [key for key, at in shelf.items() if at.row in rows]
            for key in stale:
                del shelf[key]
            dropped += len(stale)
        return dropped

    def _shelves(self) -> Iterator[dict[Any, At[Any]]]:
        harvest = self.harvest
        yield harvest.products
        yield harvest.packs
        yield harvest.prices
        yield harvest.supplier_items
        yield harvest.rules
        yield harvest.locations
        yield harvest.openings
        if "supplier" in harvest.subjects:
            yield harvest.suppliers

    def _objections(self) -> Iterator[tuple[int, str, str]]:
        yield from self._against_catalogue()
        yield from self._against_prices()
        yield from self._against_items()
        yield from self._against_rules()
        yield from self._against_openings()
        yield from self._against_locations()

    def _against_catalogue(self) -> Iterator[tuple[int, str, str]]:
        for one in objections(self.world.catalogue, drafts_of(self.harvest)):
            if one.pack is None:
                yield self.harvest.products[one.sku].row, one.field, one.reason
            else:
                yield self.harvest.packs[one.sku, one.pack].row, one.field, one.reason

    def _unit(self, sku: str) -> Unit | None:
        """What the product is counted in; None when there is no such product."""
        known, at = self.world.catalogue.products.get(sku), self.harvest.products.get(sku)
        if known is None and at is None:
            return None
        return unit_of(known, at.draft if at else None)

    def _has_pack(self, sku: str, code: str) -> bool:
        known = self.world.catalogue.products.get(sku)
        if (sku, code) in self.harvest.packs or (known is not None and code in known.packs):
            return True
        sales_pack = self.sales_packs.get(sku)
        return sales_pack is not None and code in {"", sales_pack}

    def _no_pack(self, sku: str, code: str) -> tuple[str, str] | None:
        if self._unit(sku) is None:
            return "sku", f"there is no product {sku}"
        if not self._has_pack(sku, code):
            return (
                "pack_code",
                f"{sku} has no pack {code}" if code else f"{sku} has no pack to put it on",
            )
        return None

    def _against_prices(self) -> Iterator[tuple[int, str, str]]:
        for at in self.harvest.prices.values():
            if wrong := self._no_pack(at.draft.sku, at.draft.pack):
                yield at.row, *wrong
            code, currency = at.draft.price_list, at.draft.currency
            listed = self.lists.setdefault(code, currency)
            if listed != currency:
                yield at.row, "currency", f"is {currency}; the price list {code} is in {listed}"

    def _against_items(self) -> Iterator[tuple[int, str, str]]:
        for at in self.harvest.supplier_items.values():
            item = at.draft
            if wrong := self._no_pack(item.sku, item.pack):
                yield at.row, *wrong
            supplier = self.harvest.suppliers.get(item.supplier)
            known = self.world.supplier(supplier.draft) if supplier else None
            if known and item.currency and item.currency != known.currency:
                yield (
                    at.row,
                    "supplier_currency",
                    f"is {item.currency}; prices of {known.name} are in {known.currency}",
                )

    def _against_rules(self) -> Iterator[tuple[int, str, str]]:
        for at in self.harvest.rules.values():
            rule = at.draft
            if wrong := self._nowhere(rule.location):
                yield at.row, "location", wrong
            unit = self._unit(rule.sku)
            if unit is None:
                yield at.row, "sku", f"there is no product {rule.sku}"
                continue
            for field, amount in (
                ("par_level", rule.par_level),
                ("reorder_point", rule.reorder_point),
            ):
                if wrong := unfit(amount, unit):
                    yield at.row, field, wrong

    def _against_openings(self) -> Iterator[tuple[int, str, str]]:
        for at in self.harvest.openings.values():
            opening = at.draft
            if wrong := self._nowhere(opening.location):
                yield at.row, "location", wrong
            unit = self._unit(opening.sku)
            if unit is None:
                yield at.row, "sku", f"there is no product {opening.sku}"
                continue
            if self._kind(opening.sku) is Kind.SERVICE:
                yield at.row, "opening", "is given for a service, which has no stock"
            if wrong := unfit(opening.amount, unit):
                yield at.row, "opening", wrong

    def _kind(self, sku: str) -> Kind | None:
        known, at = self.world.catalogue.products.get(sku), self.harvest.products.get(sku)
        return (at.draft.kind if at else None) or (known.kind if known else None)

    def _nowhere(self, code: str) -> str | None:
        known = self.world.locations.get(code)
        if (known is None and code not in self.harvest.locations) or (
            known and not known.kind.is_physical
        ):
            return f"there is no room or storeroom {code}"
        return None

    def _against_locations(self) -> Iterator[tuple[int, str, str]]:
        for code, at in self.harvest.locations.items():
            known = self.world.locations.get(code)
            if known is not None and known.kind is not at.draft.kind:
                kind = known.kind.replace("_", " ")
                yield at.row, "type", f"{code} is a {kind} here; that cannot change"


def sales_packs(harvest: Harvest, world: World) -> dict[str, str | None]:
    """The code of each product's sales pack as it will be."""
    drafts = drafts_of(harvest)
    packs = drafts.packs_of()
    found: dict[str, str | None] = {}
    for sku in {*world.catalogue.products, *harvest.products}:
        known = world.catalogue.products.get(sku)
        unit = unit_of(known, drafts.products.get(sku))
        found[sku] = sales_pack_code(known, packs.get(sku, ()), unit)
    return found


def quantity(amount: str, unit: Unit) -> Quantity:
    """A checked amount in its product's unit."""
    return Quantity(int(Decimal(amount) * unit.steps), unit)


def unfit(amount: str, unit: Unit) -> str | None:
    try:
        Quantity.parse(amount, unit.value)
    except ValueError as error:
        return str(error).rstrip(".").lower()
    return None


def _drop_empty_families(harvest: Harvest, world: World) -> None:
    """A new family all of whose variants were refused is not made."""
    used = {at.draft.family for at in harvest.products.values()}
    for code in list(harvest.families):
        if code not in used and code not in world.catalogue.families:
            del harvest.families[code]
