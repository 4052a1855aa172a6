"""What the demo's customers looked for and at in the shop in the last weeks: found, in vain, asked for or not."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.catalogue.models import Product
from procurement.sales.operations.interest import keep_looks
from procurement.sales.terms.interest import Looked


class _Search(NamedTuple):
    text: str
    hits: int  # products that have all of its words
    days_ago: tuple[int, ...]
    customers: tuple[str, ...]  # who searched, in turn; nobody we know for the empty code


_SEARCHES = (
    _Search("almond oil", 6, (26, 19, 12, 8, 5, 2), ("LINDEN", "ALKYONI", "")),
    _Search("calf roller", 4, (24, 17, 9, 6, 1), ("LINDEN", "ODEGARD")),
    _Search("unscented oil 5 litres", 2, (21, 11, 3), ("TIHAVODA", "")),
    _Search("arnica", 3, (20, 7, 2), ("ALKYONI", "HARBOURLANE")),
    _Search("foot soak", 2, (15, 4), ("",)),
    _Search("magnesium flakes", 0, (25, 18, 10, 6, 2), ("LINDEN", "HARBOURLANE", "")),
    _Search("heated blanket", 0, (22, 13, 5), ("TIHAVODA", "ALKYONI")),
    _Search("cbd balm", 0, (16, 3), ("",)),
    _Search("bolster cover anthracite", 0, (9,), ("LINDEN",)),
)
_VIEWS = {
    "OIL-ALM": (("LINDEN", 6), ("LINDEN", 2), ("ALKYONI", 4)),
    "OIL-SUN": (("LINDEN", 12), ("ALKYONI", 11), ("TIHAVODA", 9), ("LINDEN", 4), ("", 2)),
    "TOL-CRR-SFT": (("LINDEN", 17), ("HARBOURLANE", 8), ("ODEGARD", 6), ("", 1)),
    "SET-CLF": (("ODEGARD", 1), ("OKEEFFE", 3), ("LEFEVRE", 2)),
    "TOL-MAT-SAG": (("ALKYONI", 2), ("TIHAVODA", 5)),
    "BLM-TEA": (("OKEEFFE", 10), ("", 7), ("", 3)),
    "LOT-ARN": (("ALKYONI", 3), ("HARBOURLANE", 14)),
}


def look_around(session: Session, customers: dict[str, int], *, at: datetime) -> None:
    """Four weeks of the shop, as far as it is kept."""
    keep_looks(session, list(_looks(session, customers, at)))


def _looks(session: Session, customers: dict[str, int], at: datetime) -> Iterator[Looked]:
    for one in _SEARCHES:
        for turn, ago in enumerate(one.days_ago):
            who = customers.get(one.customers[turn % len(one.customers)])
            yield Looked(at - timedelta(days=ago, hours=turn), who, one.text, one.hits)
    rows = session.execute(select(Product.sku, Product.id).where(Product.sku.in_(_VIEWS)))
    products = {row.sku: row.id for row in rows}
    for sku, views in _VIEWS.items():
        for code, ago in views:
            moment = at - timedelta(days=ago, minutes=7)
            yield Looked(moment, customers.get(code), product_id=products[sku])
