"""What was answered to a quote, kept so that it can be proved; a guard of the database refuses changes."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from procurement.kernel.db import Base, CurrencyCode, ForeignId, MinorUnits, Name, PrimaryKey, Prose
from procurement.kernel.types import str_enum
from procurement.sales.terms import AnswerKind, Channel, LossReason, SignatureKind


class QuoteAnswer(Base):
    """The one answer to a revision: what it was, to which bytes, by whom, from where."""

    __tablename__ = "quote_answer"

    id: Mapped[PrimaryKey]
    quote_id: Mapped[ForeignId] = mapped_column(ForeignKey("quote.id"), unique=True)
    kind: Mapped[AnswerKind] = mapped_column(str_enum(AnswerKind, "kind"))
    channel: Mapped[Channel] = mapped_column(str_enum(Channel, "channel"))
    at: Mapped[datetime]
    name: Mapped[Name]
    note: Mapped[Prose]
    reason: Mapped[LossReason | None] = mapped_column(str_enum(LossReason, "reason"))
    came_from: Mapped[Prose]  # the address
    user_agent: Mapped[Prose]
    actor_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    choices: Mapped[str] = mapped_column(Text)  # JSON: [{"position": 2, "packs": 6}, ...]
    currency: Mapped[CurrencyCode]
    # What was accepted, with what was chosen.
    net_minor: Mapped[MinorUnits]
    tax_minor: Mapped[MinorUnits]
    gross_minor: Mapped[MinorUnits]
    signature_kind: Mapped[SignatureKind] = mapped_column(str_enum(SignatureKind, "signature_kind"))
    signature: Mapped[str] = mapped_column(Text)  # drawn: the d of an SVG path on 1000 x 300
    content_sha256: Mapped[str] = mapped_column(String(64))
    pdf_sha256: Mapped[str] = mapped_column(String(64))
    record_sha256: Mapped[str] = mapped_column(String(64))  # over all of the above

    __table_args__ = (
        CheckConstraint("net_minor + tax_minor = gross_minor", name="totals_agree"),
        CheckConstraint("(kind = 'declined') OR (reason IS NULL)", name="reason_of_a_refusal"),
        CheckConstraint("(signature_kind = 'drawn') = (signature <> '')", name="drawn_is_kept"),
    )
