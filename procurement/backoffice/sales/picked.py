"""A scan while picking: the lot is ticked off, or it is said what is wrong with it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from procurement.sales.terms.orders import PickRow
from procurement.stock.queries.scanning import Found, Scanned


@dataclass(frozen=True, slots=True)
class Picked:
    """What the person is told, and the lots ticked off so far, one a line."""

    found: str
    message: str
    tone: str = "ok"
    choices: tuple[Found, ...] = field(default=())
    other: str = ""  # the lot that was scanned instead


def picked(found: Found, rows: Sequence[PickRow], before: str) -> Picked:
    """Nothing is guessed: another lot of the same product is not the one that is promised."""
    if found.what is Scanned.UNCLEAR:
        return Picked(before, found.message, "soon", found.choices)
    ours = [row for row in rows if found.is_goods and row.product == found.product]
    if not ours:
        said = f"{found.product_name} is not on this list." if found.is_goods else found.message
        return Picked(before, said, "past")
    row = next((row for row in ours if row.lot == found.lot), None)
    if row is None:
        lots = " or ".join(dict.fromkeys(row.lot for row in ours))
        if found.lot is None:
            return Picked(before, f"{found.product_name}: take lot {lots}.", "soon")
        said = f"Lot {found.lot} is not the one to take: it is {lots}. To take it all the same, say why below."
        return Picked(before, said, "past", other=found.lot)
    if row.problem:
        return Picked(before, f"Lot {row.lot} is {row.problem}: leave it there.", "past")
    kept = dict.fromkeys([*before.split("\n"), row.lot_name]) if before else {row.lot_name: None}
    return Picked("\n".join(kept), f"Right: {row.quantity} of {row.product_name}, lot {row.lot}.")
