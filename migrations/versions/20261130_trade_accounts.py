"""Trade accounts."""

import sqlalchemy as sa
from alembic import op

revision = "20261130_trade_accounts"
down_revision = "20261130_shop_window"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")  # rather fail than queue everybody behind us
    op.create_table(
        "trade_application",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "waiting",
                "approved",
                "refused",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("company", sa.String(length=200), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "spa_owner",
                "wellness_centre",
                "individual",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("vat_id", sa.Text(), nullable=False),
        sa.Column("homepage", sa.Text(), nullable=False),
        sa.Column("street", sa.Text(), nullable=False),
        sa.Column("postal_code", sa.String(length=20), nullable=False),
        sa.Column("city", sa.String(length=200), nullable=False),
        sa.Column("region", sa.String(length=200), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("consent", sa.Text(), nullable=False),
        sa.Column("consented_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.String(length=200), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column(
            "customer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.CheckConstraint(
            "(status = 'approved') = (customer_id IS NOT NULL)",
            name=op.f("ck_trade_application_customer"),
        ),
        sa.CheckConstraint(
            "(status = 'waiting') = (decided_at IS NULL) AND (status = 'waiting') = (decided_by IS NULL)",
            name=op.f("ck_trade_application_decided"),
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name=op.f("fk_trade_application_customer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trade_application")),
        sa.UniqueConstraint("number", name=op.f("uq_trade_application_number")),
    )
    with op.batch_alter_table("trade_application", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_trade_application_customer_id"), ["customer_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_trade_application_status_id"), ["status", "id"], unique=False
        )
        batch_op.create_index(
            "uq_trade_application_one_waiting",
            ["email"],
            unique=True,
            sqlite_where=sa.text("status = 'waiting'"),
            postgresql_where=sa.text("status = 'waiting'"),
        )

    op.create_table(
        "application_paper",
        sa.Column(
            "application_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"],
            ["trade_application.id"],
            name=op.f("fk_application_paper_application_id"),
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_application_paper_file_id")
        ),
        sa.PrimaryKeyConstraint("application_id", "position", name=op.f("pk_application_paper")),
    )
    with op.batch_alter_table("application_paper", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_application_paper_file_id"), ["file_id"], unique=False)

    op.create_table(
        "buyer",
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("may_manage", sa.Boolean(), nullable=False),
        sa.Column("may_approve", sa.Boolean(), nullable=False),
        sa.Column("order_limit_minor", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("order_limit_minor >= 0", name=op.f("ck_buyer_order_limit")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_buyer_user_id")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_buyer")),
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("buyer")
    with op.batch_alter_table("application_paper", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_application_paper_file_id"))

    op.drop_table("application_paper")
    with op.batch_alter_table("trade_application", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_trade_application_one_waiting",
            sqlite_where=sa.text("status = 'waiting'"),
            postgresql_where=sa.text("status = 'waiting'"),
        )
        batch_op.drop_index(batch_op.f("ix_trade_application_status_id"))
        batch_op.drop_index(batch_op.f("ix_trade_application_customer_id"))

    op.drop_table("trade_application")
