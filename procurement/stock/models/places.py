"""Where stock can be."""

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from procurement.kernel.db import Base, Code, Flag, ForeignId, Name, PrimaryKey, Prose
from procurement.kernel.types import str_enum
from procurement.stock.terms import PHYSICAL_KINDS, LocationKind

_PHYSICAL = ", ".join(f"'{kind.value}'" for kind in sorted(PHYSICAL_KINDS))


class Site(Base):
    """A spa or warehouse, with the zone its dates are in."""

    __tablename__ = "site"

    id: Mapped[PrimaryKey]
    code: Mapped[Code] = mapped_column(unique=True)
    name: Mapped[Name]
    time_zone: Mapped[Code]
    address: Mapped[Prose]
    # The site whose storeroom takes in what is bought for this one; None: it buys for itself.
    buying_site_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("site.id"), index=True)

    __table_args__ = (CheckConstraint("buying_site_id <> id", name="buys_for_another"),)


class Location(Base):
    """A place stock can be; a virtual one (supplier, consumed, ...) belongs to no site and may go below zero."""

    __tablename__ = "location"

    id: Mapped[PrimaryKey]
    site_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("site.id"), index=True)
    code: Mapped[Code] = mapped_column(unique=True)
    name: Mapped[Name]
    kind: Mapped[LocationKind] = mapped_column(str_enum(LocationKind, "kind"))
    is_physical: Mapped[Flag]
    active: Mapped[Flag] = mapped_column(default=True)

    __table_args__ = (
        UniqueConstraint("id", "is_physical"),
        CheckConstraint(f"is_physical = (kind IN ({_PHYSICAL}))", name="physical_by_kind"),
        CheckConstraint("is_physical = (site_id IS NOT NULL)", name="physical_has_site"),
    )
