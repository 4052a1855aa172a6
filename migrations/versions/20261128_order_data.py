"""What an order said to machines when it was issued, and what its lines cost by the list."""

import sqlalchemy as sa
from alembic import op

revision = "20261128_order_data"
down_revision = "20261128_supplier_calendars"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")  # rather fail than queue everybody behind us
    op.create_table(
        "order_paper",
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.CheckConstraint("revision >= 0", name=op.f("ck_order_paper_revision_not_negative")),
        sa.ForeignKeyConstraint(
            ["order_id"], ["purchase_order.id"], name=op.f("fk_order_paper_order_id")
        ),
        sa.PrimaryKeyConstraint("order_id", "revision", name=op.f("pk_order_paper")),
    )
    with op.batch_alter_table("purchase_order_line", schema=None) as batch_op:
        batch_op.add_column(sa.Column("list_price_e4", sa.BigInteger(), nullable=True))
        batch_op.create_check_constraint(
            op.f("ck_purchase_order_line_list_price_not_negative"), "list_price_e4 >= 0"
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")
    with op.batch_alter_table("purchase_order_line", schema=None) as batch_op:
        batch_op.drop_constraint(
            op.f("ck_purchase_order_line_list_price_not_negative"), type_="check"
        )
        batch_op.drop_column("list_price_e4")

    op.drop_table("order_paper")
