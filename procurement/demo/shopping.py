"""The demo's shop: visitors see what things cost to take home, and the buyer keeps two searches."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from procurement.demo import house
from procurement.demo.cast import Cast
from procurement.demo.founding import actor_of
from procurement.sales.operations.shop import arrange_shop, save_search
from procurement.sales.terms.shop import SampleRule, VisitorPrices

RETAIL_LIST = "RETAIL-EUR"
SEARCHES = {
    "Calf release, in stock": "area=calf&stock=in",
    "Nut-free for the face": "area=face&trait=nut_free",
}


def open_shop(session: Session, cast: Cast, *, at: datetime) -> None:
    """Prices in the window, and a fortnight ago somebody looked around."""
    arrange_shop(
        session,
        VisitorPrices.RETAIL,
        RETAIL_LIST,
        may_collect=True,
        samples=SampleRule(3, 90),
        actor=cast.administrator,
        at=at,
    )
    buyer = next(actor_of(session, user.email) for user in house.users() if user.customer)
    for name, query in SEARCHES.items():
        save_search(session, name, query, actor=buyer, at=at - timedelta(days=14))
