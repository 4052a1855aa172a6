"""What a scan chooses on a room's page: one of its bottles or products; nothing that is not there."""

from collections.abc import Collection
from dataclasses import dataclass

from procurement.stock.queries.scanning import Found, Scanned


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the page shows as chosen, and what the person is told."""

    thing: str
    message: str
    tone: str = "ok"


def chosen_by(
    found: Found, *, room: str, bottles: Collection[str], skus: Collection[str]
) -> Chosen:
    """`thing` is "" where the scan chooses nothing."""
    if found.what is Scanned.CONTAINER and found.lot in bottles:
        return Chosen(f"bottle {found.lot}", f"{found.lot}, {found.product_name}.")
    if found.what is Scanned.CONTAINER:
        where = f"stands in {found.location_name}" if found.location_name else "is finished"
        return Chosen("", f"{found.lot}, {found.product_name}, {where}, not in {room}.", "soon")
    # Which lot it is does not matter here: every reading that is left names the same product.
    if found.product in skus and (found.is_goods or found.what is Scanned.UNCLEAR):
        return Chosen(f"product {found.product}", f"{found.product_name}.")
    if found.is_goods:
        return Chosen("", f"{found.product_name} is not kept in {room}.", "soon")
    return Chosen("", found.message, "past" if found.what is Scanned.NOTHING else "soon")
