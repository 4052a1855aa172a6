"""What sales has to look after today, beside enquiries and quotes."""

from datetime import datetime

from procurement.kernel.actor import Actor
from procurement.kernel.clock import today_in
from procurement.kernel.db import ReadSession
from procurement.kernel.permissions import Permission
from procurement.sales.queries.abandoned import count_abandoned
from procurement.sales.queries.applications import waiting_applications
from procurement.sales.queries.approvals import quotes_to_approve
from procurement.sales.queries.batches import finished_batches
from procurement.sales.queries.leaving import leaving
from procurement.sales.queries.taxing import exemptions_ending
from procurement.settings.queries import get_company

MOST = 8


def selling_today(session: ReadSession, *, actor: Actor, at: datetime) -> dict[str, object]:
    """Quotes to agree to, one's batches that are over; for who keeps customers, applications and tax certificates."""
    found: dict[str, object] = {
        "quotes_to_approve": quotes_to_approve(session, actor=actor, limit=MOST),
        "batches": finished_batches(session, actor=actor, at=at, limit=MOST),
    }
    if not actor.may(Permission.EDIT_CUSTOMERS) or not actor.may(Permission.SEE_SALES):
        return found
    return found | {
        "applications": waiting_applications(session, actor=actor, limit=MOST),
        "tax_papers": exemptions_ending(session, actor=actor, at=at, limit=MOST),
        "leaving": leaving(session, actor=actor, limit=MOST),
        "abandoned": count_abandoned(session, actor=actor, at=at),
        "day": today_in(get_company(session).time_zone, at),
    }
