"""How a supplier kept its word: each order line judged, and what the lines add up to. Nothing of it is stored."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from procurement.kernel.money import Money, Rate, UnitPrice
from procurement.purchasing.terms.claims import ClaimStatus
from procurement.purchasing.terms.invoices import InvoiceStatus

YEAR = timedelta(days=365)


class Figure(StrEnum):
    """The documents behind one figure of a scorecard."""

    LATE = "late"
    SHORT = "short"
    MISSED = "missed"  # not in full by its day
    REJECTED = "rejected"
    CLAIMED = "claimed"
    INVOICED_WRONG = "invoiced_wrong"


# Behind these stand claims and invoices, behind the others order lines.
OF_PAPERS = frozenset({Figure.CLAIMED, Figure.INVOICED_WRONG})


@dataclass(frozen=True, slots=True)
class Period:
    """From a day to another, both inclusive."""

    since: date
    until: date

    @classmethod
    def year_to(cls, day: date) -> "Period":
        return cls(day - YEAR, day)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimTold:
    """A claim for one delivery, as a scorecard opens to it."""

    number: str
    made_on: date
    receipt: str
    status: ClaimStatus
    asked: Money
    agreed: Money | None


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceTold:
    """An invoice with what it said otherwise than order and receipt, above the tolerance."""

    number: str
    supplier_number: str
    invoiced_on: date
    status: InvoiceStatus
    gross: Money
    differences: tuple[str, ...]
    too_much: Money


@dataclass(frozen=True, slots=True)
class TheirPapers:
    """A supplier's claims and invoices of the days, the latest first."""

    claims: tuple[ClaimTold, ...] = ()
    invoices: tuple[InvoiceTold, ...] = ()

    @property
    def differing(self) -> tuple[InvoiceTold, ...]:
        return tuple(one for one in self.invoices if one.differences)


@dataclass(frozen=True, slots=True)
class Arrival:
    """Packs of an order line on one day: taken in, or refused at the door."""

    on: date
    taken: int
    refused: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """One order line and everything that came of it, the first first. `is_closed`: the rest will not come."""

    order: str
    position: int
    product: str
    product_name: str
    pack: str
    placed_on: date
    due_on: date
    packs: int
    price: UnitPrice
    is_closed: bool
    arrivals: tuple[Arrival, ...] = ()


@dataclass(frozen=True, slots=True)
class Judged:
    """An order line with what it says of the supplier."""

    line: Delivered
    on_time: bool
    in_full: bool
    otif: bool
    taken: int
    refused: int
    days_late: int  # of the last packs, or until today where some are missing
    lead_days: int | None  # from placing to the last packs, once all came

    def counts_for(self, figure: Figure) -> bool:
        return {
            Figure.LATE: not self.on_time,
            Figure.SHORT: not self.in_full,
            Figure.MISSED: not self.otif,
            Figure.REJECTED: self.refused > 0,
        }.get(figure, False)


@dataclass(frozen=True, slots=True)
class LeadTime:
    """Days from placing to the last packs: as promised and as measured, with the spread (standard deviation)."""

    lines: int
    promised: Decimal
    measured: Decimal
    spread: Decimal


@dataclass(frozen=True, slots=True)
class PriceDrift:
    """What the same packs cost at the last order against the first of the time: their sum, in basis points."""

    products: int
    change: Rate


@dataclass(frozen=True, slots=True, kw_only=True)
class Scorecard:
    """One supplier's figures. A rate is None where no line says anything about it."""

    supplier: str
    supplier_name: str
    lines: int  # order lines that were due
    on_time: Rate | None
    in_full: Rate | None
    otif: Rate | None
    rejected: Rate | None  # packs refused of all packs that were brought
    lead_time: LeadTime | None
    drift: PriceDrift | None
    claims: int
    claimed: Money | None  # asked by them, in the supplier's currency
    invoices: int
    invoiced_wrong: Rate | None  # invoices that differed above the tolerance, of all
    too_much: Money | None  # asked by those
