"""Words and rows of suppliers."""

from dataclasses import dataclass
from enum import StrEnum

from procurement.kernel.money import Money
from procurement.sourcing.terms.calendars import OrderCalendar
from procurement.sourcing.terms.items import SupplierItemRow


class Standing(StrEnum):
    """How gladly we buy from a supplier; from a blocked one nothing is proposed or ordered."""

    PREFERRED = "preferred"
    NORMAL = "normal"
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True)
class SupplierTerms:
    """What a supplier asks of an order, before tax and in its currency.

    An order below `minimum` is not accepted. `freight` is charged for each delivery, unless the goods come to
    `free_from` or more; None is never.
    """

    minimum: Money
    freight: Money
    free_from: Money | None = None
    standing: Standing = Standing.NORMAL

    def freight_on(self, goods: Money) -> Money:
        """What the delivery of goods of this value costs."""
        is_free = self.free_from is not None and goods.minor >= self.free_from.minor
        return Money(0, goods.currency) if is_free else self.freight


@dataclass(frozen=True, slots=True)
class SupplierRow:
    """A supplier in the list."""

    code: str
    name: str
    currency: str
    email: str
    phone: str
    contact: str
    items: int
    active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierPage:
    """Everything a supplier's page shows."""

    code: str
    name: str
    currency: str
    email: str
    phone: str
    address: str
    contact: str
    note: str
    peppol_id: str
    wants_ubl: bool
    active: bool
    terms: SupplierTerms
    calendar: OrderCalendar | None
    items: tuple[SupplierItemRow, ...]
