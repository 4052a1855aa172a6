"""What is used, as measured from the ledger, and what people know about the use to come."""

from datetime import date

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
)
from sqlalchemy.orm import Mapped, mapped_column

from procurement.kernel.db import Base, ForeignId, PrimaryKey, Steps
from procurement.kernel.types import str_enum
from procurement.planning.terms import (
    DEFAULT_HISTORY_WEEKS,
    DEFAULT_REVIEW_DAYS,
    DEFAULT_SERVICE,
    DEFAULT_TOP_UP_DAYS,
    FactorKind,
    Method,
)

_SERVICE = "service_permille IN (900, 950, 980, 990, 995)"


class MeasuringRule(Base):
    """How the house measures: one row, with id 1."""

    __tablename__ = "measuring_rule"

    id: Mapped[PrimaryKey]
    service_permille: Mapped[int] = mapped_column(Integer, default=DEFAULT_SERVICE)
    history_weeks: Mapped[int] = mapped_column(Integer, default=DEFAULT_HISTORY_WEEKS)
    # A storeroom's orders are looked at every so many days, a room is topped up every so many.
    review_days: Mapped[int] = mapped_column(Integer, default=DEFAULT_REVIEW_DAYS)
    top_up_days: Mapped[int] = mapped_column(Integer, default=DEFAULT_TOP_UP_DAYS)
    measured_on: Mapped[date | None]

    __table_args__ = (
        CheckConstraint("id = 1", name="one_row"),
        CheckConstraint(_SERVICE, name="service"),
        CheckConstraint("history_weeks BETWEEN 4 AND 104", name="weeks"),
        CheckConstraint("review_days BETWEEN 0 AND 90", name="review"),
        CheckConstraint("top_up_days BETWEEN 1 AND 90", name="top_up"),
    )


class MeasuredUse(Base):
    """What leaves a place in a week to come. Renewed every day from the ledger; never typed in."""

    __tablename__ = "measured_use"

    location_id: Mapped[ForeignId] = mapped_column(ForeignKey("location.id"), primary_key=True)
    product_id: Mapped[ForeignId] = mapped_column(
        ForeignKey("product.id"), primary_key=True, index=True
    )
    method: Mapped[Method] = mapped_column(str_enum(Method, "method"))
    weeks: Mapped[int] = mapped_column(Integer)  # of history it stands on
    per_week: Mapped[Steps]  # used, sold or passed on
    deviation: Mapped[Steps]  # standard deviation of a week
    used_per_week: Mapped[Steps]  # the part that is used up or sold here: what a site needs of it

    __table_args__ = (
        CheckConstraint("weeks > 0", name="weeks"),
        CheckConstraint("used_per_week >= 0 AND used_per_week <= per_week", name="used_of_it"),
        CheckConstraint("deviation >= 0", name="deviation"),
    )


class MeasuredLevel(Base):
    """A stocking rule whose levels follow the measured use; without one they stay as they were set."""

    __tablename__ = "measured_level"

    location_id: Mapped[ForeignId] = mapped_column(primary_key=True)
    product_id: Mapped[ForeignId] = mapped_column(primary_key=True)
    service_permille: Mapped[int | None] = mapped_column(Integer)  # None: the house's
    cover_days: Mapped[int] = mapped_column(Integer)  # from the reorder point up to par

    __table_args__ = (
        ForeignKeyConstraint(
            ["location_id", "product_id"],
            ["stocking_rule.location_id", "stocking_rule.product_id"],
            ondelete="CASCADE",  # without a rule there is nothing to follow
        ),
        CheckConstraint(_SERVICE, name="service"),
        CheckConstraint("cover_days BETWEEN 1 AND 365", name="cover"),
        Index(None, "product_id"),
    )


class DemandFactor(Base):
    """A month's share of the usual use, or growth a year, in per mille; for all, or for what is named."""

    __tablename__ = "demand_factor"

    id: Mapped[PrimaryKey]
    kind: Mapped[FactorKind] = mapped_column(str_enum(FactorKind, "kind"))
    month: Mapped[int | None] = mapped_column(Integer)
    permille: Mapped[int] = mapped_column(Integer)
    product_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("product.id"), index=True)
    family_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("family.id"), index=True)
    site_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("site.id"), index=True)
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]  # the last day, inclusive

    __table_args__ = (
        CheckConstraint("(kind = 'season') = (month IS NOT NULL)", name="season_has_month"),
        CheckConstraint("month BETWEEN 1 AND 12", name="month"),
        CheckConstraint(
            "permille BETWEEN -900 AND 10000 AND (kind = 'growth' OR permille > 0)", name="permille"
        ),
        CheckConstraint("product_id IS NULL OR family_id IS NULL", name="product_or_family"),
        CheckConstraint("valid_until >= valid_from", name="until_after_from"),
    )
