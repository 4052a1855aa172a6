"""Who sells to us."""

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from procurement.kernel.db import (
    Base,
    Code,
    CurrencyCode,
    Flag,
    MinorUnits,
    Name,
    PrimaryKey,
    Prose,
)
from procurement.kernel.money import Money
from procurement.kernel.types import str_enum
from procurement.sourcing.terms import Standing, SupplierTerms


class Supplier(Base):
    """A company that sells to us."""

    __tablename__ = "supplier"

    id: Mapped[PrimaryKey]
    code: Mapped[Code] = mapped_column(unique=True)
    name: Mapped[Name]
    currency: Mapped[CurrencyCode]
    email: Mapped[Prose]
    phone: Mapped[Prose]
    address: Mapped[Prose]
    contact: Mapped[Prose]
    note: Mapped[Prose]
    peppol_id: Mapped[Prose]  # "0088:7300010000001"
    wants_ubl: Mapped[Flag] = mapped_column(default=False)  # beside the PDF in the mail of an order
    active: Mapped[Flag] = mapped_column(default=True)
    standing: Mapped[Standing] = mapped_column(
        str_enum(Standing, "standing"), default=Standing.NORMAL
    )
    # Of an order, before tax, in the supplier's currency.
    minimum_minor: Mapped[MinorUnits] = mapped_column(default=0)
    freight_minor: Mapped[MinorUnits] = mapped_column(default=0)
    free_from_minor: Mapped[MinorUnits | None]

    __table_args__ = (
        CheckConstraint("minimum_minor >= 0", name="minimum_not_negative"),
        CheckConstraint("freight_minor >= 0", name="freight_not_negative"),
        CheckConstraint(
            "free_from_minor IS NULL OR free_from_minor > 0", name="free_from_positive"
        ),
    )

    @property
    def terms(self) -> SupplierTerms:
        free_from = self.free_from_minor
        return SupplierTerms(
            Money(self.minimum_minor, self.currency),
            Money(self.freight_minor, self.currency),
            None if free_from is None else Money(free_from, self.currency),
            self.standing,
        )
