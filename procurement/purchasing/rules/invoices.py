"""What an invoice adds up to, and whether its paper says the same."""

from collections.abc import Sequence
from dataclasses import dataclass

from procurement.kernel.errors import Invalid
from procurement.kernel.money import Money, TaxRate
from procurement.purchasing.rules.totals import TaxedLine, totals_of
from procurement.purchasing.terms import Totals
from procurement.settings.terms import RoundingRule


@dataclass(frozen=True, slots=True)
class PrintedTotals:
    """The sums of the paper; what is None was not typed."""

    net: Money | None = None
    tax: Money | None = None
    gross: Money | None = None


@dataclass(frozen=True, slots=True)
class Summed:
    """The sums that are kept, and by how much the printed gross is more than the lines come to."""

    totals: Totals
    misprint: Money


def summed(
    lines: Sequence[TaxedLine],
    charges: Money,
    *,
    rule: RoundingRule,
    printed: PrintedTotals | None = None,
    misprinted: bool = False,
) -> Summed:
    """Lines and charges with their tax; raises Invalid naming the sum of the paper that is another.

    Charges are taxed at the highest rate of the lines, as what goes with the goods is. Suppliers round tax in ways
    of their own: a printed tax that is one minor unit a line away is the paper's right, and is kept.
    """
    currency = charges.currency
    highest = max((line.rate for line in lines), default=TaxRate(0))
    extra = [TaxedLine(charges, highest)] if charges.minor else []
    own = totals_of([*lines, *extra], rule, currency)
    if printed is None:
        return Summed(own, Money(0, currency))
    _require_currency(printed, currency)
    tax = own.tax
    slack = len(lines) + len(extra)
    if printed.tax is not None and abs(printed.tax.minor - own.tax.minor) <= slack:
        tax = printed.tax
    adds_up = Totals(own.net, tax, own.net + tax)
    said = Totals(
        printed.net or adds_up.net, printed.tax or adds_up.tax, printed.gross or adds_up.gross
    )
    if misprinted:
        misprint = said.gross - adds_up.gross
        # What is asked for is what would be paid: its gross is kept, and its tax as far as it is one.
        tax = Money(min(tax.minor, said.gross.minor), currency)
        return Summed(Totals(said.gross - tax, tax, said.gross), misprint)
    for field in ("net", "tax", "gross"):
        theirs, ours = getattr(said, field), getattr(adds_up, field)
        if theirs != ours:
            raise Invalid(
                f"The lines and charges come to {ours.amount}, {_by(theirs - ours)}.", field=field
            )
    return Summed(adds_up, Money(0, currency))


def _by(difference: Money) -> str:
    amount = difference.amount.lstrip("-")
    return f"{amount} less than this" if difference.minor > 0 else f"{amount} more than this"


def _require_currency(printed: PrintedTotals, currency: str) -> None:
    for field in ("net", "tax", "gross"):
        amount: Money | None = getattr(printed, field)
        if amount is None:
            continue
        if amount.currency != currency:
            raise Invalid(f"The supplier is paid in {currency}.", field=field)
        if amount.minor < 0:
            raise Invalid("This is not below zero.", field=field)
