"""Pictures of what was written off."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.files.operations.pictures import store_picture
from procurement.kernel.actor import Actor
from procurement.kernel.errors import NotFound
from procurement.kernel.permissions import Permission
from procurement.stock.models import Posting, PostingPhoto
from procurement.stock.terms import Reason


def attach_photo(
    session: Session, ref: str, content: bytes, name: str, *, actor: Actor, at: datetime
) -> None:
    """Keep a picture with a write-off. Raises NotFound, Invalid (not a picture); the same picture twice is one."""
    actor.require(Permission.WRITE_OFF_STOCK)
    posting_id = session.scalar(
        select(Posting.id).where(Posting.ref == ref, Posting.reason == Reason.WRITE_OFF)
    )
    if posting_id is None:
        raise NotFound("There is no such write-off.")
    picture = store_picture(session, content, name, at=at, field="photo")
    if session.get(PostingPhoto, (posting_id, picture.id)) is None:
        session.add(PostingPhoto(posting_id=posting_id, file_id=picture.id))
