"""Making a plan of what is needed, computing it, deciding about it, and planning again."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, selectinload

from procurement.audit.operations import record
from procurement.kernel.actor import Actor
from procurement.kernel.clock import today_in
from procurement.kernel.errors import Conflict, Invalid
from procurement.kernel.money import Money, Rate
from procurement.kernel.permissions import Permission
from procurement.kernel.serial import Series, next_number
from procurement.planning.models import PlanDecision, PurchasePlan
from procurement.planning.operations.plans.solving import Answer, solve
from procurement.planning.queries.purchase_plans import (
    plan_for_update,
    problem_of,
    rules_of,
    usual_costs,
)
from procurement.planning.queries.purchase_problem import purchase_problem
from procurement.planning.rules.purchase.frozen import (
    fingerprint,
    freeze,
    freeze_choice,
)
from procurement.planning.rules.purchase.problem import PREFERENCE, Problem, Rules
from procurement.planning.rules.purchase.status import DecisionKind, PlanStatus
from procurement.settings.queries import get_company
from procurement.sourcing.rules.offers import objections

MOST_PATIENCE_DAYS = 365
# So many needs are computed while one waits; more are left to the worker.
_AT_ONCE = 60
_AT_ONCE_SECONDS = 3.0
_CLAIM_LASTS = timedelta(minutes=10)  # then its worker is taken to have gone


@dataclass(frozen=True, slots=True)
class PlanLimits:
    """What a plan keeps to. `budget` is in its currency and bounds goods and freight.

    A preferred item is taken unless it is dearer by more than `preference`; a delivery may come `patience_days` late.
    """

    preference: Rate = PREFERENCE
    patience_days: int = 0
    budget: Money | None = None


@dataclass(frozen=True, slots=True)
class MakePlan:
    """Plan what all sites need, or one."""

    site: str | None = None
    limits: PlanLimits = PlanLimits()


@dataclass(frozen=True, slots=True, kw_only=True)
class Decide:
    """Pin, forbid or leave out; what is empty is not meant. A pin without `packs` leaves the amount to the plan."""

    number: str
    kind: DecisionKind
    deliver_to: str = ""
    product: str = ""
    supplier: str = ""
    pack: str = ""
    packs: int | None = None


def make_plan(session: Session, command: MakePlan, *, actor: Actor, at: datetime) -> PurchasePlan:
    """Read what is needed and plan it: at once where that is little, else by the worker (`PlanStatus.COMPUTING`)."""
    actor.require(Permission.DRAFT_ORDERS)
    problem = _read(session, command.site, command.limits, at)
    if not problem.demands:
        raise Conflict("Nothing has to be bought.")
    company = get_company(session)
    plan = PurchasePlan(
        number=next_number(session, Series.PURCHASE_PLAN, today_in(company.time_zone, at)),
        site=command.site,
        made_at=at,
        made_by=actor.name,
        decisions=[],
    )
    session.add(plan)
    _take(plan, problem, command.limits)
    _begin(plan, at)
    record(session, "plan purchase", plan.number, actor=actor, at=at)
    return plan


def replan(
    session: Session, number: str, limits: PlanLimits | None = None, *, actor: Actor, at: datetime
) -> PurchasePlan:
    """Read what is needed now and plan it again, under the decisions made so far about what is still needed.

    Without `limits` the plan keeps to those it has.
    """
    actor.require(Permission.DRAFT_ORDERS)
    plan = _open_plan(session, number)
    limits = limits or _limits(plan)
    problem = _read(session, plan.site, limits, at)
    if not problem.demands:
        raise Conflict("Nothing has to be bought any more.")
    _take(plan, problem, limits)
    for decision in [one for one in plan.decisions if not _concerns(one, problem)]:
        plan.decisions.remove(decision)
    _begin(plan, at)
    record(session, "plan purchase again", plan.number, actor=actor, at=at)
    return plan


def decide(session: Session, command: Decide, *, actor: Actor, at: datetime) -> PurchasePlan:
    """Take a decision into the plan, in place of one about the same thing, and plan again what was read before."""
    actor.require(Permission.DRAFT_ORDERS)
    plan = _open_plan(session, command.number)
    _require_known(command, problem_of(plan))
    decision = PlanDecision(
        kind=command.kind,
        deliver_to="" if command.kind is DecisionKind.FORBID else command.deliver_to,
        product=command.product,
        supplier=command.supplier,
        pack=command.pack,
        packs=command.packs,
    )
    for other in [one for one in plan.decisions if _replaces(decision, one)]:
        plan.decisions.remove(other)
    session.flush()  # the old decision must be gone before the new one takes its place
    plan.decisions.append(decision)
    _begin(plan, at)
    record(session, f"{command.kind} in plan", plan.number, _said(command), actor=actor, at=at)
    return plan


def undo_decision(
    session: Session, number: str, key: int, *, actor: Actor, at: datetime
) -> PurchasePlan:
    """Take a decision out of the plan again; one that is not there is no longer wanted either."""
    actor.require(Permission.DRAFT_ORDERS)
    plan = _open_plan(session, number)
    for decision in [one for one in plan.decisions if one.id == key]:
        plan.decisions.remove(decision)
        record(session, "undo decision in plan", plan.number, decision.kind, actor=actor, at=at)
    _begin(plan, at)
    return plan


def cancel_plan(session: Session, number: str, *, actor: Actor, at: datetime) -> PurchasePlan:
    """Compute it no more; an answer that still comes is not kept. It may be planned again."""
    actor.require(Permission.DRAFT_ORDERS)
    plan = plan_for_update(session, number)
    if plan.status is not PlanStatus.COMPUTING:
        raise Conflict(f"{number} is not being computed.")
    plan.status, plan.claimed_at = PlanStatus.STALE, None
    plan.note = f"{actor.name} cancelled it before it was computed."
    record(session, "cancel plan", number, actor=actor, at=at)
    return plan


def claim_plan(session: Session, *, at: datetime) -> tuple[str, Problem] | None:
    """The next plan that waits to be computed, now the caller's, with its problem."""
    plan = session.scalar(
        select(PurchasePlan)
        .where(
            PurchasePlan.status == PlanStatus.COMPUTING,
            or_(PurchasePlan.claimed_at.is_(None), PurchasePlan.claimed_at < at - _CLAIM_LASTS),
        )
        .order_by(PurchasePlan.id)
        .limit(1)
        .options(selectinload(PurchasePlan.decisions))
        .with_for_update(skip_locked=True)
    )
    if plan is None:
        return None
    plan.claimed_at = at
    return plan.number, problem_of(plan)


