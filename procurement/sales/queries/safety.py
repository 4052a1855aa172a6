"""The page after the offer: what is in it, for therapists and guests."""

from collections.abc import Iterable

from procurement.documents.content import Note, Safety, SafetyRow
from procurement.documents.languages.words import Words
from procurement.sales.queries.goods import Goods
from procurement.sales.queries.quotes import QuoteLineRow
from procurement.sales.rules.allergens import allergens_said


def safety_of(lines: Iterable[tuple[str, QuoteLineRow, Goods]], words: Words) -> Safety | None:
    """None when no product of the quote has a list of ingredients: then there is nothing true to say."""
    rows, care, seen = [], [], set()
    for number, row, facts in lines:
        if row.product_id in seen:
            continue
        seen.add(row.product_id)
        if facts.ingredients:
            rows.append(_row(number, row, facts, words))
        elif facts.material:
            care.append(Note(row.product_name, facts.material, number))
    if not rows:
        return None
    return Safety(
        title=words.safety_title,
        intro=words.safety_intro,
        rows=tuple(rows),
        care_title=words.safety_care if care else "",
        care=tuple(care),
        footnote=words.safety_footnote,
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
