"""How many samples an order may hold, and when the same may be had again."""

import sqlalchemy as sa
from alembic import op

revision = "20261202_samples"
down_revision = "20261202_line_days"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")  # rather fail than queue everybody behind us
    with op.batch_alter_table("shop") as batch:
        batch.add_column(sa.Column("samples_most", sa.Integer(), nullable=True))
        batch.add_column(
            sa.Column("sample_days", sa.Integer(), nullable=False, server_default="90")
        )
        batch.create_check_constraint(op.f("ck_shop_samples"), "samples_most BETWEEN 0 AND 1000")
        batch.create_check_constraint(op.f("ck_shop_sample_days"), "sample_days BETWEEN 0 AND 3650")
    with op.batch_alter_table("shop") as batch:
        batch.alter_column("sample_days", server_default=None)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")
    with op.batch_alter_table("shop") as batch:
        batch.drop_constraint(op.f("ck_shop_sample_days"), type_="check")
        batch.drop_constraint(op.f("ck_shop_samples"), type_="check")
        batch.drop_column("sample_days")
        batch.drop_column("samples_most")
