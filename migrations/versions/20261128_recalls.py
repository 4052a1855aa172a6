"""Recalls."""

import sqlalchemy as sa
from alembic import op

revision = "20261128_recalls"
down_revision = "20261128_closed_periods"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")  # rather fail than queue everybody behind us
    op.create_table(
        "recall",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column(
            "product_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("is_drill", sa.Boolean(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_by", sa.String(length=200), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.String(length=200), nullable=True),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (closed_by IS NULL)", name=op.f("ck_recall_closed_by_somebody")
        ),
        sa.CheckConstraint("closed_at >= started_at", name=op.f("ck_recall_closed_after_start")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_recall_product_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recall")),
        sa.UniqueConstraint("number", name=op.f("uq_recall_number")),
    )
    with op.batch_alter_table("recall", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recall_product_id"), ["product_id"], unique=False)

    op.create_table(
        "recall_item",
        sa.Column(
            "recall_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "product_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("lot_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "location_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "quarantined",
                "returned",
                "destroyed",
                "not_found",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by", sa.String(length=200), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column(
            "posting_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.CheckConstraint(
            "(outcome IS NULL) = (settled_at IS NULL)",
            name=op.f("ck_recall_item_settled_with_outcome"),
        ),
        sa.CheckConstraint(
            "(outcome IS NULL) = (settled_by IS NULL)",
            name=op.f("ck_recall_item_settled_by_somebody"),
        ),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_recall_item_quantity_positive")),
        sa.ForeignKeyConstraint(
            ["location_id"], ["location.id"], name=op.f("fk_recall_item_location_id")
        ),
        sa.ForeignKeyConstraint(
            ["lot_id", "product_id"],
            ["lot.id", "lot.product_id"],
            name=op.f("fk_recall_item_lot_id_product_id"),
        ),
        sa.ForeignKeyConstraint(
            ["posting_id"], ["posting.id"], name=op.f("fk_recall_item_posting_id")
        ),
        sa.ForeignKeyConstraint(
            ["recall_id"], ["recall.id"], name=op.f("fk_recall_item_recall_id")
        ),
        sa.PrimaryKeyConstraint("recall_id", "position", name=op.f("pk_recall_item")),
    )
    with op.batch_alter_table("recall_item", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_recall_item_location_id"), ["location_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_recall_item_lot_id_product_id"), ["lot_id", "product_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_recall_item_posting_id"), ["posting_id"], unique=False)

    op.create_table(
        "recall_lot",
        sa.Column(
            "recall_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("lot_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_recall_lot_lot_id")),
        sa.ForeignKeyConstraint(["recall_id"], ["recall.id"], name=op.f("fk_recall_lot_recall_id")),
        sa.PrimaryKeyConstraint("recall_id", "lot_id", name=op.f("pk_recall_lot")),
    )
    with op.batch_alter_table("recall_lot", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recall_lot_lot_id"), ["lot_id"], unique=False)

    with op.batch_alter_table("lot", schema=None) as batch_op:
        batch_op.add_column(sa.Column("held_because", sa.Text(), nullable=True))


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")
    with op.batch_alter_table("lot", schema=None) as batch_op:
        batch_op.drop_column("held_because")

    with op.batch_alter_table("recall_lot", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recall_lot_lot_id"))

    op.drop_table("recall_lot")
    with op.batch_alter_table("recall_item", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recall_item_posting_id"))
        batch_op.drop_index(batch_op.f("ix_recall_item_lot_id_product_id"))
        batch_op.drop_index(batch_op.f("ix_recall_item_location_id"))

    op.drop_table("recall_item")
    with op.batch_alter_table("recall", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recall_product_id"))

    op.drop_table("recall")
