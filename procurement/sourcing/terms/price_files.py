"""Words and rows of suppliers' price files and of the history of prices."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from procurement.kernel.money import UnitPrice
from procurement.sourcing.terms.items import PriceBreak


class PriceFileStatus(StrEnum):
    """What became of a file. A scheduled one is applied by itself on its day."""

    READ = "read"
    SCHEDULED = "scheduled"
    APPLIED = "applied"
    UNDONE = "undone"
    DISCARDED = "discarded"


class LineKind(StrEnum):
    """How a line of the file stands to what we have."""

    CHANGED = "changed"
    SAME = "same"
    NEW = "new"  # a product of ours that this supplier did not sell us
    UNKNOWN = "unknown"  # nothing of ours goes by these codes
    MISSING = "missing"  # we buy it there, and the file does not name it


@dataclass(frozen=True, slots=True)
class PriceRow:
    """One row of a file: what it calls the thing, and the price of a pack from so many on (1/10000)."""

    row: int
    price_e4: int
    from_packs: int = 1
    code: str = ""
    gtin: str = ""
    product: str = ""
    pack: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceFileRow:
    """A price file in a list."""

    number: str
    supplier: str
    supplier_name: str
    name: str
    status: PriceFileStatus
    received_at: datetime
    received_by: str
    apply_on: date | None
    changed: int
    trouble: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceLine:
    """A line of the difference: `before` and `after` are the price breaks of a pack; empty where there are none."""

    position: int
    row: int | None
    kind: LineKind
    code: str
    name: str
    product: str | None
    product_name: str
    pack: str | None
    pack_name: str
    before: tuple[PriceBreak, ...]
    after: tuple[PriceBreak, ...]
    is_applied: bool
    outcome: str  # why it was not applied, or not undone

    @property
    def old(self) -> UnitPrice | None:
        return self.before[0].price if self.before else None

    @property
    def new(self) -> UnitPrice | None:
        return self.after[0].price if self.after else None


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceFilePage:
    """A price file with every line of it."""

    number: str
    supplier: str
    supplier_name: str
    currency: str
    name: str
    read_as: str
    refused: tuple[str, ...]
    status: PriceFileStatus
    received_at: datetime
    received_by: str
    apply_on: date | None
    applied_at: datetime | None
    applied_by: str
    undone_at: datetime | None
    undone_by: str
    trouble: str
    lines: tuple[PriceLine, ...]
    chosen: (
        frozenset[int] | None
    )  # positions to be applied when its day comes; None is all that changed

    def of_kind(self, *kinds: LineKind) -> tuple[PriceLine, ...]:
        return tuple(line for line in self.lines if line.kind in kinds)


@dataclass(frozen=True, slots=True)
class PriceChange:
    """What an item cost until a day, and from then on."""

    on: date
    recorded_at: datetime
    by: str
    before: tuple[PriceBreak, ...]
    after: tuple[PriceBreak, ...]
    price_file: str | None
