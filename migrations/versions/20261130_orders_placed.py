"""Customers place orders themselves; what is prepaid is marked paid, each event of the provider once."""

import sqlalchemy as sa
from alembic import op

revision = "20261130_orders_placed"
down_revision = "20261130_trade_accounts"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")  # rather fail than queue everybody behind us
    op.create_table(
        "payment_event",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("event_id", sa.String(length=200), nullable=False),
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("reference", sa.String(length=200), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_payment_event_amount_positive")),
        sa.ForeignKeyConstraint(
            ["order_id"], ["sales_order.id"], name=op.f("fk_payment_event_order_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_event")),
        sa.UniqueConstraint("event_id", name=op.f("uq_payment_event_event_id")),
    )
    with op.batch_alter_table("payment_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_payment_event_order_id"), ["order_id"], unique=False)

    with op.batch_alter_table("company", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("confirms_orders", sa.Boolean(), nullable=False, server_default=sa.false())
        )

    with op.batch_alter_table("sales_order", schema=None) as batch_op:
        batch_op.add_column(sa.Column("placed_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(
            sa.Column("placed_by", sa.String(length=200), nullable=False, server_default="")
        )
        batch_op.add_column(sa.Column("placed_key", sa.String(length=64), nullable=True))
        batch_op.add_column(
            sa.Column(
                "payment",
                sa.Enum(
                    "on_account",
                    "prepaid",
                    name="payment",
                    native_enum=False,
                    create_constraint=True,
                    length=32,
                ),
                nullable=False,
                server_default="on_account",
            )
        )
        batch_op.add_column(sa.Column("paid_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(
            sa.Column("payment_reference", sa.String(length=200), nullable=False, server_default="")
        )
        batch_op.create_unique_constraint(batch_op.f("uq_sales_order_placed_key"), ["placed_key"])
        batch_op.create_check_constraint(
            op.f("ck_sales_order_placed_once"), "(placed_at IS NULL) = (placed_key IS NULL)"
        )
        batch_op.create_check_constraint(
            op.f("ck_sales_order_paid_before"), "paid_at IS NULL OR payment = 'prepaid'"
        )

    for table, columns in {
        "company": ("confirms_orders",),
        "sales_order": ("placed_by", "payment", "payment_reference"),
    }.items():
        with op.batch_alter_table(table) as batch_op:
            for column in columns:
                batch_op.alter_column(column, server_default=None)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")
    with op.batch_alter_table("sales_order", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_sales_order_paid_before"), type_="check")
        batch_op.drop_constraint(op.f("ck_sales_order_placed_once"), type_="check")
        batch_op.drop_constraint(batch_op.f("uq_sales_order_placed_key"), type_="unique")
        batch_op.drop_constraint(op.f("ck_sales_order_payment"), type_="check")
        batch_op.drop_column("payment_reference")
        batch_op.drop_column("paid_at")
        batch_op.drop_column("payment")
        batch_op.drop_column("placed_key")
        batch_op.drop_column("placed_by")
        batch_op.drop_column("placed_at")

    with op.batch_alter_table("company", schema=None) as batch_op:
        batch_op.drop_column("confirms_orders")

    with op.batch_alter_table("payment_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_payment_event_order_id"))

    op.drop_table("payment_event")
