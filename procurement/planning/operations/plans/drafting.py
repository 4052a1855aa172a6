"""Turning a plan into draft orders: one at a time with every other run, and nothing twice."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from procurement.audit.operations import record
from procurement.kernel.actor import Actor
from procurement.kernel.errors import Conflict
from procurement.kernel.permissions import Permission
from procurement.planning.models import PlanOrder, PurchasePlan
from procurement.planning.operations.drafting import take_turn
from procurement.planning.queries.purchase_plans import plan_for_update, problem_of
from procurement.planning.queries.purchase_problem import purchase_problem
from procurement.planning.rules.purchase.frozen import fingerprint, thaw_choice
from procurement.planning.rules.purchase.pricing import PlannedOrder, Pricing
from procurement.planning.rules.purchase.problem import Rules
from procurement.planning.rules.purchase.status import PlanStatus
from procurement.planning.rules.purchase.ways import ways_of
from procurement.planning.terms import Drafted
from procurement.purchasing.operations.lines import MAX_LINES, NewOrderLine
from procurement.purchasing.operations.ordering import DraftOrder, draft_order


def draft_plan(session: Session, number: str, *, actor: Actor, at: datetime) -> Drafted:
    """Draft the plan's orders. Raises Conflict when it was drafted, or something else is needed by now."""
    actor.require(Permission.DRAFT_ORDERS)
    take_turn(session, actor, at)  # another run waits here until this one's drafts can be seen
    plan = plan_for_update(session, number)
    _require_ready(plan)
    now = purchase_problem(
        session, at=at, site=plan.site, patience_days=plan.patience_days, rules=Rules()
    )
    if fingerprint(now) != plan.fingerprint:
        raise Conflict(
            f"What is needed or what it costs has changed since {number} was made; plan again."
        )
    pricing = Pricing(problem_of(plan), ways_of(problem_of(plan))[0])
    orders = [
        draft_order(session, command, actor=actor, at=at)
        for order in pricing.price(thaw_choice(plan.choice)).orders
        for command in _commands(order, number)
    ]
    if not orders:
        raise Conflict(f"{number} buys nothing.")
    session.flush()  # the orders need their keys
    session.add_all(PlanOrder(order_id=order.id, plan_id=plan.id) for order in orders)
    plan.status, plan.drafted_at, plan.drafted_by = PlanStatus.DRAFTED, at, actor.name
    session.flush()  # before the others, so that this one is not among them
    session.execute(
        update(PurchasePlan)
        .where(PurchasePlan.status == PlanStatus.READY)
        .values(status=PlanStatus.STALE, version=PurchasePlan.version + 1)
        .execution_options(synchronize_session=False)
    )
    record(session, "draft plan", number, actor=actor, at=at)
    return Drafted(tuple(order.number for order in orders), ())


def _require_ready(plan: PurchasePlan) -> None:
    if plan.status is PlanStatus.DRAFTED:
        raise Conflict(f"{plan.number} has been drafted already.")
    if plan.status is PlanStatus.COMPUTING:
        raise Conflict(f"{plan.number} is still being computed.")
    if plan.status is PlanStatus.STALE and plan.cost_minor is None:
        raise Conflict(f"{plan.number} was cancelled before it was computed; plan again.")
    if plan.status is PlanStatus.STALE:
        raise Conflict(f"Something else has been drafted since {plan.number} was made; plan again.")


def _commands(order: PlannedOrder, number: str) -> Iterator[DraftOrder]:
    """One order, unless it is too long for one: its lines in their places, the supplier's breaks for so many."""
    lines = [
        NewOrderLine(
            product=line.demand.product,
            pack=line.supply.pack,
            packs=line.packs,
            wanted_by=line.demand.wanted_by,
            blanket=line.supply.blanket or None,
        )
        for line in order.lines
    ]
    for start in range(0, len(lines), MAX_LINES):
        yield DraftOrder(
            supplier=order.supplier,
            deliver_to=order.deliver_to,
            lines=tuple(lines[start : start + MAX_LINES]),
            note_to_us=f"From plan {number}.",
        )
