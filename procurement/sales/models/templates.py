"""Templates: what a quote usually holds, to begin another from."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from procurement.kernel.db import Base, Flag, ForeignId, Name, PrimaryKey, Prose
from procurement.kernel.types import str_enum
from procurement.sales.terms import LineChoice, LineKind


class QuoteTemplate(Base):
    """Lines and words of a quote under a name; prices are looked up for the customer who gets it."""

    __tablename__ = "quote_template"

    id: Mapped[PrimaryKey]
    name: Mapped[Name] = mapped_column(unique=True)
    introduction: Mapped[Prose]
    terms: Mapped[Prose]
    locale: Mapped[str] = mapped_column(String(16), default="")
    cover: Mapped[Flag | None]
    made_at: Mapped[datetime]
    made_by: Mapped[Name]

    lines: Mapped[list["QuoteTemplateLine"]] = relationship(
        lazy="raise", order_by="QuoteTemplateLine.position", cascade="all, delete-orphan"
    )


class QuoteTemplateLine(Base):
    """A line as of a quote, without its price."""

    __tablename__ = "quote_template_line"

    template_id: Mapped[ForeignId] = mapped_column(
        ForeignKey("quote_template.id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    section: Mapped[Prose]
    kind: Mapped[LineKind] = mapped_column(str_enum(LineKind, "kind"))
    choice: Mapped[LineChoice] = mapped_column(str_enum(LineChoice, "choice"))
    choice_group: Mapped[str] = mapped_column(String(64), default="")
    chosen: Mapped[Flag] = mapped_column(default=False)
    product_id: Mapped[ForeignId | None]
    pack_id: Mapped[ForeignId | None]
    packs: Mapped[int] = mapped_column(Integer)
    offers: Mapped[Prose]  # other quantities, at the list's prices: "6 12 24"
    own_use: Mapped[Flag] = mapped_column(default=False)
    text: Mapped[Prose]
    note: Mapped[Prose]

    __table_args__ = (
        ForeignKeyConstraint(["pack_id", "product_id"], ["pack.id", "pack.product_id"]),
        Index(None, "pack_id", "product_id"),
        CheckConstraint(
            "(kind = 'text') = (product_id IS NULL) AND (kind = 'text') = (pack_id IS NULL)",
            name="of_a_product",
        ),
        CheckConstraint("packs >= 0 AND (packs > 0 OR kind = 'text')", name="packs_positive"),
    )
