"""What a buyer would rather not be told by mail."""

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from procurement.kernel.db import Base, ForeignId


class MailChoices(Base):
    """One row for who has been written to; `declined` are topics between spaces, the token is of their own link."""

    __tablename__ = "mail_choices"

    user_id: Mapped[ForeignId] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    token: Mapped[str] = mapped_column(String(64), unique=True)
    declined: Mapped[str] = mapped_column(Text, default="")
