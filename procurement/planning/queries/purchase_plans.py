"""Purchase plans as they are shown: priced again exactly from what was kept, each line with its reasons."""

import json
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session, defer, selectinload

from procurement.kernel.db import ReadSession
from procurement.kernel.errors import NotFound
from procurement.kernel.money import Money, Rate, UnitPrice
from procurement.kernel.paging import Page, PageRequest
from procurement.planning.models import PlanOrder, PurchasePlan
from procurement.planning.rules.purchase.explaining import Explaining, Freight
from procurement.planning.rules.purchase.frozen import thaw, thaw_choice
from procurement.planning.rules.purchase.pricing import PlannedLine, PlannedOrder, Pricing
from procurement.planning.rules.purchase.problem import (
    Choice,
    Demand,
    Forbid,
    Pin,
    Problem,
    Rules,
    Supply,
    Unmet,
)
from procurement.planning.rules.purchase.status import DecisionKind, PlanStatus
from procurement.planning.rules.purchase.usual import cheapest_line, first_supplier, paid_by_rule
from procurement.planning.rules.purchase.ways import ways_of
from procurement.purchasing.models import PurchaseOrder
from procurement.sourcing.rules.offers import mean_price


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A plan in the list."""

    number: str
    status: PlanStatus
    site: str | None
    made_at: datetime
    made_by: str
    demands: int
    cost: Money | None
    usual: Money | None

    @property
    def saved(self) -> Money | None:
        return self.usual - self.cost if self.usual and self.cost else None


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """What a person decided, with the names of what it is about."""

    key: int
    kind: DecisionKind
    deliver_to: str
    product: str
    product_name: str
    supplier: str
    supplier_name: str
    pack: str
    packs: int | None


@dataclass(frozen=True, slots=True)
class LineView:
    """A line and, when asked, why it is so; `others` are the offers it could be pinned to."""

    line: PlannedLine
    others: tuple[Supply, ...]
    explain: Callable[[], tuple[str, ...]] = field(repr=False, compare=False)

    @property
    def why(self) -> tuple[str, ...]:
        return self.explain()

    @property
    def each(self) -> UnitPrice | None:
        offer = self.line.supply.offer
        return mean_price(offer.scheme, offer.price_breaks, self.line.packs)


@dataclass(frozen=True, slots=True)
class OrderView:
    order: PlannedOrder
    supplier_name: str
    deliver_to_name: str
    arrives_on: date
    lines: tuple[LineView, ...]
    freight: Freight | None
    free_from: Money | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanPage:
    """Everything a plan's page shows. Costs are in the plan's currency; None while it is computed."""

    number: str
    status: PlanStatus
    site: str | None
    currency: str
    version: int
    made_at: datetime
    made_by: str
    preference: Rate
    patience_days: int
    budget: Money | None
    demands: int
    orders: tuple[OrderView, ...]
    unmet: tuple[Unmet, ...]
    left_out: tuple[Demand, ...]
    decisions: tuple[DecisionRow, ...]
    cost: Money | None
    freight: Money | None
    usual: Money | None
    usual_freight: Money | None
    cheapest: Money | None
    gap_e6: int | None
    note: str
    claimed_at: datetime | None  # since then it is being computed
    computed_at: datetime | None
    drafted_at: datetime | None
    drafted_by: str | None
    drafted_orders: tuple[str, ...]

    @property
    def saved(self) -> Money | None:
        return self.usual - self.cost if self.usual and self.cost else None


def plan_for_update(session: Session, number: str) -> PurchasePlan:
    """The plan with its decisions, locked. Raises NotFound."""
    plan = session.scalar(
        select(PurchasePlan)
        .where(PurchasePlan.number == number)
        .options(selectinload(PurchasePlan.decisions))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if plan is None:
        raise NotFound(f"There is no plan {number}.")
    return plan


def purchase_plans(session: ReadSession, paging: PageRequest) -> Page[PlanRow]:
    """Plans, the latest first."""
    statement = _rows().limit(paging.limit + 1)
    if after := paging.key(int):
        statement = statement.where(PurchasePlan.id < after[0])
    found = list(session.scalars(statement))
    keys = {plan.number: plan.id for plan in found}
    return paging.page([_row(plan) for plan in found], lambda row: (keys[row.number],))


def ready_plans(session: ReadSession, *, limit: int) -> tuple[PlanRow, ...]:
    """Plans that wait to be drafted and buy something, the latest first."""
    waiting = (
        _rows()
        .where(PurchasePlan.status == PlanStatus.READY, PurchasePlan.cost_minor > 0)
        .limit(limit)
    )
    return tuple(_row(plan) for plan in session.scalars(waiting))


def is_any_computing(session: ReadSession) -> bool:
    """Whether a plan waits for the worker."""
    computing = exists().where(PurchasePlan.status == PlanStatus.COMPUTING)
    return bool(session.scalar(select(computing)))


def is_claimed(session: ReadSession, number: str, claimed_at: datetime) -> bool:
    """Whether a plan is still computed by who claimed it then: not cancelled, changed or taken over since."""
    claimed = exists().where(
        PurchasePlan.number == number,
        PurchasePlan.status == PlanStatus.COMPUTING,
        PurchasePlan.claimed_at == claimed_at,
    )
    return bool(session.scalar(select(claimed)))


@dataclass(frozen=True, slots=True)
class PlanProgress:
    """How far a plan is that is being computed."""

    number: str
    is_computing: bool
    demands: int
    claimed_at: datetime | None  # None: it waits for its turn


def plan_progress(session: ReadSession, number: str) -> PlanProgress:
    """Without the plan's problem: asked every few seconds. Raises NotFound."""
    row = session.execute(
        select(PurchasePlan.status, PurchasePlan.demands, PurchasePlan.claimed_at).where(
            PurchasePlan.number == number
        )
    ).one_or_none()
    if row is None:
        raise NotFound(f"There is no plan {number}.")
    return PlanProgress(number, row[0] is PlanStatus.COMPUTING, row[1], row[2])


