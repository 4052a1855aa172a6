"""Pictures of products."""

from sqlalchemy import select

from procurement.catalogue.models import ProductPicture
from procurement.kernel.db import ReadSession


def is_product_picture(session: ReadSession, file_id: int) -> bool:
    """Whether a stored picture shows a product, and may therefore be seen by everybody who browses."""
    query = select(ProductPicture.product_id).where(ProductPicture.file_id == file_id).limit(1)
    return session.scalar(query) is not None
