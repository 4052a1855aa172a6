"""Saying which quotes wait for approval, and whose."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from procurement.accounts.models import User
from procurement.audit.operations import record
from procurement.kernel.actor import Actor
from procurement.kernel.errors import Invalid, NotFound
from procurement.kernel.money import Money, Rate
from procurement.kernel.permissions import Permission, Role
from procurement.sales.models import QuoteApprovalRule, QuoteRuleApprover
from procurement.settings.queries import company_for_update

SUBJECT = "Quote approval rules"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewQuoteRule:
    """Quotes beyond any of these limits wait; without roles and people, for all who may approve quotes."""

    discount_above: Rate | None = None
    margin_below: Rate | None = None
    amount_above: Money | None = None
    roles: tuple[Role, ...] = ()
    people: tuple[int, ...] = ()


def add_quote_rule(
    session: Session, command: NewQuoteRule, *, actor: Actor, at: datetime
) -> QuoteApprovalRule:
    """One more rule; what is issued stays so."""
    actor.require(Permission.EDIT_SETTINGS)
    company = company_for_update(session)  # one rule after the other
    limits = (command.discount_above, command.margin_below, command.amount_above)
    if all(limit is None for limit in limits):
        raise Invalid("Say a discount, a margin or an amount.", field="discount_above")
    if command.amount_above is not None and command.amount_above.currency != company.currency:
        raise Invalid(f"Rules are in {company.currency}.", field="amount_above")
    for field, rate in (("discount_above", limits[0]), ("margin_below", limits[1])):
        if isinstance(rate, Rate) and not 0 <= rate.basis_points <= 10_000:
            raise Invalid("A percentage from 0 to 100.", field=field)
    rule = QuoteApprovalRule(
        discount_above_bp=command.discount_above.basis_points if command.discount_above else None,
        margin_below_bp=command.margin_below.basis_points if command.margin_below else None,
        amount_above_minor=command.amount_above.minor if command.amount_above else None,
    )
    rule.approvers = [QuoteRuleApprover(role=role) for role in dict.fromkeys(command.roles)]
    rule.approvers += [QuoteRuleApprover(user_id=key) for key in _people(session, command.people)]
    for position, approver in enumerate(rule.approvers):
        approver.position = position
    session.add(rule)
    session.flush()  # its key is answered
    record(session, "add quote approval rule", SUBJECT, actor=actor, at=at)
    return rule


def remove_quote_rule(session: Session, rule_id: int, *, actor: Actor, at: datetime) -> None:
    """Take a rule away; what waited only for it can be issued."""
    actor.require(Permission.EDIT_SETTINGS)
    company_for_update(session)
    rule = session.scalar(
        select(QuoteApprovalRule)
        .where(QuoteApprovalRule.id == rule_id)
        .options(selectinload(QuoteApprovalRule.approvers))
    )
    if rule is None:
        raise NotFound("There is no such rule.")
    session.delete(rule)
    record(session, "remove quote approval rule", SUBJECT, actor=actor, at=at)


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
