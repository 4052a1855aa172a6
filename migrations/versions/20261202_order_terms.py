"""The least orders come to, what bringing them costs, and whether buyers may fetch them."""

import sqlalchemy as sa
from alembic import op

revision = "20261202_order_terms"
down_revision = "20261202_address_book"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")  # rather fail than queue everybody behind us
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "order_terms",
        sa.Column("id", number, nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("group_id", number, nullable=True),
        sa.Column("opening_minor", sa.BigInteger(), nullable=True),
        sa.Column("reorder_minor", sa.BigInteger(), nullable=True),
        sa.Column("freight_minor", sa.BigInteger(), nullable=True),
        sa.Column("free_from_minor", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "opening_minor >= 0 AND reorder_minor >= 0",
            name=op.f("ck_order_terms_least_not_negative"),
        ),
        sa.CheckConstraint(
            "freight_minor >= 0 AND free_from_minor >= 0",
            name=op.f("ck_order_terms_freight_not_negative"),
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["customer_group.id"], name=op.f("fk_order_terms_group_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_terms")),
    )
    op.create_index(op.f("ix_order_terms_group_id"), "order_terms", ["group_id"])
    op.create_index("uq_order_terms_group", "order_terms", ["currency", "group_id"], unique=True)
    op.create_index(
        "uq_order_terms_everybody",
        "order_terms",
        ["currency"],
        unique=True,
        sqlite_where=sa.text("group_id IS NULL"),
        postgresql_where=sa.text("group_id IS NULL"),
    )
    with op.batch_alter_table("shop") as batch:
        batch.add_column(
            sa.Column("may_collect", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    with op.batch_alter_table("shop") as batch:
        batch.alter_column("may_collect", server_default=None)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")
    with op.batch_alter_table("shop") as batch:
        batch.drop_column("may_collect")
    op.drop_table("order_terms")
