"""Sales orders, the goods promised to them, what was shipped and what came back."""

from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from procurement.kernel.db import (
    Base,
    Code,
    CurrencyCode,
    Flag,
    ForeignId,
    MinorUnits,
    Name,
    PriceE4,
    PrimaryKey,
    Prose,
    Steps,
)
from procurement.kernel.tax_categories import TaxCategory
from procurement.kernel.types import str_enum
from procurement.sales.terms.orders import CustomerReturnReason, Payment, SalesOrderStatus
from procurement.settings.terms import RoundingRule


class SalesOrder(Base):
    """What a customer ordered, from an accepted quote or without one. The prices are those agreed on, for good."""

    __tablename__ = "sales_order"

    id: Mapped[PrimaryKey]
    number: Mapped[Code] = mapped_column(unique=True)
    status: Mapped[SalesOrderStatus] = mapped_column(
        str_enum(SalesOrderStatus, "status"), index=True
    )
    customer_id: Mapped[ForeignId] = mapped_column(ForeignKey("customer.id"), index=True)
    quote_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("quote.id"), index=True)
    currency: Mapped[CurrencyCode]
    rounding_rule: Mapped[RoundingRule] = mapped_column(str_enum(RoundingRule, "rounding_rule"))
    site_id: Mapped[ForeignId] = mapped_column(ForeignKey("site.id"), index=True)  # that ships it
    deliver_to: Mapped[Prose]  # as it stands on the parcel
    wanted_on: Mapped[date | None]
    customer_ref: Mapped[Name] = mapped_column(default="")  # the customer's own order number
    note_to_customer: Mapped[Prose]
    note_to_us: Mapped[Prose]
    drafted_at: Mapped[datetime]
    drafted_by: Mapped[Name]
    drafted_by_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("user_account.id"))
    placed_at: Mapped[datetime | None]  # by the customer, from their basket
    placed_by: Mapped[Name] = mapped_column(default="")
    placed_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    look_first: Mapped[Prose]  # why our people look before it is confirmed; empty: nothing odd
    payment: Mapped[Payment] = mapped_column(
        str_enum(Payment, "payment"), default=Payment.ON_ACCOUNT
    )
    paid_at: Mapped[datetime | None]
    payment_reference: Mapped[Name] = mapped_column(default="")  # of whoever took the money
    confirmed_at: Mapped[datetime | None]
    confirmed_by: Mapped[str | None] = mapped_column(String(200))
    pdf_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("stored_file.id"))
    net_minor: Mapped[MinorUnits] = mapped_column(default=0)
    tax_minor: Mapped[MinorUnits] = mapped_column(default=0)
    gross_minor: Mapped[MinorUnits] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(Integer)

    lines: Mapped[list["SalesOrderLine"]] = relationship(
        back_populates="order",
        lazy="raise",
        order_by="SalesOrderLine.position",
        cascade="all, delete-orphan",
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 (SQLAlchemy's own declaration)
    __table_args__ = (
        CheckConstraint("net_minor + tax_minor = gross_minor", name="totals_agree"),
        CheckConstraint(
            "status IN ('draft', 'cancelled') OR confirmed_at IS NOT NULL", name="confirmed_when"
        ),
        CheckConstraint("(placed_at IS NULL) = (placed_key IS NULL)", name="placed_once"),
        CheckConstraint("paid_at IS NULL OR payment = 'prepaid'", name="paid_before"),
    )


class SalesOrderLine(Base):
    """So many packs at the price agreed on. Shipped never exceeds ordered; a service is done, not shipped."""

    __tablename__ = "sales_order_line"

    id: Mapped[PrimaryKey]
    order_id: Mapped[ForeignId] = mapped_column(ForeignKey("sales_order.id"))
    position: Mapped[int] = mapped_column(Integer)
    quote_line_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("quote_line.id"), index=True)
    product_id: Mapped[ForeignId]
    pack_id: Mapped[ForeignId]
    name: Mapped[Name]  # the product's when ordered
    pack_steps: Mapped[Steps]  # the pack's size when ordered
    is_goods: Mapped[Flag] = mapped_column(default=True)  # a service has no stock
    packs: Mapped[int] = mapped_column(Integer)
    price_e4: Mapped[PriceE4]
    discount_bp: Mapped[int] = mapped_column(Integer, default=0)
    tax_code: Mapped[Code]
    tax_ppm: Mapped[int] = mapped_column(Integer, default=0)
    tax_category: Mapped[TaxCategory] = mapped_column(str_enum(TaxCategory, "tax_category"))
    tax_detail: Mapped[Prose]  # what an untaxed line rests on: a certificate, a VAT number
    tax_reason: Mapped[Prose]  # why this tax; empty where a person chose it
    net_minor: Mapped[MinorUnits]
    shipped: Mapped[int] = mapped_column(Integer, default=0)  # packs
    closed: Mapped[Flag] = mapped_column(default=False)  # the rest will not be shipped
    wanted_on: Mapped[date | None]  # where it is another day than the order's
    note: Mapped[Prose]

    order: Mapped[SalesOrder] = relationship(back_populates="lines", lazy="raise")

    __table_args__ = (
        ForeignKeyConstraint(["pack_id", "product_id"], ["pack.id", "pack.product_id"]),
        UniqueConstraint("order_id", "position"),
        Index(None, "product_id"),
        CheckConstraint("packs > 0", name="packs_positive"),
        CheckConstraint("pack_steps > 0", name="size_positive"),
        CheckConstraint("price_e4 >= 0", name="price_not_negative"),
        CheckConstraint("discount_bp BETWEEN 0 AND 10000", name="discount"),
        CheckConstraint("tax_ppm BETWEEN 0 AND 1000000", name="tax"),
        CheckConstraint("(tax_category = 'S') = (tax_ppm > 0)", name="tax_by_category"),
        CheckConstraint("shipped >= 0 AND shipped <= packs", name="over_shipment"),
    )

    @property
    def outstanding(self) -> int:
        """Packs still to ship."""
        return 0 if self.closed else self.packs - self.shipped


class SalesReservation(Base):
    """Which line of an order a reservation is for."""

    __tablename__ = "sales_reservation"

    reservation_id: Mapped[ForeignId] = mapped_column(
        ForeignKey("reservation.id"), primary_key=True
    )
    line_id: Mapped[ForeignId] = mapped_column(ForeignKey("sales_order_line.id"), index=True)


class Shipment(Base):
    """The document of one delivery to a customer; in parts is normal. A wrong one is reversed as a whole."""

    __tablename__ = "shipment"

    id: Mapped[PrimaryKey]
    number: Mapped[Code] = mapped_column(unique=True)
    order_id: Mapped[ForeignId] = mapped_column(ForeignKey("sales_order.id"), index=True)
    shipped_at: Mapped[datetime]
    shipped_by: Mapped[Name]
    carrier: Mapped[Name] = mapped_column(default="")
    tracking: Mapped[Name] = mapped_column(default="")
    note: Mapped[Prose]
    posting_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("posting.id"), unique=True)
    pdf_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("stored_file.id"))
    reversed_at: Mapped[datetime | None]
    reversed_by: Mapped[str | None] = mapped_column(String(200))
    reversed_why: Mapped[Prose]
    idempotency_key: Mapped[str | None] = mapped_column(String(200), unique=True)

    lines: Mapped[list["ShipmentLine"]] = relationship(
        back_populates="shipment", lazy="raise", order_by="ShipmentLine.position"
    )

    __table_args__ = (
        CheckConstraint(
            "(reversed_at IS NULL) = (reversed_by IS NULL)", name="reversed_by_somebody"
        ),
    )


