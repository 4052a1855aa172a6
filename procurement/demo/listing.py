"""The demo's wholesale buyer keeps two lists, one of them for the colleagues, too."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from procurement.demo import house
from procurement.demo.founding import actor_of
from procurement.sales.operations.saved_lists import ListLineInput, create_list
from procurement.sales.queries.offers import offered_products

LISTS = {
    "Every week": (True, {"OIL-GRA": 6, "OIL-SES": 4, "TOL-HOL": 2}),
    "A new treatment room": (False, {"TOL-HOL": 4, "TOL-OIW": 2, "OIL-GRA": 12}),
}
NOTES = {("Every week", "OIL-SES"): "For the warm treatments"}


def keep_lists(session: Session, *, at: datetime) -> None:
    """Nothing where the house has no buyer; what the assortment does not have is left out."""
    emails = [user.email for user in house.users() if user.customer]
    if not emails:
        return
    buyer = actor_of(session, emails[0])
    for name, (shared, packs) in LISTS.items():
        products = offered_products(session, skus=packs)
        lines = [
            ListLineInput(pack.id, number, NOTES.get((name, sku), ""))
            for sku, number in packs.items()
            if sku in products and (pack := products[sku].pack(None))
        ]
        made = at - timedelta(days=9)
        create_list(session, name, lines, shared=shared, actor=buyer, at=made)
