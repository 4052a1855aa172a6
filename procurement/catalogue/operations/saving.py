"""Many products at once, with their families, packs, options, ingredients and tags, in a handful of statements.

The one place that writes products: one made on a screen or through the API goes the same way.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from procurement.catalogue.models import (
    Pack,
    Product,
    ProductIngredient,
    ProductOption,
    ProductTag,
    ProductTrait,
)
from procurement.catalogue.operations.deriving import rules_while_saving
from procurement.catalogue.operations.naming import Names, name_things, save_families
from procurement.catalogue.operations.search_words import learn_words
from procurement.catalogue.queries.known import chunks, skus_of_families
from procurement.catalogue.queries.known import known as look_up
from procurement.catalogue.rules.codes import code_of
from procurement.catalogue.rules.drafts import Drafts, Known, barcodes, known_skus, objections
from procurement.catalogue.rules.wanted import PLAIN, WantedProduct, wanted
from procurement.catalogue.terms import TAG_FIELDS, FamilyDraft, ProductDraft, SafetyRules
from procurement.kernel.actor import Actor
from procurement.kernel.errors import FieldError, Invalid
from procurement.kernel.permissions import Permission

_PACK_COLUMNS = (
    "name", "gtin", "is_sales_pack", "tare", "order_least", "order_step", "order_most",
)  # fmt: skip
_PRODUCT_COLUMNS = (*PLAIN, "family_id", "category_id", "search_text")


@dataclass(slots=True)
class Saved:
    """What changed, by code and SKU. A product counts as updated when anything below it changed as well."""

    families_created: set[str] = field(default_factory=set)
    families_updated: set[str] = field(default_factory=set)
    created: set[str] = field(default_factory=set)
    updated: set[str] = field(default_factory=set)
    product_ids: dict[str, int] = field(default_factory=dict)
    pack_ids: dict[tuple[str, str], int] = field(default_factory=dict)
    pack_sizes: dict[tuple[str, str], int] = field(default_factory=dict)
    sales_packs: dict[str, str] = field(default_factory=dict)  # SKU -> code


def save_products(
    session: Session,
    families: Mapping[str, FamilyDraft],
    drafts: Drafts,
    *,
    actor: Actor,
    at: datetime,
    known: Known | None = None,
) -> Saved:
    """Create what is new, change what differs. Raises Invalid when a draft cannot be taken.

    `known` spares the look-up where the caller has just made it, of the same names in the same transaction, and held
    the products before it (`hold_products`).
    """
    actor.require(Permission.EDIT_CATALOGUE)
    session.flush()  # what is pending must be seen by the statements below
    codes = {*families, *(draft.family for draft in drafts.products.values() if draft.family)}
    if known is None:
        hold_products(session, known_skus(drafts))
        gtins = barcodes(drafts.packs.values())
        known = look_up(session, known_skus(drafts), families=codes, gtins=gtins)
    against = [
        FieldError(one.field, f"{one.sku}: {one.reason}.") for one in objections(known, drafts)
    ]
    if against:
        raise Invalid.of(against)
    names = Names()
    unnamed = {code: FamilyDraft(code) for code in codes - families.keys() - known.families.keys()}
    changes = save_families(session, {**families, **unnamed}, known, names)
    saved = Saved(changes.created, changes.updated)
    known = _with_siblings(session, known, changes.updated)
    rules = rules_while_saving(session)
    _save(session, _all_wanted(known, drafts, rules), names, saved, at)
    session.expire_all()
    return saved


def hold_products(session: Session, skus: Collection[str]) -> None:
    """Lock what will be looked up and written, in one order: nobody else changes it in between."""
    for chunk in chunks(sorted(skus)):
        session.execute(
            select(Product.id).where(Product.sku.in_(chunk)).order_by(Product.id).with_for_update()
        ).all()


def _with_siblings(session: Session, known: Known, renamed: set[str]) -> Known:
    """A family's new name is in the search text of all its variants, whether they were named or not."""
    if not renamed:
        return known
    siblings = look_up(session, skus_of_families(session, renamed) - known.products.keys())
    return Known({**known.products, **siblings.products}, known.families, known.gtins)


