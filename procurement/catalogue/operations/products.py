"""One product or one pack: made or changed by hand or through the API."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.audit.operations import record
from procurement.catalogue.errors import GtinTaken, PackExists, ProductExists, ProductUnknown
from procurement.catalogue.models import Pack, Product
from procurement.catalogue.operations.saving import save_products
from procurement.catalogue.queries.known import known
from procurement.catalogue.rules.drafts import Drafts, Known, objections
from procurement.catalogue.rules.gtin import padded_gtin
from procurement.catalogue.terms import CLEARED, TAG_FIELDS, PackDraft, ProductDraft
from procurement.kernel import text
from procurement.kernel.actor import Actor
from procurement.kernel.db import MAX_STEPS
from procurement.kernel.errors import Conflict, DomainError, FieldError, Invalid
from procurement.kernel.permissions import Permission

Cleaner = Callable[[str, str], str]

_MOST_DAYS = 36_500
_MOST_MONTHS = 600
_MOST_DENSITY = 25_000  # mg per ml: heavier than gold
_MOST_TARE = 10**9  # a tonne
_MOST_ORDERED = 1_000_000  # packs of a line


def create_product(
    session: Session,
    draft: ProductDraft,
    packs: Sequence[PackDraft] = (),
    *,
    actor: Actor,
    at: datetime,
) -> Product:
    """A new product with its packs. Raises ProductExists, GtinTaken, Invalid naming the field."""
    actor.require(Permission.EDIT_CATALOGUE)
    draft, packs = _clean(draft), _clean_packs(packs)
    there = known(session, [draft.sku], gtins=[pack.gtin for pack in packs if pack.gtin])
    if draft.sku in there.products:
        raise ProductExists(f"There is a product {draft.sku} already.", field="sku")
    _save(session, draft, packs, there, actor=actor, at=at)
    record(session, "create product", draft.sku, draft.name or "", actor=actor, at=at)
    return product_for_update(session, draft.sku)


def change_product(
    session: Session,
    draft: ProductDraft,
    packs: Sequence[PackDraft] = (),
    *,
    actor: Actor,
    at: datetime,
    version: int | None = None,
) -> Product:
    """Change what the draft says and keep the rest. Raises ProductUnknown, GtinTaken, Invalid naming the field.

    `version` is the one the person saw: when somebody else has changed the product since, Conflict.
    """
    actor.require(Permission.EDIT_CATALOGUE)
    draft, packs = _clean(draft, least=CLEARED), _clean_packs(packs)
    there_now = product_for_update(session, draft.sku)
    if version is not None and there_now.version != version:
        raise Conflict("Somebody else has changed this product meanwhile. Please look at it again.")
    there = known(session, [draft.sku], gtins=[pack.gtin for pack in packs if pack.gtin])
    if draft.sku not in there.products:
        raise ProductUnknown(f"There is no product {draft.sku}.", field="sku")
    _save(session, draft, packs, there, actor=actor, at=at)
    record(session, "change product", draft.sku, actor=actor, at=at)
    return product_for_update(session, draft.sku)


def create_pack(session: Session, draft: PackDraft, *, actor: Actor, at: datetime) -> Pack:
    """A further pack of a product. Raises PackExists, GtinTaken, Invalid naming the field."""
    actor.require(Permission.EDIT_CATALOGUE)
    (draft,) = _clean_packs([draft])
    there = known(session, [draft.sku], gtins=[draft.gtin] if draft.gtin else [])
    product = there.products.get(draft.sku)
    if product is None:
        raise Invalid(f"There is no product {draft.sku}.", field="product")
    if draft.code in product.packs:
        raise PackExists(f"{draft.sku} has a pack {draft.code} already.", field="code")
    _save(session, ProductDraft(draft.sku), [draft], there, actor=actor, at=at)
    record(session, "create pack", draft.sku, draft.code, actor=actor, at=at)
    return session.scalars(
        select(Pack).where(Pack.product_id == product.id, Pack.code == draft.code)
    ).one()


def product_for_update(session: Session, sku: str) -> Product:
    product = session.scalar(
        select(Product)
        .where(Product.sku == sku)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if product is None:
        raise ProductUnknown(f"There is no product {sku}.", field="sku")
    return product


def _save(
    session: Session,
    draft: ProductDraft,
    packs: Sequence[PackDraft],
    there: Known,
    *,
    actor: Actor,
    at: datetime,
) -> None:
    drafts = Drafts({draft.sku: draft}, {(pack.sku, pack.code): pack for pack in packs})
    found = list(objections(there, drafts))
    if taken := next((one for one in found if one.field == "gtin"), None):
        raise GtinTaken(f"{taken.reason[:1].upper()}{taken.reason[1:]}.", field="gtin")
    if found:
        raise Invalid.of(
            FieldError(one.field, f"{one.reason[:1].upper()}{one.reason[1:]}.") for one in found
        )
    save_products(session, {}, drafts, actor=actor, at=at)


def _clean(draft: ProductDraft, *, least: int = 1) -> ProductDraft:
    """Texts trimmed and bounded, figures within reason; everything that is wrong is said at once."""
    errors: list[FieldError] = []
    cleaned = replace(
        draft,
        sku=_said(errors, text.code, draft.sku, "sku") or "",
        name=_said(errors, text.name, draft.name, "name"),
        family=_said(errors, _optional_code, draft.family, "family"),
        category=_said(errors, text.optional_line, draft.category, "category"),
        brand=_said(errors, text.optional_line, draft.brand, "brand"),
        description=_said(errors, text.prose, draft.description, "description"),
        material=_said(errors, text.prose, draft.material, "material"),
        options=None if draft.options is None else _options(errors, draft.options),
        ingredients=_names(errors, draft.ingredients, "ingredients"),
        may_contain=_names(errors, draft.may_contain, "may_contain"),
    )
    tags: dict[str, Any] = {
        name: _names(errors, getattr(draft, name), name) for name in TAG_FIELDS.values()
    }
    cleaned = replace(cleaned, **tags)
    for field, value, most in (
        ("shelf_life_days", draft.shelf_life_days, _MOST_DAYS),
        ("period_after_opening_months", draft.period_after_opening_months, _MOST_MONTHS),
        ("dose", draft.dose, MAX_STEPS),
        ("pump_stroke", draft.pump_stroke, MAX_STEPS),
        ("density", draft.density, _MOST_DENSITY),
    ):
        if value is not None and not least <= value <= most:
            errors.append(FieldError(field, f"This lies between 1 and {most:,}."))
    if errors:
        raise Invalid.of(errors)
    return cleaned


def _clean_packs(packs: Sequence[PackDraft]) -> list[PackDraft]:
    errors: list[FieldError] = []
    cleaned = []
    for pack in packs:
        if pack.size_steps is not None and not 1 <= pack.size_steps <= MAX_STEPS:
            errors.append(FieldError("size", "A pack holds more than nothing, and not too much."))
        if pack.tare is not None and not 1 <= pack.tare <= _MOST_TARE:
            errors.append(FieldError("tare", "An empty container weighs something, within reason."))
        errors += [
            FieldError(name, f"This lies between 1 and {_MOST_ORDERED:,}.")
            for name, said in (
                ("order_least", pack.rule.least),
                ("order_step", pack.rule.step),
                ("order_most", pack.rule.most),
            )
            if not 0 <= (said or 0) <= _MOST_ORDERED
        ]
        cleaned.append(
            replace(
                pack,
                code=_said(errors, text.code, pack.code, "code") or "",
                name=_said(errors, text.name, pack.name, "name"),
                gtin=_gtin(errors, pack.gtin),
            )
        )
    if errors:
        raise Invalid.of(errors)
    return cleaned


def _gtin(errors: list[FieldError], written: str | None) -> str | None:
    if not written:
        return None
    try:
        return padded_gtin(written)
    except ValueError as error:
        errors.append(FieldError("gtin", str(error)))
        return None


def _said(errors: list[FieldError], clean: Cleaner, value: str | None, field: str) -> str | None:
    if value is None:
        return None
    try:
        return clean(value, field)
    except DomainError as error:
        errors.extend(error.errors)
        return None


def _optional_code(value: str, field: str) -> str:
    return text.code(value, field) if value.strip() else ""


def _options(
    errors: list[FieldError], options: tuple[tuple[str, str], ...]
) -> tuple[tuple[str, str], ...]:
    cleaned = tuple(
        (
            _said(errors, text.code, name, "options") or "",
            _said(errors, text.name, value, "options") or "",
        )
        for name, value in options
    )
    if len({name for name, _ in cleaned}) < len(cleaned):
        errors.append(FieldError("options", "An option stands here twice."))
    return cleaned


def _names(
    errors: list[FieldError], names: tuple[str, ...] | None, field: str
) -> tuple[str, ...] | None:
    if names is None:
        return None
    return tuple(
        dict.fromkeys(
            _said(errors, text.name, name, f"{field}.{i}") or "" for i, name in enumerate(names)
        )
    )
