"""Purchase plans: what was asked, what was found, what a person decided, which orders came of it."""

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Integer,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from procurement.kernel.db import (
    Base,
    Code,
    CurrencyCode,
    ForeignId,
    MinorUnits,
    Name,
    PrimaryKey,
    Prose,
)
from procurement.kernel.types import str_enum
from procurement.planning.rules.purchase.status import DecisionKind, PlanStatus


class PurchasePlan(Base):
    """One plan. The problem is kept as it was when it was read; the answer is priced again whenever it is shown."""

    __tablename__ = "purchase_plan"

    id: Mapped[PrimaryKey]
    number: Mapped[Code] = mapped_column(unique=True)
    site: Mapped[str | None] = mapped_column(String(64))  # its code; None: all sites
    status: Mapped[PlanStatus] = mapped_column(str_enum(PlanStatus, "status"), index=True)
    made_at: Mapped[datetime]
    made_by: Mapped[Name]
    preference_bp: Mapped[int] = mapped_column(Integer)
    patience_days: Mapped[int] = mapped_column(Integer)
    budget_minor: Mapped[MinorUnits | None]
    currency: Mapped[CurrencyCode]
    problem: Mapped[str] = mapped_column(Text)  # JSON, by rules.purchase.frozen
    fingerprint: Mapped[str] = mapped_column(String(64))
    demands: Mapped[int] = mapped_column(Integer)
    # The answer; empty while it is computed.
    choice: Mapped[Prose]
    unmet: Mapped[Prose]  # JSON: [place of the demand, reason]
    note: Mapped[Prose]
    cost_minor: Mapped[MinorUnits | None]
    usual_minor: Mapped[MinorUnits | None]  # by the first supplier
    cheapest_minor: Mapped[MinorUnits | None]  # by the cheapest line
    gap_e6: Mapped[int | None] = mapped_column(Integer)
    claimed_at: Mapped[datetime | None]  # by the worker that computes it
    computed_at: Mapped[datetime | None]
    drafted_at: Mapped[datetime | None]
    drafted_by: Mapped[str | None] = mapped_column(String(200))
    version: Mapped[int] = mapped_column(Integer)

    decisions: Mapped[list["PlanDecision"]] = relationship(
        lazy="raise", order_by="PlanDecision.id", cascade="all, delete-orphan"
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 (SQLAlchemy's own declaration)
    __table_args__ = (
        CheckConstraint("preference_bp >= 0", name="preference_not_negative"),
        CheckConstraint("patience_days >= 0", name="patience_not_negative"),
        CheckConstraint("budget_minor IS NULL OR budget_minor > 0", name="budget_positive"),
        CheckConstraint(
            "status IN ('computing', 'stale') OR cost_minor IS NOT NULL", name="answered_when_ready"
        ),
        CheckConstraint(
            "(status = 'drafted') = (drafted_at IS NOT NULL)", name="drafted_when_done"
        ),
    )


class PlanDecision(Base):
    """A pin, a forbid or a product left out; of a product and place there is one of each at most."""

    __tablename__ = "purchase_plan_decision"

    id: Mapped[PrimaryKey]
    plan_id: Mapped[ForeignId] = mapped_column(ForeignKey("purchase_plan.id"))
    kind: Mapped[DecisionKind] = mapped_column(str_enum(DecisionKind, "kind"))
    # Empty where the decision is not about it: a supplier may be forbidden for everything.
    deliver_to: Mapped[Code]
    product: Mapped[Code]
    supplier: Mapped[Code]
    pack: Mapped[Code]
    packs: Mapped[int | None] = mapped_column(Integer)

    __table_args__ = (
        UniqueConstraint(
            "plan_id",
            "kind",
            "deliver_to",
            "product",
            "supplier",
            "pack",
            name="uq_purchase_plan_decision_once",
        ),
        CheckConstraint("packs IS NULL OR packs > 0", name="packs_positive"),
    )


class PlanOrder(Base):
    """An order drafted from a plan; an order comes of one plan at most."""

    __tablename__ = "purchase_plan_order"

    order_id: Mapped[ForeignId] = mapped_column(
        ForeignKey("purchase_order.id"), primary_key=True, autoincrement=False
    )
    plan_id: Mapped[ForeignId] = mapped_column(ForeignKey("purchase_plan.id"), index=True)
