"""How far the approval of orders has come: the rules, what was given, and what stands against somebody's agreeing."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from procurement.accounts.models import User
from procurement.accounts.queries import account_by_id
from procurement.kernel.actor import Actor
from procurement.kernel.clock import today_in
from procurement.kernel.db import ReadSession
from procurement.kernel.money import Money
from procurement.kernel.paging import Page, PageRequest, part_of
from procurement.kernel.permissions import Permission
from procurement.purchasing.errors import OrderUnknown, RuleUnknown
from procurement.purchasing.models import ApprovalRule, CostCentre, OrderApproval, PurchaseOrder
from procurement.purchasing.queries.budgets import Asking, is_any_budget, overruns, parts_of
from procurement.purchasing.queries.orders import OrderFilter, orders
from procurement.purchasing.rules.approval import (
    Approver,
    Asked,
    agreement,
    approvals_needed,
    is_agreed,
    rule_for,
)
from procurement.purchasing.rules.exchange import worth
from procurement.purchasing.terms import (
    ApprovalRow,
    ApprovalRuleRow,
    ApprovalState,
    ApproverRow,
    OrderRow,
    OrderStatus,
    Overrun,
)
from procurement.settings.queries import exchange_rates, get_company
from procurement.settings.terms import CompanyProfile
from procurement.stock.models import Location, Site

MOST_LOOKED_AT = 50  # drafts, the latest first, from which a person's own are picked


_NOWHERE = (None, None)  # an order that says neither site nor cost centre


def approval_rules(session: ReadSession) -> list[ApprovalRuleRow]:
    """The rules with whom they name: the general ones first, then site by site, the lowest first."""
    home = get_company(session).currency
    found = session.execute(
        select(ApprovalRule, Site.code, CostCentre.code)
        .outerjoin(Site, Site.id == ApprovalRule.site_id)
        .outerjoin(CostCentre, CostCentre.id == ApprovalRule.cost_centre_id)
        .options(selectinload(ApprovalRule.approvers))
    ).all()
    people = _names(session, {a.user_id for rule, *_ in found for a in rule.approvers if a.user_id})
    rows = [
        ApprovalRuleRow(
            rule.id,
            Money(rule.above_minor, home),
            rule.approvals,
            site,
            tuple(
                ApproverRow(one.role, one.user_id, people.get(one.user_id or 0, ""))
                for one in rule.approvers
            ),
            centre,
        )
        for rule, site, centre in found
    ]
    return sorted(rows, key=_place_of)


def _place_of(row: ApprovalRuleRow) -> tuple[str, str, int, int]:
    return (row.site or "", row.cost_centre or "", row.above.minor, row.id)


def rule_list(session: ReadSession, paging: PageRequest) -> Page[ApprovalRuleRow]:
    """A page of them, in that order."""
    rows = approval_rules(session)
    return part_of(rows, paging, _place_of)


def approval_rule(session: ReadSession, rule_id: int) -> ApprovalRuleRow:
    """One rule. Raises RuleUnknown."""
    found = next((row for row in approval_rules(session) if row.id == rule_id), None)
    if found is None:
        raise RuleUnknown("There is no such rule.")
    return found


def people_who_approve(session: ReadSession) -> list[tuple[int, str]]:
    """Active staff by name, for a choice in a form."""
    rows = session.execute(
        select(User.id, User.name)
        .where(User.active, User.customer_id.is_(None))
        .order_by(User.name, User.id)
    )
    return [(user_id, name) for user_id, name in rows]


def approval_of(
    session: ReadSession, order: PurchaseOrder, *, actor: Actor, at: datetime
) -> ApprovalState:
    """The state of an order that was read already, or locked."""
    return approval_book(session, actor, at).of_order(session, order)


def approval_state(
    session: ReadSession, number: str, *, actor: Actor, at: datetime
) -> ApprovalState:
    """The state of an order for its page."""
    order = session.scalar(select(PurchaseOrder).where(PurchaseOrder.number == number))
    if order is None:
        raise OrderUnknown(f"There is no purchase order {number}.")
    return approval_of(session, order, actor=actor, at=at)


def orders_to_approve(
    session: ReadSession, *, actor: Actor, at: datetime, limit: int
) -> tuple[OrderRow, ...]:
    """Drafts this person may agree to now, the latest first; what was sent back or is not theirs is left out."""
    drafts = OrderFilter(statuses=frozenset({OrderStatus.DRAFT}), returned=False)
    rows = orders(session, drafts, PageRequest(MOST_LOOKED_AT)).items
    if not rows:
        return ()
    found = session.scalars(
        select(PurchaseOrder).where(PurchaseOrder.number.in_([row.number for row in rows]))
    ).all()
    states = approval_book(session, actor, at).of_orders(session, found)
    may = {order.number for order in found if states[order.id].may_approve}
    return tuple(row for row in rows if row.number in may)[:limit]


@dataclass(frozen=True, slots=True)
class Request:
    """What shall be agreed to: an order as it stands, or as somebody wants it to be.

    `gross_minor` is what it is to cost, `parts` what that takes by family, both in the order's own minor units.
    """

    order: PurchaseOrder
    gross_minor: int
    by_id: int | None
    parts: Mapping[str | None, int]


@dataclass(frozen=True, slots=True)
class ApprovalBook:
    """What one person's agreeing is judged by."""

    rules: Collection[ApprovalRuleRow]
    has_budgets: bool
    who: Approver
    company: CompanyProfile
    rates: Mapping[str, int]
    today: date

    def of_order(self, session: ReadSession, order: PurchaseOrder) -> ApprovalState:
        return self.of_orders(session, [order])[order.id]

    def of_orders(
        self, session: ReadSession, orders: Collection[PurchaseOrder]
    ) -> dict[int, ApprovalState]:
        """The states of orders as they stand."""
        ids = [order.id for order in orders]
        parts = parts_of(session, ids) if self.has_budgets else {}
        return self.of_requests(
            session,
            [
                Request(order, order.gross_minor, order.drafted_by_id, parts.get(order.id, {}))
                for order in orders
            ],
        )

    def of_requests(
        self, session: ReadSession, requests: Collection[Request]
    ) -> dict[int, ApprovalState]:
        """By order."""
        ids = [request.order.id for request in requests]
        given, places = _given(session, ids), _places(session, ids)
        asked: dict[int, Asking] = {}
        for request in requests:
            parts = self._parts(request)
            if self.has_budgets and parts is not None:
                placed_at = request.order.placed_at
                on = today_in(self.company.time_zone, placed_at) if placed_at else self.today
                site, centre = places.get(request.order.id, _NOWHERE)
                asked[request.order.id] = Asking(site, on, parts, centre)
        beyond = overruns(session, self.company, asked) if asked else {}
        return {
            request.order.id: self._state(
                request,
                places.get(request.order.id, _NOWHERE),
                given[request.order.id],
                beyond.get(request.order.id, ()),
            )
            for request in requests
        }

    def worth(self, amount: Money) -> Money | None:
        """In the company's currency; None where no rate holds."""
        if amount.currency == self.company.currency:
            return amount
        rate = self.rates.get(amount.currency)
        return None if rate is None else worth(amount, rate, self.company.currency)

    def _parts(self, request: Request) -> dict[str | None, int] | None:
        found = {
            family: self.worth(Money(minor, request.order.currency))
            for family, minor in request.parts.items()
        }
        known = {family: money.minor for family, money in found.items() if money is not None}
        return known if len(known) == len(found) else None

    def _state(
        self,
        request: Request,
        place: tuple[str | None, str | None],
        given: Collection[OrderApproval],
        beyond: tuple[Overrun, ...],
    ) -> ApprovalState:
        gross = Money(request.gross_minor, request.order.currency)
        value = self.worth(gross)
        rule = rule_for(self.rules, value, *place) if value else None
        asked = Asked(
            request.by_id,
            frozenset(one.user_id for one in given),
            frozenset(one.owner_id for one in beyond),
            sum(not one.for_budget for one in given),
        )
        meaning = agreement(self.rules, rule, self.who, asked)
        is_rate_missing = value is None and bool(self.rules or self.has_budgets)
        against = self._no_rate(gross.currency) if is_rate_missing else meaning.objection
        absent = asked.owners - asked.given
        return ApprovalState(
            value=value,
            rule=rule,
            given=tuple(ApprovalRow(one.name, one.given_at, one.for_budget) for one in given),
            needed=approvals_needed(rule),
            objection=against,
            is_rate_missing=is_rate_missing,
            overruns=beyond,
            owners_missing=tuple(
                dict.fromkeys(one.owner_name for one in beyond if one.owner_id in absent)
            ),
            counts=meaning.counts,
            completes=is_agreed(rule, asked, self.who, meaning),
        )

    def _no_rate(self, currency: str) -> str:
        return (
            f"No exchange rate says what {currency} is worth in {self.company.currency}, and orders are "
            "approved by their value: set one under Settings, Currencies."
        )


