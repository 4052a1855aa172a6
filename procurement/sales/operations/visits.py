"""Whether a visit from a procurement system may still fill its basket."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.kernel.errors import Conflict
from procurement.sales.models import PunchoutVisit
from procurement.sales.terms.punchout import VisitOperation


def require_open(session: Session, visit_id: int, at: datetime) -> None:
    """Raises Conflict. Locked: what is put in while the basket goes back is refused, not lost."""
    visit = session.scalar(
        select(PunchoutVisit)
        .where(PunchoutVisit.id == visit_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if visit is None or visit.ended_at is not None or visit.ends_at <= at:
        raise Conflict("This visit is over.")
    if visit.operation is VisitOperation.INSPECT:
        raise Conflict("You were sent to look at this basket; it is not changed here.")
