"""Saying who approves which orders."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from procurement.accounts.models import User
from procurement.audit.operations import record
from procurement.kernel.actor import Actor
from procurement.kernel.db import MAX_MINOR
from procurement.kernel.errors import Conflict, Invalid
from procurement.kernel.money import Money
from procurement.kernel.permissions import Permission, Role
from procurement.purchasing.errors import RuleUnknown
from procurement.purchasing.models import ApprovalRule, RuleApprover
from procurement.purchasing.queries.cost_centres import cost_centre_id
from procurement.settings.queries import company_for_update
from procurement.stock.queries.places import site_id_of

SUBJECT = "Approval rules"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewApprovalRule:
    """Orders worth more than `above` need so many people; without roles and people, of all who may approve orders."""

    above: Money
    approvals: int = 1
    site: str | None = None
    cost_centre: str | None = None
    roles: tuple[Role, ...] = ()
    people: tuple[int, ...] = ()


def add_approval_rule(
    session: Session, command: NewApprovalRule, *, actor: Actor, at: datetime
) -> ApprovalRule:
    """One more rule; orders approved already stay so."""
    actor.require(Permission.EDIT_SETTINGS)
    company = company_for_update(session)  # one rule after the other
    if command.above.currency != company.currency:
        raise Invalid(f"Rules are in {company.currency}.", field="above")
    if not 0 <= command.above.minor <= MAX_MINOR:
        raise Invalid("An amount from nothing on, please.", field="above")
    if command.approvals not in {1, 2}:
        raise Invalid("One or two people.", field="approvals")
    site_id = site_id_of(session, command.site) if command.site else None
    centre_id = cost_centre_id(session, command.cost_centre, command.site)
    same = select(ApprovalRule.id).where(
        ApprovalRule.above_minor == command.above.minor,
        ApprovalRule.cost_centre_id.is_not_distinct_from(centre_id),
        ApprovalRule.site_id.is_(None) if site_id is None else ApprovalRule.site_id == site_id,
    )
    if session.scalar(same) is not None:
        raise Conflict("There is a rule for that amount already.", field="above")
    rule = ApprovalRule(
        above_minor=command.above.minor,
        approvals=command.approvals,
        site_id=site_id,
        cost_centre_id=centre_id,
    )
    rule.approvers = [RuleApprover(role=role) for role in dict.fromkeys(command.roles)]
    rule.approvers += [RuleApprover(user_id=found) for found in _people(session, command.people)]
    for position, approver in enumerate(rule.approvers):
        approver.position = position
    session.add(rule)
    record(session, "add approval rule", SUBJECT, _words(command), actor=actor, at=at)
    return rule


def remove_approval_rule(session: Session, rule_id: int, *, actor: Actor, at: datetime) -> None:
    """Take a rule away; orders approved under it stay approved."""
    actor.require(Permission.EDIT_SETTINGS)
    company = company_for_update(session)
    rule = session.scalar(
        select(ApprovalRule)
        .where(ApprovalRule.id == rule_id)
        .options(selectinload(ApprovalRule.approvers))
    )
    if rule is None:
        raise RuleUnknown("There is no such rule.")
    above = Money(rule.above_minor, company.currency)
    session.delete(rule)
    record(session, "remove approval rule", SUBJECT, f"above {_grouped(above)}", actor=actor, at=at)


def _people(session: Session, user_ids: tuple[int, ...]) -> list[int]:
    wanted = list(dict.fromkeys(user_ids))
    known = set(
        session.scalars(
            select(User.id).where(User.id.in_(wanted), User.active, User.customer_id.is_(None))
        )
    )
    if set(wanted) - known:
        raise Invalid("One of these people does not work here.", field="people")
    return wanted


def _words(command: NewApprovalRule) -> str:
    many = "two people" if command.approvals > 1 else "one person"
    where = f" at {command.site}" if command.site else ""
    where += f" for {command.cost_centre}" if command.cost_centre else ""
    return f"above {_grouped(command.above)}{where}: {many}"


def _grouped(amount: Money) -> str:
    return f"{amount.decimal:,f} {amount.currency}"
