"""What a customer calls our packs in their own system."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from procurement.kernel.db import Base, Code, ForeignId


class OwnCode(Base):
    """A customer's own code of a pack; one pack has one, and one code means one pack."""

    __tablename__ = "own_code"

    customer_id: Mapped[ForeignId] = mapped_column(ForeignKey("customer.id"), primary_key=True)
    pack_id: Mapped[ForeignId] = mapped_column(primary_key=True)
    product_id: Mapped[ForeignId]
    code: Mapped[Code]  # as they write it
    code_key: Mapped[Code]  # as it is compared: capitals and blanks make no difference
    kept_at: Mapped[datetime]

    __table_args__ = (
        ForeignKeyConstraint(["pack_id", "product_id"], ["pack.id", "pack.product_id"]),
        UniqueConstraint("customer_id", "code_key"),
        CheckConstraint("code <> ''", name="said"),
        Index(None, "pack_id", "product_id"),
    )
