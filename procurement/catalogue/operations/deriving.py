"""Traits that follow from ingredients, derived anew when the table of allergens or the seller's strictness changes."""

from collections.abc import Set as AbstractSet
from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from procurement.audit.operations import record
from procurement.catalogue.models import (
    Ingredient,
    Product,
    ProductIngredient,
    ProductTrait,
    SafetyPolicy,
)
from procurement.catalogue.queries.known import chunks
from procurement.catalogue.rules.allergen_table import allergen_table
from procurement.catalogue.rules.allergens import NUTS, SCENTS, counts, rules_of
from procurement.catalogue.terms import DERIVED_TRAITS, AllergenGroup, SafetyRules, Trait
from procurement.kernel.actor import Actor
from procurement.kernel.errors import Conflict
from procurement.kernel.permissions import Permission

_ROW = 1


def change_safety_rules(
    session: Session, wanted: SafetyRules, *, version: int, actor: Actor, at: datetime
) -> None:
    """Be stricter or less strict from now on; every product's traits follow at once. Raises Conflict.

    `version` is that of the page it was chosen on.
    """
    actor.require(Permission.EDIT_SETTINGS)
    policy = _policy_for_update(session)
    if policy.version != version:
        raise Conflict("Somebody else has changed this meanwhile. Please look at it again.")
    if (policy.is_strict, policy.counts_unchecked) != (wanted.is_strict, wanted.counts_unchecked):
        policy.is_strict, policy.counts_unchecked = wanted.is_strict, wanted.counts_unchecked
        _derive(session, policy)
        words = f"strict: {wanted.is_strict}, rows not checked count: {wanted.counts_unchecked}"
        record(session, "change safety rules", "Settings", words, actor=actor, at=at)


def follow_the_table(session: Session) -> bool:
    """Derive all traits anew if that was last done with another version of the table; whether it was."""
    policy = _policy_for_update(session)
    if policy.derived_with == allergen_table().version:
        return False
    _derive(session, policy)
    return True


def rules_while_saving(session: Session) -> SafetyRules:
    """The rules to save products by: nobody changes them before this transaction ends."""
    row = session.execute(
        select(SafetyPolicy.is_strict, SafetyPolicy.counts_unchecked).with_for_update(read=True)
    ).first()
    return SafetyRules(*row) if row else SafetyRules()


def _policy_for_update(session: Session) -> SafetyPolicy:
    query = select(SafetyPolicy).where(SafetyPolicy.id == _ROW).with_for_update()
    policy = session.scalar(query.execution_options(populate_existing=True))
    if policy is None:
        policy = SafetyPolicy(id=_ROW, is_strict=False, counts_unchecked=True, derived_with="")
        session.add(policy)
        session.flush()  # of two that are first one waits, and is refused
    return policy


def _derive(session: Session, policy: SafetyPolicy) -> None:
    """Whole tables at once: an ingredient is judged once, however many products have it."""
    rules = SafetyRules(policy.is_strict, policy.counts_unchecked)
    ingredients = session.execute(select(Ingredient.id, Ingredient.inci)).all()
    listed = set(
        session.scalars(
            select(ProductIngredient.product_id)
            .join(Product, Product.id == ProductIngredient.product_id)
            .where(Product.ingredients_complete, ~ProductIngredient.may_contain)
            .distinct()
        )
    )
    session.execute(
        delete(ProductTrait)
        .where(ProductTrait.trait.in_(DERIVED_TRAITS))
        .execution_options(synchronize_session=False)
    )
    for trait, against in ((Trait.NUT_FREE, NUTS), (Trait.FRAGRANCE_FREE, SCENTS)):
        bad = [key for key, inci in ingredients if _groups(inci, rules) & against]
        free = listed - _having(session, bad)
        if free:
            rows = [{"product_id": key, "trait": trait} for key in sorted(free)]
            session.connection().execute(insert(ProductTrait), rows)
    policy.derived_with = allergen_table().version
    session.flush()  # what reads the traits next sees them whole


def _groups(inci: str, rules: SafetyRules) -> AbstractSet[AllergenGroup]:
    return {rule.group for rule in rules_of(inci) if counts(rule, rules)}


def _having(session: Session, ingredients: list[int]) -> set[int]:
    found: set[int] = set()
    for chunk in chunks(ingredients):
        found.update(
            session.scalars(
                select(ProductIngredient.product_id)
                .where(ProductIngredient.ingredient_id.in_(chunk))
                .distinct()
            )
        )
    return found
