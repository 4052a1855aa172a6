"""What the delivery of an order costs, in its totals."""

import sqlalchemy as sa
from alembic import op

revision = "20261129_order_freight"
down_revision = "20261129_price_rules"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")  # rather fail than queue everybody behind us
    with op.batch_alter_table("purchase_order", schema=None) as batch_op:
        batch_op.add_column(sa.Column("freight_minor", sa.BigInteger(), nullable=True))
        batch_op.add_column(
            sa.Column("freight_tax_bp", sa.Integer(), server_default="0", nullable=False)
        )
        batch_op.add_column(
            sa.Column("freight_agreed", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_purchase_order_freight_not_negative"), "freight_minor >= 0"
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")
    with op.batch_alter_table("purchase_order", schema=None) as batch_op:
        batch_op.drop_constraint(
            batch_op.f("ck_purchase_order_freight_not_negative"), type_="check"
        )
        batch_op.drop_column("freight_agreed")
        batch_op.drop_column("freight_tax_bp")
        batch_op.drop_column("freight_minor")
