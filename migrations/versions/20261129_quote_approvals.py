"""Quotes beyond a discount, a margin or an amount wait for somebody to agree."""

import sqlalchemy as sa
from alembic import op

revision = "20261129_quote_approvals"
down_revision = "20261129_quote_batches"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")  # rather fail than queue everybody behind us
    op.create_table(
        "quote_approval_rule",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("discount_above_bp", sa.Integer(), nullable=True),
        sa.Column("margin_below_bp", sa.Integer(), nullable=True),
        sa.Column("amount_above_minor", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("amount_above_minor >= 0", name=op.f("ck_quote_approval_rule_amount")),
        sa.CheckConstraint(
            "discount_above_bp BETWEEN 0 AND 10000", name=op.f("ck_quote_approval_rule_discount")
        ),
        sa.CheckConstraint(
            "discount_above_bp IS NOT NULL OR margin_below_bp IS NOT NULL OR amount_above_minor IS NOT NULL",
            name=op.f("ck_quote_approval_rule_says_something"),
        ),
        sa.CheckConstraint(
            "margin_below_bp BETWEEN 0 AND 10000", name=op.f("ck_quote_approval_rule_margin")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quote_approval_rule")),
    )
    op.create_table(
        "quote_approval_rule_approver",
        sa.Column("rule_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "administrator",
                "spa_manager",
                "stock_keeper",
                "therapist",
                "sales",
                "purchaser",
                "wholesale_buyer",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint(
            "(role IS NULL) <> (user_id IS NULL)",
            name=op.f("ck_quote_approval_rule_approver_role_or_person"),
        ),
        sa.ForeignKeyConstraint(
            ["rule_id"],
            ["quote_approval_rule.id"],
            name=op.f("fk_quote_approval_rule_approver_rule_id"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_quote_approval_rule_approver_user_id")
        ),
        sa.PrimaryKeyConstraint(
            "rule_id", "position", name=op.f("pk_quote_approval_rule_approver")
        ),
    )
    with op.batch_alter_table("quote_approval_rule_approver", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_quote_approval_rule_approver_user_id"), ["user_id"], unique=False
        )

    op.create_table(
        "quote_approval",
        sa.Column("quote_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "waiting",
                "approved",
                "returned",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("content_sha256", sa.String(length=64), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("discount_bp", sa.Integer(), nullable=False),
        sa.Column("margin_bp", sa.Integer(), nullable=True),
        sa.Column("worth_minor", sa.BigInteger(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.String(length=200), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.String(length=200), nullable=True),
        sa.Column(
            "decided_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("decided_why", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(status = 'waiting') = (decided_at IS NULL) AND (decided_at IS NULL) = (decided_by IS NULL)",
            name=op.f("ck_quote_approval_decided"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["user_account.id"], name=op.f("fk_quote_approval_decided_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["quote_id"], ["quote.id"], name=op.f("fk_quote_approval_quote_id")
        ),
        sa.PrimaryKeyConstraint("quote_id", name=op.f("pk_quote_approval")),
    )
    with op.batch_alter_table("quote_approval", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_quote_approval_decided_by_id"), ["decided_by_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_quote_approval_status"), ["status"], unique=False)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")
    with op.batch_alter_table("quote_approval", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_quote_approval_status"))
        batch_op.drop_index(batch_op.f("ix_quote_approval_decided_by_id"))

    op.drop_table("quote_approval")
    with op.batch_alter_table("quote_approval_rule_approver", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_quote_approval_rule_approver_user_id"))

    op.drop_table("quote_approval_rule_approver")
    op.drop_table("quote_approval_rule")
