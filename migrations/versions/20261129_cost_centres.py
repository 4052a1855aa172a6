"""Cost centres: orders name one, budgets and approval rules may be of one."""

import sqlalchemy as sa
from alembic import op

revision = "20261129_cost_centres"
down_revision = "20261129_quote_templates"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")  # rather fail than queue everybody behind us
    op.create_table(
        "cost_centre",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("site_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_cost_centre_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cost_centre")),
        sa.UniqueConstraint("code", name=op.f("uq_cost_centre_code")),
    )
    with op.batch_alter_table("cost_centre", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_cost_centre_site_id"), ["site_id"], unique=False)

    with op.batch_alter_table("approval_rule", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "cost_centre_id",
                sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
                nullable=True,
            )
        )
        batch_op.create_index(
            batch_op.f("ix_approval_rule_cost_centre_id"), ["cost_centre_id"], unique=False
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_approval_rule_cost_centre_id"), "cost_centre", ["cost_centre_id"], ["id"]
        )

    with op.batch_alter_table("budget", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "cost_centre_id",
                sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
                nullable=True,
            )
        )
        batch_op.create_index(
            batch_op.f("ix_budget_cost_centre_id"), ["cost_centre_id"], unique=False
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_budget_cost_centre_id"), "cost_centre", ["cost_centre_id"], ["id"]
        )

    with op.batch_alter_table("purchase_order", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "cost_centre_id",
                sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
                nullable=True,
            )
        )
        batch_op.create_index(
            batch_op.f("ix_purchase_order_cost_centre_id"), ["cost_centre_id"], unique=False
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_purchase_order_cost_centre_id"),
            "cost_centre",
            ["cost_centre_id"],
            ["id"],
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")
    with op.batch_alter_table("purchase_order", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_purchase_order_cost_centre_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_purchase_order_cost_centre_id"))
        batch_op.drop_column("cost_centre_id")

    with op.batch_alter_table("budget", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_budget_cost_centre_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_budget_cost_centre_id"))
        batch_op.drop_column("cost_centre_id")

    with op.batch_alter_table("approval_rule", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_approval_rule_cost_centre_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_approval_rule_cost_centre_id"))
        batch_op.drop_column("cost_centre_id")

    with op.batch_alter_table("cost_centre", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_cost_centre_site_id"))

    op.drop_table("cost_centre")
