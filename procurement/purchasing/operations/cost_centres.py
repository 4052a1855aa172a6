"""Saying which cost centres there are."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.audit.operations import record
from procurement.kernel import text
from procurement.kernel.actor import Actor
from procurement.kernel.errors import Conflict, NotFound
from procurement.kernel.permissions import Permission
from procurement.purchasing.models import CostCentre
from procurement.stock.queries.places import site_id_of


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveCostCentre:
    """A cost centre as it should be; `site` None: of every site."""

    code: str
    name: str
    site: str | None = None
    active: bool = True


def create_cost_centre(
    session: Session, command: SaveCostCentre, *, actor: Actor, at: datetime
) -> CostCentre:
    actor.require(Permission.EDIT_SETTINGS)
    code = text.code(command.code, "code")
    if session.scalar(select(CostCentre.id).where(CostCentre.code == code)) is not None:
        raise Conflict(f"There is a cost centre {code} already.", field="code")
    centre = CostCentre(code=code)
    _fill(session, centre, command)
    session.add(centre)
    record(session, "create cost centre", code, centre.name, actor=actor, at=at)
    return centre


def change_cost_centre(
    session: Session, command: SaveCostCentre, *, actor: Actor, at: datetime
) -> CostCentre:
    """Another name or site, or no longer in use; orders that name it keep it."""
    actor.require(Permission.EDIT_SETTINGS)
    centre = session.scalar(
        select(CostCentre).where(CostCentre.code == command.code).with_for_update()
    )
    if centre is None:
        raise NotFound(f"There is no cost centre {command.code}.")
    _fill(session, centre, command)
    detail = centre.name if centre.active else "no longer in use"
    record(session, "change cost centre", centre.code, detail, actor=actor, at=at)
    return centre


def _fill(session: Session, centre: CostCentre, command: SaveCostCentre) -> None:
    centre.name = text.name(command.name, "name")
    centre.site_id = site_id_of(session, command.site) if command.site else None
    centre.active = command.active
