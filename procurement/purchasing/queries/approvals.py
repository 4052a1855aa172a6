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
    states = approval_book(session, actor, at).of_orders(
        session, [(order, order.gross_minor, order.drafted_by_id) for order in found]
    )
    may = {order.number for order in found if states[order.id].may_approve}
    return tuple(row for row in rows if row.number in may)[:limit]


@dataclass(frozen=True, slots=True)
class ApprovalBook:
    """What one person's agreeing is judged by."""

    rules: Collection[ApprovalRuleRow]
    who: Approver
    home: str
    rates: Mapping[str, int]

    def of_order(
        self,
        session: ReadSession,
        order: PurchaseOrder,
        *,
        gross_minor: int | None = None,
        by_id: int | None = None,
    ) -> ApprovalState:
        """The order as it stands, or as somebody wants it to cost `gross_minor`."""
        asked = (order, order.gross_minor, order.drafted_by_id)
        if gross_minor is not None:
            asked = (order, gross_minor, by_id)
        return self.of_orders(session, [asked])[order.id]

    def of_orders(
        self, session: ReadSession, asked: Collection[tuple[PurchaseOrder, int, int | None]]
    ) -> dict[int, ApprovalState]:
        """By order: what it is to cost in its own currency's minor units, and who wants it so."""
        given = _given(session, [order.id for order, *_ in asked])
        sites = _sites(session, [order.id for order, *_ in asked])
        return {
            order.id: self._state(
                Money(gross_minor, order.currency), by_id, sites.get(order.id), given[order.id]
            )
            for order, gross_minor, by_id in asked
        }

    def worth(self, amount: Money) -> Money | None:
        """In the company's currency; None where no rate holds."""
        if amount.currency == self.home:
            return amount
        rate = self.rates.get(amount.currency)
        return None if rate is None else worth(amount, rate, self.home)

    def _state(
        self, gross: Money, by_id: int | None, site: str | None, given: Collection[OrderApproval]
    ) -> ApprovalState:
        value = self.worth(gross)
        rule = rule_for(self.rules, value, site) if value else None
        against = ""
        is_rate_missing = bool(self.rules) and value is None
        if is_rate_missing:
            against = (
                f"No exchange rate says what {gross.currency} is worth in {self.home}, and orders are "
                "approved by their value: set one under Settings, Currencies."
            )
        asked = Asked(by_id, frozenset(one.user_id for one in given))
        return ApprovalState(
            value=value,
            rule=rule,
            given=tuple(ApprovalRow(one.name, one.given_at) for one in given),
            needed=approvals_needed(rule),
            objection=against or objection(self.rules, rule, self.who, asked),
            is_rate_missing=is_rate_missing,
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
    return ApprovalBook(approval_rules(session), who, company.currency, rates)


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


def _sites(session: ReadSession, order_ids: Collection[int]) -> dict[int, str]:
    """The site each order is delivered to, where it says one."""
    rows = session.execute(
        select(PurchaseOrder.id, Site.code)
        .join(Location, Location.id == PurchaseOrder.deliver_to_id)
        .join(Site, Site.id == Location.site_id)
        .where(PurchaseOrder.id.in_(order_ids))
    )
    return dict(list(rows))
