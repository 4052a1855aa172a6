"""What orders are booked to."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from procurement.kernel.db import Base, Code, Flag, ForeignId, Name, PrimaryKey


class CostCentre(Base):
    """A part of the house that pays for what it orders; of one site, or of all."""

    __tablename__ = "cost_centre"

    id: Mapped[PrimaryKey]
    code: Mapped[Code] = mapped_column(unique=True)
    name: Mapped[Name]
    site_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("site.id"), index=True)
    active: Mapped[Flag] = mapped_column(default=True)
