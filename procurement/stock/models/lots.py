"""Batches, and the containers opened and filled from them."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from procurement.kernel.db import (
    Base,
    Code,
    CurrencyCode,
    ForeignId,
    MinorUnits,
    PrimaryKey,
    Steps,
)
from procurement.kernel.types import str_enum
from procurement.stock.terms import LotStatus


class Lot(Base):
    """One batch of one product in one kind of container, with its own expiry, cost and status.

    An opened container is a child lot of exactly one container (`parent_id`, `opened_at`).
    """

    __tablename__ = "lot"

    id: Mapped[PrimaryKey]
    product_id: Mapped[ForeignId] = mapped_column(ForeignKey("product.id"))
    number: Mapped[Code]
    status: Mapped[LotStatus] = mapped_column(str_enum(LotStatus, "status"))
    parent_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("lot.id"))
    container_pack_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("pack.id"))
    supplier_lot: Mapped[Code | None]
    received_on: Mapped[date | None]
    expires_on: Mapped[date | None]
    opened_at: Mapped[datetime | None]
    use_by: Mapped[date | None]  # min(expiry, opened + period after opening)
    # Cost is never stored rounded per unit: the total and the quantity it was paid for.
    cost_minor: Mapped[MinorUnits | None]
    cost_currency: Mapped[CurrencyCode | None]
    cost_steps: Mapped[Steps | None]

    __table_args__ = (
        UniqueConstraint("product_id", "number"),
        UniqueConstraint("id", "product_id"),
        Index(None, "product_id", "supplier_lot"),
        CheckConstraint("cost_minor >= 0", name="cost_not_negative"),
        CheckConstraint("cost_steps > 0", name="cost_quantity_positive"),
    )
