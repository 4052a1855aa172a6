"""What buyers look for and look at: observed, not said; kept a while, of a person only their customer."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from procurement.kernel.db import Base, ForeignId, PrimaryKey


class SearchMade(Base):
    """A search in the portal, in small letters; `hits` are products that have all of its words."""

    __tablename__ = "search_made"

    id: Mapped[PrimaryKey]
    at: Mapped[datetime] = mapped_column(index=True)
    text: Mapped[str] = mapped_column(String(200), index=True)
    hits: Mapped[int] = mapped_column(Integer)
    customer_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("customer.id"), index=True)

    __table_args__ = (CheckConstraint("hits >= 0", name="hits_not_negative"),)


class ProductViewed(Base):
    """A product's page in the portal was opened."""

    __tablename__ = "product_viewed"

    id: Mapped[PrimaryKey]
    at: Mapped[datetime] = mapped_column(index=True)
    product_id: Mapped[ForeignId] = mapped_column(ForeignKey("product.id"), index=True)
    customer_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("customer.id"), index=True)