def _all_wanted(known: Known, drafts: Drafts, rules: SafetyRules) -> list[WantedProduct]:
    packs = drafts.packs_of()
    skus = dict.fromkeys([*drafts.products, *packs, *known.products])
    return [
        wanted(
            known.products.get(sku),
            drafts.products.get(sku) or ProductDraft(sku),
            packs.get(sku, ()),
            rules,
        )
        for sku in skus
    ]


def _save(
    session: Session, products: list[WantedProduct], names: Names, saved: Saved, at: datetime
) -> None:
    name_things(session, products, names)
    _save_rows(session, products, names, saved, at)
    _save_packs(session, products, saved)
    _save_options(session, products, saved)
    _save_ingredients(session, products, names, saved)
    _save_tags(session, products, names, saved)
    _save_traits(session, products, saved)
    touched = [saved.product_ids[sku] for sku in saved.updated]
    for chunk in chunks(touched):
        session.execute(
            update(Product)
            .where(Product.id.in_(chunk))
            .values(version=Product.version + 1)
            .execution_options(synchronize_session=False)
        )


def _save_rows(
    session: Session, products: list[WantedProduct], names: Names, saved: Saved, at: datetime
) -> None:
    new: list[dict[str, Any]] = []
    changed: list[dict[str, Any]] = []
    for one in products:
        values = {
            **one.plain,
            "family_id": names.families[one.family] if one.family else None,
            "category_id": names.categories[one.category] if one.category else None,
            "search_text": one.search_text(names.family_names.get(one.family, one.family)),
        }
        if one.known is None:
            new.append({**values, "sku": one.sku, "created_at": at, "version": 1})
            saved.created.add(one.sku)
            continue
        saved.product_ids[one.sku] = one.known.id
        if _differs(one, values["search_text"]):
            changed.append({"key": one.known.id, **{f"new_{k}": v for k, v in values.items()}})
            saved.updated.add(one.sku)
    if new:
        statement = insert(Product).returning(Product.sku, Product.id)
        for sku, product_id in session.connection().execute(statement, new):
            saved.product_ids[sku] = product_id
    learn_words(session, (values["search_text"] for values in new))
    _change_rows(session, changed)


def _change_rows(session: Session, changed: list[dict[str, Any]]) -> None:
    if not changed:
        return
    learn_words(session, (values["new_search_text"] for values in changed))
    columns: dict[str, Any] = {name: bindparam(f"new_{name}") for name in _PRODUCT_COLUMNS}
    change = update(Product).where(Product.id == bindparam("key")).values(**columns)
    session.connection().execute(change, changed)


def _differs(one: WantedProduct, search_text: str) -> bool:
    there = one.known
    assert there is not None
    return any(getattr(there, name) != one.plain[name] for name in PLAIN) or (
        there.family,
        there.category,
        there.search_text,
    ) != (one.family, one.category, search_text)


def _save_packs(session: Session, products: list[WantedProduct], saved: Saved) -> None:
    new: list[dict[str, Any]] = []
    changed: list[dict[str, Any]] = []
    for one in products:
        for pack in one.packs:
            key = (one.sku, pack.code)
            saved.pack_sizes[key] = pack.size_steps
            if pack.is_sales_pack:
                saved.sales_packs[one.sku] = pack.code
            values = {
                "name": pack.name,
                "gtin": pack.gtin,
                "is_sales_pack": pack.is_sales_pack,
                "tare": pack.tare,
                "order_least": pack.rule.least,
                "order_step": pack.rule.step,
                "order_most": pack.rule.most,
            }
            if pack.known is None:
                new.append(
                    {
                        **values,
                        "product_id": saved.product_ids[one.sku],
                        "code": pack.code,
                        "size_steps": pack.size_steps,
                        "position": pack.position,
                    }
                )
                _touch(one, saved)
                continue
            saved.pack_ids[key] = pack.known.id
            if pack.differs:
                changed.append({"key": pack.known.id, **{f"new_{k}": v for k, v in values.items()}})
                _touch(one, saved)
    _change_packs(session, changed)
    if new:
        statement = insert(Pack).returning(Pack.product_id, Pack.code, Pack.id)
        skus = {product_id: sku for sku, product_id in saved.product_ids.items()}
        for product_id, code, pack_id in session.connection().execute(statement, new):
            saved.pack_ids[skus[product_id], code] = pack_id


