"""Customers shop and order from their own procurement systems: connections, visits, messages, orders."""

import sqlalchemy as sa
from alembic import op

revision = "20261202_punchout"
down_revision = "20261202_samples"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")  # rather fail than queue everybody behind us
    op.create_table(
        "punchout_connection",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "customer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("buyer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("own_domain", sa.String(length=64), nullable=False),
        sa.Column("own_identity", sa.String(length=200), nullable=False),
        sa.Column("origin_domain", sa.String(length=64), nullable=False),
        sa.Column("origin_identity", sa.String(length=200), nullable=False),
        sa.Column("sender_domain", sa.String(length=64), nullable=False),
        sa.Column("sender_identity", sa.String(length=200), nullable=False),
        sa.Column("secret_digest", sa.String(length=64), nullable=False),
        sa.Column("secret_made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("return_hosts", sa.Text(), nullable=False),
        sa.Column(
            "mode",
            sa.Enum(
                "test",
                "production",
                name="mode",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("unspsc", sa.String(length=8), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "length(secret_digest) = 64", name=op.f("ck_punchout_connection_secret_is_digest")
        ),
        sa.ForeignKeyConstraint(
            ["buyer_id"], ["user_account.id"], name=op.f("fk_punchout_connection_buyer_id")
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name=op.f("fk_punchout_connection_customer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_punchout_connection")),
        sa.UniqueConstraint(
            "sender_domain",
            "sender_identity",
            "origin_domain",
            "origin_identity",
            name="uq_punchout_connection_parties",
        ),
    )
    with op.batch_alter_table("punchout_connection", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_punchout_connection_buyer_id"), ["buyer_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_punchout_connection_customer_id"), ["customer_id"], unique=False
        )

    op.create_table(
        "punchout_visit",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "connection_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "operation",
            sa.Enum(
                "create",
                "edit",
                "inspect",
                name="operation",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "mode",
            sa.Enum(
                "test",
                "production",
                name="mode",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("buyer_cookie", sa.Text(), nullable=False),
        sa.Column("return_url", sa.Text(), nullable=False),
        sa.Column("who", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=200), nullable=False),
        sa.Column("selected", sa.String(length=64), nullable=False),
        sa.Column("lost", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("start_digest", sa.String(length=64), nullable=False),
        sa.Column("start_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("session_digest", sa.String(length=64), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "end",
            sa.Enum(
                "returned",
                "cancelled",
                name="end",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.CheckConstraint(
            '(ended_at IS NULL) = ("end" IS NULL)', name=op.f("ck_punchout_visit_ended_somehow")
        ),
        sa.CheckConstraint(
            "(started_at IS NULL) = (session_digest IS NULL)",
            name=op.f("ck_punchout_visit_started_once"),
        ),
        sa.CheckConstraint(
            "ended_at IS NULL OR started_at IS NOT NULL",
            name=op.f("ck_punchout_visit_ended_after_start"),
        ),
        sa.ForeignKeyConstraint(
            ["connection_id"],
            ["punchout_connection.id"],
            name=op.f("fk_punchout_visit_connection_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_punchout_visit")),
        sa.UniqueConstraint("session_digest", name=op.f("uq_punchout_visit_session_digest")),
        sa.UniqueConstraint("start_digest", name=op.f("uq_punchout_visit_start_digest")),
    )
    with op.batch_alter_table("punchout_visit", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_punchout_visit_connection_id"), ["connection_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_punchout_visit_ends_at"), ["ends_at"], unique=False)

    op.create_table(
        "punchout_visit_line",
        sa.Column("visit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("pack_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "product_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("packs", sa.Integer(), nullable=False),
        sa.CheckConstraint("packs > 0", name=op.f("ck_punchout_visit_line_packs_positive")),
        sa.ForeignKeyConstraint(
            ["pack_id", "product_id"],
            ["pack.id", "pack.product_id"],
            name=op.f("fk_punchout_visit_line_pack_id_product_id"),
        ),
        sa.ForeignKeyConstraint(
            ["visit_id"],
            ["punchout_visit.id"],
            name=op.f("fk_punchout_visit_line_visit_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("visit_id", "pack_id", name=op.f("pk_punchout_visit_line")),
    )
    with op.batch_alter_table("punchout_visit_line", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_punchout_visit_line_pack_id_product_id"),
            ["pack_id", "product_id"],
            unique=False,
        )

    op.create_table(
        "cxml_message",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "connection_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "kind",
            sa.Enum(
                "profile",
                "setup",
                "order",
                "other",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "change",
            sa.Enum(
                "new",
                "update",
                "delete",
                name="change",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("payload_id", sa.String(length=255), nullable=False),
        sa.Column("reference", sa.String(length=200), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("code", sa.Integer(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("file_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint(
            "order_id IS NULL OR kind = 'order'", name=op.f("ck_cxml_message_orders_only")
        ),
        sa.CheckConstraint("code BETWEEN 100 AND 599", name=op.f("ck_cxml_message_status")),
        sa.ForeignKeyConstraint(
            ["connection_id"],
            ["punchout_connection.id"],
            name=op.f("fk_cxml_message_connection_id"),
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_cxml_message_file_id")
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["sales_order.id"], name=op.f("fk_cxml_message_order_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cxml_message")),
    )
    with op.batch_alter_table("cxml_message", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_cxml_message_connection_id_received_at"),
            ["connection_id", "received_at"],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_cxml_message_order_id"), ["order_id"], unique=False)
        batch_op.create_index(
            "uq_cxml_message_taken_once",
            ["connection_id", "payload_id"],
            unique=True,
            sqlite_where=sa.text("order_id IS NOT NULL"),
            postgresql_where=sa.text("order_id IS NOT NULL"),
        )

    op.create_table(
        "punchout_order",
        sa.Column(
            "connection_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["connection_id"],
            ["punchout_connection.id"],
            name=op.f("fk_punchout_order_connection_id"),
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["sales_order.id"], name=op.f("fk_punchout_order_order_id")
        ),
        sa.PrimaryKeyConstraint("connection_id", "number", name=op.f("pk_punchout_order")),
        sa.UniqueConstraint("order_id", name=op.f("uq_punchout_order_order_id")),
    )
    with op.batch_alter_table("sales_order", schema=None) as batch_op:
        batch_op.add_column(sa.Column("look_first", sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("sales_order", schema=None) as batch_op:
        batch_op.alter_column("look_first", server_default=None)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")
    with op.batch_alter_table("sales_order", schema=None) as batch_op:
        batch_op.drop_column("look_first")

    op.drop_table("punchout_order")
    with op.batch_alter_table("cxml_message", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_cxml_message_taken_once",
            sqlite_where=sa.text("order_id IS NOT NULL"),
            postgresql_where=sa.text("order_id IS NOT NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_cxml_message_order_id"))
        batch_op.drop_index(batch_op.f("ix_cxml_message_connection_id_received_at"))

    op.drop_table("cxml_message")
    with op.batch_alter_table("punchout_visit_line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_punchout_visit_line_pack_id_product_id"))

    op.drop_table("punchout_visit_line")
    with op.batch_alter_table("punchout_visit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_punchout_visit_ends_at"))
        batch_op.drop_index(batch_op.f("ix_punchout_visit_connection_id"))

    op.drop_table("punchout_visit")
    with op.batch_alter_table("punchout_connection", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_punchout_connection_customer_id"))
        batch_op.drop_index(batch_op.f("ix_punchout_connection_buyer_id"))

    op.drop_table("punchout_connection")
