"""Writing the trail, in the transaction of what it tells."""

from datetime import datetime

from sqlalchemy.orm import Session

from procurement.audit.models import AuditEntry
from procurement.kernel.actor import Actor


def record(
    session: Session, action: str, subject: str, detail: str = "", *, actor: Actor, at: datetime
) -> None:
    """Note that `actor` did `action` ("issue quote") to `subject` ("Q-2026-0007")."""
    session.add(
        AuditEntry(
            at=at,
            actor_id=actor.id,
            actor_name=actor.name[:200],
            action=action,
            subject=subject[:200],
            detail=detail,
        )
    )
