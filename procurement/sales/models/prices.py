"""Price lists and their prices."""

from datetime import date

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from procurement.kernel.db import (
    Base,
    Code,
    CurrencyCode,
    Flag,
    ForeignId,
    Name,
    PriceE4,
    PrimaryKey,
)


class PriceList(Base):
    """Dated prices in one currency, for the customers it is given to."""

    __tablename__ = "price_list"

    id: Mapped[PrimaryKey]
    code: Mapped[Code] = mapped_column(unique=True)
    name: Mapped[Name]
    currency: Mapped[CurrencyCode]
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]  # inclusive
    # What a customer without a list of their own pays; what a list does not price falls back to it.
    is_default: Mapped[Flag] = mapped_column(default=False)
    # For the customers of a group: tried after a customer's own list, before the default.
    group_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("customer_group.id"), index=True)
    version: Mapped[int] = mapped_column(Integer)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 (SQLAlchemy's own declaration)
    __table_args__ = (
        CheckConstraint("valid_from <= valid_until", name="validity"),
        Index(
            "uq_price_list_one_default",
            "currency",
            unique=True,
            sqlite_where=text("is_default"),
            postgresql_where=text("is_default"),
        ),
    )


class Price(Base):
    """From this many packs, one pack of the product costs this on the list."""

    __tablename__ = "price"

    price_list_id: Mapped[ForeignId] = mapped_column(ForeignKey("price_list.id"), primary_key=True)
    pack_id: Mapped[ForeignId] = mapped_column(primary_key=True)
    from_packs: Mapped[int] = mapped_column(Integer, primary_key=True)
    product_id: Mapped[ForeignId]
    price_e4: Mapped[PriceE4]

    __table_args__ = (
        ForeignKeyConstraint(["pack_id", "product_id"], ["pack.id", "pack.product_id"]),
        Index(None, "product_id", "price_list_id"),
        CheckConstraint("from_packs >= 1", name="from_packs_positive"),
        CheckConstraint("price_e4 >= 0", name="price_not_negative"),
    )
