"""Closed periods say their last day, and who closed them when."""

import sqlalchemy as sa
from alembic import op

revision = "20261128_closed_periods"
down_revision = "20261128_transfers_under_way"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")  # rather fail than queue everybody behind us
    # Nothing could close a period before, so there is no row to carry over.
    with op.batch_alter_table("period", schema=None) as batch_op:
        batch_op.add_column(sa.Column("last_day", sa.Date(), nullable=False))
        batch_op.add_column(sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False))
        batch_op.add_column(sa.Column("closed_by", sa.String(length=200), nullable=False))
        batch_op.create_unique_constraint(batch_op.f("uq_period_closed_until"), ["closed_until"])
        batch_op.create_check_constraint(
            batch_op.f("ck_period_closed_when_over"), "closed_until < closed_at"
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")
    with op.batch_alter_table("period", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_period_closed_when_over"), type_="check")
        batch_op.drop_constraint(batch_op.f("uq_period_closed_until"), type_="unique")
        batch_op.drop_column("closed_by")
        batch_op.drop_column("closed_at")
        batch_op.drop_column("last_day")
