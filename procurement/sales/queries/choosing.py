"""What a customer may choose of a quote, and what it comes to with what they chose."""

from collections.abc import Iterable
from dataclasses import dataclass

from procurement.kernel.db import ReadSession
from procurement.kernel.money import Money, UnitPrice
from procurement.sales.models import Quote
from procurement.sales.queries.quotes import QuoteLineRow, priced, quote_lines
from procurement.sales.rules.totals import Choice, QuoteTotals, add_up
from procurement.sales.terms import LineChoice


@dataclass(frozen=True, slots=True)
class ChoiceStep:
    """A quantity of a line that can be had, and what so many come to."""

    packs: int
    price: UnitPrice
    net: Money


@dataclass(frozen=True, slots=True)
class ChoiceRow:
    """A line with something to choose; `taken` and `packs` are as the customer has chosen so far."""

    position: int
    number: str  # as on the paper: "O.1"; empty for a line of the offer itself
    name: str
    pack_name: str
    choice: LineChoice
    group: str
    taken: bool
    packs: int
    net: Money
    steps: tuple[ChoiceStep, ...]  # one: the quantity is as it is
    own_packs: int  # as we offer it
    suggested: bool  # of alternatives: the one we suggest

    @property
    def optional(self) -> bool:
        return self.choice is LineChoice.OPTIONAL

    @property
    def has_quantities(self) -> bool:
        return len(self.steps) > 1


@dataclass(frozen=True, slots=True)
class Chooser:
    """The rows to choose from and the totals of the choices so far."""

    rows: tuple[ChoiceRow, ...]
    totals: QuoteTotals

    @property
    def gross(self) -> Money:
        return self.totals.money(self.totals.gross)

    @property
    def options(self) -> list[ChoiceRow]:
        return [row for row in self.rows if row.optional]

    @property
    def groups(self) -> dict[str, list[ChoiceRow]]:
        """The alternatives, by group."""
        found: dict[str, list[ChoiceRow]] = {}
        for row in self.rows:
            if row.group:
                found.setdefault(row.group, []).append(row)
        return found

    @property
    def quantities(self) -> list[ChoiceRow]:
        """Lines of the offer itself with several quantities."""
        return [row for row in self.rows if row.choice is LineChoice.INCLUDED]


def chooser(session: ReadSession, quote: Quote, choices: Iterable[Choice] = ()) -> Chooser:
    """Choices that this quote does not offer are refused by the totals."""
    lines = list(quote_lines(session, quote, staff=False))
    chosen = tuple(choices)
    totals = add_up([priced(x) for x in lines], quote.currency, quote.rounding_rule, chosen)
    packs = {one.position: one.packs for one in chosen}
    numbers = _numbers(lines)
    rows = tuple(
        _row(line, numbers, counted=amounts.counted, packs=packs.get(line.position))
        for line, amounts in zip(lines, totals.lines, strict=True)
        if line.choice is not LineChoice.INCLUDED or line.offers
    )
    return Chooser(rows, totals)


def _numbers(lines: Iterable[QuoteLineRow]) -> dict[int, str]:
    """As the paper numbers what is outside the total: O.1 for options, A.1 for alternatives."""
    numbers: dict[int, str] = {}
    counts = {"O": 0, "A": 0}
    for line in lines:
        if not line.is_goods or line.is_suggested:
            continue
        letter = "O" if line.optional else "A"
        counts[letter] += 1
        numbers[line.position] = f"{letter}.{counts[letter]}"
    return numbers


def _row(
    line: QuoteLineRow, numbers: dict[int, str], *, counted: bool, packs: int | None
) -> ChoiceRow:
    steps = [
        *(ChoiceStep(one.packs, one.price, one.net) for one in line.offers),
        ChoiceStep(line.packs, line.price or UnitPrice(0, line.net.currency), line.net),
    ]
    steps.sort(key=lambda step: step.packs)
    taken = line.packs if packs is None else packs
    return ChoiceRow(
        position=line.position,
        number=numbers.get(line.position, ""),
        name=line.product_name,
        pack_name=line.pack_name,
        choice=line.choice,
        group=line.choice_group,
        taken=counted,
        packs=taken,
        net=next((step.net for step in steps if step.packs == taken), line.net),
        steps=tuple(steps),
        own_packs=line.packs,
        suggested=line.chosen,
    )
