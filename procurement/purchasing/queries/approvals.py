"""How far the approval of orders has come: the rules, what was given, and what stands against somebody's agreeing."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from procurement.accounts.models import User
from procurement.accounts.queries import account_by_id
from procurement.kernel.actor import Actor
from procurement.kernel.clock import today_in
from procurement.kernel.db import ReadSession
from procurement.kernel.money import Money
from procurement.kernel.paging import PageRequest
from procurement.kernel.permissions import Permission
from procurement.purchasing.errors import OrderUnknown
from procurement.purchasing.models import ApprovalRule, OrderApproval, PurchaseOrder
from procurement.purchasing.queries.orders import OrderFilter, orders
from procurement.purchasing.rules.approval import (
    Approver,
    Asked,
    approvals_needed,
    objection,
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
)
from procurement.settings.queries import exchange_rates, get_company
from procurement.stock.models import Location, Site

MOST_LOOKED_AT = 50  # drafts, the latest first, from which a person's own are picked


def approval_rules(session: ReadSession) -> list[ApprovalRuleRow]:
    """The rules with whom they name: the general ones first, then site by site, the lowest first."""
    home = get_company(session).currency
    found = session.execute(
        select(ApprovalRule, Site.code)
        .outerjoin(Site, Site.id == ApprovalRule.site_id)
        .options(selectinload(ApprovalRule.approvers))
    ).all()
    people = _names(session, {a.user_id for rule, _ in found for a in rule.approvers if a.user_id})
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
        )
        for rule, site in found
    ]
    return sorted(rows, key=lambda row: (row.site or "", row.above.minor, row.id))


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
    book = _book(session, actor, at)
    given = _given(session, [order.id])[order.id]
    return book.state(order, _site_of(session, order), given)


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
    drafts = frozenset({OrderStatus.DRAFT})
    page = PageRequest(MOST_LOOKED_AT)
    rows = orders(session, OrderFilter(statuses=drafts, returned=False), page).items
    if not rows:
        return ()
    book = _book(session, actor, at)
    found = session.execute(
        select(PurchaseOrder, Site.code)
        .outerjoin(Location, Location.id == PurchaseOrder.deliver_to_id)
        .outerjoin(Site, Site.id == Location.site_id)
        .where(PurchaseOrder.number.in_([row.number for row in rows]))
    ).all()
    given = _given(session, [order.id for order, _ in found])
    may = {
        order.number
        for order, site in found
        if book.state(order, site, given[order.id]).may_approve
    }
    return tuple(row for row in rows if row.number in may)[:limit]


@dataclass(frozen=True, slots=True)
class _Book:
    """What one person's agreeing is judged by."""

    rules: Collection[ApprovalRuleRow]
    who: Approver
    home: str
    rates: Mapping[str, int]

    def state(
        self, order: PurchaseOrder, site: str | None, given: Collection[OrderApproval]
    ) -> ApprovalState:
        rate = 0 if order.currency == self.home else self.rates.get(order.currency)
        value = None
        if rate is not None:
            value = worth(Money(order.gross_minor, order.currency), rate, self.home)
        rule = rule_for(self.rules, value, site) if value else None
        against = ""
        is_rate_missing = bool(self.rules) and value is None
        if is_rate_missing:
            against = (
                f"No exchange rate says what {order.currency} is worth in {self.home}, and orders are "
                "approved by their value: set one under Settings, Currencies."
            )
        asked = Asked(order.drafted_by_id, frozenset(one.user_id for one in given))
        return ApprovalState(
            value=value,
            rule=rule,
            given=tuple(ApprovalRow(one.name, one.given_at) for one in given),
            needed=approvals_needed(rule),
            objection=against or objection(self.rules, rule, self.who, asked),
            is_rate_missing=is_rate_missing,
        )


def _book(session: ReadSession, actor: Actor, at: datetime) -> _Book:
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
    return _Book(approval_rules(session), who, company.currency, rates)


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


def _site_of(session: ReadSession, order: PurchaseOrder) -> str | None:
    site: str | None = session.scalar(
        select(Site.code)
        .join(Location, Location.site_id == Site.id)
        .where(Location.id == order.deliver_to_id)
    )
    return site
