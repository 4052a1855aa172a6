"""The private link of a quote: ended or made anew by a person, and that the customer has opened it."""

from datetime import datetime, timedelta

from sqlalchemy import case, func, update
from sqlalchemy.orm import Session

from procurement.audit.operations import record
from procurement.kernel.actor import Actor
from procurement.kernel.permissions import Permission
from procurement.kernel.secrets import new_token
from procurement.kernel.text import is_storable
from procurement.sales.errors import WrongStatus
from procurement.sales.models import Quote
from procurement.sales.queries.quotes import revisions_for_update
from procurement.sales.terms import QuoteStatus

ONE_VISIT = timedelta(minutes=10)  # looking again within these is the same visit


def end_link(session: Session, number: str, *, actor: Actor, at: datetime) -> Quote:
    """The link leads nowhere from now on; the quote itself stands."""
    actor.require(Permission.SELL)
    quote = _with_a_link(session, number)
    if quote.link_ended_at is not None:
        raise WrongStatus(f"The link of {quote.label} was ended already.")
    quote.link_ended_at = at
    session.flush()  # of two at once, the later one is refused here
    record(session, "end link", quote.label, actor=actor, at=at)
    return quote


def renew_link(session: Session, number: str, *, actor: Actor, at: datetime) -> Quote:
    """Another link to the same revision; the one before leads nowhere any more."""
    actor.require(Permission.SELL)
    quote = _with_a_link(session, number)
    quote.link_token = new_token()
    quote.link_ended_at = None
    session.flush()  # what is shown next has it
    record(session, "renew link", quote.label, actor=actor, at=at)
    return quote


def set_reminder(
    session: Session, number: str, wanted: bool, *, actor: Actor, at: datetime
) -> Quote:
    """Whether the customer is reminded before the quote expires."""
    actor.require(Permission.SELL)
    quote = _with_a_link(session, number)
    if quote.remind is not wanted:
        quote.remind = wanted
        said = "with a reminder" if wanted else "without a reminder"
        record(session, "set reminder", quote.label, said, actor=actor, at=at)
    return quote


def note_opened(session: Session, token: str, *, at: datetime) -> None:
    """Keep the first and the last time and count the visits; a token nobody made changes nothing."""
    if not is_storable(token):
        return
    again = Quote.last_opened_at > at - ONE_VISIT
    session.execute(
        update(Quote)
        .where(Quote.link_token == token, Quote.link_ended_at.is_(None))
        .values(
            first_opened_at=func.coalesce(Quote.first_opened_at, at),
            last_opened_at=at,
            opened=Quote.opened + case((again, 0), else_=1),
        )
        .execution_options(synchronize_session=False)
    )


def _with_a_link(session: Session, number: str) -> Quote:
    revisions = revisions_for_update(session, number)
    quote = next((one for one in revisions if one.status is QuoteStatus.ISSUED), None)
    if quote is None:
        raise WrongStatus(f"{number} is not with the customer.")
    return quote