def plan_page(session: ReadSession, number: str) -> PlanPage:
    """A plan with its orders, each line explained. Raises NotFound."""
    plan = session.scalar(
        select(PurchasePlan)
        .where(PurchasePlan.number == number)
        .options(selectinload(PurchasePlan.decisions))
    )
    if plan is None:
        raise NotFound(f"There is no plan {number}.")
    problem = problem_of(plan)
    ways, _ = ways_of(problem)
    pricing = Pricing(problem, ways)
    priced = pricing.price(thaw_choice(plan.choice)) if plan.choice else pricing.price({})
    explaining = Explaining(pricing, priced)
    has_answer = plan.cost_minor is not None
    unmet = tuple(
        Unmet(problem.demands[place], reason) for place, reason in json.loads(plan.unmet or "[]")
    )
    usual = pricing.price(without(first_supplier(pricing), pricing, unmet))
    return PlanPage(
        number=plan.number,
        status=plan.status,
        site=plan.site,
        currency=plan.currency,
        version=plan.version,
        made_at=plan.made_at,
        made_by=plan.made_by,
        preference=Rate(plan.preference_bp),
        patience_days=plan.patience_days,
        budget=_money(plan.budget_minor, plan.currency),
        demands=plan.demands,
        orders=tuple(_order(explaining, order) for order in priced.orders),
        unmet=unmet,
        left_out=_left_out(plan),
        decisions=_decisions(plan),
        cost=_money(plan.cost_minor, plan.currency),
        freight=_freight(pricing, priced.orders) if has_answer else None,
        usual=_money(plan.usual_minor, plan.currency),
        usual_freight=_freight(pricing, usual.orders) if has_answer else None,
        cheapest=_money(plan.cheapest_minor, plan.currency),
        gap_e6=plan.gap_e6,
        note=plan.note,
        claimed_at=plan.claimed_at,
        computed_at=plan.computed_at,
        drafted_at=plan.drafted_at,
        drafted_by=plan.drafted_by,
        drafted_orders=_drafted(session, plan.id),
    )


def rules_of(plan: PurchasePlan) -> Rules:
    """What people decided, as the problem takes it."""
    return Rules(
        preference=Rate(plan.preference_bp),
        budget=_money(plan.budget_minor, plan.currency),
        pins=tuple(
            Pin(one.deliver_to, one.product, one.supplier, one.pack, one.packs)
            for one in plan.decisions
            if one.kind is DecisionKind.PIN
        ),
        forbids=tuple(
            Forbid(one.supplier, one.product or None, one.pack or None)
            for one in plan.decisions
            if one.kind is DecisionKind.FORBID
        ),
    )


