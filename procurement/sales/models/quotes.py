"""Quotes and their lines, a row for each revision."""

from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from procurement.catalogue.terms import Wishes
from procurement.kernel.db import (
    Base,
    Code,
    CurrencyCode,
    Flag,
    ForeignId,
    MinorUnits,
    Name,
    PriceE4,
    PrimaryKey,
    Prose,
)
from procurement.kernel.tax_categories import TaxCategory
from procurement.kernel.types import str_enum
from procurement.sales.errors import WrongStatus
from procurement.sales.terms import (
    TRANSITIONS,
    LineChoice,
    LineKind,
    LossReason,
    PaperLook,
    QuoteStatus,
)
from procurement.settings.terms import RoundingRule


class Quote(Base):
    """One revision of an offer. Once issued it is frozen: content, bytes and their SHA-256 are kept."""

    __tablename__ = "quote"

    id: Mapped[PrimaryKey]
    number: Mapped[Code]
    revision: Mapped[int] = mapped_column(Integer, default=1)
    status: Mapped[QuoteStatus] = mapped_column(str_enum(QuoteStatus, "status"))
    customer_id: Mapped[ForeignId] = mapped_column(ForeignKey("customer.id"), index=True)
    contact_id: Mapped[ForeignId | None] = mapped_column(
        ForeignKey("contact.id", ondelete="SET NULL"), index=True
    )
    enquiry_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("enquiry.id"), index=True)
    currency: Mapped[CurrencyCode]
    price_list_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("price_list.id"))
    valid_until: Mapped[date]  # the last day it can be accepted, in the seller's zone
    introduction: Mapped[Prose]
    terms: Mapped[Prose]
    locale: Mapped[str] = mapped_column(
        String(16), default=""
    )  # of its paper, mails and page; empty: the customer's
    cover: Mapped[Flag | None]  # None: as the house has it
    drafted_at: Mapped[datetime]
    drafted_by: Mapped[Name]
    drafted_by_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("user_account.id"))
    changed_at: Mapped[datetime]
    changed_by: Mapped[Name]
    issued_at: Mapped[datetime | None]
    nut_free: Mapped[Flag] = mapped_column(default=False)  # what the customer wants of the goods
    fragrance_free: Mapped[Flag] = mapped_column(default=False)
    vegan: Mapped[Flag] = mapped_column(default=False)
    avoid: Mapped[Prose]
    rounding_rule: Mapped[RoundingRule] = mapped_column(str_enum(RoundingRule, "rounding_rule"))
    net_minor: Mapped[MinorUnits] = mapped_column(default=0)
    tax_minor: Mapped[MinorUnits] = mapped_column(default=0)
    gross_minor: Mapped[MinorUnits] = mapped_column(default=0)
    # 128 random bits; the private link. One revision, revoked by the next.
    link_token: Mapped[str | None] = mapped_column(String(64), unique=True)
    link_ended_at: Mapped[datetime | None]  # by a person; the quote itself stands
    # By somebody who was not signed in, in a browser: machines that fetch addresses do not count.
    first_opened_at: Mapped[datetime | None]
    last_opened_at: Mapped[datetime | None]
    opened: Mapped[int] = mapped_column(Integer, default=0)
    remind: Mapped[Flag] = mapped_column(default=True)  # the customer, before it expires
    reminded_at: Mapped[datetime | None]
    content: Mapped[str | None] = mapped_column(Text, deferred=True, deferred_raiseload=True)
    pdf_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("stored_file.id"))
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[Prose]  # the name typed when accepting or declining
    answered_from: Mapped[Prose]  # the address the answer came from
    answer_note: Mapped[Prose]  # what was added when accepting: an order number, the options wanted
    decline_reason: Mapped[Prose]
    loss_reason: Mapped[LossReason | None] = mapped_column(str_enum(LossReason, "loss_reason"))
    version: Mapped[int] = mapped_column(Integer)

    lines: Mapped[list["QuoteLine"]] = relationship(
        back_populates="quote",
        lazy="raise",
        order_by="QuoteLine.position",
        cascade="all, delete-orphan",
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 (SQLAlchemy's own declaration)
    __table_args__ = (
        UniqueConstraint("number", "revision"),
        CheckConstraint("net_minor + tax_minor = gross_minor", name="totals_agree"),
        CheckConstraint("revision >= 1", name="revision_positive"),
        CheckConstraint(
            "status = 'draft' OR status = 'cancelled' OR (issued_at IS NOT NULL AND pdf_id IS NOT NULL)",
            name="issued_is_frozen",
        ),
        CheckConstraint(
            "(first_opened_at IS NULL) = (last_opened_at IS NULL) AND opened >= 0",
            name="opened_first_and_last",
        ),
        Index(None, "status", "valid_until"),
        # One live revision of a number: two people revising at once is refused.
        Index(
            "uq_quote_one_draft",
            "number",
            unique=True,
            sqlite_where=sql("status = 'draft'"),
            postgresql_where=sql("status = 'draft'"),
        ),
        Index(
            "uq_quote_one_issued",
            "number",
            unique=True,
            sqlite_where=sql("status IN ('issued', 'accepted')"),
            postgresql_where=sql("status IN ('issued', 'accepted')"),
        ),
    )

    @property
    def label(self) -> str:
        """How people name it: the number, and the revision from the second on."""
        return self.number if self.revision == 1 else f"{self.number}, revision {self.revision}"

    @property
    def wishes(self) -> Wishes:
        return Wishes(self.nut_free, self.fragrance_free, self.vegan, self.avoid)

    @wishes.setter
    def wishes(self, wishes: Wishes) -> None:
        self.nut_free, self.fragrance_free = wishes.nut_free, wishes.fragrance_free
        self.vegan, self.avoid = wishes.vegan, wishes.avoid

    @property
    def look(self) -> PaperLook:
        return PaperLook(self.locale, self.cover)

    @look.setter
    def look(self, look: PaperLook) -> None:
        self.locale, self.cover = look.locale, look.cover

    def move_to(self, status: QuoteStatus, *, by: str, at: datetime) -> None:
        """Take the next status, when TRANSITIONS has it."""
        if status not in TRANSITIONS[self.status]:
            raise WrongStatus(f"{self.label} is {self.status}: it cannot become {status}.")
        self.status = status
        self.changed_at = at
        self.changed_by = by


class QuoteLine(Base):
    """So many packs of a product at a price, a free sample, or words between the lines.

    What is in the total is said by `choice`: of the alternatives of one group, the one that is `chosen`.
    """

    __tablename__ = "quote_line"

    id: Mapped[PrimaryKey]
    quote_id: Mapped[ForeignId] = mapped_column(ForeignKey("quote.id"))
    position: Mapped[int] = mapped_column(Integer)
    section: Mapped[Prose]
    kind: Mapped[LineKind] = mapped_column(str_enum(LineKind, "kind"), default=LineKind.PRODUCT)
    choice: Mapped[LineChoice] = mapped_column(
        str_enum(LineChoice, "choice"), default=LineChoice.INCLUDED
    )
    choice_group: Mapped[str] = mapped_column(String(64), default="")  # of alternatives only
    chosen: Mapped[Flag] = mapped_column(default=False)  # the alternative we suggest
    product_id: Mapped[ForeignId | None]
    pack_id: Mapped[ForeignId | None]
    packs: Mapped[int] = mapped_column(Integer)  # 0 for words
    list_price_e4: Mapped[PriceE4 | None]  # what the price list said, beside what is asked
    price_e4: Mapped[PriceE4 | None]  # None: nobody has said yet; such a quote cannot be issued
    price_reason: Mapped[Prose]
    discount_bp: Mapped[int] = mapped_column(Integer, default=0)
    tax_code: Mapped[Code]
    tax_ppm: Mapped[int] = mapped_column(Integer, default=0)
    # Why this tax, where the customer's papers say it; empty where a person chose it.
    tax_reason: Mapped[Prose]
    tax_category: Mapped[TaxCategory] = mapped_column(str_enum(TaxCategory, "tax_category"))
    tax_detail: Mapped[Prose]  # what an untaxed line rests on: a certificate, a VAT number
    own_use: Mapped[Flag] = mapped_column(default=False)  # used by the buyer, not sold on
    text: Mapped[Prose]  # below the name; all there is of a line of words
    note: Mapped[Prose]
    net_minor: Mapped[MinorUnits]

    quote: Mapped[Quote] = relationship(back_populates="lines", lazy="raise")
    offers: Mapped[list["QuoteLineOffer"]] = relationship(
        lazy="raise",
        order_by="QuoteLineOffer.packs",
        cascade="all, delete-orphan",
        passive_deletes=True,
    )

    __table_args__ = (
        ForeignKeyConstraint(["pack_id", "product_id"], ["pack.id", "pack.product_id"]),
        UniqueConstraint("quote_id", "position"),
        Index(None, "product_id"),
        CheckConstraint("packs >= 0 AND (packs > 0 OR kind = 'text')", name="packs_positive"),
        CheckConstraint("price_e4 >= 0", name="price_not_negative"),
        CheckConstraint("discount_bp BETWEEN 0 AND 10000", name="discount"),
        CheckConstraint("tax_ppm BETWEEN 0 AND 1000000", name="tax"),
        CheckConstraint("(tax_category = 'S') = (tax_ppm > 0)", name="tax_by_category"),
        CheckConstraint(
            "kind = 'text' OR (product_id IS NOT NULL AND pack_id IS NOT NULL)", name="of_a_product"
        ),
        CheckConstraint(
            "kind <> 'text' OR (product_id IS NULL AND pack_id IS NULL AND packs = 0"
            " AND price_e4 IS NULL AND net_minor = 0 AND choice = 'included')",
            name="words_cost_nothing",
        ),
        CheckConstraint(
            "kind <> 'sample' OR (price_e4 = 0 AND net_minor = 0 AND choice = 'included')",
            name="samples_are_free",
        ),
        CheckConstraint("(choice = 'alternative') = (choice_group <> '')", name="group"),
        CheckConstraint("NOT chosen OR choice = 'alternative'", name="chosen_alternative"),
        Index(
            "uq_quote_line_one_chosen",
            "quote_id",
            "choice_group",
            unique=True,
            sqlite_where=sql("chosen"),
            postgresql_where=sql("chosen"),
        ),
    )

    @property
    def optional(self) -> bool:
        return self.choice is LineChoice.OPTIONAL


class QuoteLineOffer(Base):
    """Another quantity of a line, at its own price: what the customer may take instead of the line's packs."""

    __tablename__ = "quote_line_offer"

    line_id: Mapped[ForeignId] = mapped_column(
        ForeignKey("quote_line.id", ondelete="CASCADE"), primary_key=True
    )
    packs: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    list_price_e4: Mapped[PriceE4 | None]  # of this quantity: discounts are told from it
    price_e4: Mapped[PriceE4]
    discount_bp: Mapped[int] = mapped_column(Integer, default=0)
    net_minor: Mapped[MinorUnits]

    __table_args__ = (
        CheckConstraint("packs > 0", name="packs_positive"),
        CheckConstraint("price_e4 >= 0", name="price_not_negative"),
        CheckConstraint("discount_bp BETWEEN 0 AND 10000", name="discount"),
    )
