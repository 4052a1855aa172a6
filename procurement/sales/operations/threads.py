"""What the threads of enquiries and quotes share."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, update
from sqlalchemy.orm import Session

from procurement.sales.models import ThreadMessage
from procurement.sales.terms import Writer


def mark_answered(session: Session, at: datetime, *, enquiry_id: int) -> None:
    """What the customer wrote below an enquiry has had its answer."""
    _mark(session, ThreadMessage.enquiry_id == enquiry_id, at)


def mark_quote_answered(session: Session, at: datetime, *, quote_ids: Sequence[int]) -> None:
    """What the customer asked about any revision of a quote has had its answer."""
    _mark(session, ThreadMessage.quote_id.in_(quote_ids), at)


def _mark(session: Session, thread: ColumnElement[bool], at: datetime) -> None:
    session.execute(
        update(ThreadMessage)
        .where(
            thread,
            ThreadMessage.writer == Writer.CUSTOMER,
            ThreadMessage.answered_at.is_(None),
        )
        .values(answered_at=at)
        .execution_options(synchronize_session=False)
    )
