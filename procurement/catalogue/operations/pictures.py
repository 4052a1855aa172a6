"""Pictures of products."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.audit.operations import record
from procurement.catalogue.models import ProductPicture
from procurement.catalogue.operations.products import product_for_update
from procurement.files.operations.pictures import store_picture
from procurement.kernel import text
from procurement.kernel.actor import Actor
from procurement.kernel.errors import Invalid
from procurement.kernel.permissions import Permission

MOST_PICTURES = 20


def add_picture(
    session: Session,
    sku: str,
    content: bytes,
    *,
    file_name: str,
    alternative_text: str,
    actor: Actor,
    at: datetime,
) -> ProductPicture:
    """Put a picture after those a product has; the first one leads. Raises ProductUnknown, Invalid."""
    actor.require(Permission.EDIT_CATALOGUE)
    product = product_for_update(session, sku)
    taken = session.scalars(
        select(ProductPicture.position).where(ProductPicture.product_id == product.id)
    ).all()
    if len(taken) >= MOST_PICTURES:
        raise Invalid(f"A product has at most {MOST_PICTURES} pictures.", field="picture")
    picture = ProductPicture(
        product_id=product.id,
        position=max(taken, default=-1) + 1,
        file_id=store_picture(session, content, file_name, at=at).id,
        alternative_text=text.optional_line(alternative_text, "alternative_text"),
    )
    session.add(picture)
    record(session, "add picture", sku, file_name, actor=actor, at=at)
    return picture
