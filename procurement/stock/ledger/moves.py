"""What the ledger is asked to do: moves of goods, and promises of them."""

from dataclasses import dataclass

from procurement.stock.models import Lot
from procurement.stock.terms import Place


@dataclass(frozen=True, slots=True)
class Move:
    """A quantity (in steps) of a product from one place to another.

    Without a lot the ledger picks by FEFO; from a virtual place the lot must be named. `line` is the caller's
    name for it ("moves.0"), given back in refusals and in the result.
    """

    product_id: int
    quantity: int
    source: Place
    destination: Place
    lot: Lot | None = None
    line: str = ""


@dataclass(frozen=True, slots=True)
class Promise:
    """So many steps of a product at a place, promised to a demand; a named lot is taken as it is, else by FEFO."""

    product_id: int
    quantity: int
    place: Place
    line: str = ""
    lot_id: int | None = None
