"""Asking for a quote's approval, agreeing, sending back; and the guard that issuing calls."""

from datetime import datetime

from sqlalchemy.orm import Session

from procurement.audit.operations import record
from procurement.kernel import text
from procurement.kernel.actor import Actor
from procurement.kernel.errors import Conflict, Forbidden, Invalid
from procurement.kernel.permissions import Permission
from procurement.sales.errors import ApprovalNeeded
from procurement.sales.models import Quote, QuoteApproval
from procurement.sales.operations.quoting import draft_of, require_version
from procurement.sales.queries.approvals import QuoteApprovalState, approval_of_quote, facts_of
from procurement.sales.queries.quotes import revisions_for_update
from procurement.sales.terms import ApprovalStatus


def require_agreed(session: Session, quote: Quote, *, actor: Actor, at: datetime) -> None:
    """Raise `ApprovalNeeded` unless no rule speaks about the quote, or somebody agreed to it as it stands."""
    state = approval_of_quote(session, quote, actor=actor, at=at)
    if not state.is_needed:
        return
    because = "; ".join(state.reasons)
    if state.is_waiting:
        raise ApprovalNeeded(f"{quote.label} waits for approval: {because}.")
    raise ApprovalNeeded(f"{quote.label} has to be approved first: {because}.")


def ask_for_approval(
    session: Session,
    number: str,
    note: str = "",
    *,
    version: int | None = None,
    actor: Actor,
    at: datetime,
) -> Quote:
    """Ask for the draft as it stands; asked again after a change, the former answer goes."""
    actor.require(Permission.SELL)
    quote = draft_of(revisions_for_update(session, number))
    require_version(quote, version)
    state = approval_of_quote(session, quote, actor=actor, at=at)
    if not state.reasons:
        raise Conflict(f"{quote.label} needs no approval: it can be issued.")
    if state.is_waiting or state.is_approved:
        raise Conflict(f"{quote.label} was asked for already, as it stands.")
    facts = facts_of(session, quote, at)
    kept = session.get(QuoteApproval, quote.id) or QuoteApproval(quote_id=quote.id)
    kept.status = ApprovalStatus.WAITING
    kept.content_sha256 = state.content_sha256
    kept.reasons = "\n".join(state.reasons)
    kept.discount_bp, kept.margin_bp = facts.discount_bp, facts.margin_bp
    kept.worth_minor = facts.worth.minor if facts.worth else None
    kept.asked_at, kept.asked_by = at, actor.name[:200]
    kept.note = text.prose(note, "note")
    kept.decided_at = kept.decided_by = kept.decided_by_id = None
    kept.decided_why = ""
    session.add(kept)
    session.flush()  # it is read back at once
    record(session, "ask for approval", quote.label, "; ".join(state.reasons), actor=actor, at=at)
    return quote


def approve_quote(
    session: Session, number: str, seen: str = "", *, actor: Actor, at: datetime
) -> Quote:
    """Agree to what waits. `seen` is the content the person looked at; another one is a Conflict."""
    quote, kept, state = _waiting(session, number, actor, at)
    if seen and seen != state.content_sha256:
        raise Conflict(f"{quote.label} was changed since you opened it; look again.")
    _decide(kept, ApprovalStatus.APPROVED, actor, at)
    record(session, "approve quote", quote.label, kept.reasons, actor=actor, at=at)
    return quote


def send_quote_back(
    session: Session, number: str, why: str, *, actor: Actor, at: datetime
) -> Quote:
    """Do not agree, and say why; its drafter changes it and asks again."""
    quote, kept, _ = _waiting(session, number, actor, at)
    reason = text.prose(why, "why")
    if not reason:
        raise Invalid("Please say why.", field="why")
    _decide(kept, ApprovalStatus.RETURNED, actor, at)
    kept.decided_why = reason
    record(session, "send quote back", quote.label, reason, actor=actor, at=at)
    return quote


def _waiting(
    session: Session, number: str, actor: Actor, at: datetime
) -> tuple[Quote, QuoteApproval, QuoteApprovalState]:
    actor.require(Permission.SEE_SALES)
    actor.require(Permission.SEE_MARGIN)
    quote = draft_of(revisions_for_update(session, number))
    kept = session.get(QuoteApproval, quote.id)
    state = approval_of_quote(session, quote, actor=actor, at=at)
    if kept is None or kept.status is not ApprovalStatus.WAITING:
        raise Conflict(f"{quote.label} does not wait for approval.")
    if not state.is_current:
        raise Conflict(
            f"{quote.label} was changed since it was asked for: it is asked again first."
        )
    if state.objection:
        raise Forbidden(state.objection)
    return quote, kept, state


def _decide(kept: QuoteApproval, status: ApprovalStatus, actor: Actor, at: datetime) -> None:
    kept.status = status
    kept.decided_at, kept.decided_by, kept.decided_by_id = at, actor.name[:200], actor.id
