"""Lines of orders may be wanted on days of their own."""

import sqlalchemy as sa
from alembic import op

revision = "20261202_line_days"
down_revision = "20261202_saved_lists"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")  # rather fail than queue everybody behind us
    op.add_column("sales_order_line", sa.Column("wanted_on", sa.Date(), nullable=True))


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_column("sales_order_line", "wanted_on")
