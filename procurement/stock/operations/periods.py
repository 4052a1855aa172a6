"""Closing the books up to a day, and opening the last closing again."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from procurement.audit.operations import record
from procurement.kernel.actor import Actor
from procurement.kernel.clock import end_of_day, today_in
from procurement.kernel.errors import Conflict, Invalid, NotFound
from procurement.kernel.permissions import Permission
from procurement.settings.queries import get_company
from procurement.stock.ledger import closing

SUBJECT = "the books"


def close_books(session: Session, last_day: date, *, actor: Actor, at: datetime) -> None:
    """No posting may lie on `last_day` (the company's zone) or before it any more. Raises Invalid, Conflict.

    Mistakes of closed days are taken back all the same: a reversal lies on the day it is made.
    """
    actor.require(Permission.CLOSE_PERIODS)
    zone = get_company(session).time_zone
    if last_day >= today_in(zone, at):
        raise Invalid("Only days that are over can be closed.", field="last_day")
    closing.lock_postings(session)
    latest = closing.latest_closing(session)
    if latest is not None and last_day <= latest.last_day:
        raise Invalid(f"The books are closed up to {latest.last_day} already.", field="last_day")
    closing.close(session, last_day, end_of_day(last_day, zone), actor=actor, at=at)
    record(session, "close the books", SUBJECT, f"Up to {last_day}.", actor=actor, at=at)


def reopen_books(session: Session, last_day: date, *, actor: Actor, at: datetime) -> None:
    """Take the last closing back; who names another one hears which is the last. Raises NotFound, Conflict."""
    actor.require(Permission.CLOSE_PERIODS)
    closing.lock_postings(session)
    latest = closing.latest_closing(session)
    if latest is None:
        raise NotFound("The books are not closed.")
    if latest.last_day != last_day:
        raise Conflict(f"The last closing is the one up to {latest.last_day}; open that one first.")
    closing.reopen(session, latest)
    record(session, "open the books again", SUBJECT, f"Up to {last_day}.", actor=actor, at=at)
