"""What buyers search and look at; when a basket was last changed."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "20261130_interest"
down_revision = "20261130_return_requests"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")  # rather fail than queue everybody behind us
    op.create_table(
        "product_viewed",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "product_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "customer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name=op.f("fk_product_viewed_customer_id")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_product_viewed_product_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product_viewed")),
    )
    with op.batch_alter_table("product_viewed", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_product_viewed_at"), ["at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_product_viewed_customer_id"), ["customer_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_product_viewed_product_id"), ["product_id"], unique=False
        )

    op.create_table(
        "search_made",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.String(length=200), nullable=False),
        sa.Column("hits", sa.Integer(), nullable=False),
        sa.Column(
            "customer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.CheckConstraint("hits >= 0", name=op.f("ck_search_made_hits_not_negative")),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name=op.f("fk_search_made_customer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_made")),
    )
    with op.batch_alter_table("search_made", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_search_made_at"), ["at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_search_made_customer_id"), ["customer_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_search_made_text"), ["text"], unique=False)

    with op.batch_alter_table("basket_line", schema=None) as batch_op:
        batch_op.add_column(sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True))
    # Nobody knows when the baskets there are were filled: they count from now.
    now = datetime.now(UTC)
    moment = now.replace(tzinfo=None) if op.get_bind().dialect.name == "sqlite" else now
    lines = sa.table("basket_line", sa.column("changed_at", sa.DateTime(timezone=True)))
    op.execute(lines.update().values(changed_at=moment))
    with op.batch_alter_table("basket_line", schema=None) as batch_op:
        batch_op.alter_column(
            "changed_at", existing_type=sa.DateTime(timezone=True), nullable=False
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")
    with op.batch_alter_table("basket_line", schema=None) as batch_op:
        batch_op.drop_column("changed_at")

    with op.batch_alter_table("search_made", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_search_made_text"))
        batch_op.drop_index(batch_op.f("ix_search_made_customer_id"))
        batch_op.drop_index(batch_op.f("ix_search_made_at"))

    op.drop_table("search_made")
    with op.batch_alter_table("product_viewed", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_product_viewed_product_id"))
        batch_op.drop_index(batch_op.f("ix_product_viewed_customer_id"))
        batch_op.drop_index(batch_op.f("ix_product_viewed_at"))

    op.drop_table("product_viewed")
