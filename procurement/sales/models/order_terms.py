"""What an order has to come to, and what bringing it costs."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from procurement.kernel.db import Base, CurrencyCode, ForeignId, MinorUnits, PrimaryKey


class OrderTermsRow(Base):
    """The terms of orders in a currency; of a group's row, what is said goes before everybody's. 0: none."""

    __tablename__ = "order_terms"

    id: Mapped[PrimaryKey]
    currency: Mapped[CurrencyCode]
    group_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("customer_group.id"), index=True)
    opening_minor: Mapped[MinorUnits | None]  # the least a first order comes to, before tax
    reorder_minor: Mapped[MinorUnits | None]  # and every later one
    freight_minor: Mapped[MinorUnits | None]  # of one delivery, before tax
    free_from_minor: Mapped[MinorUnits | None]  # goods of so much are brought for nothing

    __table_args__ = (
        Index("uq_order_terms_group", "currency", "group_id", unique=True),
        Index(
            "uq_order_terms_everybody",
            "currency",
            unique=True,
            sqlite_where=text("group_id IS NULL"),
            postgresql_where=text("group_id IS NULL"),
        ),
        CheckConstraint("opening_minor >= 0 AND reorder_minor >= 0", name="least_not_negative"),
        CheckConstraint("freight_minor >= 0 AND free_from_minor >= 0", name="freight_not_negative"),
    )