def keep_answer(session: Session, number: str, answer: Answer, *, at: datetime) -> None:
    """Write a computed answer down, unless somebody has changed the plan's problem meanwhile."""
    plan = plan_for_update(session, number)
    if plan.status is PlanStatus.COMPUTING and problem_of(plan) == answer.pricing.problem:
        _keep(plan, answer, at)


def _open_plan(session: Session, number: str) -> PurchasePlan:
    plan = plan_for_update(session, number)
    if plan.status is PlanStatus.DRAFTED:
        raise Conflict(f"{number} has been drafted; make a new plan for what is still needed.")
    return plan


def _read(session: Session, site: str | None, limits: PlanLimits, at: datetime) -> Problem:
    if not 0 <= limits.patience_days <= MOST_PATIENCE_DAYS:
        raise Invalid(f"This lies between 0 and {MOST_PATIENCE_DAYS} days.", field="patience_days")
    return purchase_problem(
        session, at=at, site=site, patience_days=limits.patience_days, rules=Rules()
    )


def _limits(plan: PurchasePlan) -> PlanLimits:
    rules = rules_of(plan)
    return PlanLimits(rules.preference, plan.patience_days, rules.budget)


def _take(plan: PurchasePlan, problem: Problem, limits: PlanLimits) -> None:
    """The problem as it is now, and what the plan is to keep to."""
    budget = _budget(limits.budget, problem)
    plan.preference_bp = limits.preference.basis_points
    plan.patience_days = limits.patience_days
    plan.budget_minor = budget.minor if budget else None
    plan.problem, plan.fingerprint = freeze(problem), fingerprint(problem)
    plan.currency, plan.demands = problem.currency, len(problem.demands)


