"""How placed orders were changed: each revision with its paper, and what it changed line by line."""

from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from procurement.kernel.db import (
    Base,
    ForeignId,
    MinorUnits,
    Name,
    PriceE4,
    PrimaryKey,
    Prose,
)
from procurement.kernel.types import str_enum
from procurement.purchasing.terms import ChangeKind, RevisionStatus


class OrderRevision(Base):
    """0 is the order as it was placed; the others have changed it, or wait for approval and have no number yet."""

    __tablename__ = "order_revision"

    id: Mapped[PrimaryKey]
    order_id: Mapped[ForeignId] = mapped_column(ForeignKey("purchase_order.id"))
    number: Mapped[int | None] = mapped_column(Integer)
    status: Mapped[RevisionStatus] = mapped_column(str_enum(RevisionStatus, "status"))
    why: Mapped[Prose]  # for the supplier
    due_on: Mapped[date | None]  # when it differs from the order's
    proposed_at: Mapped[datetime]
    proposed_by: Mapped[Name]
    proposed_by_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("user_account.id"))
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None] = mapped_column(String(200))
    refused_why: Mapped[Prose]
    gross_before_minor: Mapped[MinorUnits]
    gross_after_minor: Mapped[MinorUnits]
    pdf_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("stored_file.id"))

    changes: Mapped[list["OrderChange"]] = relationship(
        lazy="raise", order_by="OrderChange.ordinal", cascade="all, delete-orphan"
    )

    __table_args__ = (
        UniqueConstraint("order_id", "number"),
        Index(None, "proposed_by_id"),
        Index(None, "pdf_id"),
        # One proposal at a time.
        Index(
            "uq_order_revision_proposed",
            "order_id",
            unique=True,
            sqlite_where=text("status = 'proposed'"),
            postgresql_where=text("status = 'proposed'"),
        ),
        CheckConstraint("(status = 'sent') = (number IS NOT NULL)", name="numbered_when_sent"),
    )


class OrderChange(Base):
    """What a revision does to one line of its order."""

    __tablename__ = "order_change"

    revision_id: Mapped[ForeignId] = mapped_column(
        ForeignKey("order_revision.id"), primary_key=True
    )
    ordinal: Mapped[int] = mapped_column(Integer, primary_key=True)
    kind: Mapped[ChangeKind] = mapped_column(str_enum(ChangeKind, "kind"))
    position: Mapped[int] = mapped_column(Integer)
    product_id: Mapped[ForeignId]
    pack_id: Mapped[ForeignId]
    name: Mapped[Name]
    packs_before: Mapped[int] = mapped_column(Integer)
    packs_after: Mapped[int] = mapped_column(Integer)
    price_before_e4: Mapped[PriceE4]
    price_after_e4: Mapped[PriceE4]
    wanted_before: Mapped[date | None]
    wanted_after: Mapped[date | None]
    tax_ppm: Mapped[int] = mapped_column(Integer)

    __table_args__ = (
        ForeignKeyConstraint(["pack_id", "product_id"], ["pack.id", "pack.product_id"]),
        Index(None, "pack_id", "product_id"),
        CheckConstraint("packs_before >= 0 AND packs_after >= 0", name="packs_not_negative"),
        CheckConstraint("price_before_e4 >= 0 AND price_after_e4 >= 0", name="price_not_negative"),
    )
