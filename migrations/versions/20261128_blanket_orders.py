"""Blanket orders, and what order lines hold of them."""

import sqlalchemy as sa
from alembic import op

revision = "20261128_blanket_orders"
down_revision = "20261128_order_templates"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")  # rather fail than queue everybody behind us
    op.create_table(
        "blanket_order",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column(
            "supplier_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agreed_by", sa.String(length=200), nullable=False),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.CheckConstraint("valid_from <= valid_until", name=op.f("ck_blanket_order_validity")),
        sa.ForeignKeyConstraint(
            ["supplier_id"], ["supplier.id"], name=op.f("fk_blanket_order_supplier_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_blanket_order")),
        sa.UniqueConstraint("number", name=op.f("uq_blanket_order_number")),
    )
    with op.batch_alter_table("blanket_order", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_blanket_order_supplier_id"), ["supplier_id"], unique=False
        )

    op.create_table(
        "blanket_line",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "blanket_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "product_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("pack_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("packs", sa.Integer(), nullable=False),
        sa.Column("price_e4", sa.BigInteger(), nullable=False),
        sa.Column("drawn", sa.Integer(), nullable=False),
        sa.CheckConstraint("drawn >= 0 AND drawn <= packs", name=op.f("ck_blanket_line_over_draw")),
        sa.CheckConstraint("packs > 0", name=op.f("ck_blanket_line_packs_positive")),
        sa.CheckConstraint("price_e4 >= 0", name=op.f("ck_blanket_line_price_not_negative")),
        sa.ForeignKeyConstraint(
            ["blanket_id"], ["blanket_order.id"], name=op.f("fk_blanket_line_blanket_id")
        ),
        sa.ForeignKeyConstraint(
            ["pack_id", "product_id"],
            ["pack.id", "pack.product_id"],
            name=op.f("fk_blanket_line_pack_id_product_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_blanket_line")),
        sa.UniqueConstraint(
            "blanket_id", "pack_id", name=op.f("uq_blanket_line_blanket_id_pack_id")
        ),
        sa.UniqueConstraint(
            "blanket_id", "position", name=op.f("uq_blanket_line_blanket_id_position")
        ),
    )
    with op.batch_alter_table("blanket_line", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_blanket_line_pack_id_product_id"),
            ["pack_id", "product_id"],
            unique=False,
        )

    with op.batch_alter_table("purchase_order_line", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "blanket_line_id",
                sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
                nullable=True,
            )
        )
        batch_op.add_column(sa.Column("drawn", sa.Integer(), nullable=False, server_default="0"))
        batch_op.create_index(
            batch_op.f("ix_purchase_order_line_blanket_line_id"), ["blanket_line_id"], unique=False
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_purchase_order_line_blanket_line_id"),
            "blanket_line",
            ["blanket_line_id"],
            ["id"],
        )
        batch_op.create_check_constraint(
            op.f("ck_purchase_order_line_drawn_of_a_blanket"),
            "drawn >= 0 AND (drawn = 0 OR blanket_line_id IS NOT NULL)",
        )
    with op.batch_alter_table("purchase_order_line", schema=None) as batch_op:
        batch_op.alter_column("drawn", server_default=None)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")
    with op.batch_alter_table("purchase_order_line", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_purchase_order_line_drawn_of_a_blanket"), type_="check")
        batch_op.drop_constraint(
            batch_op.f("fk_purchase_order_line_blanket_line_id"), type_="foreignkey"
        )
        batch_op.drop_index(batch_op.f("ix_purchase_order_line_blanket_line_id"))
        batch_op.drop_column("drawn")
        batch_op.drop_column("blanket_line_id")

    with op.batch_alter_table("blanket_line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_blanket_line_pack_id_product_id"))

    op.drop_table("blanket_line")
    with op.batch_alter_table("blanket_order", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_blanket_order_supplier_id"))

    op.drop_table("blanket_order")