class ShipmentLine(Base):
    """So much of one lot from one place, for one line of the order. Never more comes back than went."""

    __tablename__ = "shipment_line"

    shipment_id: Mapped[ForeignId] = mapped_column(ForeignKey("shipment.id"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    order_line_id: Mapped[ForeignId] = mapped_column(ForeignKey("sales_order_line.id"), index=True)
    product_id: Mapped[ForeignId] = mapped_column(ForeignKey("product.id"), index=True)
    quantity: Mapped[Steps]
    returned: Mapped[Steps] = mapped_column(default=0)
    lot_id: Mapped[ForeignId | None]
    from_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("location.id"), index=True)
    movement_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("movement.id"), unique=True)

    shipment: Mapped[Shipment] = relationship(back_populates="lines", lazy="raise")

    __table_args__ = (
        ForeignKeyConstraint(["lot_id", "product_id"], ["lot.id", "lot.product_id"]),
        Index(None, "lot_id"),
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("returned >= 0 AND returned <= quantity", name="over_return"),
        CheckConstraint(
            "(lot_id IS NULL) = (movement_id IS NULL) AND (lot_id IS NULL) = (from_id IS NULL)",
            name="goods_move",
        ),
        CheckConstraint("lot_id IS NOT NULL OR returned = 0", name="services_stay"),
    )


class CustomerReturn(Base):
    """Goods of one shipment that came back, to be sold again, looked at or thrown away."""

    __tablename__ = "customer_return"

    id: Mapped[PrimaryKey]
    number: Mapped[Code] = mapped_column(unique=True)
    shipment_id: Mapped[ForeignId] = mapped_column(ForeignKey("shipment.id"), index=True)
    reason: Mapped[CustomerReturnReason] = mapped_column(
        str_enum(CustomerReturnReason, "return_reason")
    )
    into_id: Mapped[ForeignId] = mapped_column(ForeignKey("location.id"), index=True)
    note: Mapped[Prose]
    taken_at: Mapped[datetime]
    taken_by: Mapped[Name]
    posting_id: Mapped[ForeignId] = mapped_column(ForeignKey("posting.id"), unique=True)
    reversed_at: Mapped[datetime | None]
    reversed_by: Mapped[str | None] = mapped_column(String(200))
    reversed_why: Mapped[Prose]
    idempotency_key: Mapped[str | None] = mapped_column(String(200), unique=True)

    lines: Mapped[list["CustomerReturnLine"]] = relationship(
        lazy="raise", order_by="CustomerReturnLine.position"
    )

    __table_args__ = (
        CheckConstraint(
            "(reversed_at IS NULL) = (reversed_by IS NULL)", name="reversed_by_somebody"
        ),
    )


class CustomerReturnLine(Base):
    __tablename__ = "customer_return_line"

    return_id: Mapped[ForeignId] = mapped_column(ForeignKey("customer_return.id"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    shipment_id: Mapped[ForeignId]
    shipment_position: Mapped[int] = mapped_column(Integer)
    quantity: Mapped[Steps]

    __table_args__ = (
        ForeignKeyConstraint(
            ["shipment_id", "shipment_position"],
            ["shipment_line.shipment_id", "shipment_line.position"],
        ),
        Index(None, "shipment_id", "shipment_position"),
        CheckConstraint("quantity > 0", name="quantity_positive"),
    )
