"""Groups of customers, who share price lists and rules."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from procurement.audit.operations import record
from procurement.kernel import text
from procurement.kernel.actor import Actor
from procurement.kernel.errors import Invalid
from procurement.kernel.permissions import Permission
from procurement.sales.models import CustomerGroup
from procurement.sales.queries.groups import group_by_code


@dataclass(frozen=True, slots=True)
class SaveGroup:
    """A group; one with this code is renamed."""

    code: str
    name: str


def save_group(
    session: Session, command: SaveGroup, *, actor: Actor, at: datetime
) -> CustomerGroup:
    """Make a group, or give it another name."""
    actor.require(Permission.EDIT_PRICES)
    code = text.code(command.code, "code")
    group = group_by_code(session, code)
    what = "change customer group" if group else "create customer group"
    if group is None:
        group = CustomerGroup(code=code)
        session.add(group)
    group.name = text.name(command.name or code, "name")
    session.flush()  # a code somebody else has just taken is refused here
    record(session, what, code, group.name, actor=actor, at=at)
    return group


def group_id_of(session: Session, code: str | None, field: str = "group") -> int | None:
    """The key of a group; no code is no group, an unknown one is refused at its field."""
    if not code:
        return None
    group = group_by_code(session, code) if text.is_storable(code) else None
    if group is None:
        raise Invalid("There is no such customer group.", field=field)
    return group.id
