"""What a delivery must keep to: for everything, a supplier, a product, or a product of one supplier."""

from sqlalchemy import CheckConstraint, ForeignKey, Integer
from sqlalchemy.orm import Mapped, mapped_column

from procurement.kernel.db import Base, Code, ForeignId, PrimaryKey


class DeliveryRule(Base):
    """One rule; what it leaves out is said by the next wider one. `scope` names whom it is for, once."""

    __tablename__ = "delivery_rule"

    id: Mapped[PrimaryKey]
    scope: Mapped[Code] = mapped_column(unique=True)  # "supplier:product" by their keys, 0 for all
    supplier_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("supplier.id"), index=True)
    product_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("product.id"), index=True)
    over_bp: Mapped[int | None] = mapped_column(Integer)  # of the packs ordered, may come on top
    least_days: Mapped[int | None] = mapped_column(Integer)
    least_life_bp: Mapped[int | None] = mapped_column(Integer)  # of the product's shelf life
    claim_days: Mapped[int | None] = mapped_column(Integer)  # from the delivery

    __table_args__ = (
        CheckConstraint("over_bp IS NULL OR over_bp BETWEEN 0 AND 10000", name="over"),
        CheckConstraint("least_days IS NULL OR least_days BETWEEN 0 AND 36500", name="least_days"),
        CheckConstraint(
            "least_life_bp IS NULL OR least_life_bp BETWEEN 0 AND 10000", name="least_life"
        ),
        CheckConstraint("claim_days IS NULL OR claim_days BETWEEN 1 AND 3650", name="claim_days"),
        CheckConstraint(
            "over_bp IS NOT NULL OR least_days IS NOT NULL OR least_life_bp IS NOT NULL"
            " OR claim_days IS NOT NULL",
            name="says_something",
        ),
        CheckConstraint("claim_days IS NULL OR product_id IS NULL", name="claims_by_supplier"),
    )
