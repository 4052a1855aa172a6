"""The page after the offer: what is in it, for therapists and guests."""

from collections.abc import Iterable, Sequence

from procurement.catalogue.rules.allergen_table import allergen_table
from procurement.catalogue.rules.allergens import allergens_said
from procurement.catalogue.rules.wishes import clashes_with
from procurement.catalogue.terms import Composition, SafetyRules, Wishes
from procurement.documents.content import Note, Safety, SafetyRow
from procurement.documents.languages.words import Words
from procurement.sales.queries.goods import Goods
from procurement.sales.queries.quotes import QuoteLineRow


def safety_of(
    lines: Iterable[tuple[str, QuoteLineRow, Goods]],
    words: Words,
    wishes: Wishes,
    rules: SafetyRules,
) -> Safety | None:
    """None when no product of the quote has a list of ingredients: then there is nothing true to say."""
    rows, care, seen = [], [], set()
    listed: list[tuple[str, Composition]] = []
    for number, row, facts in lines:
        if row.product_id in seen:
            continue
        seen.add(row.product_id)
        if facts.composition.names:
            rows.append(_row(number, row, facts, words, rules))
            listed.append((f"{number} {row.product_name}", facts.composition))
        elif facts.material:
            care.append(Note(row.product_name, facts.material, number))
    if not rows:
        return None
    return Safety(
        title=words.safety_title,
        intro=words.safety_intro,
        rows=tuple(rows),
        answer=_answer(wishes, listed, words, rules),
        care_title=words.safety_care if care else "",
        care=tuple(care),
        footnote=words.safety_footnote.format(table=allergen_table().version),
    )


def _answer(
    wishes: Wishes,
    listed: Sequence[tuple[str, Composition]],
    words: Words,
    rules: SafetyRules,
) -> Note | None:
    """Which lines meet what the customer wished, and which do not; by the lists of ingredients alone."""
    if not wishes.any:
        return None
    asked = [
        word
        for wished, word in (
            (wishes.nut_free, words.wish_nut_free),
            (wishes.fragrance_free, words.wish_fragrance_free),
            (wishes.vegan, words.wish_vegan),
            (bool(wishes.avoid), words.wish_without.format(what=wishes.avoid)),
        )
        if wished
    ]
    against = {
        name: clashes_with(wishes, made_of, rules, touches_skin=True) for name, made_of in listed
    }
    meets = [name for name, clashes in against.items() if not clashes]
    others = [name for name, clashes in against.items() if clashes]
    told = ((words.wish_met, meets), (words.wish_unmet, others))
    return Note(
        words.wish_title.format(wishes=", ".join(asked)),
        "\n".join(text.format(lines="; ".join(names)) for text, names in told if names),
    )


def _row(
    number: str, row: QuoteLineRow, facts: Goods, words: Words, rules: SafetyRules
) -> SafetyRow:
    return SafetyRow(
        number=number,
        name=row.product_name,
        size=row.pack_name,
        ingredients=_listed(facts.composition),
        allergens=allergens_said(facts.composition, rules, words),
        opened_months=facts.opened_months,
        shelf_life=_shelf_life(facts.shelf_life_days, words),
        picture=facts.picture,
    )


def _listed(made_of: Composition) -> str:
    """As a label has it: what is in it, then behind "+/-" what it may contain."""
    may = f"+/- {', '.join(made_of.may_contain)}" if made_of.may_contain else ""
    return ", ".join(filter(None, (*made_of.ingredients, may))) + "."


def _shelf_life(days: int | None, words: Words) -> str:
    """People count shelf life in months; less than two months is said in days."""
    if days is None:
        return ""
    if days < 60:
        return f"{days} {words.days[days != 1]}"
    months = round(days * 12 / 365)
    return f"{months} {words.months[months != 1]}"
