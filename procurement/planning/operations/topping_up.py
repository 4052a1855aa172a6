"""The top-up run of a site: one round through every room that is below par or asks for more."""

from datetime import datetime

from sqlalchemy.orm import Session

from procurement.kernel.actor import Actor
from procurement.kernel.errors import Conflict
from procurement.kernel.permissions import Permission
from procurement.planning.operations.drafting import take_turn, transfers_of
from procurement.planning.queries.needs import needs
from procurement.stock.operations.runs import draft_run


def draft_top_up_run(session: Session, site: str, *, actor: Actor, at: datetime) -> str:
    """Reserve what the rooms need and give the round's number; a second one only adds what is missing since.

    Raises Invalid (site), Conflict when every room has what it needs.
    """
    actor.require(Permission.MOVE_STOCK)
    take_turn(session, actor, at)
    found = needs(session, at=at, site=site).open
    run = draft_run(session, site, tuple(transfers_of(found)), actor=actor, at=at)
    if run is None:
        raise Conflict("There is nothing to bring: every room has what a storeroom could give.")
    return run.number
