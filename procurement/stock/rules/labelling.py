"""Lots labelled before Regulation (EU) 2023/1545 applied to them.

The regulation of 26 July 2023 adds some eighty fragrance allergens to Annex III of Regulation (EC) 1223/2009: their
presence above 0.001 % (leave-on) or 0.01 % (rinse-off) is named on the label. Products that do not comply may be placed
on the Union market until 31 July 2026, and made available on it until 31 July 2028. "Made available" is supply to
somebody else, so only the sale of an old lot ends; a spa may use up in its own treatments what it has bought.
"""

from datetime import date

from procurement.catalogue.terms import Kind
from procurement.stock.terms import LabelState

NEW_GOODS_FROM = date(2026, 7, 31)
OLD_STOCK_UNTIL = date(2028, 7, 31)

_COSMETIC = frozenset({Kind.OIL, Kind.LOTION, Kind.CREAM, Kind.GEL, Kind.BALM, Kind.RETAIL_SET})


def label_state(kind: Kind, names_allergens: bool | None) -> LabelState:
    """`names_allergens` is what somebody read on the label; None: nobody has looked."""
    if kind not in _COSMETIC:
        return LabelState.OUTSIDE
    if names_allergens is None:
        return LabelState.UNKNOWN
    return LabelState.NAMED if names_allergens else LabelState.OLD_LABEL


def is_sellable(
    kind: Kind, names_allergens: bool | None, received_on: date | None, on: date
) -> bool:
    """Whether the lot may be sold that day, as far as its label goes.

    Where nobody has looked the day of receipt speaks: what came before the rule began counts as labelled the old way.
    """
    state = label_state(kind, names_allergens)
    came_before = received_on is None or received_on < NEW_GOODS_FROM
    is_old = state is LabelState.OLD_LABEL or (state is LabelState.UNKNOWN and came_before)
    return not is_old or on <= OLD_STOCK_UNTIL


def cosmetic_kinds() -> frozenset[Kind]:
    """The kinds of product whose labels the regulation is about."""
    return _COSMETIC
