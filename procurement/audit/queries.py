"""Reading the trail."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from procurement.audit.models import AuditEntry
from procurement.kernel.db import ReadSession


@dataclass(frozen=True, slots=True)
class TrailRow:
    """Who did what, when."""

    at: datetime
    actor_name: str
    action: str
    detail: str


def trail_of(session: ReadSession, subject: str, *, limit: int = 50) -> tuple[TrailRow, ...]:
    """What was done to a document, newest first."""
    rows = session.execute(
        select(AuditEntry.at, AuditEntry.actor_name, AuditEntry.action, AuditEntry.detail)
        .where(AuditEntry.subject == subject)
        .order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
        .limit(limit)
    )
    return tuple(TrailRow(row.at, row.actor_name, row.action, row.detail) for row in rows)
