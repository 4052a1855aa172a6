"""The three-way match: what was ordered, what was received, what is invoiced; every difference in words."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from procurement.kernel.money import Money, TaxRate, UnitPrice
from procurement.purchasing.terms.invoices import (
    Difference,
    DifferenceKind,
    InvoiceStatus,
    InvoiceTolerance,
)

# What holds until somebody sets something else; the amount is in minor units of the invoice's currency.
DEFAULT_PAYMENT_DAYS = 30
DEFAULT_TOLERANCE = (200, 1_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchLine:
    """A line of an invoice beside its order line. `before`: packs that earlier invoices ask for.

    `credited` is what credit notes have taken off this line's price.
    """

    position: int
    name: str
    received: int
    returned: int = 0  # whole packs of them, sent back
    before: int
    packs: int
    agreed: UnitPrice
    price: UnitPrice
    agreed_tax: TaxRate
    tax: TaxRate
    credited: Money

    @property
    def net(self) -> Money:
        return self.price.total(self.packs)

    @property
    def kept(self) -> int:
        return self.received - self.returned


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchCharges:
    """What is asked beside the goods, and what the supplier's terms let it ask."""

    freight: Money
    agreed_freight: Money
    other: Money
    other_words: str = ""
    misprint: Money  # the printed sum less what the paper adds up to
    twins: tuple[str, ...] = ()  # invoices that look like this one


def differences_of(
    lines: Sequence[MatchLine], charges: MatchCharges, tolerance: InvoiceTolerance
) -> tuple[Difference, ...]:
    """Every difference, the lines' first. One in our favour never waits for anybody."""
    found = [difference for line in lines for difference in _of_line(line, tolerance)]
    goods = sum((line.net for line in lines), Money(0, charges.freight.currency))
    return (*found, *_of_charges(charges, goods, tolerance))


def status_of(differences: Sequence[Difference]) -> InvoiceStatus:
    """What an undecided invoice is by its differences."""
    is_matched = all(one.is_within for one in differences)
    return InvoiceStatus.MATCHED if is_matched else InvoiceStatus.RECORDED


def is_within(amount: Money, base: Money, tolerance: InvoiceTolerance) -> bool:
    """Above neither the amount nor the percentage of `base`; what is asked too little always passes."""
    if amount.minor <= 0:
        return True
    in_percent = amount.minor <= tolerance.percent.of(base).minor
    return in_percent and amount.minor <= tolerance.amount.minor


def looks_like(one: str, other: str) -> bool:
    """Whether two numbers of a supplier are the same but for signs, case and leading noughts: INV-0042, inv 42."""
    return _bare(one) == _bare(other)


def _bare(number: str) -> tuple[str, ...]:
    parts = re.findall(r"[^\W\d_]+|\d+", number.casefold())
    return tuple(part.lstrip("0") or "0" if part.isdigit() else part for part in parts)


def _of_line(line: MatchLine, tolerance: InvoiceTolerance) -> Iterator[Difference]:
    excess = min(line.packs, max(0, line.before + line.packs - line.kept))
    if excess:
        amount = line.price.total(excess)
        yield Difference(
            DifferenceKind.QUANTITY,
            line.position,
            _too_many(line, excess),
            amount,
            is_within(amount, line.net, tolerance),
        )
    dearer = line.net - line.agreed.total(line.packs) - line.credited
    if dearer.minor and line.price != line.agreed:
        yield Difference(
            DifferenceKind.PRICE,
            line.position,
            f"{line.name}: {line.price.amount} a pack instead of {line.agreed.amount}",
            dearer,
            is_within(dearer, line.agreed.total(line.packs), tolerance),
        )
    if line.tax != line.agreed_tax:
        yield Difference(
            DifferenceKind.TAX,
            line.position,
            f"{line.name}: taxed at {line.tax.percent} % instead of {line.agreed_tax.percent} %",
            line.tax.of(line.net) - line.agreed_tax.of(line.net),
            is_within=False,
        )


def _too_many(line: MatchLine, excess: int) -> str:
    if line.received == 0:
        return f"{line.name}: {line.packs} invoiced, nothing received"
    earlier = f", {line.before} of them on earlier invoices" if line.before else ""
    total = line.before + line.packs
    back = f", {line.returned} of them sent back" if line.returned else ""
    said = f"{total} invoiced{earlier}, {line.received} received{back}"
    return f"{line.name}: {said}: {excess} too many"


def _of_charges(
    charges: MatchCharges, goods: Money, tolerance: InvoiceTolerance
) -> Iterator[Difference]:
    freight = charges.freight - charges.agreed_freight
    if freight.minor > 0:
        yield Difference(
            DifferenceKind.FREIGHT,
            None,
            f"Freight of {charges.freight.amount} instead of {charges.agreed_freight.amount}",
            freight,
            is_within(freight, goods, tolerance),
        )
    if charges.other.minor:
        what = f" ({charges.other_words})" if charges.other_words else ""
        yield Difference(
            DifferenceKind.CHARGES,
            None,
            f"Charges of {charges.other.amount}{what} that were not agreed",
            charges.other,
            is_within(charges.other, goods, tolerance),
        )
    if charges.misprint.minor:
        sign = "more" if charges.misprint.minor > 0 else "less"
        yield Difference(
            DifferenceKind.TOTAL,
            None,
            f"The paper's total is {charges.misprint.amount.lstrip('-')} {sign} than it adds up to",
            charges.misprint,
            is_within=False,
        )
    for twin in charges.twins:
        yield Difference(
            DifferenceKind.DUPLICATE,
            None,
            f"Looks like {twin}, which is recorded already",
            goods,
            is_within=False,
        )