def problem_of(plan: PurchasePlan) -> Problem:
    """The plan's problem under its decisions, without what is left out."""
    whole = thaw(plan.problem, rules_of(plan))
    out = _out(plan)
    demands = [demand for demand in whole.demands if demand.key not in out]
    return Problem.of(
        whole.currency, demands, whole.supplies, whole.terms, whole.worth, whole.rules
    )


def usual_costs(pricing: Pricing, unmet: Collection[Unmet]) -> tuple[Money, Money]:
    """What the first supplier of everything, and the cheapest line of everything, would cost for the same demands."""
    costs = [
        paid_by_rule(pricing, without(rule(pricing), pricing, unmet))
        for rule in (first_supplier, cheapest_line)
    ]
    return pricing.money(costs[0]), pricing.money(costs[1])


def without(choice: Choice, pricing: Pricing, unmet: Collection[Unmet]) -> Choice:
    """The choice without the demands that a plan leaves out: only the same things compare."""
    out = {one.demand.key for one in unmet}
    demands = pricing.problem.demands
    return {key: packs for key, packs in choice.items() if demands[key[0]].key not in out}


def _out(plan: PurchasePlan) -> set[tuple[str, str]]:
    return {
        (one.deliver_to, one.product)
        for one in plan.decisions
        if one.kind is DecisionKind.LEAVE_OUT
    }


def _left_out(plan: PurchasePlan) -> tuple[Demand, ...]:
    out = _out(plan)
    whole = thaw(plan.problem, Rules()) if out else None
    return tuple(one for one in whole.demands if one.key in out) if whole else ()


def _decisions(plan: PurchasePlan) -> tuple[DecisionRow, ...]:
    whole = thaw(plan.problem, Rules()) if plan.decisions else None
    products = {one.product: one.product_name for one in whole.demands} if whole else {}
    suppliers = {one.supplier: one.supplier_name for one in whole.supplies} if whole else {}
    return tuple(
        DecisionRow(
            one.id,
            one.kind,
            one.deliver_to,
            one.product,
            products.get(one.product, one.product),
            one.supplier,
            suppliers.get(one.supplier, one.supplier),
            one.pack,
            one.packs,
        )
        for one in plan.decisions
    )


def _order(explaining: Explaining, order: PlannedOrder) -> OrderView:
    lines = tuple(
        LineView(line, _others(explaining.pricing, line), partial(explaining.line, line))
        for line in order.lines
    )
    return OrderView(
        order,
        order.lines[0].supply.supplier_name,
        order.lines[0].demand.deliver_to_name,
        max(line.supply.arrives_on for line in order.lines),
        lines,
        explaining.order(order),
        explaining.problem.terms[order.supplier].free_from,
    )


def _others(pricing: Pricing, line: PlannedLine) -> tuple[Supply, ...]:
    """Each once, though it may have a blanket order's price beside its own."""
    found = {(w.supply.supplier, w.supply.pack): w.supply for w in pricing.ways[line.place]}
    found.pop((line.supply.supplier, line.supply.pack), None)
    return tuple(found.values())


def _freight(pricing: Pricing, orders: tuple[PlannedOrder, ...]) -> Money:
    worth = pricing.problem.worth
    return pricing.money(sum(one.freight.minor * worth[one.freight.currency] for one in orders))


def _drafted(session: ReadSession, plan_id: int) -> tuple[str, ...]:
    rows = session.scalars(
        select(PurchaseOrder.number)
        .join(PlanOrder, PlanOrder.order_id == PurchaseOrder.id)
        .where(PlanOrder.plan_id == plan_id)
        .order_by(PurchaseOrder.id)
    )
    return tuple(rows)


def _money(minor: int | None, currency: str) -> Money | None:
    return None if minor is None else Money(minor, currency)


def _rows() -> Select[PurchasePlan]:
    """Plans without the long texts that their own pages need."""
    latest = select(PurchasePlan).order_by(PurchasePlan.id.desc())
    return latest.options(defer(PurchasePlan.problem), defer(PurchasePlan.choice))


def _row(plan: PurchasePlan) -> PlanRow:
    return PlanRow(
        plan.number,
        plan.status,
        plan.site,
        plan.made_at,
        plan.made_by,
        plan.demands,
        _money(plan.cost_minor, plan.currency),
        _money(plan.usual_minor, plan.currency),
    )
