"""What becomes of an order: approved, placed, cancelled, opened for changes again, closed short."""

from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, object_session

from procurement.audit.operations import record
from procurement.kernel import text
from procurement.kernel.actor import Actor
from procurement.kernel.clock import today_in
from procurement.kernel.errors import Conflict, Forbidden, Invalid
from procurement.kernel.permissions import Permission
from procurement.purchasing.errors import RateUnknown, WrongStatus
from procurement.purchasing.models import PurchaseOrder
from procurement.purchasing.operations.agreeing import (
    agree,
    forget_approvals,
    no_longer_returned,
    words_of_step,
)
from procurement.purchasing.operations.drawing import require_valid, settle_draws
from procurement.purchasing.operations.papers import issue_order
from procurement.purchasing.queries.approvals import approval_of
from procurement.purchasing.queries.budgets import lock_budgets
from procurement.purchasing.queries.orders import purchase_order_for_update
from procurement.purchasing.rules.status import WORDS, Progress, require_transition, status_by_lines
from procurement.purchasing.terms import ON_THE_WAY, OrderStatus
from procurement.settings.queries import get_company, rate_on
from procurement.settings.terms import RATE_SCALE
from procurement.sourcing.models import SupplierItem
from procurement.sourcing.queries import calendar_of
from procurement.sourcing.rules.calendar import delivery_on
from procurement.stock.queries.places import places_by_id


def approve_order(session: Session, number: str, *, actor: Actor, at: datetime) -> PurchaseOrder:
    """Agree to a draft. It is approved once as many have agreed as the rules ask for (rules/approval.py)."""
    actor.require(Permission.SEE_PURCHASING)
    order = purchase_order_for_update(session, number)
    require_transition(number, order.status, OrderStatus.APPROVED)
    lock_budgets(session)
    state = approval_of(session, order, actor=actor, at=at)
    if state.objection:
        refusal = RateUnknown if state.is_rate_missing else Forbidden
        raise refusal(f"{number}: {state.objection}")
    agree(session, order, state, actor=actor, at=at)
    no_longer_returned(order)
    names = [*(one.name for one in state.given), actor.name]
    if not state.completes:
        record(session, "agree to order", number, words_of_step(state), actor=actor, at=at)
        return order
    order.status = OrderStatus.APPROVED
    order.approved_at, order.approved_by = at, " and ".join(names)[:200]
    keep_rate(session, order, business_date(session, order, at))
    parts = [f"above {state.rule.above}"] if state.rule else []
    parts += [f"{one.over} beyond {one.name}" for one in state.overruns]
    detail = ", ".join(parts)
    record(session, "approve order", number, detail, actor=actor, at=at)
    return order


def send_back_order(
    session: Session, number: str, *, why: str, actor: Actor, at: datetime
) -> PurchaseOrder:
    """Do not agree: the drafter hears why, and what was agreed to counts no more."""
    actor.require_any(Permission.APPROVE_ORDERS, Permission.DRAFT_ORDERS)
    order = purchase_order_for_update(session, number)
    if order.status is OrderStatus.APPROVED:
        require_transition(number, order.status, OrderStatus.DRAFT)
        order.status = OrderStatus.DRAFT
    elif order.status is not OrderStatus.DRAFT:
        raise WrongStatus(f"{number} is {WORDS[order.status]}; it cannot be sent back.")
    order.returned_why = text.name(why, "why")
    order.returned_at, order.returned_by = at, actor.name
    forget_approvals(session, order)
    record(session, "send back order", number, order.returned_why, actor=actor, at=at)
    return order


def reopen_order(session: Session, number: str, *, actor: Actor, at: datetime) -> PurchaseOrder:
    """Make an approved order a draft again, so that it can be changed."""
    actor.require(Permission.DRAFT_ORDERS)
    order = purchase_order_for_update(session, number)
    require_transition(number, order.status, OrderStatus.DRAFT)
    order.status = OrderStatus.DRAFT
    forget_approvals(session, order)
    record(session, "reopen order", number, actor=actor, at=at)
    return order


