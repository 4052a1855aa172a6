"""Who agrees to which orders: the rules, and the agreements that were given."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from procurement.kernel.db import Base, Flag, ForeignId, MinorUnits, Name, PrimaryKey
from procurement.kernel.permissions import Role
from procurement.kernel.types import str_enum


class ApprovalRule(Base):
    """Orders worth more than `above_minor` of the company's currency need so many people, none of them the drafter."""

    __tablename__ = "approval_rule"

    id: Mapped[PrimaryKey]
    above_minor: Mapped[MinorUnits]
    approvals: Mapped[int] = mapped_column(Integer)
    site_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("site.id"), index=True)
    cost_centre_id: Mapped[ForeignId | None] = mapped_column(
        ForeignKey("cost_centre.id"), index=True
    )

    approvers: Mapped[list["RuleApprover"]] = relationship(
        lazy="raise", order_by="RuleApprover.position", cascade="all, delete-orphan"
    )

    __table_args__ = (
        CheckConstraint("above_minor >= 0", name="above_not_negative"),
        CheckConstraint("approvals BETWEEN 1 AND 2", name="approvals"),
    )


class RuleApprover(Base):
    """A role or a person a rule names; a rule that names nobody means everybody who may approve orders."""

    __tablename__ = "approval_rule_approver"

    rule_id: Mapped[ForeignId] = mapped_column(ForeignKey("approval_rule.id"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    role: Mapped[Role | None] = mapped_column(str_enum(Role, "role"))
    user_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("user_account.id"))

    __table_args__ = (
        Index(None, "user_id"),
        CheckConstraint("(role IS NULL) <> (user_id IS NULL)", name="role_or_person"),
    )


class OrderApproval(Base):
    """Somebody agreed to an order as it stands; taken away when it is changed. Nobody agrees twice."""

    __tablename__ = "order_approval"

    id: Mapped[PrimaryKey]
    order_id: Mapped[ForeignId] = mapped_column(ForeignKey("purchase_order.id"))
    user_id: Mapped[ForeignId | None] = mapped_column(ForeignKey("user_account.id"))
    name: Mapped[Name]
    given_at: Mapped[datetime]
    # As the owner of a budget only: the approval rules do not count it.
    for_budget: Mapped[Flag] = mapped_column(default=False)

    __table_args__ = (UniqueConstraint("order_id", "user_id"), Index(None, "user_id"))
