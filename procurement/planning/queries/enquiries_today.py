"""The enquiries that need somebody today."""

from datetime import datetime, timedelta

from procurement.kernel.actor import Actor
from procurement.kernel.db import ReadSession
from procurement.kernel.permissions import Permission
from procurement.sales.queries.inbox import EnquiryFilter, EnquiryRow, waiting_longest
from procurement.sales.terms import InboxView
from procurement.settings.queries import get_company

MOST = 8


def enquiries_today(
    session: ReadSession, *, actor: Actor, at: datetime
) -> dict[str, tuple[EnquiryRow, ...]]:
    """Nobody's and this person's own that wait, and whosever have waited longer than the house allows itself."""
    if not actor.may(Permission.SEE_SALES):
        return {}
    late = at - timedelta(hours=get_company(session).answer_hours)
    wanted = (
        EnquiryFilter(waiting_before=late),
        EnquiryFilter(view=InboxView.UNASSIGNED),
        EnquiryFilter(view=InboxView.MINE),
    )
    rows = {
        row.number: row
        for one in wanted
        for row in waiting_longest(session, one, actor=actor, limit=MOST)
    }
    return {"enquiries": tuple(sorted(rows.values(), key=_waiting_since))[:MOST]}


def _waiting_since(row: EnquiryRow) -> datetime:
    return row.waiting_since or row.received_at