def _begin(plan: PurchasePlan, at: datetime) -> None:
    """Forget the last answer; compute a small plan now and leave a large one to the worker."""
    plan.status, plan.claimed_at, plan.computed_at = PlanStatus.COMPUTING, None, None
    plan.choice = plan.unmet = plan.note = ""
    plan.cost_minor = plan.usual_minor = plan.cheapest_minor = plan.gap_e6 = None
    if plan.demands <= _AT_ONCE:
        _keep(plan, solve(problem_of(plan), seconds=_AT_ONCE_SECONDS), at)


def _keep(plan: PurchasePlan, answer: Answer, at: datetime) -> None:
    pricing = answer.pricing
    usual, cheapest = usual_costs(pricing, answer.unmet)
    places = {demand.key: place for place, demand in enumerate(pricing.problem.demands)}
    plan.choice = freeze_choice(answer.choice)
    plan.unmet = json.dumps([[places[one.demand.key], one.reason] for one in answer.unmet])
    plan.note = answer.note
    plan.cost_minor = pricing.money(answer.priced.cost).minor
    plan.usual_minor, plan.cheapest_minor = usual.minor, cheapest.minor
    plan.gap_e6 = answer.gap_e6
    plan.status, plan.computed_at = PlanStatus.READY, at


def _budget(budget: Money | None, problem: Problem) -> Money | None:
    if budget is None:
        return None
    if budget.currency != problem.currency:
        raise Invalid(f"This plan is in {problem.currency}.", field="budget")
    if budget.minor <= 0:
        raise Invalid("A budget is more than nothing.", field="budget")
    return budget


def _require_known(command: Decide, problem: Problem) -> None:
    """A decision is about something that the plan may buy."""
    demanded = {demand.key for demand in problem.demands}
    if command.kind is not DecisionKind.FORBID:
        if (command.deliver_to, command.product) not in demanded:
            raise Invalid("This plan buys no such product for that place.", field="product")
        if command.kind is DecisionKind.LEAVE_OUT:
            return
    offers = [
        supply
        for supply in problem.supplies
        if supply.supplier == command.supplier
        and command.product in ("", supply.product)
        and command.pack in ("", supply.pack)
    ]
    if not offers or (command.kind is DecisionKind.PIN and not command.pack):
        raise Invalid("Nobody offers that in this plan.", field="supplier")
    if command.packs is not None:
        for sentence in objections(offers[0].offer, command.packs):
            raise Invalid(sentence, field="packs")


def _replaces(new: PlanDecision, old: PlanDecision) -> bool:
    """A pin replaces the pin of the same product and place; anything replaces what says the same."""
    if new.kind is DecisionKind.PIN and old.kind is DecisionKind.PIN:
        return (new.deliver_to, new.product) == (old.deliver_to, old.product)
    keys = [(one.kind, one.deliver_to, one.product, one.supplier, one.pack) for one in (new, old)]
    return keys[0] == keys[1]


def _concerns(decision: PlanDecision, problem: Problem) -> bool:
    if decision.kind is DecisionKind.FORBID:
        return True
    is_wanted = any(one.key == (decision.deliver_to, decision.product) for one in problem.demands)
    if decision.kind is DecisionKind.LEAVE_OUT:
        return is_wanted
    return is_wanted and any(
        (one.product, one.supplier, one.pack)
        == (decision.product, decision.supplier, decision.pack)
        for one in problem.supplies
    )


def _said(command: Decide) -> str:
    packs = str(command.packs) if command.packs else ""
    parts = (command.product, command.supplier, packs, command.pack)
    return " ".join(part for part in parts if part)
