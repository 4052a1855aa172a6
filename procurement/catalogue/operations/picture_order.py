"""Which picture of a product leads, and taking one away."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from procurement.audit.operations import record
from procurement.catalogue.models import ProductPicture
from procurement.catalogue.operations.products import product_for_update
from procurement.kernel.actor import Actor
from procurement.kernel.errors import NotFound
from procurement.kernel.permissions import Permission

Kept = tuple[int, str]  # file and alternative text


def lead_with_picture(
    session: Session, sku: str, position: int, *, actor: Actor, at: datetime
) -> None:
    """Show this picture first. Raises ProductUnknown, NotFound."""
    _arrange(
        session,
        sku,
        position,
        lambda chosen, others: [chosen, *others],
        actor=actor,
    )
    record(session, "lead with picture", sku, actor=actor, at=at)


def remove_picture(
    session: Session, sku: str, position: int, *, actor: Actor, at: datetime
) -> None:
    """Take a picture off a product. Raises ProductUnknown, NotFound."""
    _arrange(session, sku, position, lambda _chosen, others: others, actor=actor)
    record(session, "remove picture", sku, actor=actor, at=at)


def _arrange(
    session: Session,
    sku: str,
    position: int,
    arrange: Callable[[Kept, list[Kept]], list[Kept]],
    *,
    actor: Actor,
) -> None:
    """Positions are part of the key, so the rows are written anew: 0, 1, 2 without gaps."""
    actor.require(Permission.EDIT_CATALOGUE)
    product = product_for_update(session, sku)
    rows = session.scalars(
        select(ProductPicture)
        .where(ProductPicture.product_id == product.id)
        .order_by(ProductPicture.position)
    ).all()
    kept = {row.position: (row.file_id, row.alternative_text) for row in rows}
    chosen = kept.pop(position, None)
    if chosen is None:
        raise NotFound("There is no such picture.")
    for row in rows:
        session.expunge(row)
    session.execute(delete(ProductPicture).where(ProductPicture.product_id == product.id))
    session.add_all(
        ProductPicture(
            product_id=product.id, position=place, file_id=file_id, alternative_text=words
        )
        for place, (file_id, words) in enumerate(arrange(chosen, list(kept.values())))
    )
