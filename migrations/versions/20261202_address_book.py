"""Addresses have a name and somebody who takes things in."""

import sqlalchemy as sa
from alembic import op

revision = "20261202_address_book"
down_revision = "20261202_order_rules"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")  # rather fail than queue everybody behind us
    with op.batch_alter_table("address", schema=None) as batch_op:
        for name in ("label", "attention"):
            batch_op.add_column(
                sa.Column(name, sa.String(length=200), nullable=False, server_default="")
            )
    with op.batch_alter_table("address", schema=None) as batch_op:
        for name in ("label", "attention"):
            batch_op.alter_column(name, server_default=None)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")
    with op.batch_alter_table("address", schema=None) as batch_op:
        batch_op.drop_column("attention")
        batch_op.drop_column("label")
