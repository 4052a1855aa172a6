"""Budgets and what was taken of them: a fixed number of statements, whatever the number of budgets."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import case, func, null, select
from sqlalchemy.orm import Session

from procurement.accounts.models import User
from procurement.catalogue.models import Family, Product
from procurement.kernel.clock import start_of_day, today_in
from procurement.kernel.db import ReadSession
from procurement.kernel.errors import NotFound
from procurement.kernel.money import Money
from procurement.kernel.paging import Page, PageRequest, part_of
from procurement.purchasing.models import Budget, CostCentre, PurchaseOrder, PurchaseOrderLine
from procurement.purchasing.rules.budgets import (
    Scope,
    Use,
    asked_of,
    earliest,
    goes_beyond,
    period_of,
    used,
)
from procurement.purchasing.rules.exchange import worth
from procurement.purchasing.terms import BudgetRow, OrderStatus, Overrun
from procurement.settings.queries import get_company
from procurement.settings.terms import CompanyProfile
from procurement.stock.models import Location, Site

ENDED = (OrderStatus.RECEIVED, OrderStatus.CLOSED_SHORT)
COUNTED = frozenset(OrderStatus) - {OrderStatus.DRAFT, OrderStatus.CANCELLED}


@dataclass(frozen=True, slots=True)
class _Known:
    """A budget with the names it is said by."""

    budget: Budget
    owner: str
    site: str | None
    site_name: str | None
    family: str | None
    family_name: str | None
    cost_centre: str | None
    cost_centre_name: str | None

    @property
    def scope(self) -> Scope:
        return Scope(self.site, self.family, self.cost_centre)


def budgets(session: ReadSession, *, at: datetime) -> list[BudgetRow]:
    """All budgets by name, those that hold first, each with its present period."""
    company = get_company(session)
    today = today_in(company.time_zone, at)
    known = _known(session)
    since = earliest([one.budget.period for one in known], [today])
    uses = _uses(session, company, since) if since else []
    rows = [_row(one, company.currency, today, uses) for one in known]
    return sorted(rows, key=lambda row: (not row.active, row.name.lower(), row.code))


def budget_list(session: ReadSession, paging: PageRequest, *, at: datetime) -> Page[BudgetRow]:
    """A page of them."""
    rows = budgets(session, at=at)
    return part_of(rows, paging, lambda row: (int(not row.active), row.name.lower(), row.code))


def budget_row(session: ReadSession, code: str, *, at: datetime) -> BudgetRow:
    found = next((row for row in budgets(session, at=at) if row.code == code), None)
    if found is None:
        raise NotFound(f"There is no budget {code}.")
    return found


def lock_budgets(session: Session) -> None:
    """Two orders that are approved at once take of a budget one after the other."""
    session.execute(
        select(Budget.id).where(Budget.active).order_by(Budget.id).with_for_update()
    ).all()


@dataclass(frozen=True, slots=True)
class Asking:
    """What an order, or a change of it, takes: minor units of the company's currency by family."""

    site: str | None
    on: date  # the day that says of which period
    parts: Mapping[str | None, int]
    cost_centre: str | None = None


def is_any_budget(session: ReadSession) -> bool:
    return session.scalar(select(Budget.id).where(Budget.active).limit(1)) is not None


def overruns(
    session: ReadSession, company: CompanyProfile, asked: Mapping[int, Asking]
) -> dict[int, tuple[Overrun, ...]]:
    """By order: the budgets it goes beyond."""
    known = [one for one in _known(session) if one.budget.active]
    since = earliest([one.budget.period for one in known], [asking.on for asking in asked.values()])
    uses = _uses(session, company, since) if since else []
    return {
        order_id: tuple(_overruns(known, company.currency, asking, uses))
        for order_id, asking in asked.items()
    }


def parts_of(session: ReadSession, order_ids: Collection[int]) -> dict[int, dict[str | None, int]]:
    """Net of each order by family, in the order's own minor units; its freight is of none."""
    rows = session.execute(
        select(PurchaseOrderLine.order_id, Family.code, func.sum(PurchaseOrderLine.net_minor))
        .join(Product, Product.id == PurchaseOrderLine.product_id)
        .outerjoin(Family, Family.id == Product.family_id)
        .where(PurchaseOrderLine.order_id.in_(order_ids))
        .group_by(PurchaseOrderLine.order_id, Family.code)
    )
    found: dict[int, dict[str | None, int]] = {order_id: {} for order_id in order_ids}
    for order_id, family, minor in rows:
        found[order_id][family] = int(minor)
    freight = session.execute(
        select(PurchaseOrder.id, PurchaseOrder.freight_minor).where(
            PurchaseOrder.id.in_(order_ids), PurchaseOrder.freight_minor > 0
        )
    )
    for order_id, minor in freight:
        found[order_id][None] = found[order_id].get(None, 0) + int(minor)
    return found


