"""What a payment provider has told us, each event once."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from procurement.kernel.db import Base, CurrencyCode, ForeignId, MinorUnits, Name, PrimaryKey


class PaymentEvent(Base):
    """A payment of an order, under the provider's own number for the event."""

    __tablename__ = "payment_event"

    id: Mapped[PrimaryKey]
    event_id: Mapped[str] = mapped_column(String(200), unique=True)
    order_id: Mapped[ForeignId] = mapped_column(ForeignKey("sales_order.id"), index=True)
    amount_minor: Mapped[MinorUnits]
    currency: Mapped[CurrencyCode]
    reference: Mapped[Name]
    received_at: Mapped[datetime]

    __table_args__ = (CheckConstraint("amount_minor > 0", name="amount_positive"),)
