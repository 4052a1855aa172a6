"""Until when a container may be used."""

import calendar
from datetime import date

from procurement.stock.terms import LotState, LotStatus


def use_by(
    expires_on: date | None, opened_on: date | None, period_after_opening_months: int | None
) -> date | None:
    """min(expiry, opened + period after opening): opening never extends a date. None: no limit is known.

    The period after opening counts calendar months, as the open-jar symbol of Regulation (EC) 1223/2009,
    Annex VII, does; the day is cut to the month's last where it has fewer.
    """
    if opened_on is None or period_after_opening_months is None:
        return expires_on
    after_opening = _months_later(opened_on, period_after_opening_months)
    return after_opening if expires_on is None else min(expires_on, after_opening)


def is_usable(status: LotStatus, lot_use_by: date | None, on: date) -> bool:
    """May it be used or sold on that day? The use-by day itself still counts."""
    return status is LotStatus.AVAILABLE and (lot_use_by is None or on <= lot_use_by)


def state_of(status: LotStatus, lot_use_by: date | None, on: date) -> LotState:
    """How a lot is shown on a day: what is held or recalled stays so, whatever its date."""
    if status is LotStatus.AVAILABLE and not is_usable(status, lot_use_by, on):
        return LotState.EXPIRED
    return LotState(status.value)


def _months_later(day: date, months: int) -> date:
    year, month0 = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month0 + 1)[1]
    return date(year, month0 + 1, min(day.day, last))
