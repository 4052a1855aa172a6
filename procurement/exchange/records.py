"""What a layout makes of a file: drafts with the row they came from, what was refused, what a person should know."""

from dataclasses import dataclass, field
from typing import Generic, TypeVar

from procurement.catalogue.terms import FamilyDraft, PackDraft, ProductDraft
from procurement.sourcing.terms import BreakScheme, Standing
from procurement.stock.terms import LocationKind

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Refusal:
    """One row that was not taken. `row` counts as the spreadsheet counts, `column` is the file's own name for it."""

    row: int
    column: str
    reason: str


@dataclass(frozen=True, slots=True)
class At(Generic[T]):
    """A draft and the row that asked for it."""

    row: int
    draft: T


@dataclass(frozen=True, slots=True)
class PriceDraft:
    """From so many packs, one pack costs this on the price list."""

    sku: str
    pack: str
    price_list: str
    currency: str
    from_packs: int
    price_e4: int


@dataclass(frozen=True, slots=True)
class SupplierDraft:
    """A supplier by code or, where a file only knows names, by name."""

    code: str
    name: str
    currency: str | None = None
    address: str | None = None
    active: bool | None = None
    standing: Standing | None = None
    minimum_minor: int | None = None
    freight_minor: int | None = None
    free_from_minor: int | None = None
    is_coded: bool = (
        True  # the file knows a code; else the code was made from the name, and the name decides
    )


@dataclass(frozen=True, slots=True)
class SupplierItemDraft:
    """A product as one supplier sells it. Price breaks: (from packs, price of one pack in 1/10000)."""

    supplier: str
    sku: str
    pack: str
    code: str
    moq: int | None = None
    moq_steps: int | None = None  # where a file counts the MOQ in pieces, not packs
    multiple: int | None = None
    lead_time_days: int | None = None
    currency: str | None = None
    price_breaks: tuple[tuple[int, int], ...] | None = None
    scheme: BreakScheme | None = None
    guaranteed_days: int | None = None
    blocked: bool | None = None


@dataclass(frozen=True, slots=True)
class RuleDraft:
    """What a location should hold; the amounts are in the product's unit, as decimals, until it is known."""

    sku: str
    location: str
    par_level: str
    reorder_point: str


@dataclass(frozen=True, slots=True)
class LocationDraft:
    """A place of a site."""

    code: str
    name: str
    kind: LocationKind
    site: str
    site_name: str
    active: bool


@dataclass(frozen=True, slots=True)
class OpeningDraft:
    """What stood there when the ledger began; the amount is in the product's unit."""

    sku: str
    location: str
    amount: str


@dataclass(slots=True)
class Harvest:
    """Everything taken from one file. A refused row has left nothing in the lists."""

    layout: str
    subjects: frozenset[str]  # what a row of this layout is about: decides what "created" counts
    read: int = 0
    families: dict[str, At[FamilyDraft]] = field(default_factory=dict)
    products: dict[str, At[ProductDraft]] = field(default_factory=dict)
    packs: dict[tuple[str, str], At[PackDraft]] = field(default_factory=dict)
    prices: dict[tuple[str, str, str, int], At[PriceDraft]] = field(default_factory=dict)
    suppliers: dict[str, At[SupplierDraft]] = field(default_factory=dict)
    supplier_items: dict[tuple[str, str, str], At[SupplierItemDraft]] = field(default_factory=dict)
    rules: dict[tuple[str, str], At[RuleDraft]] = field(default_factory=dict)
    locations: dict[str, At[LocationDraft]] = field(default_factory=dict)
    openings: dict[tuple[str, str], At[OpeningDraft]] = field(default_factory=dict)
    refused: list[Refusal] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def refuse(self, row: int, column: str, reason: str) -> None:
        self.refused.append(Refusal(row, column, reason))
