"""Stock counts, and how far off one may be before somebody looks."""

import sqlalchemy as sa
from alembic import op

revision = "20261128_stock_counts"
down_revision = "20261123_order_papers"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")  # rather fail than queue everybody behind us
    op.create_table(
        "stock_count",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column(
            "location_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "status",
            sa.Enum(
                "open",
                "review",
                "posted",
                "cancelled",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("blind", sa.Boolean(), nullable=False),
        sa.Column("due_only", sa.Boolean(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("tolerance_bp", sa.Integer(), nullable=False),
        sa.Column("tolerance_minor", sa.BigInteger(), nullable=False),
        sa.Column("approval_minor", sa.BigInteger(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_by", sa.String(length=200), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("submitted_by", sa.String(length=200), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.String(length=200), nullable=True),
        sa.Column(
            "posting_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.CheckConstraint(
            "(closed_at IS NOT NULL) = (status IN ('posted', 'cancelled'))",
            name=op.f("ck_stock_count_closed_at"),
        ),
        sa.CheckConstraint(
            "posting_id IS NULL OR status = 'posted'", name=op.f("ck_stock_count_posting_of_posted")
        ),
        sa.ForeignKeyConstraint(
            ["location_id"], ["location.id"], name=op.f("fk_stock_count_location_id")
        ),
        sa.ForeignKeyConstraint(
            ["posting_id"], ["posting.id"], name=op.f("fk_stock_count_posting_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_count")),
        sa.UniqueConstraint("number", name=op.f("uq_stock_count_number")),
        sa.UniqueConstraint("posting_id", name=op.f("uq_stock_count_posting_id")),
    )
    with op.batch_alter_table("stock_count", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_stock_count_location_id"), ["location_id"], unique=False
        )
        batch_op.create_index(
            "uq_stock_count_active",
            ["location_id"],
            unique=True,
            sqlite_where=sa.text("status IN ('open', 'review')"),
            postgresql_where=sa.text("status IN ('open', 'review')"),
        )

    op.create_table(
        "stock_count_line",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("count_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column(
            "product_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("lot_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("supplier_lot", sa.String(length=64), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("at_start", sa.BigInteger(), nullable=False),
        sa.Column("found", sa.Boolean(), nullable=False),
        sa.Column("left_out", sa.Boolean(), nullable=False),
        sa.Column(
            "cause",
            sa.Enum(
                "lost",
                "damaged",
                "taken",
                "miscounted",
                "misplaced",
                "other",
                name="cause",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("counted", sa.BigInteger(), nullable=True),
        sa.Column("expected", sa.BigInteger(), nullable=True),
        sa.Column("value_minor", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "(counted IS NULL) = (expected IS NULL)",
            name=op.f("ck_stock_count_line_counted_beside_expected"),
        ),
        sa.CheckConstraint("counted >= 0", name=op.f("ck_stock_count_line_counted_not_negative")),
        sa.ForeignKeyConstraint(
            ["count_id"], ["stock_count.id"], name=op.f("fk_stock_count_line_count_id")
        ),
        sa.ForeignKeyConstraint(
            ["lot_id", "product_id"],
            ["lot.id", "lot.product_id"],
            name=op.f("fk_stock_count_line_lot_id_product_id"),
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_stock_count_line_product_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_count_line")),
        sa.UniqueConstraint("count_id", "key", name=op.f("uq_stock_count_line_count_id_key")),
        sa.UniqueConstraint(
            "count_id", "position", name=op.f("uq_stock_count_line_count_id_position")
        ),
    )
    with op.batch_alter_table("stock_count_line", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_stock_count_line_lot_id_product_id"),
            ["lot_id", "product_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_stock_count_line_product_id"), ["product_id"], unique=False
        )

    op.create_table(
        "stock_count_entry",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("uid", sa.String(length=36), nullable=False),
        sa.Column("count_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("line_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "product_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("lot_said", sa.String(length=64), nullable=True),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("counted_by", sa.String(length=200), nullable=False),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "how",
            sa.Enum(
                "scanned",
                "tapped",
                "typed",
                "rest_is_zero",
                "decided",
                name="how",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("again", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "counted_at <= received_at", name=op.f("ck_stock_count_entry_not_in_the_future")
        ),
        sa.CheckConstraint(
            "quantity >= 0", name=op.f("ck_stock_count_entry_quantity_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["user_account.id"], name=op.f("fk_stock_count_entry_actor_id")
        ),
        sa.ForeignKeyConstraint(
            ["count_id"], ["stock_count.id"], name=op.f("fk_stock_count_entry_count_id")
        ),
        sa.ForeignKeyConstraint(
            ["line_id"], ["stock_count_line.id"], name=op.f("fk_stock_count_entry_line_id")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_stock_count_entry_product_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_count_entry")),
        sa.UniqueConstraint("uid", name=op.f("uq_stock_count_entry_uid")),
    )
    with op.batch_alter_table("stock_count_entry", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_stock_count_entry_count_id"), ["count_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_stock_count_entry_line_id"), ["line_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_stock_count_entry_product_id"), ["product_id"], unique=False
        )

    op.create_table(
        "stock_count_correction",
        sa.Column("count_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("superseded", sa.String(length=36), nullable=False),
        sa.Column("entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["count_id"], ["stock_count.id"], name=op.f("fk_stock_count_correction_count_id")
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["stock_count_entry.id"], name=op.f("fk_stock_count_correction_entry_id")
        ),
        sa.PrimaryKeyConstraint(
            "count_id", "superseded", "entry_id", name=op.f("pk_stock_count_correction")
        ),
    )
    with op.batch_alter_table("stock_count_correction", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_stock_count_correction_entry_id"), ["entry_id"], unique=False
        )

    with op.batch_alter_table("company", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("count_tolerance_bp", sa.Integer(), nullable=False, server_default="500")
        )
        batch_op.add_column(
            sa.Column(
                "count_tolerance_minor", sa.BigInteger(), nullable=False, server_default="1000"
            )
        )
        batch_op.add_column(
            sa.Column(
                "count_approval_minor", sa.BigInteger(), nullable=False, server_default="10000"
            )
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_company_count_limits"),
            "count_tolerance_bp >= 0 AND count_tolerance_minor >= 0 AND count_approval_minor >= 0",
        )
    # The installation's company got sensible limits; from now on the application says them.
    with op.batch_alter_table("company", schema=None) as batch_op:
        for name in ("count_tolerance_bp", "count_tolerance_minor", "count_approval_minor"):
            batch_op.alter_column(name, server_default=None)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")
    with op.batch_alter_table("company", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_company_count_limits"), type_="check")
        batch_op.drop_column("count_approval_minor")
        batch_op.drop_column("count_tolerance_minor")
        batch_op.drop_column("count_tolerance_bp")

    with op.batch_alter_table("stock_count_correction", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_stock_count_correction_entry_id"))

    op.drop_table("stock_count_correction")
    with op.batch_alter_table("stock_count_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_stock_count_entry_product_id"))
        batch_op.drop_index(batch_op.f("ix_stock_count_entry_line_id"))
        batch_op.drop_index(batch_op.f("ix_stock_count_entry_count_id"))

    op.drop_table("stock_count_entry")
    with op.batch_alter_table("stock_count_line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_stock_count_line_product_id"))
        batch_op.drop_index(batch_op.f("ix_stock_count_line_lot_id_product_id"))

    op.drop_table("stock_count_line")
    with op.batch_alter_table("stock_count", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_stock_count_active",
            sqlite_where=sa.text("status IN ('open', 'review')"),
            postgresql_where=sa.text("status IN ('open', 'review')"),
        )
        batch_op.drop_index(batch_op.f("ix_stock_count_location_id"))

    op.drop_table("stock_count")
