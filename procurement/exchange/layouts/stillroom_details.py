"""What a row of our own layout says below its product: a pack, a price, a source, a stocking rule, an opening stock."""

from collections.abc import Callable
from dataclasses import replace
from enum import StrEnum
from typing import TypeVar

from procurement.catalogue.terms import OrderRuleDraft, PackDraft
from procurement.exchange import cells
from procurement.exchange.cells import BadCell
from procurement.exchange.layouts.base import Line
from procurement.exchange.records import (
    At,
    OpeningDraft,
    PriceDraft,
    RuleDraft,
    SupplierDraft,
    SupplierItemDraft,
)
from procurement.exchange.slugs import code_of
from procurement.kernel.db import MAX_MINOR
from procurement.kernel.money import minor_digits
from procurement.kernel.quantity import Quantity, Unit, plain
from procurement.sourcing.terms import BreakScheme, Standing

K = TypeVar("K")
D = TypeVar("D")
W = TypeVar("W", bound=StrEnum)
_RULE = ("order_least", "order_step", "order_most")


def thousandths(line: Line, name: str, step: str) -> int | None:
    """A weight in grams, or grams per millilitre, as whole thousandths."""
    figure = line.decimal(name)
    if figure is None:
        return None
    found = figure * 1000
    if found <= 0 or found != found.to_integral_value():
        line.blame(name, f"is not more than nothing in whole {step}")
        return None
    return int(found)


def word(line: Line, name: str, words: type[W]) -> W | None:
    """One of our own words, however it is written: "All units" is `all_units`."""
    written = line.text(name).strip().lower().replace(" ", "_").replace("-", "_")
    if not written:
        return None
    try:
        return words(written)
    except ValueError:
        line.blame(name, f"is not one of {', '.join(words)}")
        return None


def minor_units(line: Line, name: str, currency: str | None) -> int | None:
    """A sum of money in its currency's smallest unit."""
    figure = line.decimal(name)
    if figure is None or currency is None:
        return None
    minor = figure.scaleb(minor_digits(currency))
    if minor != minor.to_integral_value() or minor > MAX_MINOR:
        line.blame(name, f"is not an amount of {currency}")
        return None
    return int(minor)


