"""How placed orders were changed, and which changes wait for approval."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import case, select
from sqlalchemy.orm import Session, selectinload

from procurement.catalogue.models import Pack, Product
from procurement.documents.content import Note
from procurement.files.queries import Paper, kept_paper
from procurement.kernel.actor import Actor
from procurement.kernel.db import ReadSession
from procurement.kernel.errors import NotFound
from procurement.kernel.money import Money, UnitPrice
from procurement.kernel.permissions import Permission
from procurement.purchasing.models import OrderChange, OrderRevision, PurchaseOrder
from procurement.purchasing.queries.approvals import Request, approval_book
from procurement.purchasing.queries.budgets import families_of
from procurement.purchasing.rules.amending import short_words, words_of
from procurement.purchasing.terms import (
    ApprovalState,
    ChangeKind,
    ChangeRow,
    ProposalRow,
    RevisionRow,
    RevisionStatus,
)
from procurement.sourcing.models import Supplier


def proposal_for_update(session: Session, order_id: int) -> OrderRevision | None:
    """The change that waits, with its lines; its order is locked already."""
    return session.scalar(
        select(OrderRevision)
        .where(OrderRevision.order_id == order_id, OrderRevision.status == RevisionStatus.PROPOSED)
        .options(selectinload(OrderRevision.changes))
        .execution_options(populate_existing=True)
    )


def revisions_of(session: ReadSession, number: str) -> tuple[RevisionRow, ...]:
    """All revisions of an order, the latest first; what waits stands before them."""
    rows = session.execute(
        select(OrderRevision, PurchaseOrder.currency)
        .join(PurchaseOrder, PurchaseOrder.id == OrderRevision.order_id)
        .where(PurchaseOrder.number == number)
        .order_by(
            # The first is written down when the second is made.
            case((OrderRevision.number == 0, 1), else_=0),
            OrderRevision.id.desc(),
        )
    ).all()
    if not rows:
        return ()
    currency = rows[0][1]
    changes = changes_of(session, [revision.id for revision, _ in rows], currency)
    return tuple(_row(revision, currency, changes[revision.id]) for revision, _ in rows)


def changes_of(
    session: ReadSession, revision_ids: Collection[int], currency: str
) -> defaultdict[int, list[ChangeRow]]:
    """What revisions changed, by revision, in the order of the lines."""
    found: defaultdict[int, list[ChangeRow]] = defaultdict(list)
    rows = session.execute(
        select(OrderChange, Product.sku, Pack.code)
        .join(Product, Product.id == OrderChange.product_id)
        .join(Pack, Pack.id == OrderChange.pack_id)
        .where(OrderChange.revision_id.in_(revision_ids))
        .order_by(OrderChange.revision_id, OrderChange.ordinal)
    )
    for change, sku, pack in rows:
        found[change.revision_id].append(
            ChangeRow(
                kind=change.kind,
                position=change.position,
                product=sku,
                name=change.name,
                pack=pack,
                packs_before=change.packs_before,
                packs_after=change.packs_after,
                price_before=UnitPrice(change.price_before_e4, currency),
                price_after=UnitPrice(change.price_after_e4, currency),
                wanted_before=change.wanted_before,
                wanted_after=change.wanted_after,
            )
        )
    return found


@dataclass(frozen=True, slots=True)
class LatestChanges:
    """What the order's latest revision says on its paper; empty where it is as it was placed."""

    issued_at: datetime | None = None
    by_position: Mapping[int, str] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()


def latest_changes(session: ReadSession, order: PurchaseOrder) -> LatestChanges:
    """In the supplier's words: beside the lines that stay, and in a note what is no longer ordered."""
    if not order.revision:
        return LatestChanges()
    revision = session.scalars(
        select(OrderRevision).where(
            OrderRevision.order_id == order.id, OrderRevision.number == order.revision
        )
    ).one()
    changes = changes_of(session, [revision.id], order.currency)[revision.id]
    kept = [change for change in changes if change.packs_after]
    gone = [words_of(change) for change in changes if not change.packs_after]
    said = [revision.why, *(f"{sentence}." for sentence in gone)]
    text = "\n".join(part for part in said if part)
    return LatestChanges(
        issued_at=revision.decided_at,
        by_position={
            change.position: f"New in R{order.revision}"
            if change.kind is ChangeKind.ADDED
            else f"Changed: {short_words(change)}"
            for change in kept
        },
        notes=(Note(f"Changed by R{order.revision}", text),) if text else (),
    )


