"""What stands on a label: of a product, a lot, an opened or decanted bottle, a room. A few statements for all."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from urllib.parse import quote, urlencode

from sqlalchemy import select
from sqlalchemy.orm import aliased

from procurement.catalogue.models import Pack, Product
from procurement.catalogue.queries.compositions import compositions, safety_rules
from procurement.catalogue.rules.allergens import allergens_in
from procurement.catalogue.terms import Composition, SafetyRules
from procurement.documents.figures import Figures, figures
from procurement.documents.label_content import Label, Symbol, SymbolKind
from procurement.kernel.clock import today_in
from procurement.kernel.db import ReadSession
from procurement.kernel.errors import FieldError, Invalid, NotFound
from procurement.purchasing.queries.receipts import receipt_page
from procurement.settings.queries import get_company
from procurement.stock.models import Balance, Location, Lot, Site
from procurement.stock.queries.places import places, sites

# What a GS1 lot may be written with; every other lot gets a code with our own address.
_GS1_LOT = re.compile(r"[!-\"%-?A-Z_a-z]{1,20}", re.ASCII)


class LabelKind(StrEnum):
    """What a label can be of."""

    PRODUCT = "product"
    LOT = "lot"
    CONTAINER = "container"
    LOCATION = "location"


@dataclass(frozen=True, slots=True)
class LabelWanted:
    """A label that somebody wants. A lot is named with its product; a product without a pack means its sales pack."""

    kind: LabelKind
    name: str
    product: str | None = None
    pack: str | None = None
    copies: int = 1


def labels(session: ReadSession, wanted: Sequence[LabelWanted], *, base: str) -> list[Label]:
    """In the order asked for. `base` is our address, for codes that lead here. Raises Invalid for what is not there."""
    maker = _Maker(session, wanted, base)
    found: list[Label] = []
    missing: list[FieldError] = []
    for index, one in enumerate(wanted):
        label = maker.label(one)
        if label is None:
            missing.append(FieldError(f"labels.{index}.name", f"There is no {_named(one)}."))
        else:
            found.append(replace(label, copies=one.copies))
    if missing:
        raise Invalid.of(missing)
    return found


def labels_of_site(session: ReadSession, code: str) -> list[LabelWanted]:
    """Every room and shelf of a site. Raises NotFound."""
    if all(site.code != code for site in sites(session)):
        raise NotFound(f"There is no site {code}.")
    return [LabelWanted(LabelKind.LOCATION, place.code) for place in places(session, site=code)]


def labels_of_receipt(session: ReadSession, number: str, *, per_pack: bool) -> list[LabelWanted]:
    """Every lot that a delivery brought: once, or once for each pack. Raises NotFound."""
    copies: defaultdict[tuple[str, str], int] = defaultdict(int)
    for line in receipt_page(session, number).lines:
        if line.lot is not None:
            copies[line.product, line.lot] += line.packs
    return [
        LabelWanted(LabelKind.LOT, lot, product, copies=packs if per_pack else 1)
        for (product, lot), packs in copies.items()
    ]


def _named(one: LabelWanted) -> str:
    words = {LabelKind.CONTAINER: "opened container", LabelKind.LOCATION: "room"}
    what = f"{words.get(one.kind, one.kind)} {one.name}"
    if one.kind is LabelKind.LOT:
        return f"{what} of {one.product or 'no product named'}"
    return f"{what} with a pack {one.pack}" if one.pack else what


@dataclass(frozen=True, slots=True)
class _Lot:
    """A lot, or a container, with what its label says."""

    lot: Lot
    product: Product
    pack: Pack | None  # the container it stands in
    batch: str | None  # of a container: the sealed lot it came from
    place: str | None
    zone: str


class _Maker:
    """Everything wanted is loaded at once; then each label is worded."""

    def __init__(self, session: ReadSession, wanted: Sequence[LabelWanted], base: str) -> None:
        self.session = session
        self.base = base
        self.company = get_company(session)
        self.written: Figures = figures(self.company.locale)
        names = defaultdict(set)
        for one in wanted:
            names[one.kind].add(one.name)
        self.lots = self._lots(names[LabelKind.LOT] | names[LabelKind.CONTAINER])
        held = {row.product.id for row in self.lots}
        self.products = self._products(names[LabelKind.PRODUCT], held)
        self.packs = self._packs({product.id for product in self.products.values()})
        filled = {row.product.id for row in self.lots if row.lot.decanted_at is not None}
        self.compositions = compositions(session, filled)
        self.rules = safety_rules(session)
        self.places = self._places(names[LabelKind.LOCATION])

    def label(self, one: LabelWanted) -> Label | None:
        if one.kind is LabelKind.PRODUCT:
            return self._product(one)
        if one.kind is LabelKind.LOCATION:
            return self._location(one.name)
        for row in self.lots:
            if row.lot.number != one.name:
                continue
            is_container = row.lot.parent_id is not None
            if one.kind is LabelKind.CONTAINER and is_container:
                return self._container(row)
            if one.kind is LabelKind.LOT and row.product.sku == one.product:
                return self._container(row) if is_container else self._lot(row)
        return None

    # Loading

    def _lots(self, numbers: set[str]) -> list[_Lot]:
        if not numbers:
            return []
        container = aliased(Pack)
        rows = self.session.execute(
            select(Lot, Product, container)
            .join(Product, Product.id == Lot.product_id)
            .outerjoin(container, container.id == Lot.container_pack_id)
            .where(Lot.number.in_(numbers))
            .order_by(Lot.id)
        ).all()
        stands = self._stands({row[0].id for row in rows if row[0].parent_id is not None})
        batches = self._batches([row[0] for row in rows])
        nowhere = (None, self.company.time_zone)
        return [
            _Lot(lot, product, pack, batches.get(lot.id), *stands.get(lot.id, nowhere))
            for lot, product, pack in rows
        ]

    def _batches(self, lots: Iterable[Lot]) -> dict[int, str]:
        """The sealed lot that a container came from, however often it was filled from another: a statement a step."""
        above = {lot.id: lot.parent_id for lot in lots if lot.parent_id is not None}
        found: dict[int, str] = {}
        while above:
            rows = self.session.execute(
                select(Lot.id, Lot.number, Lot.parent_id).where(Lot.id.in_(set(above.values())))
            )
            known = {key: (number, parent) for key, number, parent in rows}
            for lot, key in list(above.items()):
                number, parent = known[key]
                if parent is None:
                    found[lot] = number
                    del above[lot]
                else:
                    above[lot] = parent
        return found

    def _stands(self, lots: set[int]) -> dict[int, tuple[str | None, str]]:
        if not lots:
            return {}
        rows = self.session.execute(
            select(Balance.lot_id, Location.name, Site.time_zone)
            .join(Location, Location.id == Balance.location_id)
            .outerjoin(Site, Site.id == Location.site_id)
            .where(Balance.lot_id.in_(lots), Balance.on_hand > 0)
        )
        return {lot: (name, zone or self.company.time_zone) for lot, name, zone in rows}

    def _products(self, skus: set[str], ids: set[int]) -> dict[str, Product]:
        if not skus and not ids:
            return {}
        statement = select(Product).where(Product.sku.in_(skus) | Product.id.in_(ids))
        return {product.sku: product for product in self.session.scalars(statement)}

    def _packs(self, products: set[int]) -> dict[int, list[Pack]]:
        found: defaultdict[int, list[Pack]] = defaultdict(list)
        if products:
            statement = select(Pack).where(Pack.product_id.in_(products)).order_by(Pack.position)
            for pack in self.session.scalars(statement):
                found[pack.product_id].append(pack)
        return found

    def _places(self, codes: set[str]) -> dict[str, Any]:
        if not codes:
            return {}
        rows = self.session.execute(
            select(Location.code, Location.name, Site.name)
            .outerjoin(Site, Site.id == Location.site_id)
            .where(Location.code.in_(codes), Location.is_physical)
        )
        return {code: (name, site) for code, name, site in rows}

    # Wording

    def _product(self, one: LabelWanted) -> Label | None:
        product = self.products.get(one.name)
        if product is None:
            return None
        pack = _pack(self.packs[product.id], one.pack)
        if pack is None and one.pack:
            return None
        symbol = barcode(pack.gtin if pack else None, product.sku)
        gtin = pack.gtin if pack else None
        return Label(
            title=product.name,
            facts=(pack.name,) if pack else (),
            notes=() if symbol.text == product.sku else (product.sku,),
            symbol=symbol,
            under=symbol.text if gtin or symbol.kind is SymbolKind.CODE_128 else "",
        )

    def _lot(self, row: _Lot) -> Label:
        lot, product = row.lot, row.product
        pack = row.pack or _pack(self.packs[product.id], None)
        facts = [f"Lot {lot.number}"]
        if lot.expires_on:
            facts.append(f"Use by {self._day(lot.expires_on)}")
        notes = [" · ".join(part for part in (product.sku, pack.name if pack else "") if part)]
        if lot.supplier_lot and lot.supplier_lot != lot.number:
            notes.append(f"Supplier's lot {lot.supplier_lot}")
        return Label(
            title=product.name,
            facts=tuple(facts),
            notes=tuple(notes),
            symbol=self._lot_symbol(row, pack),
        )

    def _lot_symbol(self, row: _Lot, pack: Pack | None) -> Symbol:
        """GS1 for every scanner in the trade; where that cannot say it, our own address."""
        number, expires_on = row.lot.number, row.lot.expires_on
        if pack is not None and pack.gtin and _GS1_LOT.fullmatch(number) and "(" not in number:
            until = f"(17){expires_on:%y%m%d}" if expires_on else ""
            return Symbol(SymbolKind.GS1_DATAMATRIX, f"(01){pack.gtin}{until}(10){number}")
        asked = urlencode({"p": row.product.sku, "l": number})
        return Symbol(SymbolKind.QR, f"{self.base}/s?{asked}")

    def _container(self, row: _Lot) -> Label:
        lot, product = row.lot, row.product
        notes: list[str] = []
        small = ""
        if lot.decanted_at is not None:
            after = product.period_after_opening_months
            said = [f"Filled {self._on(lot.decanted_at, row.zone)}"]
            said += [f"{after}M after opening"] if after else []
            until = f", expires {self._day(lot.expires_on)}" if lot.expires_on else ""
            notes += [" · ".join(said), f"Lot {row.batch}{until}"]
            small = ingredients_said(self.compositions[product.id], self.rules)
        elif lot.opened_at is not None:
            notes += [f"Opened {self._on(lot.opened_at, row.zone)}", f"Lot {row.batch}"]
        if row.place:
            notes.append(row.place)
        return Label(
            head=lot.number,
            title=product.name,
            facts=(f"Use by {self._day(lot.use_by)}",) if lot.use_by else (),
            notes=tuple(notes),
            small=small,
            symbol=Symbol(SymbolKind.QR, f"{self.base}/b/{quote(lot.number, safe='')}"),
        )

    def _location(self, code: str) -> Label | None:
        if code not in self.places:
            return None
        name, site = self.places[code]
        return Label(
            title=name,
            notes=tuple(dict.fromkeys(part for part in (site, code) if part and part != name)),
            small="Scan to see what is here",
            symbol=Symbol(SymbolKind.QR, f"{self.base}/r/{quote(code, safe='')}"),
        )

    def _day(self, day: date | None) -> str:
        return self.written.short_date(day) if day else ""

    def _on(self, moment: datetime, zone: str) -> str:
        return self._day(today_in(zone, moment))


def barcode(gtin: str | None, sku: str) -> Symbol:
    """The trade's own code where there is one: the shortest that holds the GTIN; else the SKU."""
    if gtin is None:
        plain = sku.isascii() and sku.isprintable()
        return Symbol(SymbolKind.CODE_128 if plain else SymbolKind.QR, sku)
    if gtin[0] != "0":
        return Symbol(SymbolKind.ITF_14, gtin)
    if gtin.startswith("000000"):
        return Symbol(SymbolKind.EAN_8, gtin[6:])
    return Symbol(SymbolKind.EAN_13, gtin[1:])


def ingredients_said(made_of: Composition, rules: SafetyRules) -> str:
    """Allergens first, so that a small label leaves out anything else before them."""
    allergens = ", ".join(allergens_in(made_of, rules))
    listed = f"Ingredients: {', '.join(made_of.names)}." if made_of.names else ""
    return " ".join(
        part for part in (f"Contains {allergens}." if allergens else "", listed) if part
    )


def _pack(packs: list[Pack], code: str | None) -> Pack | None:
    if code:
        return next((pack for pack in packs if pack.code == code), None)
    return next((pack for pack in packs if pack.is_sales_pack), packs[0] if packs else None)