def _change_packs(session: Session, changed: list[dict[str, Any]]) -> None:
    """Flags and barcodes are given up before they are taken, for each may stand on one pack only."""
    for chunk in chunks([row["key"] for row in changed]):
        session.execute(
            update(Pack)
            .where(Pack.id.in_(chunk))
            .values(is_sales_pack=False, gtin=None)
            .execution_options(synchronize_session=False)
        )
    if changed:
        columns: dict[str, Any] = {name: bindparam(f"new_{name}") for name in _PACK_COLUMNS}
        statement = update(Pack).where(Pack.id == bindparam("key")).values(**columns)
        session.connection().execute(statement, changed)


def _touch(one: WantedProduct, saved: Saved) -> None:
    if one.known is not None:
        saved.updated.add(one.sku)


def _replace(
    session: Session,
    table: type[ProductOption | ProductIngredient | ProductTag | ProductTrait],
    stale: list[int],
    rows: list[dict[str, Any]],
) -> None:
    for chunk in chunks(stale):
        session.execute(
            delete(table)
            .where(table.product_id.in_(chunk))
            .execution_options(synchronize_session=False)
        )
    if rows:
        session.connection().execute(insert(table), rows)


def _changed(
    products: Iterable[WantedProduct], saved: Saved, kept: Any
) -> Iterable[tuple[WantedProduct, int]]:
    """The products whose belongings differ from what is there, with their keys."""
    for one in products:
        if kept(one):
            continue
        _touch(one, saved)
        yield one, saved.product_ids[one.sku]


def _save_options(session: Session, products: list[WantedProduct], saved: Saved) -> None:
    def kept(one: WantedProduct) -> bool:
        return one.options == (one.known.options if one.known else ())

    changed = list(_changed(products, saved, kept))
    rows = [
        {"product_id": key, "name": name, "value": value, "position": position}
        for one, key in changed
        for position, (name, value) in enumerate(one.options)
    ]
    _replace(session, ProductOption, [key for one, key in changed if one.known], rows)


def _save_ingredients(
    session: Session, products: list[WantedProduct], names: Names, saved: Saved
) -> None:
    def kept(one: WantedProduct) -> bool:
        there = one.known
        return (one.ingredients, one.may_contain) == (
            (there.ingredients, there.may_contain) if there else ((), ())
        )

    changed = list(_changed(products, saved, kept))
    rows = [
        {
            "product_id": key,
            "position": position,
            "ingredient_id": names.ingredients[inci],
            "may_contain": inci in one.may_contain,
        }
        for one, key in changed
        for position, inci in enumerate((*one.ingredients, *one.may_contain))
    ]
    _replace(session, ProductIngredient, [key for one, key in changed if one.known], rows)


def _save_tags(session: Session, products: list[WantedProduct], names: Names, saved: Saved) -> None:
    def codes(tags: Iterable[str]) -> set[str]:
        return {code_of(name) for name in tags}

    def kept(one: WantedProduct) -> bool:
        there = one.known
        return all(
            codes(tags) == codes(getattr(there, TAG_FIELDS[dimension]) if there else ())
            for dimension, tags in one.tags.items()
        )

    changed = list(_changed(products, saved, kept))
    rows = [
        {"product_id": key, "tag_id": tag_id}
        for one, key in changed
        for tag_id in {
            names.tags[dimension, name] for dimension, tags in one.tags.items() for name in tags
        }
    ]
    _replace(session, ProductTag, [key for one, key in changed if one.known], rows)


def _save_traits(session: Session, products: list[WantedProduct], saved: Saved) -> None:
    def kept(one: WantedProduct) -> bool:
        return one.traits == (one.known.traits if one.known else ())

    changed = list(_changed(products, saved, kept))
    rows = [{"product_id": key, "trait": trait} for one, key in changed for trait in one.traits]
    _replace(session, ProductTrait, [key for one, key in changed if one.known], rows)
