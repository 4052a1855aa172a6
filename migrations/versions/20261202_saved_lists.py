"""Buyers keep lists of what they order."""

import sqlalchemy as sa
from alembic import op

revision = "20261202_saved_lists"
down_revision = "20261202_mails_and_leaving"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")  # rather fail than queue everybody behind us
    op.create_table(
        "saved_list",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ref", sa.String(length=16), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "customer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("name <> ''", name=op.f("ck_saved_list_named")),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name=op.f("fk_saved_list_customer_id")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_saved_list_user_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_list")),
        sa.UniqueConstraint("ref", name=op.f("uq_saved_list_ref")),
        sa.UniqueConstraint("user_id", "name", name=op.f("uq_saved_list_user_id_name")),
    )
    with op.batch_alter_table("saved_list", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_saved_list_customer_id"), ["customer_id"], unique=False
        )

    op.create_table(
        "saved_list_line",
        sa.Column("list_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("pack_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "product_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("packs", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint("packs BETWEEN 1 AND 1000000", name=op.f("ck_saved_list_line_packs")),
        sa.CheckConstraint("position BETWEEN 1 AND 1000", name=op.f("ck_saved_list_line_position")),
        sa.ForeignKeyConstraint(
            ["list_id"],
            ["saved_list.id"],
            name=op.f("fk_saved_list_line_list_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["pack_id", "product_id"],
            ["pack.id", "pack.product_id"],
            name=op.f("fk_saved_list_line_pack_id_product_id"),
        ),
        sa.PrimaryKeyConstraint("list_id", "pack_id", name=op.f("pk_saved_list_line")),
    )
    with op.batch_alter_table("saved_list_line", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_saved_list_line_pack_id_product_id"),
            ["pack_id", "product_id"],
            unique=False,
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")
    with op.batch_alter_table("saved_list_line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_saved_list_line_pack_id_product_id"))

    op.drop_table("saved_list_line")
    with op.batch_alter_table("saved_list", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_saved_list_customer_id"))

    op.drop_table("saved_list")
