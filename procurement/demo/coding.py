"""The demo's wholesale buyer calls some packs by the codes of their own system."""

from datetime import datetime

from sqlalchemy.orm import Session

from procurement.demo import goods, house
from procurement.demo.founding import actor_of
from procurement.sales.operations.own_codes import OwnCodeInput, keep_own_codes

CODES = {
    "LR-1001": ("OIL-GRA", None),
    "LR-1002": ("OIL-SES", None),
    "LR-1003": ("OIL-ALM", "CASE12"),
    "LR-1010": ("BLM-WRM-050", None),
    "LR-1011": ("BLM-NGT", None),
    "LR-2001": ("DSP-PAD", None),
}


def name_packs(session: Session, *, at: datetime) -> None:
    """Nothing where the house has no buyer; what the assortment does not have is left out."""
    emails = [user.email for user in house.users() if user.customer]
    packs = {one.sku: {pack.code for pack in one.packs} for one in goods.products()}
    kept = [
        OwnCodeInput(code, sku, pack)
        for code, (sku, pack) in CODES.items()
        if sku in packs and (pack is None or pack in packs[sku])
    ]
    if emails and kept:
        keep_own_codes(session, kept, actor=actor_of(session, emails[0]), at=at)