def families_of(session: ReadSession, product_ids: Collection[int]) -> dict[int, str]:
    rows = session.execute(
        select(Product.id, Family.code)
        .join(Family, Family.id == Product.family_id)
        .where(Product.id.in_(product_ids))
    )
    return dict(list(rows))


def _overruns(
    known: Collection[_Known], home: str, asking: Asking, uses: Collection[Use]
) -> list[Overrun]:
    found = []
    for one in known:
        asked = Money(asked_of(one.scope, asking.site, asking.parts, asking.cost_centre), home)
        committed, spent = used(one.scope, one.budget.period, asking.on, uses)
        left = Money(one.budget.amount_minor - committed - spent, home)
        if goes_beyond(left, asked):
            budget = one.budget
            found.append(Overrun(budget.code, budget.name, budget.owner_id, one.owner, left, asked))
    return found


def _known(session: ReadSession) -> list[_Known]:
    rows = session.execute(
        select(
            Budget,
            User.name,
            Site.code,
            Site.name,
            Family.code,
            Family.name,
            CostCentre.code,
            CostCentre.name,
        )
        .join(User, User.id == Budget.owner_id)
        .outerjoin(Site, Site.id == Budget.site_id)
        .outerjoin(Family, Family.id == Budget.family_id)
        .outerjoin(CostCentre, CostCentre.id == Budget.cost_centre_id)
        .order_by(Budget.id)
    )
    return [_Known(*row) for row in rows]


def _uses(session: ReadSession, company: CompanyProfile, since: date) -> list[Use]:
    """What approved and placed orders took since a day, by order and family; a closed line only what came of it."""
    line = PurchaseOrderLine
    received = line.net_minor * line.received // line.packs
    ordered = case((line.closed, received), else_=line.net_minor)
    counted_at = func.coalesce(PurchaseOrder.placed_at, PurchaseOrder.approved_at)
    start = start_of_day(since, company.time_zone) - timedelta(days=1)
    goods = (
        select(*_HEAD, Family.code, func.sum(ordered), func.sum(received))
        .join(line, line.order_id == PurchaseOrder.id)
        .join(Product, Product.id == line.product_id)
        .outerjoin(Family, Family.id == Product.family_id)
        .group_by(PurchaseOrder.id, CostCentre.code, Site.code, Family.code)
    )
    came = case((PurchaseOrder.status.in_(ENDED), PurchaseOrder.freight_minor), else_=0)
    freight = select(*_HEAD, null(), PurchaseOrder.freight_minor, came).where(
        PurchaseOrder.freight_minor > 0
    )
    uses = []
    for statement in (goods, freight):
        counted = (
            statement.outerjoin(Location, Location.id == PurchaseOrder.deliver_to_id)
            .outerjoin(Site, Site.id == Location.site_id)
            .outerjoin(CostCentre, CostCentre.id == PurchaseOrder.cost_centre_id)
            .where(PurchaseOrder.status.in_(sorted(COUNTED)), counted_at >= start)
        )
        uses += [_use(row, company) for row in session.execute(counted) if _has_rate(row, company)]
    return uses


_HEAD = (
    PurchaseOrder.placed_at,
    PurchaseOrder.approved_at,
    PurchaseOrder.currency,
    PurchaseOrder.rate_e8,
    CostCentre.code,
    Site.code,
)


def _has_rate(row: Sequence[Any], company: CompanyProfile) -> bool:
    """Orders from before there were budgets were asked for none."""
    return bool(row[2] == company.currency or row[3] is not None)


def _use(row: Sequence[Any], company: CompanyProfile) -> Use:
    placed_at, approved_at, currency, rate_e8, centre, site, family, *sums = row
    amounts = [
        worth(Money(int(part), currency), rate_e8 or 0, company.currency).minor for part in sums
    ]
    on = today_in(company.time_zone, placed_at or approved_at)
    return Use(on, site, family, amounts[0], amounts[1], centre)


def _row(one: _Known, home: str, today: date, uses: Collection[Use]) -> BudgetRow:
    budget = one.budget
    first, last = period_of(budget.period, today)
    committed, spent = used(one.scope, budget.period, today, uses)
    return BudgetRow(
        code=budget.code,
        name=budget.name,
        owner_id=budget.owner_id,
        owner_name=one.owner,
        period=budget.period,
        site=one.site,
        site_name=one.site_name,
        family=one.family,
        family_name=one.family_name,
        cost_centre=one.cost_centre,
        cost_centre_name=one.cost_centre_name,
        active=budget.active,
        amount=Money(budget.amount_minor, home),
        first_day=first,
        last_day=last,
        committed=Money(committed, home),
        spent=Money(spent, home),
    )
