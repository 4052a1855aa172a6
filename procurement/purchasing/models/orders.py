"""Purchase orders and their lines."""

from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    UniqueConstraint,
    false,
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
from procurement.kernel.money import Money, TaxRate
from procurement.kernel.types import str_enum
from procurement.purchasing.rules.totals import TaxedLine
from procurement.purchasing.terms import OrderStatus, SupplierAnswer


class PurchaseOrder(Base):
    """An order to one supplier. Totals are computed once, when lines change, and copied everywhere else."""

    __tablename__ = "purchase_order"

    id: Mapped[PrimaryKey]
    number: Mapped[Code] = mapped_column(unique=True)
    supplier_id: Mapped[ForeignId] = mapped_column(ForeignKey("supplier.id"), index=True)
    status: Mapped[OrderStatus] = mapped_column(str_enum(OrderStatus, "status"), index=True)
    currency: Mapped[CurrencyCode]
    deliver_to_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("location.id"), index=True)
    cost_centre_id: Mapped[ForeignId | None] = mapped_column(
        ForeignKey("cost_centre.id"), index=True
    )
    drafted_at: Mapped[datetime]
    drafted_by: Mapped[Name]
    drafted_by_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("user_account.id"))
    approved_at: Mapped[datetime | None]
    approved_by: Mapped[str | None] = mapped_column(String(200))
    # A draft that was sent back waits for its drafter, not for an approver.
    returned_at: Mapped[datetime | None]
    returned_by: Mapped[str | None] = mapped_column(String(200))
    returned_why: Mapped[Prose]
    placed_at: Mapped[datetime | None]
    due_on: Mapped[
        date | None
    ]  # the longest lead time of its lines, counted from the day of placing
    # The day agreed on when it was placed or amended by us; what the supplier says later moves only `due_on`.
    promised_on: Mapped[date | None]
    answer: Mapped[SupplierAnswer | None] = mapped_column(
        str_enum(SupplierAnswer, "answer")
    )  # the latest; None: not yet
    # As it was placed, byte for byte; orders placed before papers were kept have none.
    pdf_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("stored_file.id"))
    revision: Mapped[int] = mapped_column(Integer, default=0)  # 0 as it was placed
    # What one unit of the order's currency is worth in the company's, kept when it is approved and when it is placed.
    rate_e8: Mapped[int | None] = mapped_column(BigInteger)
    home_currency: Mapped[CurrencyCode | None]
    # Drafted by a standing order for one of its days, once.
    standing_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("standing_order.id"))
    standing_for: Mapped[date | None]
    note_to_supplier: Mapped[Prose]
    note_to_us: Mapped[Prose]
    # What the delivery costs, in the net below; None: from before orders said so, the supplier's terms hold.
    freight_minor: Mapped[MinorUnits | None]
    freight_tax_ppm: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    # Agreed for this order; else it follows the supplier's terms when the order is changed.
    freight_agreed: Mapped[Flag] = mapped_column(default=False, server_default=false())
    net_minor: Mapped[MinorUnits] = mapped_column(default=0)
    tax_minor: Mapped[MinorUnits] = mapped_column(default=0)
    gross_minor: Mapped[MinorUnits] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(Integer)

    lines: Mapped[list["PurchaseOrderLine"]] = relationship(
        back_populates="order",
        lazy="raise",
        order_by="PurchaseOrderLine.position",
        cascade="all, delete-orphan",
    )

    @property
    def freight(self) -> Money | None:
        return None if self.freight_minor is None else Money(self.freight_minor, self.currency)

    @property
    def charges(self) -> tuple[TaxedLine, ...]:
        """What is charged beside the goods."""
        if not self.freight_minor or self.freight is None:
            return ()
        return (TaxedLine(self.freight, TaxRate(self.freight_tax_ppm)),)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 (SQLAlchemy's own declaration)
    __table_args__ = (
        UniqueConstraint("standing_id", "standing_for"),
        CheckConstraint(
            "(standing_id IS NULL) = (standing_for IS NULL)", name="standing_says_for_when"
        ),
        CheckConstraint("net_minor + tax_minor = gross_minor", name="totals_agree"),
        CheckConstraint("freight_minor >= 0", name="freight_not_negative"),
        CheckConstraint("pdf_id IS NULL OR placed_at IS NOT NULL", name="paper_when_placed"),
        CheckConstraint("(rate_e8 IS NULL) = (home_currency IS NULL)", name="rate_says_into_what"),
        CheckConstraint("rate_e8 > 0", name="rate_positive"),
        CheckConstraint("revision = 0 OR placed_at IS NOT NULL", name="revised_when_placed"),
    )


class PurchaseOrderLine(Base):
    """So many packs of a product. Received never exceeds ordered plus the tolerance."""

    __tablename__ = "purchase_order_line"

    id: Mapped[PrimaryKey]
    order_id: Mapped[ForeignId] = mapped_column(ForeignKey("purchase_order.id"))
    position: Mapped[int] = mapped_column(Integer)
    product_id: Mapped[ForeignId]
    pack_id: Mapped[ForeignId]
    name: Mapped[Name]  # the product's when ordered: an order is a paper
    supplier_code: Mapped[Prose]
    # What one opens: the sales pack, where the ordered pack holds whole ones of it; lots stand in these.
    container_pack_id: Mapped[ForeignId] = mapped_column(ForeignKey("pack.id"))
    pack_steps: Mapped[Steps]  # the pack's size when ordered
    packs: Mapped[int] = mapped_column(Integer)
    price_e4: Mapped[PriceE4]
    # The supplier's price for the least quantity, where so many packs cost less: machines are told the discount.
    list_price_e4: Mapped[PriceE4 | None]
    tax_ppm: Mapped[int] = mapped_column(Integer, default=0)
    net_minor: Mapped[MinorUnits]
    wanted_by: Mapped[date | None]
    tolerance: Mapped[int] = mapped_column(
        Integer, default=0
    )  # packs accepted above the ordered ones
    received: Mapped[int] = mapped_column(Integer, default=0)  # packs taken into stock
    closed: Mapped[Flag] = mapped_column(default=False)  # the rest will not come
    # The supplier's latest word; None: none yet.
    confirmed_packs: Mapped[int | None] = mapped_column(Integer)
    confirmed_on: Mapped[date | None]  # the day they will deliver
    # Taken off a placed order before any of it came: on no later paper, in no total.
    dropped: Mapped[Flag] = mapped_column(default=False)
    # Packs on invoices less those on credit notes; of these, the ones approved to pay; and how many of those were
    # approved although they are not here.
    invoiced: Mapped[int] = mapped_column(Integer, default=0)
    payable: Mapped[int] = mapped_column(Integer, default=0)
    unreceived: Mapped[int] = mapped_column(Integer, default=0)
    returned_steps: Mapped[Steps] = mapped_column(default=0)  # of what was received, sent back
    blanket_line_id: Mapped[ForeignId | None] = mapped_column(
        ForeignKey("blanket_line.id"), index=True
    )
    drawn: Mapped[int] = mapped_column(Integer, default=0)  # packs it holds of the blanket line

    order: Mapped[PurchaseOrder] = relationship(back_populates="lines", lazy="raise")

    __table_args__ = (
        ForeignKeyConstraint(["pack_id", "product_id"], ["pack.id", "pack.product_id"]),
        UniqueConstraint("order_id", "position"),
        Index(None, "product_id"),
        CheckConstraint("packs > 0", name="packs_positive"),
        CheckConstraint("price_e4 >= 0", name="price_not_negative"),
        CheckConstraint("list_price_e4 >= 0", name="list_price_not_negative"),
        CheckConstraint("confirmed_packs >= 0", name="confirmed_not_negative"),
        CheckConstraint("tolerance >= 0", name="tolerance_not_negative"),
        CheckConstraint("received >= 0 AND received <= packs + tolerance", name="over_receipt"),
        CheckConstraint(
            "drawn >= 0 AND (drawn = 0 OR blanket_line_id IS NOT NULL)", name="drawn_of_a_blanket"
        ),
        CheckConstraint(
            "NOT dropped OR (closed AND received = 0 AND net_minor = 0)", name="dropped_is_nothing"
        ),
        CheckConstraint(
            "returned_steps >= 0 AND returned_steps <= received * pack_steps", name="over_return"
        ),
        CheckConstraint("invoiced >= 0 AND payable >= 0", name="credited_too_much"),
        CheckConstraint(
            "unreceived >= 0 AND payable <= received + unreceived", name="over_invoice"
        ),
    )

    @property
    def kept(self) -> int:
        """Packs received of which not all went back: what may be invoiced. Of an opened pack the rest is credited."""
        return self.received - self.returned_steps // self.pack_steps

    @property
    def outstanding(self) -> int:
        """Packs still to come."""
        return 0 if self.closed else max(0, self.packs - self.received)
