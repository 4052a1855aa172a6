"""The requests for quotation that can be awarded."""

from datetime import datetime

from procurement.kernel.actor import Actor
from procurement.kernel.clock import today_in
from procurement.kernel.db import ReadSession
from procurement.kernel.permissions import Permission
from procurement.purchasing.queries.quotations import requests_to_award
from procurement.purchasing.terms.quotations import RequestRow
from procurement.settings.queries import get_company

MOST = 8


def quotations_today(
    session: ReadSession, *, actor: Actor, at: datetime
) -> dict[str, tuple[RequestRow, ...]]:
    """Everybody has answered, or the last day is over; for those who draft orders."""
    if not actor.may(Permission.DRAFT_ORDERS):
        return {}
    today = today_in(get_company(session).time_zone, at)
    return {"quotations": tuple(requests_to_award(session, today, limit=MOST))}
