"""The page after the offer: what is in it, for therapists and guests."""

from collections.abc import Iterable, Sequence

from procurement.catalogue.rules.allergens import allergens_said
from procurement.documents.content import Note, Safety, SafetyRow
from procurement.documents.languages.words import Words
from procurement.sales.queries.goods import Goods
from procurement.sales.queries.quotes import QuoteLineRow
from procurement.sales.rules.wishes import clashes_with
from procurement.sales.terms import Wishes


def safety_of(
    lines: Iterable[tuple[str, QuoteLineRow, Goods]], words: Words, wishes: Wishes
) -> Safety | None:
    """None when no product of the quote has a list of ingredients: then there is nothing true to say."""
    rows, care, seen = [], [], set()
    listed: list[tuple[str, tuple[str, ...]]] = []
    for number, row, facts in lines:
        if row.product_id in seen:
            continue
        seen.add(row.product_id)
        if facts.ingredients:
            rows.append(_row(number, row, facts, words))
            listed.append((f"{number} {row.product_name}", facts.ingredients))
        elif facts.material:
            care.append(Note(row.product_name, facts.material, number))
    if not rows:
        return None
    return Safety(
        title=words.safety_title,
        intro=words.safety_intro,
        rows=tuple(rows),
        answer=_answer(wishes, listed, words),
        care_title=words.safety_care if care else "",
        care=tuple(care),
        footnote=words.safety_footnote,
    )


def _answer(
    wishes: Wishes, listed: Sequence[tuple[str, tuple[str, ...]]], words: Words
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
    meets = [name for name, inci in listed if not clashes_with(wishes, inci, touches_skin=True)]
    others = [name for name, inci in listed if clashes_with(wishes, inci, touches_skin=True)]
    told = ((words.wish_met, meets), (words.wish_unmet, others))
    return Note(
        words.wish_title.format(wishes=", ".join(asked)),
        "\n".join(text.format(lines="; ".join(names)) for text, names in told if names),
    )


def _row(number: str, row: QuoteLineRow, facts: Goods, words: Words) -> SafetyRow:
    return SafetyRow(
        number=number,
        name=row.product_name,
        size=row.pack_name,
        ingredients=", ".join(facts.ingredients) + ".",
        allergens=allergens_said(facts.ingredients, words),
        opened_months=facts.opened_months,
        shelf_life=_shelf_life(facts.shelf_life_days, words),
        picture=facts.picture,
    )


def _shelf_life(days: int | None, words: Words) -> str:
    """People count shelf life in months; less than two months is said in days."""
    if days is None:
        return ""
    if days < 60:
        return f"{days} {words.days[days != 1]}"
    months = round(days * 12 / 365)
    return f"{months} {words.months[months != 1]}"
