"""The enquiries that need somebody today."""

from datetime import datetime, timedelta

from procurement.kernel.actor import Actor
from procurement.kernel.db import ReadSession
from procurement.kernel.permissions import Permission
from procurement.sales.queries.inbox import EnquiryFilter, EnquiryRow, waiting_longest
from procurement.sales.queries.talk import open_questions
from procurement.sales.terms import InboxView
from procurement.settings.queries import get_company

MOST = 8


def enquiries_today(session: ReadSession, *, actor: Actor, at: datetime) -> dict[str, object]:
    """Questions about quotes; who waits and is nobody's or this person's, and who has waited too long."""
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
    found: dict[str, object] = {"questions": open_questions(session, actor=actor, limit=MOST)}
    found["enquiries"] = tuple(sorted(rows.values(), key=_waiting_since))[:MOST]
    return found


def _waiting_since(row: EnquiryRow) -> datetime:
    return row.waiting_since or row.received_at