def revision_paper(session: ReadSession, number: str, revision: int, *, actor: Actor) -> Paper:
    """The paper of one revision as it was sent."""
    actor.require(Permission.SEE_PURCHASING)
    pdf_id = session.scalar(
        select(OrderRevision.pdf_id)
        .join(PurchaseOrder, PurchaseOrder.id == OrderRevision.order_id)
        .where(PurchaseOrder.number == number, OrderRevision.number == revision)
    )
    kept = kept_paper(session, pdf_id) if pdf_id else None
    if kept is None:
        raise NotFound(f"There is no paper of revision {revision} of {number}.")
    return kept


def proposal_state(
    session: ReadSession, number: str, *, actor: Actor, at: datetime
) -> ApprovalState | None:
    """How far the approval of the waiting change has come; None where none waits."""
    found = session.execute(
        select(PurchaseOrder, OrderRevision)
        .join(OrderRevision, OrderRevision.order_id == PurchaseOrder.id)
        .where(PurchaseOrder.number == number, OrderRevision.status == RevisionStatus.PROPOSED)
    ).one_or_none()
    if found is None:
        return None
    order, revision = found
    return proposal_states(session, [(order, revision)], actor=actor, at=at)[order.id]


def proposal_states(
    session: ReadSession,
    proposals: Collection[tuple[PurchaseOrder, OrderRevision]],
    *,
    actor: Actor,
    at: datetime,
) -> dict[int, ApprovalState]:
    """By order: how far the approval of its change has come. A budget is asked for what the change adds."""
    revision_of = {revision.id: order for order, revision in proposals}
    rows = session.scalars(
        select(OrderChange).where(OrderChange.revision_id.in_(revision_of))
    ).all()
    families = families_of(session, {change.product_id for change in rows})
    parts: defaultdict[int, defaultdict[str | None, int]] = defaultdict(lambda: defaultdict(int))
    for change in rows:
        currency = revision_of[change.revision_id].currency
        after = UnitPrice(change.price_after_e4, currency).total(change.packs_after)
        before = UnitPrice(change.price_before_e4, currency).total(change.packs_before)
        more = (after - before).minor
        parts[change.revision_id][families.get(change.product_id)] += more
    return approval_book(session, actor, at).of_requests(
        session,
        [
            Request(order, revision.gross_after_minor, revision.proposed_by_id, parts[revision.id])
            for order, revision in proposals
        ],
    )


def changes_to_approve(
    session: ReadSession, *, actor: Actor, at: datetime, limit: int
) -> tuple[ProposalRow, ...]:
    """Changes of placed orders that this person may agree to now, the latest first."""
    rows = session.execute(
        select(OrderRevision, PurchaseOrder, Supplier.name)
        .join(PurchaseOrder, PurchaseOrder.id == OrderRevision.order_id)
        .join(Supplier, Supplier.id == PurchaseOrder.supplier_id)
        .where(OrderRevision.status == RevisionStatus.PROPOSED)
        .order_by(OrderRevision.id.desc())
        .limit(50)
    ).all()
    if not rows:
        return ()
    proposals = [(order, revision) for revision, order, _ in rows]
    states = proposal_states(session, proposals, actor=actor, at=at)
    return tuple(
        ProposalRow(
            order.number,
            supplier,
            revision.proposed_by,
            Money(revision.gross_before_minor, order.currency),
            Money(revision.gross_after_minor, order.currency),
        )
        for revision, order, supplier in rows
        if states[order.id].may_approve
    )[:limit]


def _row(revision: OrderRevision, currency: str, changes: list[ChangeRow]) -> RevisionRow:
    return RevisionRow(
        number=revision.number,
        status=revision.status,
        why=revision.why,
        due_on=revision.due_on,
        proposed_at=revision.proposed_at,
        proposed_by=revision.proposed_by,
        proposed_by_id=revision.proposed_by_id,
        decided_at=revision.decided_at,
        decided_by=revision.decided_by,
        refused_why=revision.refused_why,
        before=Money(revision.gross_before_minor, currency),
        after=Money(revision.gross_after_minor, currency),
        has_paper=revision.pdf_id is not None,
        changes=tuple(changes),
    )
