"""When what is missing in one order is due."""

from datetime import datetime

from procurement.kernel.actor import SYSTEM
from procurement.kernel.db import ReadSession
from procurement.planning.queries.sales_backorders import SalesBackorder, sales_backorders


def backorders_of(session: ReadSession, number: str, *, at: datetime) -> dict[int, SalesBackorder]:
    """The lines of the order that wait, by position. Whoever asks has shown that the order is theirs."""
    found = sales_backorders(session, actor=SYSTEM, at=at)
    return {one.line.position: one for one in found if one.line.order == number}
