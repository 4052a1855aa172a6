"""Traits of products: stated by the seller, or derived from a list of ingredients that is stated to be complete."""

import sqlalchemy as sa
from alembic import op

revision = "20261130_product_traits"
down_revision = "20261129_customer_merging"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")  # rather fail than queue everybody behind us
    op.create_table(
        "product_trait",
        sa.Column(
            "product_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "trait",
            sa.Enum(
                "nut_free",
                "fragrance_free",
                "vegan",
                "organic",
                name="trait",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_product_trait_product_id")
        ),
        sa.PrimaryKeyConstraint("product_id", "trait", name=op.f("pk_product_trait")),
    )
    with op.batch_alter_table("product_trait", schema=None) as batch_op:
        batch_op.create_index("ix_product_trait_trait", ["trait", "product_id"], unique=False)

    with op.batch_alter_table("product", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "ingredients_complete", sa.Boolean(), server_default=sa.false(), nullable=False
            )
        )

    with op.batch_alter_table("product_ingredient", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("may_contain", sa.Boolean(), server_default=sa.false(), nullable=False)
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")
    with op.batch_alter_table("product_ingredient", schema=None) as batch_op:
        batch_op.drop_column("may_contain")

    with op.batch_alter_table("product", schema=None) as batch_op:
        batch_op.drop_column("ingredients_complete")

    with op.batch_alter_table("product_trait", schema=None) as batch_op:
        batch_op.drop_index("ix_product_trait_trait")

    op.drop_table("product_trait")
