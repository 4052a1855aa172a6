"""What the threads of enquiries and quotes share."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from procurement.sales.models import ThreadMessage
from procurement.sales.terms import Writer


def mark_answered(session: Session, at: datetime, *, enquiry_id: int) -> None:
    """What the customer wrote below an enquiry has had its answer."""
    session.execute(
        update(ThreadMessage)
        .where(
            ThreadMessage.enquiry_id == enquiry_id,
            ThreadMessage.writer == Writer.CUSTOMER,
            ThreadMessage.answered_at.is_(None),
        )
        .values(answered_at=at)
        .execution_options(synchronize_session=False)
    )
