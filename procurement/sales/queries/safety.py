"""The page after the offer: what is in it, for therapists and guests."""

from collections.abc import Iterable

from procurement.documents.content import Note, Safety, SafetyRow
from procurement.sales.queries.goods import Goods
from procurement.sales.queries.quotes import QuoteLineRow
from procurement.sales.rules.allergens import allergens_said

TITLE = "What is in it"
INTRO = (
    "For your therapists and your guests: every ingredient, and what to ask before the treatment."
)
FOOTNOTE = (
    "Allergens: nuts, seeds and the fragrance substances that must be named on the label, as far as the list of"
    " ingredients names them. Traces are not covered. The label on the bottle comes first."
)


def safety_of(lines: Iterable[tuple[str, QuoteLineRow, Goods]]) -> Safety | None:
    """None when no product of the quote has a list of ingredients: then there is nothing true to say."""
    rows, care, seen = [], [], set()
    for number, row, facts in lines:
        if row.product_id in seen:
            continue
        seen.add(row.product_id)
        if facts.ingredients:
            rows.append(_row(number, row, facts))
        elif facts.material:
            care.append(Note(row.product_name, facts.material, number))
    if not rows:
        return None
    return Safety(
        title=TITLE,
        intro=INTRO,
        rows=tuple(rows),
        care_title="Tools, linen and the rest" if care else "",
        care=tuple(care),
        footnote=FOOTNOTE,
    )


def _row(number: str, row: QuoteLineRow, facts: Goods) -> SafetyRow:
    return SafetyRow(
        number=number,
        name=row.product_name,
        size=row.pack_name,
        ingredients=", ".join(facts.ingredients) + ".",
        allergens=allergens_said(facts.ingredients),
        opened_months=facts.opened_months,
        shelf_life=_shelf_life(facts.shelf_life_days),
        picture=facts.picture,
    )


def _shelf_life(days: int | None) -> str:
    """People count shelf life in months; less than two months is said in days."""
    if days is None:
        return ""
    if days < 60:
        return f"{days} days"
    return f"{round(days * 12 / 365)} months"
