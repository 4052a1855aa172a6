"""Batches, and the containers opened and filled from them."""

from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from procurement.kernel.db import (
    Base,
    Code,
    CurrencyCode,
    ForeignId,
    MinorUnits,
    PrimaryKey,
    Prose,
    Steps,
)
from procurement.kernel.types import str_enum
from procurement.stock.terms import LotStatus


class Lot(Base):
    """One batch of one product in one kind of container, with its own expiry, cost and status.

    An opened container is a child lot of exactly one container (`parent_id`, `opened_at`), and so is a bottle
    decanted from it (`decanted_at`); both name the posting that made them, and are of their parent's product.
    """

    __tablename__ = "lot"

    id: Mapped[PrimaryKey]
    product_id: Mapped[ForeignId] = mapped_column(ForeignKey("product.id"))
    number: Mapped[Code]
    status: Mapped[LotStatus] = mapped_column(str_enum(LotStatus, "status"))
    held_because: Mapped[Prose | None]  # why it is in quarantine or recalled
    parent_id: Mapped[ForeignId | None]
    container_pack_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("pack.id"))
    supplier_lot: Mapped[Code | None]
    received_on: Mapped[date | None]
    expires_on: Mapped[date | None]
    opened_at: Mapped[datetime | None]
    decanted_at: Mapped[datetime | None]  # filled from another container, which was opened before
    finished_at: Mapped[datetime | None]  # emptied or thrown away: no longer on any board
    filled: Mapped[Steps | None]  # what an opened or decanted container held at first
    made_by_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("posting.id"), index=True)
    use_by: Mapped[date | None]  # min(expiry, opened + period after opening)
    # Does the label name what Regulation (EU) 2023/1545 asks for? None: nobody has looked; the day of receipt speaks.
    names_allergens: Mapped[bool | None]
    # Cost is never stored rounded per unit: the total and the quantity it was paid for.
    cost_minor: Mapped[MinorUnits | None]
    cost_currency: Mapped[CurrencyCode | None]
    cost_steps: Mapped[Steps | None]

    __table_args__ = (
        UniqueConstraint("product_id", "number"),
        UniqueConstraint("id", "product_id"),
        ForeignKeyConstraint(["parent_id", "product_id"], ["lot.id", "lot.product_id"]),
        CheckConstraint(
            "(parent_id IS NOT NULL) = (opened_at IS NOT NULL)", name="container_has_parent"
        ),
        CheckConstraint(
            "(parent_id IS NOT NULL) = (filled IS NOT NULL)", name="container_was_filled"
        ),
        CheckConstraint("filled > 0", name="filled_with_something"),
        CheckConstraint("decanted_at >= opened_at", name="decanted_when_open"),
        CheckConstraint("finished_at >= opened_at", name="finished_when_open"),
        Index(None, "parent_id", "product_id"),
        Index(
            "ix_lot_open_container",
            "product_id",
            sqlite_where=text("parent_id IS NOT NULL AND finished_at IS NULL"),
            postgresql_where=text("parent_id IS NOT NULL AND finished_at IS NULL"),
        ),
        Index(None, "product_id", "supplier_lot"),
        CheckConstraint("cost_minor >= 0", name="cost_not_negative"),
        CheckConstraint("cost_steps > 0", name="cost_quantity_positive"),
    )
