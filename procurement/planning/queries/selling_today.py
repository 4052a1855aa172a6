"""What sales has to look after today, beside enquiries and quotes."""

from datetime import datetime

from procurement.kernel.actor import Actor
from procurement.kernel.clock import today_in
from procurement.kernel.db import ReadSession
from procurement.kernel.permissions import Permission
from procurement.sales.queries.taxing import exemptions_ending
from procurement.settings.queries import get_company

MOST = 8


def selling_today(session: ReadSession, *, actor: Actor, at: datetime) -> dict[str, object]:
    """Tax certificates that end within 30 days or have just ended, for those who keep customers."""
    if not actor.may(Permission.EDIT_CUSTOMERS) or not actor.may(Permission.SEE_SALES):
        return {}
    return {
        "tax_papers": exemptions_ending(session, actor=actor, at=at, limit=MOST),
        "day": today_in(get_company(session).time_zone, at),
    }
