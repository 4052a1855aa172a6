"""A checked harvest into the house, context by context, through their operations."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.catalogue.operations.saving import Saved, save_products
from procurement.exchange.records import Harvest, SupplierItemDraft
from procurement.exchange.slugs import marked_code_of
from procurement.exchange.taking.checking import quantity
from procurement.exchange.taking.pricing import save_prices
from procurement.exchange.taking.world import World, company_currency, company_zone, drafts_of
from procurement.kernel.actor import Actor
from procurement.kernel.permissions import Permission
from procurement.kernel.quantity import Unit
from procurement.sourcing.operations.sources import (
    ItemInList,
    SupplierInList,
    SuppliersSaved,
    save_supplier_items,
    save_suppliers,
)
from procurement.stock.models import Balance
from procurement.stock.operations.places import (
    CreateLocation,
    CreateSite,
    RenameLocation,
    create_location,
    create_site,
    rename_location,
)
from procurement.stock.operations.posting import PostStock, StockMove, post_stock
from procurement.stock.operations.stocking import SetStockingRule, set_stocking_rules
from procurement.stock.terms import Reason


@dataclass(slots=True)
class Counts:
    created: int = 0
    updated: int = 0
    unchanged: int = 0


@dataclass(slots=True)
class Applied:
    """What was done, kind by kind."""

    counts: dict[str, Counts] = field(default_factory=dict)
    touched: set[str] = field(
        default_factory=set
    )  # SKUs of which something below the product changed

    def note(self, kind: str, total: int, created: int, updated: int) -> None:
        if total:
            self.counts[kind] = Counts(created, updated, total - created - updated)


class Applying:
    """One run: the session, who asks, and what is there."""

    def __init__(
        self, session: Session, harvest: Harvest, world: World, *, actor: Actor, at: datetime
    ) -> None:
        self.session, self.harvest, self.world = session, harvest, world
        self.actor, self.at = actor, at
        self.applied = Applied()

    def run(self) -> Applied:
        self._locations()
        saved = self._products()
        self._prices(saved)
        self._items(saved, self._suppliers())
        self._rules()
        self._openings()
        self._note_products(saved)
        return self.applied

    def _products(self) -> Saved:
        harvest = self.harvest
        drafts = drafts_of(harvest)
        if not drafts.products and not drafts.packs:
            return Saved(
                product_ids={sku: one.id for sku, one in self.world.catalogue.products.items()},
                pack_ids={
                    (sku, pack.code): pack.id
                    for sku, one in self.world.catalogue.products.items()
                    for pack in one.packs.values()
                },
                sales_packs={
                    sku: one.sales_pack.code
                    for sku, one in self.world.catalogue.products.items()
                    if one.sales_pack
                },
            )
        families = {code: at.draft for code, at in harvest.families.items()}
        return save_products(
            self.session, families, drafts, actor=self.actor, at=self.at, known=self.world.catalogue
        )

    def _note_products(self, saved: Saved) -> None:
        harvest = self.harvest
        updated = (saved.updated | self.applied.touched) & harvest.products.keys() - saved.created
        self.applied.note("product", len(harvest.products), len(saved.created), len(updated))
        self.applied.note(
            "family",
            len(harvest.families),
            len(saved.families_created & harvest.families.keys()),
            len(saved.families_updated),
        )

    def _prices(self, saved: Saved) -> None:
        prices = [at.draft for at in self.harvest.prices.values()]
        if not prices:
            return
        changes = save_prices(self.session, prices, saved, actor=self.actor, at=self.at)
        self.applied.touched |= changes.touched
        self.applied.note("price", len(prices), changes.created, changes.updated)

    def _suppliers(self) -> SuppliersSaved:
        currency = company_currency(self.session)
        wanted = []
        taken = set(self.world.suppliers)
        for key, at in self.harvest.suppliers.items():
            draft = at.draft
            known = self.world.supplier(draft)
            code = known.code if known else draft.code
            if known is None and code in taken:
                code = marked_code_of(draft.name)
            taken.add(code)
            wanted.append(
                SupplierInList(
                    key=key,
                    code=code,
                    name=draft.name,
                    currency=known.currency if known else draft.currency or currency,
                    address=draft.address or None,
                    active=draft.active,
                    standing=draft.standing,
                    minimum_minor=draft.minimum_minor,
                    freight_minor=draft.freight_minor,
                    free_from_minor=draft.free_from_minor,
                    id=known.id if known else None,
                )
            )
        if not wanted:
            return SuppliersSaved()
        saved = save_suppliers(self.session, wanted, actor=self.actor)
        self.applied.note("supplier", len(wanted), len(saved.created), len(saved.updated))
        return saved

    def _items(self, saved: Saved, suppliers: SuppliersSaved) -> None:
        items = [
            self._item(at.draft, saved, suppliers) for at in self.harvest.supplier_items.values()
        ]
        if not items:
            return
        changes = save_supplier_items(self.session, items, actor=self.actor, at=self.at)
        self.applied.note("supplier_item", len(items), len(changes.created), len(changes.updated))
        skus = {key: sku for sku, key in saved.product_ids.items()}
        self.applied.touched |= {
            skus[product_id] for _, product_id, _ in changes.created | changes.updated
        }

    def _item(
        self, draft: SupplierItemDraft, saved: Saved, suppliers: SuppliersSaved
    ) -> ItemInList:
        pack = (draft.sku, draft.pack or saved.sales_packs[draft.sku])
        moq = draft.moq
        if moq is None and draft.moq_steps is not None:
            size = saved.pack_sizes[pack] if pack in saved.pack_sizes else self._size(*pack)
            moq = -(-draft.moq_steps // size)
        return ItemInList(
            supplier_id=suppliers.ids[draft.supplier],
            product_id=saved.product_ids[draft.sku],
            pack_id=saved.pack_ids[pack],
            code=draft.code or draft.sku,
            moq=moq,
            multiple=draft.multiple,
            lead_time_days=draft.lead_time_days,
            price_breaks=draft.price_breaks,
            scheme=draft.scheme,
            guaranteed_days=draft.guaranteed_days,
            blocked=draft.blocked,
        )

    def _size(self, sku: str, code: str) -> int:
        return self.world.catalogue.products[sku].packs[code].size_steps

    def _unit(self, sku: str) -> Unit:
        known = self.world.catalogue.products.get(sku)
        return known.unit if known else self.harvest.products[sku].draft.unit or Unit.PIECE

    def _rules(self) -> None:
        rules = [at.draft for at in self.harvest.rules.values()]
        if not rules:
            return
        commands = [
            SetStockingRule(
                location=rule.location,
                product=rule.sku,
                par_level=quantity(rule.par_level, self._unit(rule.sku)),
                reorder_point=quantity(rule.reorder_point, self._unit(rule.sku)),
            )
            for rule in rules
        ]
        done = set_stocking_rules(self.session, commands, actor=self.actor)
        self.applied.note("stocking_rule", len(rules), done.created, done.updated)

    def _locations(self) -> None:
        drafts = [at.draft for at in self.harvest.locations.values()]
        created = updated = 0
        zone = company_zone(self.session)
        sites = set(self.world.sites)
        for draft in drafts:
            known = self.world.locations.get(draft.code)
            if known is None:
                if draft.site not in sites:
                    self._site(draft.site, draft.site_name, zone)
                    sites.add(draft.site)
                create_location(
                    self.session,
                    CreateLocation(draft.code, draft.name, draft.kind, draft.site),
                    actor=self.actor,
                )
                created += 1
            changes = (known.name, known.active) if known else (draft.name, True)
            if changes != (draft.name, draft.active):
                rename_location(
                    self.session,
                    RenameLocation(draft.code, draft.name, draft.active),
                    actor=self.actor,
                )
                updated += known is not None
        self.applied.note("location", len(drafts), created, updated)

    def _site(self, code: str, name: str, zone: str) -> None:
        create_site(self.session, CreateSite(code, name, zone), actor=self.actor)
        self.harvest.warnings.append(
            f"The site {code} was made for {name}, in the time zone {zone}; change it where that is wrong."
        )

    def _openings(self) -> None:
        """Stock is opened only where the ledger knows nothing of the product yet: afterwards it is counted."""
        drafts = [at.draft for at in self.harvest.openings.values()]
        if not drafts:
            return
        begun = self._begun()
        new = [draft for draft in drafts if (draft.sku, draft.location) not in begun]
        if len(new) < len(drafts):
            self.harvest.warnings.append(
                f"{len(drafts) - len(new)} products have stood at their location before; their stock was left alone"
                " (count it instead)."
            )
        if new:
            moves = tuple(
                StockMove(
                    draft.sku,
                    "OPENING",
                    draft.location,
                    quantity(draft.amount, self._unit(draft.sku)),
                )
                for draft in new
            )
            post_stock(
                self.session,
                PostStock(Reason.OPENING, moves, note="import"),
                actor=self.actor,
                at=self.at,
            )
        self.applied.note("opening_stock", len(drafts), len(new), 0)

    def _begun(self) -> set[tuple[str, str]]:
        codes = {known.id: known.code for known in self.world.locations.values()}
        skus = {one.id: sku for sku, one in self.world.catalogue.products.items()}
        rows = self.session.execute(
            select(Balance.product_id, Balance.location_id)
            .where(Balance.location_id.in_(codes))
            .distinct()
        )
        return {(skus[product], codes[place]) for product, place in rows if product in skus}


def drop_what_is_not_permitted(harvest: Harvest, actor: Actor) -> None:
    """Parts of a file that the actor may not write are left out and said; the subject itself must be permitted."""
    parts: list[tuple[Permission, str, str, Callable[[], None]]] = [
        (Permission.EDIT_PRICES, "price", "prices", harvest.prices.clear),
        (
            Permission.EDIT_SUPPLIERS,
            "supplier_item",
            "supplier items",
            harvest.supplier_items.clear,
        ),
        (Permission.EDIT_SUPPLIERS, "supplier", "suppliers", harvest.suppliers.clear),
        (Permission.EDIT_LOCATIONS, "stocking_rule", "stocking rules", harvest.rules.clear),
        (Permission.EDIT_LOCATIONS, "location", "locations", harvest.locations.clear),
        (Permission.ADJUST_STOCK, "opening_stock", "opening stock", harvest.openings.clear),
    ]
    for permission, kind, words, clear in parts:
        if kind in harvest.subjects:
            actor.require(permission)
        elif not actor.may(permission) and _has(harvest, kind):
            clear()
            harvest.warnings.append(
                f"The file's {words} were left out: {actor.name} may not change them."
            )


def _has(harvest: Harvest, kind: str) -> bool:
    return bool(
        {
            "price": harvest.prices,
            "supplier_item": harvest.supplier_items,
            "supplier": harvest.suppliers,
            "stocking_rule": harvest.rules,
            "location": harvest.locations,
            "opening_stock": harvest.openings,
        }[kind]
    )
