"""Pictures and papers, kept in the database: one transaction, one backup, no orphan files."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from procurement.kernel.db import Base, ForeignId, Name, PrimaryKey


class StoredFile(Base):
    """One file as we keep it: a re-encoded picture or an issued paper, named by its SHA-256."""

    __tablename__ = "stored_file"

    id: Mapped[PrimaryKey]
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    media_type: Mapped[Name]  # those of office documents are longer than a code
    file_name: Mapped[Name]
    size: Mapped[int] = mapped_column(Integer)
    width: Mapped[int | None] = mapped_column(Integer)
    height: Mapped[int | None] = mapped_column(Integer)
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True, deferred_raiseload=True)
    stored_at: Mapped[datetime]

    __table_args__ = (CheckConstraint("size > 0", name="size_positive"),)


class Rendition(Base):
    """A picture in a smaller width, made once when it is stored."""

    __tablename__ = "rendition"

    file_id: Mapped[ForeignId] = mapped_column(ForeignKey("stored_file.id"), primary_key=True)
    width: Mapped[int] = mapped_column(Integer, primary_key=True)
    height: Mapped[int] = mapped_column(Integer)
    content: Mapped[bytes] = mapped_column(LargeBinary)
