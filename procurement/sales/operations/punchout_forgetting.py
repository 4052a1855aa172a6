"""What goes again of buying by machine: visits and what was said, after three months; who visited, when they ask."""

from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from procurement.sales.models import BasketLine, CxmlMessage, PunchoutVisit
from procurement.sales.rules.punchout import KEPT
from procurement.sales.terms.punchout import MessageKind


def forget_visits(session: Session, *, at: datetime) -> int:
    """Visits are nobody's papers: they go with their baskets, and so do messages that made no order. Says how many."""
    old = select(PunchoutVisit.id).where(PunchoutVisit.ends_at < at - KEPT)
    session.execute(
        delete(BasketLine)
        .where(BasketLine.visit_id.in_(old))
        .execution_options(synchronize_session=False)
    )
    gone = session.execute(
        delete(PunchoutVisit)
        .where(PunchoutVisit.ends_at < at - KEPT)
        .execution_options(synchronize_session=False)
        .returning(PunchoutVisit.id)
    ).all()
    said = session.execute(
        delete(CxmlMessage)
        .where(CxmlMessage.order_id.is_(None), CxmlMessage.received_at < at - KEPT)
        .execution_options(synchronize_session=False)
        .returning(CxmlMessage.id)
    ).all()
    return len(gone) + len(said)


def erase_visitor(session: Session, email: str) -> None:
    """Whoever visited under this address (in small letters) did so without a name from now on."""
    theirs = func.lower(PunchoutVisit.email) == email
    known = session.execute(
        select(PunchoutVisit.connection_id, PunchoutVisit.who).where(theirs).distinct()
    ).all()
    names = {email, *(who for _, who in known if who)}
    connections = {connection for connection, _ in known}
    session.execute(
        update(CxmlMessage)
        .where(
            CxmlMessage.connection_id.in_(connections),
            CxmlMessage.kind == MessageKind.SETUP,
            func.lower(CxmlMessage.reference).in_({name.lower() for name in names} | names),
        )
        .values(reference="")
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(PunchoutVisit)
        .where(theirs)
        .values(who="", email="")
        .execution_options(synchronize_session=False)
    )
