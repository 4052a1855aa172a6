"""What the order of a customer's addresses means: the first of a kind is the usual one, and it decides taxes."""

from collections.abc import Iterable
from dataclasses import dataclass

from procurement.sales.terms import AddressKind


@dataclass(frozen=True, slots=True)
class Placed:
    """An address as taxes see it."""

    kind: AddressKind
    country: str
    region: str


def tax_place(addresses: Iterable[Placed]) -> tuple[str, str]:
    """Country and region of where goods go: the first delivery address, else the first one for bills."""
    known = [one for one in addresses if one.country]
    best = sorted(known, key=lambda one: one.kind is not AddressKind.DELIVERY)
    return (best[0].country, best[0].region) if best else ("", "")
