"""Reading kept files."""

from dataclasses import dataclass

from sqlalchemy import select

from procurement.files.models import Rendition, StoredFile
from procurement.files.terms import PICTURE_TYPE, PictureBytes
from procurement.kernel.db import ReadSession

PDF = "application/pdf"


@dataclass(frozen=True, slots=True)
class Paper:
    """A kept file with its bytes."""

    file_name: str
    media_type: str
    sha256: str
    content: bytes


def kept_paper(session: ReadSession, file_id: int) -> Paper | None:
    row = session.execute(
        select(
            StoredFile.file_name, StoredFile.media_type, StoredFile.sha256, StoredFile.content
        ).where(StoredFile.id == file_id)
    ).one_or_none()
    return Paper(row.file_name, row.media_type, row.sha256, row.content) if row else None


def picture(session: ReadSession, sha256: str, width: int) -> PictureBytes | None:
    """The bytes of a picture; papers are not pictures and are not found here."""
    found = session.execute(
        select(StoredFile.id, StoredFile.width).where(
            StoredFile.sha256 == sha256, StoredFile.media_type == PICTURE_TYPE
        )
    ).one_or_none()
    if found is None:
        return None
    content = session.scalar(
        select(Rendition.content).where(Rendition.file_id == found.id, Rendition.width == width)
    ) or session.scalar(select(StoredFile.content).where(StoredFile.id == found.id))
    return PictureBytes(found.id, content)
