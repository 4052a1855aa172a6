"""The things that products share and name by their names: families, categories, ingredients, tags. Made when new."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import InstrumentedAttribute, Session

from procurement.catalogue.models import Category, Family, Ingredient, Tag
from procurement.catalogue.queries.known import chunks
from procurement.catalogue.rules.codes import code_of
from procurement.catalogue.rules.drafts import Known
from procurement.catalogue.rules.wanted import WantedProduct
from procurement.catalogue.terms import FamilyDraft, TagDimension
from procurement.kernel.db import Base


@dataclass(slots=True)
class Names:
    """Keys by name."""

    families: dict[str, int] = field(default_factory=dict)
    family_names: dict[str, str] = field(default_factory=dict)
    categories: dict[str, int] = field(default_factory=dict)
    ingredients: dict[str, int] = field(default_factory=dict)
    tags: dict[tuple[TagDimension, str], int] = field(default_factory=dict)


@dataclass(slots=True)
class FamilyChanges:
    created: set[str] = field(default_factory=set)
    updated: set[str] = field(default_factory=set)


def save_families(
    session: Session, drafts: Mapping[str, FamilyDraft], known: Known, names: Names
) -> FamilyChanges:
    """Create and rename families."""
    changes = FamilyChanges()
    new: list[dict[str, Any]] = []
    changed: list[dict[str, Any]] = []
    for code, there in known.families.items():
        names.families[code], names.family_names[code] = there.id, there.name
    for code, draft in drafts.items():
        family = known.families.get(code)
        if family is None:
            new.append(
                {"code": code, "name": draft.name or code, "description": draft.description or ""}
            )
            changes.created.add(code)
            names.family_names[code] = draft.name or code
            continue
        name = draft.name or family.name
        description = family.description if draft.description is None else draft.description
        if (name, description) != (family.name, family.description):
            changed.append({"key": family.id, "new_name": name, "new_description": description})
            changes.updated.add(code)
            names.family_names[code] = name
    if new:
        statement = insert(Family).returning(Family.code, Family.id)
        names.families |= _pairs(session.connection().execute(statement, new))
    if changed:
        session.connection().execute(
            update(Family)
            .where(Family.id == bindparam("key"))
            .values(name=bindparam("new_name"), description=bindparam("new_description")),
            changed,
        )
    return changes


def name_things(session: Session, products: Collection[WantedProduct], names: Names) -> None:
    """Look up what the products name, and make what is new."""
    names.categories = _categories(session, {one.category for one in products if one.category})
    names.ingredients = _ingredients(
        session, {inci for one in products for inci in (*one.ingredients, *one.may_contain)}
    )
    names.tags = _tags(
        session,
        {
            (dimension, name)
            for one in products
            for dimension, tags in one.tags.items()
            for name in tags
        },
    )


def _make(session: Session, table: type[Base], keys: list[str], rows: list[dict[str, Any]]) -> None:
    """New rows; what somebody else made at the same moment stays, and both have it."""
    if rows:
        is_sqlite = session.get_bind().dialect.name == "sqlite"
        insert_or_not = sqlite_insert if is_sqlite else postgresql_insert
        statement = insert_or_not(table).on_conflict_do_nothing(index_elements=keys)
        session.connection().execute(statement, rows)


def _categories(session: Session, wanted: set[str]) -> dict[str, int]:
    by_code = {code_of(name): name for name in sorted(wanted)}
    ids = _known(session, Category.code, Category.id, by_code)
    new = [{"code": code, "name": name} for code, name in by_code.items() if code not in ids]
    if new:
        _make(session, Category, ["code"], new)
        ids |= _known(session, Category.code, Category.id, [row["code"] for row in new])
    return {name: ids[code_of(name)] for name in wanted}


def _ingredients(session: Session, wanted: set[str]) -> dict[str, int]:
    ids = _known(session, Ingredient.inci, Ingredient.id, wanted)
    missing = sorted(wanted - ids.keys())
    if missing:
        _make(session, Ingredient, ["inci"], [{"inci": inci} for inci in missing])
        ids |= _known(session, Ingredient.inci, Ingredient.id, missing)
    return ids


def _known(
    session: Session,
    name: InstrumentedAttribute[str],
    key: InstrumentedAttribute[int],
    wanted: Iterable[str],
) -> dict[str, int]:
    ids: dict[str, int] = {}
    for chunk in chunks(sorted(wanted)):
        ids |= _pairs(session.execute(select(name, key).where(name.in_(chunk))))
    return ids


def _tags(
    session: Session, wanted: set[tuple[TagDimension, str]]
) -> dict[tuple[TagDimension, str], int]:
    if not wanted:
        return {}
    ids = _known_tags(session)
    by_code = {(dimension, code_of(name)): name for dimension, name in sorted(wanted)}
    new = [
        {"dimension": dimension, "code": code, "name": name}
        for (dimension, code), name in by_code.items()
        if (dimension, code) not in ids
    ]
    if new:
        _make(session, Tag, ["dimension", "code"], new)
        ids = _known_tags(session)
    return {(dimension, name): ids[dimension, code_of(name)] for dimension, name in wanted}


def _known_tags(session: Session) -> dict[tuple[TagDimension, str], int]:
    rows = session.execute(select(Tag.dimension, Tag.code, Tag.id))
    return {(dimension, code): key for dimension, code, key in rows}


def _pairs(rows: Iterable[Any]) -> dict[str, int]:
    return {row[0]: row[1] for row in rows}
