"""What the company says of itself, and the rules it has set. One row of Company; the rest are short lists."""

from datetime import date

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from procurement.kernel.db import (
    Base,
    Code,
    CurrencyCode,
    Flag,
    ForeignId,
    MinorUnits,
    Name,
    PrimaryKey,
    Prose,
)
from procurement.kernel.tax_categories import TaxCategory
from procurement.kernel.types import str_enum
from procurement.settings.terms import RoundingRule


class Company(Base):
    """The company whose installation this is: exactly one row, with id 1."""

    __tablename__ = "company"

    id: Mapped[PrimaryKey]
    name: Mapped[Name]
    tagline: Mapped[Prose]
    address: Mapped[Prose]  # lines as printed
    phone: Mapped[Prose]
    email: Mapped[Prose]
    vat_id: Mapped[Prose]
    peppol_id: Mapped[Prose]  # "0088:7300010000001"
    footer: Mapped[Prose]
    brand_colour: Mapped[str] = mapped_column(String(7), default="#0B5A52")
    logo_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("stored_file.id"))
    # A drawn letterhead takes the place of logo, name and address; on every page or on the first.
    head_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("stored_file.id"))
    head_everywhere: Mapped[Flag] = mapped_column(default=False)
    quote_cover: Mapped[Flag] = mapped_column(default=False)
    cover_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("stored_file.id"))
    currency: Mapped[CurrencyCode]
    time_zone: Mapped[Code]
    locale: Mapped[str] = mapped_column(String(16), default="en")
    rounding_rule: Mapped[RoundingRule] = mapped_column(str_enum(RoundingRule, "rounding_rule"))
    default_tax_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("tax.id"))
    quote_validity_days: Mapped[int] = mapped_column(Integer, default=30)
    quote_terms: Mapped[Prose]
    order_answer_days: Mapped[int] = mapped_column(Integer, default=3)  # then somebody asks
    quote_reminder_days: Mapped[int] = mapped_column(Integer, default=3)  # before the end; 0: none
    confirms_orders: Mapped[Flag] = mapped_column(default=False)  # that customers place, at once
    answer_hours: Mapped[int] = mapped_column(Integer, default=24)  # within which people hear of us
    order_requests: Mapped[Prose]  # "With the goods, please", one a line
    delivery_address: Mapped[Prose]
    # A difference of a stock count is counted again when it is above both of these; above the limit it is approved.
    count_tolerance_bp: Mapped[int] = mapped_column(Integer, default=500)
    count_tolerance_minor: Mapped[MinorUnits] = mapped_column(default=1_000)
    count_approval_minor: Mapped[MinorUnits] = mapped_column(default=10_000)
    version: Mapped[int] = mapped_column(Integer)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 (SQLAlchemy's own declaration)
    __table_args__ = (
        CheckConstraint("id = 1", name="one_row"),
        CheckConstraint("quote_validity_days BETWEEN 1 AND 365", name="validity_days"),
        CheckConstraint("order_answer_days BETWEEN 1 AND 60", name="answer_days"),
        CheckConstraint("answer_hours BETWEEN 1 AND 720", name="answer_hours"),
        CheckConstraint("quote_reminder_days BETWEEN 0 AND 60", name="reminder_days"),
        CheckConstraint(
            "count_tolerance_bp >= 0 AND count_tolerance_minor >= 0 AND count_approval_minor >= 0",
            name="count_limits",
        ),
    )


class Tax(Base):
    """A tax rate that may stand on a line; `code` is the letter printed beside it."""

    __tablename__ = "tax"

    id: Mapped[PrimaryKey]
    code: Mapped[Code] = mapped_column(unique=True)
    name: Mapped[Name]
    rate_ppm: Mapped[int] = mapped_column(Integer)
    category: Mapped[TaxCategory] = mapped_column(
        str_enum(TaxCategory, "tax_category"), default=TaxCategory.STANDARD
    )
    reason: Mapped[Prose]  # of an exemption, as it stands on papers: "art. 132 (1) (b)"
    active: Mapped[Flag] = mapped_column(default=True)

    __table_args__ = (
        CheckConstraint("rate_ppm BETWEEN 0 AND 1000000", name="rate"),
        CheckConstraint("(category = 'S') = (rate_ppm > 0)", name="rate_by_category"),
        CheckConstraint("category <> 'E' OR reason <> ''", name="exemption_has_reason"),
    )


class EnabledCurrency(Base):
    """A currency the company buys or sells in."""

    __tablename__ = "enabled_currency"

    currency: Mapped[CurrencyCode] = mapped_column(primary_key=True)


class ExchangeRate(Base):
    """From a day on, one unit of `currency` is worth rate_e8 / 10^8 units of the company's currency."""

    __tablename__ = "exchange_rate"

    currency: Mapped[CurrencyCode] = mapped_column(
        ForeignKey("enabled_currency.currency"), primary_key=True
    )
    valid_from: Mapped[date] = mapped_column(primary_key=True)
    rate_e8: Mapped[int] = mapped_column(BigInteger)

    __table_args__ = (CheckConstraint("rate_e8 > 0", name="rate_positive"),)
