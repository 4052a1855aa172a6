"""Request keys and the answers given to them."""

from datetime import datetime

from sqlalchemy import Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from procurement.kernel.db import Base


class IdempotencyKey(Base):
    """The first request under a key, and its answer; written in the transaction of its effect."""

    __tablename__ = "idempotency_key"

    actor: Mapped[str] = mapped_column(String(64), primary_key=True)
    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    request_hash: Mapped[str] = mapped_column(String(64))
    status: Mapped[int | None] = mapped_column(Integer)
    answer: Mapped[str] = mapped_column(Text, default="")
    location: Mapped[str] = mapped_column(Text, default="")
    claimed_at: Mapped[datetime]
