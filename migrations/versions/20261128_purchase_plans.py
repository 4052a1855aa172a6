"""Purchase plans: the problem as it was read, the answer, the decisions of people, the orders that came of it."""

import sqlalchemy as sa
from alembic import op

revision = "20261128_purchase_plans"
down_revision = "20261128_deliveries_checked"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")  # rather fail than queue everybody behind us
    op.create_table(
        "purchase_plan",
        sa.Column("id", KEY, nullable=False),
        sa.Column("number", sa.String(64), nullable=False),
        sa.Column("site", sa.String(64)),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(200), nullable=False),
        sa.Column("preference_bp", sa.Integer(), nullable=False),
        sa.Column("patience_days", sa.Integer(), nullable=False),
        sa.Column("budget_minor", sa.BigInteger()),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("demands", sa.Integer(), nullable=False),
        sa.Column("choice", sa.Text(), nullable=False),
        sa.Column("unmet", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("cost_minor", sa.BigInteger()),
        sa.Column("usual_minor", sa.BigInteger()),
        sa.Column("cheapest_minor", sa.BigInteger()),
        sa.Column("gap_e6", sa.Integer()),
        sa.Column("claimed_at", sa.DateTime(timezone=True)),
        sa.Column("computed_at", sa.DateTime(timezone=True)),
        sa.Column("drafted_at", sa.DateTime(timezone=True)),
        sa.Column("drafted_by", sa.String(200)),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "status IN ('computing', 'ready', 'drafted', 'stale')",
            name=op.f("ck_purchase_plan_status"),
        ),
        sa.CheckConstraint(
            "preference_bp >= 0", name=op.f("ck_purchase_plan_preference_not_negative")
        ),
        sa.CheckConstraint(
            "patience_days >= 0", name=op.f("ck_purchase_plan_patience_not_negative")
        ),
        sa.CheckConstraint(
            "budget_minor IS NULL OR budget_minor > 0",
            name=op.f("ck_purchase_plan_budget_positive"),
        ),
        sa.CheckConstraint(
            "status IN ('computing', 'stale') OR cost_minor IS NOT NULL",
            name=op.f("ck_purchase_plan_answered_when_ready"),
        ),
        sa.CheckConstraint(
            "(status = 'drafted') = (drafted_at IS NOT NULL)",
            name=op.f("ck_purchase_plan_drafted_when_done"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purchase_plan")),
        sa.UniqueConstraint("number", name=op.f("uq_purchase_plan_number")),
    )
    op.create_index(op.f("ix_purchase_plan_status"), "purchase_plan", ["status"])
    op.create_table(
        "purchase_plan_decision",
        sa.Column("id", KEY, nullable=False),
        sa.Column("plan_id", KEY, nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("deliver_to", sa.String(64), nullable=False),
        sa.Column("product", sa.String(64), nullable=False),
        sa.Column("supplier", sa.String(64), nullable=False),
        sa.Column("pack", sa.String(64), nullable=False),
        sa.Column("packs", sa.Integer()),
        sa.CheckConstraint("kind IN ('pin', 'forbid', 'leave_out')", name=op.f("ck_purchase_plan_decision_kind")),
        sa.CheckConstraint("packs IS NULL OR packs > 0", name=op.f("ck_purchase_plan_decision_packs_positive")),
        sa.ForeignKeyConstraint(["plan_id"], ["purchase_plan.id"], name=op.f("fk_purchase_plan_decision_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purchase_plan_decision")),
        sa.UniqueConstraint(
            "plan_id", "kind", "deliver_to", "product", "supplier", "pack",
            name=op.f("uq_purchase_plan_decision_once"),
        ),
    )  # fmt: skip
    op.create_table(
        "purchase_plan_order",
        sa.Column("order_id", KEY, nullable=False, autoincrement=False),
        sa.Column("plan_id", KEY, nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id"], ["purchase_order.id"], name=op.f("fk_purchase_plan_order_order_id")
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["purchase_plan.id"], name=op.f("fk_purchase_plan_order_plan_id")
        ),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_purchase_plan_order")),
    )
    op.create_index(op.f("ix_purchase_plan_order_plan_id"), "purchase_plan_order", ["plan_id"])


def downgrade() -> None:
    """Plans are forgotten; the orders that came of them stay."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("purchase_plan_order")
    op.drop_table("purchase_plan_decision")
    op.drop_table("purchase_plan")
