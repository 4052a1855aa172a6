"""What sales has to look after today, beside enquiries and quotes."""

from datetime import datetime

from procurement.kernel.actor import Actor
from procurement.kernel.clock import today_in
from procurement.kernel.db import ReadSession
from procurement.kernel.permissions import Permission
from procurement.sales.queries.applications import waiting_applications
from procurement.sales.queries.approvals import quotes_to_approve
from procurement.sales.queries.taxing import exemptions_ending
from procurement.settings.queries import get_company

MOST = 8


def selling_today(session: ReadSession, *, actor: Actor, at: datetime) -> dict[str, object]:
    """Quotes this person may agree to; for who keeps customers, applications and tax certificates that end soon."""
    waiting = quotes_to_approve(session, actor=actor, limit=MOST)
    if not actor.may(Permission.EDIT_CUSTOMERS) or not actor.may(Permission.SEE_SALES):
        return {"quotes_to_approve": waiting}
    return {
        "quotes_to_approve": waiting,
        "applications": waiting_applications(session, actor=actor, limit=MOST),
        "tax_papers": exemptions_ending(session, actor=actor, at=at, limit=MOST),
        "day": today_in(get_company(session).time_zone, at),
    }
