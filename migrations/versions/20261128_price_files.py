"""Price files."""

import sqlalchemy as sa
from alembic import op

revision = "20261128_price_files"
down_revision = "20261128_peppol_addresses"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")  # rather fail than queue everybody behind us
    op.create_table(
        "price_file",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column(
            "supplier_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("read_as", sa.Text(), nullable=False),
        sa.Column("refused", sa.Text(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "read",
                "scheduled",
                "applied",
                "undone",
                "discarded",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_by", sa.String(length=200), nullable=False),
        sa.Column("apply_on", sa.Date(), nullable=True),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("applied_by", sa.Text(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.Text(), nullable=False),
        sa.Column("trouble", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(status IN ('applied', 'undone')) = (applied_at IS NOT NULL)",
            name=op.f("ck_price_file_applied_at_a_time"),
        ),
        sa.CheckConstraint(
            "status <> 'scheduled' OR apply_on IS NOT NULL",
            name=op.f("ck_price_file_scheduled_for_a_day"),
        ),
        sa.ForeignKeyConstraint(
            ["supplier_id"], ["supplier.id"], name=op.f("fk_price_file_supplier_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_price_file")),
        sa.UniqueConstraint("number", name=op.f("uq_price_file_number")),
    )
    with op.batch_alter_table("price_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_price_file_status"), ["status"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_price_file_supplier_id"), ["supplier_id"], unique=False
        )

    op.create_table(
        "price_change",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("item_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(length=200), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("file_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint("before <> after", name=op.f("ck_price_change_changes_something")),
        sa.ForeignKeyConstraint(
            ["file_id"], ["price_file.id"], name=op.f("fk_price_change_file_id")
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["supplier_item.id"], name=op.f("fk_price_change_item_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_price_change")),
    )
    with op.batch_alter_table("price_change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_price_change_file_id"), ["file_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_price_change_item_id_id"), ["item_id", "id"], unique=False
        )

    op.create_table(
        "price_file_line",
        sa.Column("file_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "changed",
                "same",
                "new",
                "unknown",
                "missing",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("item_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("pack_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("chosen", sa.Boolean(), nullable=False),
        sa.Column("applied", sa.Boolean(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "NOT applied OR item_id IS NOT NULL", name=op.f("ck_price_file_line_applied_to_an_item")
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["price_file.id"], name=op.f("fk_price_file_line_file_id")
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["supplier_item.id"], name=op.f("fk_price_file_line_item_id")
        ),
        sa.ForeignKeyConstraint(["pack_id"], ["pack.id"], name=op.f("fk_price_file_line_pack_id")),
        sa.PrimaryKeyConstraint("file_id", "position", name=op.f("pk_price_file_line")),
    )
    with op.batch_alter_table("price_file_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_price_file_line_item_id"), ["item_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_price_file_line_pack_id"), ["pack_id"], unique=False)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")
    with op.batch_alter_table("price_file_line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_price_file_line_pack_id"))
        batch_op.drop_index(batch_op.f("ix_price_file_line_item_id"))

    op.drop_table("price_file_line")
    with op.batch_alter_table("price_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_price_change_item_id_id"))
        batch_op.drop_index(batch_op.f("ix_price_change_file_id"))

    op.drop_table("price_change")
    with op.batch_alter_table("price_file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_price_file_supplier_id"))
        batch_op.drop_index(batch_op.f("ix_price_file_status"))

    op.drop_table("price_file")
