"""Issued papers, kept byte for byte."""

import hashlib
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from procurement.files.models import StoredFile
from procurement.files.queries import PDF


def keep_paper(
    session: Session, content: bytes, file_name: str, *, at: datetime, media_type: str = PDF
) -> StoredFile:
    """Keep a paper and say where; the same bytes are kept once, whoever comes first."""
    sha256 = hashlib.sha256(content).hexdigest()
    insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
    session.execute(
        insert(StoredFile)
        .values(
            sha256=sha256,
            media_type=media_type,
            file_name=file_name,
            size=len(content),
            content=content,
            stored_at=at,
        )
        .on_conflict_do_nothing(index_elements=["sha256"])
    )
    return session.scalars(select(StoredFile).where(StoredFile.sha256 == sha256)).one()
