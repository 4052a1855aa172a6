"""Rules on top of the price lists."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from procurement.kernel.db import Base, CurrencyCode, Flag, ForeignId, Name, PrimaryKey
from procurement.kernel.types import str_enum
from procurement.sales.rules.price_rules import CostBasis, RuleKind


class PriceRuleRow(Base):
    """A discount on what the lists say, or so much on top of the cost; what is NULL or empty does not narrow it."""

    __tablename__ = "price_rule"

    id: Mapped[PrimaryKey]
    name: Mapped[Name]
    kind: Mapped[RuleKind] = mapped_column(str_enum(RuleKind, "kind"))
    percent_bp: Mapped[int] = mapped_column(Integer)
    basis: Mapped[CostBasis] = mapped_column(str_enum(CostBasis, "basis"))  # also of the floor
    priority: Mapped[int] = mapped_column(Integer)
    customer_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("customer.id"))
    group_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("customer_group.id"))
    product_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("product.id"))
    family_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("family.id"))
    brand: Mapped[str] = mapped_column(String(200), default="")
    currency: Mapped[CurrencyCode | None]
    from_packs: Mapped[int] = mapped_column(Integer, default=1)
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]  # inclusive
    least_margin_bp: Mapped[int | None] = mapped_column(Integer)
    active: Mapped[Flag] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(Integer)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 (SQLAlchemy's own declaration)
    __table_args__ = (
        CheckConstraint("valid_from <= valid_until", name="validity"),
        CheckConstraint("percent_bp BETWEEN 0 AND 100000", name="percent"),
        CheckConstraint("kind <> 'discount' OR percent_bp BETWEEN 1 AND 10000", name="discount"),
        CheckConstraint("priority BETWEEN 1 AND 999", name="priority"),
        CheckConstraint("from_packs >= 1", name="from_packs_positive"),
        CheckConstraint("least_margin_bp BETWEEN 0 AND 9900", name="least_margin"),
        CheckConstraint("customer_id IS NULL OR group_id IS NULL", name="customer_or_group"),
        Index(None, "customer_id"),
        Index(None, "group_id"),
        Index(None, "product_id"),
        Index(None, "family_id"),
    )
