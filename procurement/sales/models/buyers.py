"""What the people of a customer's company may do there."""

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from procurement.kernel.db import Base, Flag, ForeignId, MinorUnits


class Buyer(Base):
    """A wholesale buyer whose powers somebody has set; one without a row has all of them."""

    __tablename__ = "buyer"

    user_id: Mapped[ForeignId] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    may_manage: Mapped[Flag] = mapped_column(default=False)  # colleagues and addresses
    may_approve: Mapped[Flag] = mapped_column(default=False)  # orders of colleagues
    # What one order may come to, with tax, in the customer's currency; NULL: whatever it is.
    order_limit_minor: Mapped[MinorUnits | None]

    __table_args__ = (CheckConstraint("order_limit_minor >= 0", name="order_limit"),)
