"""What products are made of, and how strict the seller is about it."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import replace

from sqlalchemy import and_, func, or_, select

from procurement.catalogue.models import Ingredient, Product, ProductIngredient, SafetyPolicy
from procurement.catalogue.rules.avoiding import avoided, avoided_words, is_told, stems_of
from procurement.catalogue.terms import Composition, SafetyRules, Wishes
from procurement.kernel.db import ReadSession, once
from procurement.kernel.text import containing


def heard(session: ReadSession, wishes: Wishes) -> Wishes:
    """With those of its words that neither the tables nor anybody's ingredients know: a slip of the pen is no answer.

    One statement where the tables do not know one of them.
    """
    strange = [word for word in avoided_words(wishes.avoid) if not is_told(word)]
    if not strange:
        return wishes
    folded = func.lower(Ingredient.inci)
    named = [
        and_(*(folded.like(containing(part), escape="\\") for part in stems_of(word)))
        for word in strange
        if stems_of(word)
    ]
    there = session.scalars(select(Ingredient.inci).where(or_(*named))).all() if named else []
    unheard = (word for word in strange if not any(avoided(word).is_in(name) for name in there))
    return replace(wishes, unheard=tuple(unheard))


def safety_rules(session: ReadSession) -> SafetyRules:
    """The seller's; cautious and not strict where nobody has chosen."""
    return once(session, "safety rules", lambda: _rules(session))


def _rules(session: ReadSession) -> SafetyRules:
    row = session.execute(select(SafetyPolicy.is_strict, SafetyPolicy.counts_unchecked)).first()
    return SafetyRules(*row) if row else SafetyRules()


def policy_version(session: ReadSession) -> int:
    """For a form that must not overwrite what somebody else has chosen meanwhile; 0 where nobody has."""
    return session.scalar(select(SafetyPolicy.version)) or 0


def compositions(
    session: ReadSession, product_ids: Collection[int]
) -> defaultdict[int, Composition]:
    """By product key; one without a list of ingredients has an empty one. One statement."""
    named: defaultdict[tuple[int, bool], list[str]] = defaultdict(list)
    complete: dict[int, bool] = {}
    for product_id, is_complete, inci, may_contain in session.execute(
        select(
            ProductIngredient.product_id,
            Product.ingredients_complete,
            Ingredient.inci,
            ProductIngredient.may_contain,
        )
        .join(Ingredient, Ingredient.id == ProductIngredient.ingredient_id)
        .join(Product, Product.id == ProductIngredient.product_id)
        .where(ProductIngredient.product_id.in_(product_ids))
        .order_by(ProductIngredient.product_id, ProductIngredient.position)
    ):
        named[product_id, may_contain].append(inci)
        complete[product_id] = is_complete
    found: defaultdict[int, Composition] = defaultdict(Composition)
    for key, is_complete in complete.items():
        found[key] = Composition(tuple(named[key, False]), tuple(named[key, True]), is_complete)
    return found
