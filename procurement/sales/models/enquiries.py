"""What visitors and buyers ask for, and the baskets they ask from."""

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from procurement.kernel.db import (
    Base,
    Code,
    ForeignId,
    Name,
    PrimaryKey,
    Prose,
)
from procurement.kernel.types import str_enum
from procurement.sales.terms import (
    CustomerKind,
    EnquiryStatus,
)


class Enquiry(Base):
    """A message from the public site or a request for quotation from a basket."""

    __tablename__ = "enquiry"

    id: Mapped[PrimaryKey]
    number: Mapped[Code] = mapped_column(unique=True)
    status: Mapped[EnquiryStatus] = mapped_column(str_enum(EnquiryStatus, "status"), index=True)
    kind: Mapped[CustomerKind] = mapped_column(str_enum(CustomerKind, "kind"))
    name: Mapped[Name]
    email: Mapped[Name]
    phone: Mapped[Prose]
    company: Mapped[Prose]
    message: Mapped[Prose]
    customer_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("customer.id"), index=True)
    received_at: Mapped[datetime]
    consented_at: Mapped[datetime | None]  # when the sender agreed that we keep and answer this
    answered_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(Integer)

    lines: Mapped[list["EnquiryLine"]] = relationship(
        back_populates="enquiry", lazy="raise", order_by="EnquiryLine.position"
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 (SQLAlchemy's own declaration)


class EnquiryLine(Base):
    """A product the enquiry is about, and how many packs if it says so."""

    __tablename__ = "enquiry_line"

    enquiry_id: Mapped[ForeignId] = mapped_column(ForeignKey("enquiry.id"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    product_id: Mapped[ForeignId] = mapped_column(ForeignKey("product.id"), index=True)
    pack_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("pack.id"))
    packs: Mapped[int | None] = mapped_column(Integer)

    enquiry: Mapped[Enquiry] = relationship(back_populates="lines", lazy="raise")

    __table_args__ = (CheckConstraint("packs > 0", name="packs_positive"),)


class BasketLine(Base):
    """What a buyer has put aside to ask or order; kept across devices."""

    __tablename__ = "basket_line"

    user_id: Mapped[ForeignId] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    pack_id: Mapped[ForeignId] = mapped_column(primary_key=True)
    product_id: Mapped[ForeignId]
    packs: Mapped[int] = mapped_column(Integer)

    __table_args__ = (
        ForeignKeyConstraint(["pack_id", "product_id"], ["pack.id", "pack.product_id"]),
        CheckConstraint("packs BETWEEN 1 AND 1000000", name="packs"),
    )
