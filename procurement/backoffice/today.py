"""The first page after sign-in: what needs this person today, each line with the button that deals with it."""

import uuid
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import render_template

from procurement.kernel.clock import utc_now
from procurement.kernel.permissions import Permission
from procurement.planning.queries.today import today_for
from procurement.web.company import current_company
from procurement.web.doors import Audience, Door
from procurement.web.identity import current_actor
from procurement.web.transactions import read

bp = Door("today", __name__, audience=Audience.STAFF, url_prefix="/today")


@bp.get("")
def show() -> str:
    actor, at = current_actor(), utc_now()
    with read() as session:
        today = today_for(session, actor=actor, at=at)
    return render_template(
        "backoffice/today.html",
        today=today,
        greeting=_greeting(at),
        first_name=actor.name.split()[0] if actor.name.strip() else "",
        may_adjust=actor.may(Permission.ADJUST_STOCK),
        may_write_off=actor.may(Permission.WRITE_OFF_STOCK),
        may_move=actor.may(Permission.MOVE_STOCK),
        may_reserve=actor.may(Permission.SELL),
        may_use=actor.may(Permission.USE_STOCK),
        once=uuid.uuid4().hex,
        may_draft=actor.may(Permission.DRAFT_ORDERS),
    )


def _greeting(at: datetime) -> str:
    hour = at.astimezone(ZoneInfo(current_company().time_zone)).hour
    if hour < 12:
        return "Good morning"
    return "Good afternoon" if hour < 18 else "Good evening"
