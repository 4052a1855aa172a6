"""What a supplier sells: packs, least amounts, price breaks."""

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from procurement.kernel.db import (
    Base,
    Code,
    Flag,
    ForeignId,
    PriceE4,
    PrimaryKey,
)
from procurement.kernel.types import str_enum
from procurement.sourcing.terms import BreakScheme


class SupplierItem(Base):
    """Our product as one supplier sells it. MOQ and order multiple count packs."""

    __tablename__ = "supplier_item"

    id: Mapped[PrimaryKey]
    supplier_id: Mapped[ForeignId] = mapped_column(ForeignKey("supplier.id"))
    product_id: Mapped[ForeignId]
    pack_id: Mapped[ForeignId]
    code: Mapped[Code]  # the supplier's own code for it
    moq: Mapped[int] = mapped_column(Integer, default=1)
    multiple: Mapped[int] = mapped_column(Integer, default=1)
    lead_time_days: Mapped[int] = mapped_column(Integer, default=7)
    scheme: Mapped[BreakScheme] = mapped_column(
        str_enum(BreakScheme, "scheme"), default=BreakScheme.ALL_UNITS
    )
    # Shelf life left at delivery, as the supplier promises it; None: the product's own.
    guaranteed_days: Mapped[int | None] = mapped_column(Integer)
    preferred: Mapped[Flag] = mapped_column(default=False)
    blocked: Mapped[Flag] = mapped_column(default=False)  # sold, but never proposed
    active: Mapped[Flag] = mapped_column(default=True)

    price_breaks: Mapped[list["PriceBreak"]] = relationship(
        back_populates="supplier_item",
        lazy="raise",
        order_by="PriceBreak.from_packs",
        cascade="all, delete-orphan",
    )

    __table_args__ = (
        ForeignKeyConstraint(["pack_id", "product_id"], ["pack.id", "pack.product_id"]),
        UniqueConstraint("supplier_id", "product_id", "pack_id"),
        Index(None, "product_id"),
        CheckConstraint("moq >= 1", name="moq_positive"),
        CheckConstraint("multiple >= 1", name="multiple_positive"),
        CheckConstraint("lead_time_days >= 0", name="lead_time_not_negative"),
        CheckConstraint(
            "guaranteed_days IS NULL OR guaranteed_days > 0", name="guaranteed_days_positive"
        ),
    )


class PriceBreak(Base):
    """From this many packs, one pack costs this, in the supplier's currency."""

    __tablename__ = "price_break"

    supplier_item_id: Mapped[ForeignId] = mapped_column(
        ForeignKey("supplier_item.id"), primary_key=True
    )
    from_packs: Mapped[int] = mapped_column(Integer, primary_key=True)
    price_e4: Mapped[PriceE4]

    supplier_item: Mapped[SupplierItem] = relationship(back_populates="price_breaks", lazy="raise")

    __table_args__ = (
        CheckConstraint("from_packs >= 1", name="from_packs_positive"),
        CheckConstraint("price_e4 >= 0", name="price_not_negative"),
    )
