"""What customers ask to send back, before anybody has agreed."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Integer, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from procurement.kernel.db import Base, Code, ForeignId, Name, PrimaryKey, Prose, Steps
from procurement.kernel.types import str_enum
from procurement.sales.terms.orders import CustomerReturnReason, ReturnRequestStatus


class ReturnRequest(Base):
    """Lots of one shipment, why, and what we answered."""

    __tablename__ = "return_request"

    id: Mapped[PrimaryKey]
    number: Mapped[Code] = mapped_column(unique=True)
    shipment_id: Mapped[ForeignId] = mapped_column(ForeignKey("shipment.id"), index=True)
    status: Mapped[ReturnRequestStatus] = mapped_column(
        str_enum(ReturnRequestStatus, "request_status"), index=True
    )
    reason: Mapped[CustomerReturnReason] = mapped_column(
        str_enum(CustomerReturnReason, "request_reason")
    )
    note: Mapped[Prose]
    asked_at: Mapped[datetime]
    asked_by: Mapped[Name]
    asked_by_id: Mapped[ForeignId] = mapped_column(ForeignKey("user_account.id"))
    asked_key: Mapped[str] = mapped_column(String(64), unique=True)
    answer: Mapped[Prose]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[Name] = mapped_column(default="")
    return_id: Mapped[ForeignId | None] = mapped_column(
        ForeignKey("customer_return.id"), unique=True
    )

    lines: Mapped[list["ReturnRequestLine"]] = relationship(
        lazy="raise", order_by="ReturnRequestLine.position"
    )
    photos: Mapped[list["ReturnRequestPhoto"]] = relationship(
        lazy="raise", order_by="ReturnRequestPhoto.position"
    )

    __table_args__ = (
        CheckConstraint("(status = 'asked') = (decided_at IS NULL)", name="decided_when"),
        CheckConstraint("(status = 'taken') = (return_id IS NOT NULL)", name="taken_as"),
    )


class ReturnRequestLine(Base):
    __tablename__ = "return_request_line"

    request_id: Mapped[ForeignId] = mapped_column(ForeignKey("return_request.id"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    shipment_id: Mapped[ForeignId]
    shipment_position: Mapped[int] = mapped_column(Integer)
    quantity: Mapped[Steps]

    __table_args__ = (
        ForeignKeyConstraint(
            ["shipment_id", "shipment_position"],
            ["shipment_line.shipment_id", "shipment_line.position"],
        ),
        CheckConstraint("quantity > 0", name="quantity_positive"),
    )


class ReturnRequestPhoto(Base):
    """A picture that came with it; nobody sees it but the two parties."""

    __tablename__ = "return_request_photo"

    request_id: Mapped[ForeignId] = mapped_column(ForeignKey("return_request.id"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    file_id: Mapped[ForeignId] = mapped_column(ForeignKey("stored_file.id"))
