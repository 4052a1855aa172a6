"""Who sells to us."""

from sqlalchemy.orm import Mapped, mapped_column

from procurement.kernel.db import (
    Base,
    Code,
    CurrencyCode,
    Flag,
    Name,
    PrimaryKey,
    Prose,
)


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
    active: Mapped[Flag] = mapped_column(default=True)