def place_order(
    session: Session, number: str, *, actor: Actor, at: datetime, public_url: str = ""
) -> PurchaseOrder:
    """Freeze an approved order and send it, by mail if we have an address. It is due when its slowest line is.

    `public_url` is how the supplier's private link begins; without it there is none.
    """
    actor.require(Permission.DRAFT_ORDERS)
    order = purchase_order_for_update(session, number)
    require_transition(number, order.status, OrderStatus.PLACED)
    on = business_date(session, order, at)
    order.status = OrderStatus.PLACED
    order.placed_at = at
    keep_rate(session, order, on)
    require_valid(session, order, on)
    settle_draws(session, order)
    order.due_on = order.promised_on = _due_on(session, order, on, at)
    session.flush()  # the paper is read from the tables
    sent_to = issue_order(session, order, on=on, at=at, public_url=public_url)
    detail = f"sent to {sent_to}" if sent_to else "the supplier has no mail address on file"
    record(session, "place order", number, detail, actor=actor, at=at)
    return order


def keep_rate(session: Session, order: PurchaseOrder, on: date) -> None:
    """Remember what the order's currency is worth today, where the company has set a rate for it."""
    home = get_company(session).currency
    if order.currency == home:
        order.rate_e8, order.home_currency = RATE_SCALE, home
    elif rate := rate_on(session, order.currency, on):
        order.rate_e8, order.home_currency = rate.rate_e8, home


def cancel_order(session: Session, number: str, *, actor: Actor, at: datetime) -> PurchaseOrder:
    """Nothing will come and nothing came."""
    actor.require(Permission.DRAFT_ORDERS)
    order = purchase_order_for_update(session, number)
    require_transition(number, order.status, OrderStatus.CANCELLED)
    order.status = OrderStatus.CANCELLED
    settle_draws(session, order)
    record(session, "cancel order", number, actor=actor, at=at)
    return order


def close_short(
    session: Session, number: str, *, actor: Actor, at: datetime, position: int | None = None
) -> PurchaseOrder:
    """The rest of the order, or of one line, will not come."""
    actor.require_any(Permission.DRAFT_ORDERS, Permission.RECEIVE_GOODS)
    order = purchase_order_for_update(session, number)
    if order.status not in ON_THE_WAY:
        raise WrongStatus(f"{number} is {WORDS[order.status]}; nothing of it is outstanding.")
    lines = [line for line in order.lines if position in {None, line.position}]
    if not lines:
        raise Invalid(f"{number} has no line {position}.", field="position")
    if not any(line.outstanding for line in lines):
        raise Conflict("Nothing of that is outstanding.")
    for line in lines:
        line.closed = line.closed or line.outstanding > 0
    refresh_status(order)
    what = "" if position is None else f"line {position}"
    record(session, "close short", number, what, actor=actor, at=at)
    return order


def refresh_status(order: PurchaseOrder) -> None:
    """Let the lines say how far a placed order has come, and what it holds of blanket orders."""
    after = status_by_lines(
        [
            Progress(line.packs, line.received, line.closed)
            for line in order.lines
            if not line.dropped
        ]
    )
    if after is not order.status:
        require_transition(order.number, order.status, after)
        order.status = after
    if (session := object_session(order)) is not None:
        settle_draws(session, order)


def business_date(session: Session, order: PurchaseOrder, at: datetime) -> date:
    """The day it is where the order is delivered to."""
    places = places_by_id(session, [order.deliver_to_id] if order.deliver_to_id else [])
    zone = next((place.time_zone for place in places.values()), None)
    return today_in(zone or get_company(session).time_zone, at)


def _due_on(session: Session, order: PurchaseOrder, on: date, at: datetime) -> date:
    """By the supplier's calendar where it is known, else so many days after the day of placing."""
    days = _lead_time(session, order)
    calendar = calendar_of(session, order.supplier_id)
    return delivery_on(calendar, at, days) if calendar else on + timedelta(days=days)


def _lead_time(session: Session, order: PurchaseOrder) -> int:
    """The longest of its lines, in days; 0 where the supplier has named none."""
    longest = session.scalar(
        select(func.max(SupplierItem.lead_time_days)).where(
            SupplierItem.supplier_id == order.supplier_id,
            SupplierItem.pack_id.in_({line.pack_id for line in order.lines}),
        )
    )
    return int(longest or 0)