class Details:
    """Read everything first, take it only when the whole row is good."""

    def __init__(self, line: Line, sku: str, unit: Unit | None) -> None:
        self.line = line
        self.harvest = line.sheet.harvest
        self.sku = sku
        self.unit = unit
        self.pack = ""  # none named: the product's sales pack
        self.found: list[Callable[[], None]] = []

    def read(self) -> None:
        self._pack()
        self._price()
        self._source()
        self._rule()
        self._opening()

    def take(self) -> None:
        for put in self.found:
            put()

    def _put(self, shelf: dict[K, At[D]], key: K, draft: D, name: str) -> None:
        """Take it with the row; said again alike it adds nothing, said otherwise the row is wrong."""
        before = shelf.get(key)
        if before is None:
            self.found.append(lambda: shelf.update({key: At(self.line.number, draft)}))
        elif before.draft != draft:
            self.line.blame(name, f"differs from row {before.row} of the same SKU")

    def _pack(self) -> None:
        line = self.line
        self.pack = line.code("pack_code")
        if not line.has("pack_size"):
            self._barcode_alone()
            return
        written = line.text("pack_unit") or (self.unit.value if self.unit else "")
        if not written:
            line.blame("pack_unit", "is missing")
            return
        size = self._quantity("pack_size", written)
        if size is None:
            return
        self.pack = self.pack or code_of(f"{line.text('pack_size')} {written}", 24)
        name = line.text("pack_name") or f"{line.text('pack_size')} {written}"
        self._add_pack(
            PackDraft(
                self.sku,
                self.pack,
                name,
                size.steps,
                self._gtin(),
                line.flag("sales_pack"),
                size.unit,
                thousandths(line, "tare", "mg"),
                rule=self._rule_of_pack(),
            )
        )

    def _barcode_alone(self) -> None:
        """A barcode, a tare or a rule without a pack size belongs to the pack named, or to the sales pack."""
        if any(self.line.has(name) for name in ("gtin", "tare", *_RULE)):
            self._add_pack(
                PackDraft(
                    self.sku,
                    self.pack,
                    gtin=self._gtin() if self.line.has("gtin") else None,
                    is_sales_pack=self.line.flag("sales_pack"),
                    tare=thousandths(self.line, "tare", "mg"),
                    rule=self._rule_of_pack(),
                )
            )

    def _rule_of_pack(self) -> OrderRuleDraft:
        return OrderRuleDraft(*(self.line.whole(name, least=1, most=1_000_000) for name in _RULE))

    def _add_pack(self, draft: PackDraft) -> None:
        self._put(self.harvest.packs, (self.sku, draft.code), draft, "pack_code")

    def _gtin(self) -> str | None:
        try:
            return cells.gtin(self.line.raw("gtin"))
        except BadCell as bad:
            offered = cells.offered_gtin(self.line.raw("gtin"))
            if offered and self.line.sheet.options.accept_barcodes:
                return cells.gtin(offered)
            self.line.blame("gtin", f"{bad}" + (f"; {offered} would be valid" if offered else ""))
            return None

    def _price(self) -> None:
        line = self.line
        currency = line.currency("currency", line.sheet.options.currency)
        if not line.has("price") or currency is None:
            return
        price = line.price("price", currency)
        from_packs = line.whole("from_packs", least=1) or 1
        if price is None:
            return
        code = line.code("price_list") or currency
        draft = PriceDraft(self.sku, self.pack, code, currency, from_packs, price)
        self._put(self.harvest.prices, (self.sku, self.pack, code, from_packs), draft, "price")

    def _source(self) -> None:
        line = self.line
        name = line.text("supplier")
        if not name:
            return
        code = (
            name
            if len(name) <= cells.CODE_MOST and not line.has("supplier_name")
            else code_of(name)
        )
        currency = line.currency("supplier_currency", line.sheet.options.currency)
        price = line.price("supplier_price", currency) if currency else None
        from_packs = line.whole("supplier_from_packs", least=1) or 1
        draft = SupplierItemDraft(
            supplier=code,
            sku=self.sku,
            pack=line.code("supplier_pack") or self.pack,
            code=line.code("supplier_code"),
            moq=line.whole("moq", least=1),
            multiple=line.whole("multiple", least=1),
            lead_time_days=line.whole("lead_time_days", most=3650),
            currency=currency if line.has("supplier_currency") else None,
            price_breaks=None if price is None else ((from_packs, price),),
            scheme=word(line, "break_scheme", BreakScheme),
            guaranteed_days=line.whole("guaranteed_days", least=1, most=36_500),
            blocked=line.flag("blocked"),
        )
        supplier = self._supplier(code, draft.currency, currency)
        self.found.append(
            lambda: self.harvest.suppliers.update(
                {code: self.harvest.suppliers.get(code, At(line.number, supplier))}
            )
        )
        self._put_source((code, self.sku, draft.pack), draft)

    def _supplier(self, code: str, said: str | None, currency: str | None) -> SupplierDraft:
        """The supplier by the first row that names it; sums are in its currency."""
        line = self.line
        return SupplierDraft(
            code,
            line.text("supplier_name") or line.text("supplier"),
            said,
            standing=word(line, "supplier_standing", Standing),
            minimum_minor=minor_units(line, "supplier_minimum", currency),
            freight_minor=minor_units(line, "supplier_freight", currency),
            free_from_minor=minor_units(line, "supplier_free_from", currency) or None,
        )

    def _put_source(self, key: tuple[str, str, str], draft: SupplierItemDraft) -> None:
        """Further rows of one source add price breaks and nothing else."""
        before = self.harvest.supplier_items.get(key)
        if before is None:
            self._put(self.harvest.supplier_items, key, draft, "supplier")
            return
        known = dict(before.draft.price_breaks or ())
        added = dict(draft.price_breaks or ())
        if any(known.get(start, price) != price for start, price in added.items()):
            self.line.blame(
                "supplier_price", f"differs from row {before.row} for the same quantity"
            )
        elif not added.keys() - known.keys():
            return
        else:
            breaks = tuple(sorted({**known, **added}.items()))
            merged = At(before.row, replace(before.draft, price_breaks=breaks))
            self.found.append(lambda: self.harvest.supplier_items.update({key: merged}))

    def _rule(self) -> None:
        line = self.line
        if not line.has("par_level") and not line.has("reorder_point"):
            return
        location = line.code("location") or line.sheet.options.location
        par, point = line.decimal("par_level"), line.decimal("reorder_point")
        if location is None:
            line.blame("location", "is missing; one location can be said for all")
        elif par is not None and point is not None and point > par:
            line.blame("reorder_point", "is above the par level")
        elif par is not None or point is not None:
            low = plain(next(amount for amount in (point, par) if amount is not None))
            high = plain(next(amount for amount in (par, point) if amount is not None))
            draft = RuleDraft(self.sku, location, high, low)
            self._put(self.harvest.rules, (location, self.sku), draft, "location")

    def _opening(self) -> None:
        line = self.line
        amount = line.decimal("opening")
        location = line.code("location") or line.sheet.options.location
        if amount is None or not amount:
            return
        if location is None:
            line.blame("location", "is missing; one location can be said for all")
            return
        draft = OpeningDraft(self.sku, location, plain(amount))
        self._put(self.harvest.openings, (self.sku, location), draft, "opening")

    def _quantity(self, name: str, unit: str) -> Quantity | None:
        try:
            size = Quantity.parse(
                plain(cells.number(self.line.raw(name), self.line.sheet.mark)), unit.lower()
            )
        except BadCell as bad:
            self.line.blame(name, str(bad))
            return None
        except ValueError as error:
            self.line.blame(name, cells.reason_of(error))
            return None
        if size.steps <= 0:
            self.line.blame(name, "is nothing")
        elif self.unit is not None and size.unit is not self.unit:
            self.line.blame(name, f"is in {size.unit}, the product is counted in {self.unit}")
        return size
