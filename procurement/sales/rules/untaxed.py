"""What a paper says of its untaxed lines: each reason once, beside the tax code of its lines."""

from collections.abc import Iterable
from dataclasses import dataclass

from procurement.documents.languages.taxing import Untaxed
from procurement.kernel.tax_categories import TaxCategory

MOST_NUMBERS = 12  # the note stays a note


@dataclass(frozen=True, slots=True)
class UntaxedLine:
    number: str  # as the paper numbers it
    code: str
    category: TaxCategory
    detail: str


def reasons_said(lines: Iterable[UntaxedLine], words: Untaxed) -> tuple[str, ...]:
    """In the order of the lines; where one code stands for several reasons, each names its lines."""
    found: dict[tuple[str, str], list[str]] = {}
    for line in lines:
        if line.category.needs_reason:
            found.setdefault((line.code, words.why(line.category, line.detail)), []).append(
                line.number
            )
    codes = [code for code, _ in found]
    return tuple(
        f"{code}: {said}"
        if codes.count(code) == 1
        else f"{code} ({words.lines.format(numbers=_short(numbers))}): {said}"
        for (code, said), numbers in found.items()
    )


def _short(numbers: list[str]) -> str:
    more = ["…"] if len(numbers) > MOST_NUMBERS else []
    return ", ".join([*numbers[:MOST_NUMBERS], *more])
