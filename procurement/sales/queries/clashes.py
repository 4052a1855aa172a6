"""What somebody else changed in a draft while one was typing: told beside what one typed oneself."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import blake2s

from procurement.sales.queries.quotes import QuoteLineRow, QuotePage
from procurement.sales.terms import LineKind

MOST_TOLD = 30


@dataclass(frozen=True, slots=True)
class TypedLine:
    """A line of the form that could not be saved: the mark it was read with, and what it says now."""

    was: str
    product: str
    words: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing they changed. Empty words: the line is not there."""

    name: str
    theirs: str
    yours: str


@dataclass(frozen=True, slots=True)
class Clash:
    """Who saved in between, when, and what it is now."""

    by: str
    at: datetime
    version: int
    differences: tuple[Difference, ...]
    more: int = 0


def mark_of(row: QuoteLineRow) -> str:
    """A short mark of a stored line wherever it stands: another mark, another line."""
    return blake2s(repr(replace(row, position=0)).encode(), digest_size=6).hexdigest()


def clash_of(
    page: QuotePage,
    typed: Sequence[TypedLine],
    head: Sequence[Difference],
    same: Collection[str] = (),
) -> Clash:
    """What is stored now and was not when the form was read; and what was read and is not stored any more.

    `same` are the marks of lines the form takes as they are stored.
    """
    stored = {mark_of(row): row for row in page.lines}
    read = {line.was for line in typed} | set(same)
    gone = [line for line in typed if line.was and line.was not in stored]
    differences = list(head)
    for mark, row in stored.items():
        if mark in read:
            continue
        mine = next((line for line in gone if line.product == row.product), None)
        if mine:
            gone.remove(mine)
        differences.append(Difference(_name(row), line_said(row), mine.words if mine else ""))
    differences += [Difference(line.product or "Words", "", line.words) for line in gone]
    return Clash(
        page.changed_by,
        page.changed_at,
        page.version,
        tuple(differences[:MOST_TOLD]),
        max(len(differences) - MOST_TOLD, 0),
    )


def _name(row: QuoteLineRow) -> str:
    return f"{row.product_name} ({row.product})" if row.is_goods else "Words"


def line_said(row: QuoteLineRow) -> str:
    """A stored line in a few words."""
    if not row.is_goods:
        return row.text
    price = row.price.amount if row.price else "no price"
    parts = [f"{row.packs} × {row.pack_name}", price]  # noqa: RUF001 (the sign people write)
    if row.discount.basis_points:
        parts.append(f"less {row.discount.percent} %")
    parts += [word for word in (_role(row), row.section, row.note) if word]
    return ", ".join(parts)


def _role(row: QuoteLineRow) -> str:
    if row.kind is LineKind.SAMPLE:
        return "sample"
    return "" if row.is_suggested and not row.choice_group else row.choice.value


def same_text(name: str, theirs: str, yours: str) -> Collection[Difference]:
    """One difference of the head, or none."""
    return [] if theirs == yours else [Difference(name, theirs, yours)]
