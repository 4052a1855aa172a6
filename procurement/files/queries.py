"""Reading kept files."""

from dataclasses import dataclass

from sqlalchemy import select

from procurement.files.models import StoredFile
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
