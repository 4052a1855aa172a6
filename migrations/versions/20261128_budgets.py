"""Budgets of a period, and agreements given as their owner."""

import sqlalchemy as sa
from alembic import op

revision = "20261128_budgets"
down_revision = "20261128_certificates"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")  # rather fail than queue everybody behind us
    op.create_table(
        "budget",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "period",
            sa.Enum(
                "month",
                "quarter",
                "year",
                name="period",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("site_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("family_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_budget_amount_positive")),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name=op.f("fk_budget_family_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["user_account.id"], name=op.f("fk_budget_owner_id")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_budget_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_budget")),
        sa.UniqueConstraint("code", name=op.f("uq_budget_code")),
    )
    with op.batch_alter_table("budget", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_budget_family_id"), ["family_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_budget_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_budget_site_id"), ["site_id"], unique=False)

    with op.batch_alter_table("order_approval", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("for_budget", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    with op.batch_alter_table("order_approval", schema=None) as batch_op:
        batch_op.alter_column("for_budget", server_default=None)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")
    with op.batch_alter_table("order_approval", schema=None) as batch_op:
        batch_op.drop_column("for_budget")

    with op.batch_alter_table("budget", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_budget_site_id"))
        batch_op.drop_index(batch_op.f("ix_budget_owner_id"))
        batch_op.drop_index(batch_op.f("ix_budget_family_id"))

    op.drop_table("budget")
