"""Which quotes somebody has to agree to: the rules, and what was asked and decided of each revision."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from procurement.kernel.db import Base, ForeignId, MinorUnits, Name, PrimaryKey, Prose
from procurement.kernel.permissions import Role
from procurement.kernel.types import str_enum
from procurement.sales.terms import ApprovalStatus


class QuoteApprovalRule(Base):
    """Quotes beyond any of its limits wait for somebody who did not draft them."""

    __tablename__ = "quote_approval_rule"

    id: Mapped[PrimaryKey]
    discount_above_bp: Mapped[int | None] = mapped_column(Integer)
    margin_below_bp: Mapped[int | None] = mapped_column(Integer)
    amount_above_minor: Mapped[MinorUnits | None]  # of the company's currency, tax included

    approvers: Mapped[list["QuoteRuleApprover"]] = relationship(
        lazy="raise", order_by="QuoteRuleApprover.position", cascade="all, delete-orphan"
    )

    __table_args__ = (
        CheckConstraint("discount_above_bp BETWEEN 0 AND 10000", name="discount"),
        CheckConstraint("margin_below_bp BETWEEN 0 AND 10000", name="margin"),
        CheckConstraint("amount_above_minor >= 0", name="amount"),
        CheckConstraint(
            "discount_above_bp IS NOT NULL OR margin_below_bp IS NOT NULL"
            " OR amount_above_minor IS NOT NULL",
            name="says_something",
        ),
    )


class QuoteRuleApprover(Base):
    """A role or a person a rule names; a rule that names nobody means everybody who may approve quotes."""

    __tablename__ = "quote_approval_rule_approver"

    rule_id: Mapped[ForeignId] = mapped_column(
        ForeignKey("quote_approval_rule.id"), primary_key=True
    )
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    role: Mapped[Role | None] = mapped_column(str_enum(Role, "role"))
    user_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("user_account.id"))

    __table_args__ = (
        Index(None, "user_id"),
        CheckConstraint("(role IS NULL) <> (user_id IS NULL)", name="role_or_person"),
    )


class QuoteApproval(Base):
    """What was asked about a revision, and the answer. It is about the content at that moment: its SHA-256."""

    __tablename__ = "quote_approval"

    quote_id: Mapped[ForeignId] = mapped_column(ForeignKey("quote.id"), primary_key=True)
    status: Mapped[ApprovalStatus] = mapped_column(str_enum(ApprovalStatus, "status"), index=True)
    content_sha256: Mapped[str] = mapped_column(String(64))
    reasons: Mapped[Prose]  # one a line, as they were told when it was asked
    # The facts the rules look at, of that moment.
    discount_bp: Mapped[int] = mapped_column(Integer)
    margin_bp: Mapped[int | None] = mapped_column(Integer)
    worth_minor: Mapped[MinorUnits | None]
    asked_at: Mapped[datetime]
    asked_by: Mapped[Name]
    note: Mapped[Prose]  # of who asked
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None] = mapped_column(String(200))
    decided_by_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("user_account.id"))
    decided_why: Mapped[Prose]

    __table_args__ = (
        Index(None, "decided_by_id"),
        CheckConstraint(
            "(status = 'waiting') = (decided_at IS NULL) AND (decided_at IS NULL) = (decided_by IS NULL)",
            name="decided",
        ),
    )
