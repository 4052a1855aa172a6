"""Pictures of what was written off."""

from sqlalchemy import select

from procurement.files.models import StoredFile
from procurement.files.queries import picture
from procurement.kernel.db import ReadSession
from procurement.kernel.errors import NotFound
from procurement.stock.models import Posting, PostingPhoto


def photos_of(session: ReadSession, ref: str) -> list[str]:
    """The SHA-256 of each, the first one first."""
    return list(
        session.scalars(
            select(StoredFile.sha256)
            .join(PostingPhoto, PostingPhoto.file_id == StoredFile.id)
            .join(Posting, Posting.id == PostingPhoto.posting_id)
            .where(Posting.ref == ref)
            .order_by(StoredFile.id)
        )
    )


def photo(session: ReadSession, ref: str, sha256: str, width: int) -> bytes:
    """One of a posting's pictures. Raises NotFound."""
    found = picture(session, sha256, width) if sha256 in photos_of(session, ref) else None
    if found is None:
        raise NotFound("There is no such picture.")
    return found.content
