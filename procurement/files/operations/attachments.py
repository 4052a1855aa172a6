"""Files people attach to a document: told apart by their content, kept as they are, only ever saved and never shown."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from procurement.files.models import StoredFile
from procurement.files.rules.kinds import kind_of, named
from procurement.kernel.errors import Invalid

MOST_BYTES = 10 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Kept:
    """Where a file is kept, and by which name it is told."""

    file_id: int
    name: str


def keep_attachment(
    session: Session, content: bytes, name: str, *, at: datetime, field: str = "file"
) -> Kept:
    """Keep a PDF, a picture or an office document; the same bytes are kept once. Raises Invalid at the field."""
    if not content:
        raise Invalid("That file is empty.", field=field)
    if len(content) > MOST_BYTES:
        raise Invalid(f"At most {MOST_BYTES // 1024**2} MB, please.", field=field)
    kind = kind_of(content)
    if kind is None:
        raise Invalid("A PDF, a picture or an office document without macros, please.", field=field)
    media_type, ending = kind
    told = named(name, ending)[:200]
    sha256 = hashlib.sha256(content).hexdigest()
    insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
    session.execute(
        insert(StoredFile)
        .values(
            sha256=sha256,
            media_type=media_type,
            file_name=told,
            size=len(content),
            content=content,
            stored_at=at,
        )
        .on_conflict_do_nothing(index_elements=["sha256"])
    )
    file_id = session.scalars(select(StoredFile.id).where(StoredFile.sha256 == sha256)).one()
    return Kept(file_id, told)
