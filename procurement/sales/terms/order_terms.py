"""Words of the terms of orders that doors may see."""

from dataclasses import dataclass

from procurement.kernel.money import Money

FREIGHT_SKU = "FREIGHT"  # the service that stands on an order for bringing it


@dataclass(frozen=True, slots=True)
class OrderTermsShown:
    """The terms in one currency, of a group or of everybody. None: not said; nothing: none."""

    id: int
    currency: str
    group: str | None  # its code
    group_name: str | None
    opening: Money | None
    reorder: Money | None
    freight: Money | None
    free_from: Money | None
