"""Many quotes printed or issued at one go, by the worker."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer
from sqlalchemy.orm import Mapped, mapped_column

from procurement.kernel.db import Base, Code, Flag, ForeignId, Name, PrimaryKey, Prose
from procurement.kernel.types import str_enum
from procurement.sales.terms.batches import BatchStatus


class QuoteBatch(Base):
    """What is to be done with its quotes, and how far it is: its lines say so."""

    __tablename__ = "quote_batch"

    id: Mapped[PrimaryKey]
    number: Mapped[Code] = mapped_column(unique=True)
    status: Mapped[BatchStatus] = mapped_column(str_enum(BatchStatus, "status"), index=True)
    issues: Mapped[Flag] = mapped_column(default=False)  # drafts are issued; else printed as drafts
    mails: Mapped[Flag] = mapped_column(default=False)  # what is issued is mailed
    public_url: Mapped[Prose]  # how the links of what is issued begin
    made_at: Mapped[datetime]
    made_by: Mapped[Name]
    made_by_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("user_account.id"))
    claimed_at: Mapped[datetime | None]  # by the worker that draws it, renewed with every quote
    finished_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("(status = 'running') = (finished_at IS NULL)", name="finished_when_over"),
        CheckConstraint("issues OR NOT mails", name="mails_what_is_issued"),
    )


class QuoteBatchLine(Base):
    """One quote of a batch: waiting, on paper, or why not."""

    __tablename__ = "quote_batch_line"

    batch_id: Mapped[ForeignId] = mapped_column(
        ForeignKey("quote_batch.id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    quote_id: Mapped[ForeignId] = mapped_column(ForeignKey("quote.id"), index=True)
    paper_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("stored_file.id"))
    fault: Mapped[Prose]

    __table_args__ = (
        CheckConstraint("paper_id IS NULL OR fault = ''", name="paper_or_fault"),
        Index(None, "batch_id", "paper_id"),
    )
