"""Changing an order that was placed: each change is a revision with a paper of its own, sent again."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from procurement.audit.operations import record
from procurement.kernel import text
from procurement.kernel.actor import Actor
from procurement.kernel.db import MAX_MINOR
from procurement.kernel.errors import Conflict, Forbidden, Invalid
from procurement.kernel.money import Money, TaxRate, UnitPrice
from procurement.kernel.permissions import Permission
from procurement.purchasing.errors import RateUnknown, StaleVersion, WrongStatus
from procurement.purchasing.models import (
    OrderApproval,
    OrderChange,
    OrderRevision,
    PurchaseOrder,
)
from procurement.purchasing.operations.agreeing import agree, words_of_step
from procurement.purchasing.operations.amended_lines import (
    AmendedLine,
    apply_changes,
    changes_of,
)
from procurement.purchasing.operations.charging import freight_after
from procurement.purchasing.operations.deciding import business_date, refresh_status
from procurement.purchasing.operations.lines import NewOrderLine
from procurement.purchasing.operations.matching import match_order_invoices
from procurement.purchasing.operations.papers import issue_order
from procurement.purchasing.queries.budgets import lock_budgets
from procurement.purchasing.queries.orders import purchase_order_for_update
from procurement.purchasing.queries.revisions import proposal_for_update, proposal_states
from procurement.purchasing.rules.amending import costs_more
from procurement.purchasing.rules.status import WORDS
from procurement.purchasing.rules.totals import TaxedLine, totals_of
from procurement.purchasing.terms import (
    ON_THE_WAY,
    ApprovalState,
    RevisionStatus,
    Totals,
)
from procurement.settings.queries import get_company
from procurement.sourcing.models import Supplier


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendOrder:
    """What shall change; lines not named stay. `version` is the order's that was read, if it was."""

    number: str
    lines: tuple[AmendedLine, ...] = ()
    added: tuple[NewOrderLine, ...] = ()
    due_on: date | None = None
    why: str = ""
    version: int | None = None
    public_url: str = ""  # how the supplier's private link begins; without it there is none


def amend_order(
    session: Session, command: AmendOrder, *, actor: Actor, at: datetime
) -> OrderRevision:
    """Change a placed order. What costs no more, or what this person may agree to alone, is sent; else it waits.

    Raises StaleVersion, WrongStatus, Conflict (a change waits already), Invalid with every bad field.
    """
    actor.require(Permission.DRAFT_ORDERS)
    order = _open_order(session, command.number)
    if command.version is not None and command.version != order.version:
        raise StaleVersion(f"Somebody changed {order.number} in the meantime; look again.")
    if proposal_for_update(session, order.id) is not None:
        raise Conflict(f"A change of {order.number} waits for approval; decide on it first.")
    changes = changes_of(session, order, command.lines, command.added)
    due_on = command.due_on if command.due_on != order.due_on else None
    if not changes and due_on is None:
        raise Invalid("Nothing would change.")
    revision = OrderRevision(
        order_id=order.id,
        status=RevisionStatus.PROPOSED,
        why=text.prose(command.why, "why"),
        due_on=due_on,
        proposed_at=at,
        proposed_by=actor.name,
        proposed_by_id=actor.id,
        gross_before_minor=order.gross_minor,
        gross_after_minor=_totals_after(session, order, changes)[0].gross.minor,
    )
    revision.changes = changes
    session.execute(delete(OrderApproval).where(OrderApproval.order_id == order.id))
    session.add(revision)
    session.flush()  # its key is needed
    more = costs_more(revision.gross_before_minor, revision.gross_after_minor)
    state = _state(session, order, revision, actor, at) if more else None
    if state is not None and (state.objection or not state.completes):
        record(session, "propose change", order.number, _sums(order, revision), actor=actor, at=at)
        return revision
    _send(
        session,
        order,
        revision,
        approved_by=actor if more else None,
        actor=actor,
        at=at,
        public_url=command.public_url,
    )
    return revision


def approve_change(
    session: Session, number: str, *, actor: Actor, at: datetime, public_url: str = ""
) -> OrderRevision:
    """Agree to the change that waits; once as many have agreed as the rules ask for, it is sent."""
    actor.require(Permission.SEE_PURCHASING)
    order, revision = _proposal(session, number)
    state = _state(session, order, revision, actor, at)
    if state.objection:
        refusal = RateUnknown if state.is_rate_missing else Forbidden
        raise refusal(f"{number}: {state.objection}")
    agree(session, order, state, actor=actor, at=at)
    if not state.completes:
        record(session, "agree to change", number, words_of_step(state), actor=actor, at=at)
        return revision
    names = " and ".join([*(one.name for one in state.given), actor.name])
    agreed = replace(actor, name=names[:200])
    _send(session, order, revision, approved_by=agreed, actor=actor, at=at, public_url=public_url)
    return revision


def refuse_change(
    session: Session, number: str, *, why: str, actor: Actor, at: datetime
) -> OrderRevision:
    """Do not agree to the change that waits; the order stays as it is."""
    order, revision = _proposal(session, number)
    state = _state(session, order, revision, actor, at)
    if state.objection and not actor.may(Permission.APPROVE_ORDERS):
        raise Forbidden(f"{number}: {state.objection}")
    revision.refused_why = text.name(why, "why")
    _decide(revision, RevisionStatus.REFUSED, actor, at)
    record(session, "refuse change", number, revision.refused_why, actor=actor, at=at)
    return revision


