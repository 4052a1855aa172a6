"""What may be spent in a month, quarter or year, and whose consent an order above it needs."""

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from procurement.kernel.db import Base, Code, Flag, ForeignId, MinorUnits, Name, PrimaryKey
from procurement.kernel.types import str_enum
from procurement.purchasing.terms import BudgetPeriod


class Budget(Base):
    """So much net of tax, in the company's currency, for each period; of one site, of one family, or of all."""

    __tablename__ = "budget"

    id: Mapped[PrimaryKey]
    code: Mapped[Code] = mapped_column(unique=True)
    name: Mapped[Name]
    owner_id: Mapped[ForeignId] = mapped_column(ForeignKey("user_account.id"), index=True)
    period: Mapped[BudgetPeriod] = mapped_column(str_enum(BudgetPeriod, "period"))
    amount_minor: Mapped[MinorUnits]
    site_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("site.id"), index=True)
    family_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("family.id"), index=True)
    cost_centre_id: Mapped[ForeignId | None] = mapped_column(
        ForeignKey("cost_centre.id"), index=True
    )
    active: Mapped[Flag] = mapped_column(default=True)

    __table_args__ = (CheckConstraint("amount_minor > 0", name="amount_positive"),)