def approval_book(session: ReadSession, actor: Actor, at: datetime) -> ApprovalBook:
    company = get_company(session)
    account = account_by_id(session, actor.id) if actor.id is not None else None
    on = today_in(company.time_zone, at)
    rates: dict[str, int] = {}
    for row in exchange_rates(session):  # newest first
        if row.valid_from <= on:
            rates.setdefault(row.currency, row.rate_e8)
    who = Approver(
        actor.id,
        account.roles if account else frozenset(),
        actor.may(Permission.APPROVE_ORDERS),
        actor.may(Permission.DRAFT_ORDERS),
    )
    return ApprovalBook(approval_rules(session), is_any_budget(session), who, company, rates, on)


def _given(
    session: ReadSession, order_ids: Collection[int]
) -> defaultdict[int, list[OrderApproval]]:
    found: defaultdict[int, list[OrderApproval]] = defaultdict(list)
    rows = session.scalars(
        select(OrderApproval)
        .where(OrderApproval.order_id.in_(order_ids))
        .order_by(OrderApproval.given_at, OrderApproval.id)
    )
    for one in rows:
        found[one.order_id].append(one)
    return found


def _names(session: ReadSession, user_ids: Collection[int]) -> dict[int, str]:
    rows = session.execute(select(User.id, User.name, User.email).where(User.id.in_(user_ids)))
    return {user_id: name or email for user_id, name, email in rows}


def _places(
    session: ReadSession, order_ids: Collection[int]
) -> dict[int, tuple[str | None, str | None]]:
    """The site each order is delivered to and its cost centre, where it says them."""
    rows = session.execute(
        select(PurchaseOrder.id, Site.code, CostCentre.code)
        .outerjoin(Location, Location.id == PurchaseOrder.deliver_to_id)
        .outerjoin(Site, Site.id == Location.site_id)
        .outerjoin(CostCentre, CostCentre.id == PurchaseOrder.cost_centre_id)
        .where(PurchaseOrder.id.in_(order_ids))
    )
    return {order_id: (site, centre) for order_id, site, centre in rows}
