"""Which picture of a product leads, and taking one away."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from procurement.audit.operations import record
from procurement.catalogue.models import ProductPicture
from procurement.catalogue.operations.products import product_for_update
from procurement.files.models import StoredFile
from procurement.kernel.actor import Actor
from procurement.kernel.errors import NotFound
from procurement.kernel.permissions import Permission

Kept = tuple[int, str]  # file and alternative text


def lead_with_picture(
    session: Session, sku: str, sha256: str, *, actor: Actor, at: datetime
) -> None:
    """Show this picture first. Raises ProductUnknown, NotFound."""
    _arrange(
        session,
        sku,
        sha256,
        lambda chosen, others: [chosen, *others],
        actor=actor,
    )
    record(session, "lead with picture", sku, actor=actor, at=at)


def remove_picture(session: Session, sku: str, sha256: str, *, actor: Actor, at: datetime) -> None:
    """Take a picture off a product. Raises ProductUnknown, NotFound."""
    _arrange(session, sku, sha256, lambda _chosen, others: others, actor=actor)
    record(session, "remove picture", sku, actor=actor, at=at)


def _arrange(
    session: Session,
    sku: str,
    sha256: str,
    arrange: Callable[[Kept, list[Kept]], list[Kept]],
    *,
    actor: Actor,
) -> None:
    """Named by what it shows, for its place may be another's meanwhile.

    Positions are part of the key, so the rows are written anew: 0, 1, 2 without gaps.
    """
    actor.require(Permission.EDIT_CATALOGUE)
    product = product_for_update(session, sku)
    rows = session.execute(
        select(ProductPicture, StoredFile.sha256)
        .join(StoredFile, StoredFile.id == ProductPicture.file_id)
        .where(ProductPicture.product_id == product.id)
        .order_by(ProductPicture.position)
    ).all()
    kept = [(row.file_id, row.alternative_text) for row, _ in rows]
    place = next((at for at, (_, shown) in enumerate(rows) if shown == sha256), None)
    if place is None:
        raise NotFound("There is no such picture.")
    chosen = kept.pop(place)
    for row, _ in rows:
        session.expunge(row)
    session.execute(delete(ProductPicture).where(ProductPicture.product_id == product.id))
    session.add_all(
        ProductPicture(
            product_id=product.id, position=place, file_id=file_id, alternative_text=words
        )
        for place, (file_id, words) in enumerate(arrange(chosen, kept))
    )
