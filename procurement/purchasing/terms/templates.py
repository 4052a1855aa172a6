"""Words and rows of orders that come again."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from procurement.kernel.money import UnitPrice
from procurement.kernel.quantity import Pack, Quantity


class Every(StrEnum):
    WEEKS = "weeks"
    MONTHS = "months"


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingRow:
    """A rhythm in which a template is drafted."""

    number: str
    template: str
    template_name: str
    supplier_name: str
    every: int
    unit: Every
    weekday: int  # Monday is 0
    until: date | None
    next_on: date | None  # None: it has ended
    paused: bool
    begun_by: str
    problem: str
    last_order: str | None
    last_for: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateRow:
    """A template in a list."""

    number: str
    name: str
    supplier: str
    supplier_name: str
    deliver_to: str | None
    made_at: datetime
    made_by: str
    active: bool
    lines: int
    next_on: date | None  # when it is drafted by itself


@dataclass(frozen=True, slots=True)
class TemplateLineRow:
    """So many packs of a product, and what one costs today; None where the supplier's price is not on file."""

    position: int
    product: str
    product_name: str
    pack: str
    pack_value: Pack
    packs: int
    price: UnitPrice | None

    @property
    def quantity(self) -> Quantity:
        return self.pack_value.of(self.packs)


@dataclass(frozen=True, slots=True)
class TemplatePage:
    """Everything the page of a template shows."""

    row: TemplateRow
    note_to_supplier: str
    note_to_us: str
    currency: str
    lines: tuple[TemplateLineRow, ...]
    rhythms: tuple[StandingRow, ...]
