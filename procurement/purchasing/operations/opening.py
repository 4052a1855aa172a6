"""That a supplier has opened its order: told by the page itself, so that programs that fetch addresses do not count."""

from datetime import datetime

from sqlalchemy import func, update
from sqlalchemy.orm import Session

from procurement.kernel.secrets import digest_of
from procurement.purchasing.models import OrderLink


def note_opened(session: Session, token: str, *, at: datetime) -> None:
    """Keep the first and the last time; a token nobody made changes nothing."""
    session.execute(
        update(OrderLink)
        .where(OrderLink.token_sha256 == digest_of(token))
        .values(first_opened_at=func.coalesce(OrderLink.first_opened_at, at), last_opened_at=at)
        .execution_options(synchronize_session=False)
    )
