"""Setting budgets."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.accounts.models import User
from procurement.audit.operations import record
from procurement.catalogue.models import Family
from procurement.kernel import text
from procurement.kernel.actor import Actor
from procurement.kernel.db import MAX_MINOR
from procurement.kernel.errors import Conflict, Invalid, NotFound
from procurement.kernel.money import Money
from procurement.kernel.permissions import Permission
from procurement.purchasing.models import Budget
from procurement.purchasing.queries.cost_centres import cost_centre_id
from procurement.purchasing.terms import BudgetPeriod
from procurement.settings.queries import get_company
from procurement.stock.queries.places import site_id_of


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveBudget:
    """A budget as it should be. `owner` is the key of somebody who works here."""

    code: str
    name: str
    owner: int
    period: BudgetPeriod
    amount: Money
    site: str | None = None
    family: str | None = None
    cost_centre: str | None = None
    active: bool = True


def create_budget(session: Session, command: SaveBudget, *, actor: Actor, at: datetime) -> Budget:
    """A new budget: what was ordered in its period before counts, too."""
    actor.require(Permission.EDIT_SETTINGS)
    code = text.code(command.code, "code")
    if session.scalar(select(Budget.id).where(Budget.code == code)) is not None:
        raise Conflict(f"There is a budget {code} already.", field="code")
    budget = Budget(code=code)
    _fill(session, budget, command)
    session.add(budget)
    record(session, "create budget", code, _words(command), actor=actor, at=at)
    return budget


def change_budget(session: Session, command: SaveBudget, *, actor: Actor, at: datetime) -> Budget:
    """Another amount, owner or scope, or none any more; orders approved already stay so."""
    actor.require(Permission.EDIT_SETTINGS)
    budget = session.scalar(select(Budget).where(Budget.code == command.code).with_for_update())
    if budget is None:
        raise NotFound(f"There is no budget {command.code}.")
    _fill(session, budget, command)
    record(session, "change budget", budget.code, _words(command), actor=actor, at=at)
    return budget


def _fill(session: Session, budget: Budget, command: SaveBudget) -> None:
    home = get_company(session).currency
    if command.amount.currency != home:
        raise Invalid(f"Budgets are in {home}.", field="amount")
    if not 0 < command.amount.minor <= MAX_MINOR:
        raise Invalid("An amount above nothing, please.", field="amount")
    owner = session.scalar(
        select(User.id).where(User.id == command.owner, User.active, User.customer_id.is_(None))
    )
    if owner is None:
        raise Invalid("The owner is somebody who works here.", field="owner")
    budget.name = text.name(command.name, "name")
    budget.owner_id = owner
    budget.period = command.period
    budget.amount_minor = command.amount.minor
    budget.site_id = site_id_of(session, command.site) if command.site else None
    budget.family_id = _family_id(session, command.family) if command.family else None
    budget.cost_centre_id = cost_centre_id(session, command.cost_centre, command.site)
    budget.active = command.active


def _family_id(session: Session, code: str) -> int:
    found: int | None = session.scalar(select(Family.id).where(Family.code == code))
    if found is None:
        raise Invalid(f"There is no family {code}.", field="family")
    return found


def _words(command: SaveBudget) -> str:
    state = "" if command.active else ", no longer in force"
    return f"{command.amount} a {command.period}{state}"
