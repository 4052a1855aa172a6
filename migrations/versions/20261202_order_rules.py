"""Packs say how many a customer may order at once."""

import sqlalchemy as sa
from alembic import op

revision = "20261202_order_rules"
down_revision = "20261130_order_agreement"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")  # rather fail than queue everybody behind us
    with op.batch_alter_table("pack") as batch:
        for name in ("order_least", "order_step"):
            batch.add_column(sa.Column(name, sa.Integer(), nullable=False, server_default="1"))
        batch.add_column(sa.Column("order_most", sa.Integer(), nullable=True))
        batch.create_check_constraint(
            op.f("ck_pack_order_in_steps"),
            "CASE WHEN order_step >= 1 THEN order_least >= 1 AND order_least % order_step = 0 "
            "ELSE false END",
        )
        batch.create_check_constraint(
            op.f("ck_pack_order_most_not_below"), "order_most >= order_least"
        )
    with op.batch_alter_table("pack") as batch:
        for name in ("order_least", "order_step"):
            batch.alter_column(name, server_default=None)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")
    with op.batch_alter_table("pack") as batch:
        for name in ("order_most_not_below", "order_in_steps"):
            batch.drop_constraint(op.f(f"ck_pack_{name}"), type_="check")
        for name in ("order_most", "order_step", "order_least"):
            batch.drop_column(name)