def withdraw_change(session: Session, number: str, *, actor: Actor, at: datetime) -> OrderRevision:
    """The change that waits is no longer wanted."""
    actor.require(Permission.DRAFT_ORDERS)
    _, revision = _proposal(session, number)
    _decide(revision, RevisionStatus.WITHDRAWN, actor, at)
    record(session, "withdraw change", number, actor=actor, at=at)
    return revision


def _open_order(session: Session, number: str) -> PurchaseOrder:
    order = purchase_order_for_update(session, number)
    if order.status not in ON_THE_WAY:
        raise WrongStatus(
            f"{number} is {WORDS[order.status]}; only an order that is on the way is amended."
        )
    return order


def _proposal(session: Session, number: str) -> tuple[PurchaseOrder, OrderRevision]:
    order = purchase_order_for_update(session, number)
    revision = proposal_for_update(session, order.id)
    if revision is None:
        raise Conflict(f"No change of {number} waits for approval.")
    return order, revision


def _state(
    session: Session, order: PurchaseOrder, revision: OrderRevision, actor: Actor, at: datetime
) -> ApprovalState:
    lock_budgets(session)
    return proposal_states(session, [(order, revision)], actor=actor, at=at)[order.id]


def _totals_after(
    session: Session, order: PurchaseOrder, changes: Sequence[OrderChange]
) -> tuple[Totals, Money | None]:
    """The order's totals with these changes, and its freight: fewer goods may be below free delivery."""
    changed = {change.position: change for change in changes}
    taxed = [
        TaxedLine(Money(line.net_minor, order.currency), TaxRate(line.tax_ppm))
        for line in order.lines
        if line.position not in changed and not line.dropped
    ]
    taxed += [
        TaxedLine(
            UnitPrice(change.price_after_e4, order.currency).total(change.packs_after),
            TaxRate(change.tax_ppm),
        )
        for change in changes
    ]
    goods = sum((line.net for line in taxed), Money(0, order.currency))
    freight = freight_after(order, session.get_one(Supplier, order.supplier_id), goods)
    if freight is not None and freight.minor:
        taxed.append(TaxedLine(freight, TaxRate(order.freight_tax_ppm)))
    totals = totals_of(taxed, get_company(session).rounding_rule, order.currency)
    if totals.net.minor > MAX_MINOR // 2:
        raise Invalid("The order's total is too large.", field="lines")
    return totals, freight


def _send(
    session: Session,
    order: PurchaseOrder,
    revision: OrderRevision,
    *,
    approved_by: Actor | None,
    actor: Actor,
    at: datetime,
    public_url: str,
) -> None:
    """Carry the change out, freeze the new paper, and send it; the older papers stay."""
    _keep_first(session, order)
    totals, freight = _totals_after(session, order, revision.changes)
    apply_changes(session, order, revision)
    order.freight_minor = freight.minor if freight is not None else None
    order.net_minor, order.tax_minor = totals.net.minor, totals.tax.minor
    order.gross_minor = totals.gross.minor
    if revision.due_on:
        order.due_on = order.promised_on = revision.due_on
    order.revision += 1
    if approved_by is not None:
        order.approved_at, order.approved_by = at, approved_by.name
    if all(line.dropped for line in order.lines):
        raise Conflict(f"Nothing of {order.number} would be left: cancel the order instead.")
    refresh_status(order)
    revision.number = order.revision
    _decide(revision, RevisionStatus.SENT, actor, at)
    session.flush()  # the paper is read from the tables
    match_order_invoices(session, order.id)  # what was agreed has changed
    on = business_date(session, order, at)
    sent_to = issue_order(session, order, on=on, at=at, public_url=public_url)
    revision.pdf_id = order.pdf_id
    detail = f"R{order.revision}, {_sums(order, revision)}"
    detail += f", sent to {sent_to}" if sent_to else ", the supplier has no mail address on file"
    record(session, "amend order", order.number, detail, actor=actor, at=at)


def _keep_first(session: Session, order: PurchaseOrder) -> None:
    """The order as it was placed is its revision 0."""
    if order.revision:
        return
    placed_at = order.placed_at
    assert placed_at is not None
    session.add(
        OrderRevision(
            order_id=order.id,
            number=0,
            status=RevisionStatus.SENT,
            proposed_at=placed_at,
            proposed_by=order.drafted_by,
            proposed_by_id=order.drafted_by_id,
            decided_at=placed_at,
            decided_by=order.approved_by,
            gross_before_minor=order.gross_minor,
            gross_after_minor=order.gross_minor,
            pdf_id=order.pdf_id,
        )
    )


def _decide(revision: OrderRevision, status: RevisionStatus, actor: Actor, at: datetime) -> None:
    revision.status = status
    revision.decided_at, revision.decided_by = at, actor.name


def _sums(order: PurchaseOrder, revision: OrderRevision) -> str:
    before = Money(revision.gross_before_minor, order.currency)
    return f"{before} becomes {Money(revision.gross_after_minor, order.currency)}"
