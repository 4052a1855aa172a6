"""The shop window: what visitors see of prices, and what buyers keep looking for."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Integer, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from procurement.kernel.db import Base, Flag, ForeignId, Name, PrimaryKey
from procurement.kernel.types import str_enum
from procurement.sales.terms.shop import VisitorPrices


class Shop(Base):
    """What the shop shows: at most one row, with id 1; without it, visitors see no prices."""

    __tablename__ = "shop"

    id: Mapped[PrimaryKey]
    visitor_prices: Mapped[VisitorPrices] = mapped_column(str_enum(VisitorPrices, "visitor_prices"))
    # The recommended price in a shop: what visitors may see, and what buyers see beside their own.
    retail_list_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("price_list.id"))
    may_collect: Mapped[Flag] = mapped_column(default=False)  # buyers may fetch what they order
    # Packs that cost a customer nothing: so many an order (none: as many as they like), each again after so many days.
    samples_most: Mapped[int | None] = mapped_column(Integer)
    sample_days: Mapped[int] = mapped_column(Integer, default=90)

    __table_args__ = (
        CheckConstraint("id = 1", name="one_row"),
        CheckConstraint("samples_most BETWEEN 0 AND 1000", name="samples"),
        CheckConstraint("sample_days BETWEEN 0 AND 3650", name="sample_days"),
        CheckConstraint(
            "visitor_prices <> 'retail' OR retail_list_id IS NOT NULL", name="retail_has_list"
        ),
    )


class SavedSearch(Base):
    """A search a buyer has given a name, and when they last looked at what it finds."""

    __tablename__ = "saved_search"

    id: Mapped[PrimaryKey]
    user_id: Mapped[ForeignId] = mapped_column(ForeignKey("user_account.id"))
    name: Mapped[Name]
    query: Mapped[str] = mapped_column(Text)  # as in the address: "kind=oil&area=calf"
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("user_id", "name"),)
