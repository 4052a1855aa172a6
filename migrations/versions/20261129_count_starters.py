"""A count remembers by which account it was started."""

import sqlalchemy as sa
from alembic import op

revision = "20261129_count_starters"
down_revision = "20261129_quote_shape"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")  # rather fail than queue everybody behind us
    with op.batch_alter_table("stock_count", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "started_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
            )
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_stock_count_started_by_id"), "user_account", ["started_by_id"], ["id"]
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")
    with op.batch_alter_table("stock_count", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_stock_count_started_by_id"), type_="foreignkey")
        batch_op.drop_column("started_by_id")
