"""What a customer calls our packs in their own system."""

import sqlalchemy as sa
from alembic import op

revision = "20261203_own_codes"
down_revision = "20261203_enquiry_language"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")  # rather fail than queue everybody behind us
    op.create_table(
        "own_code",
        sa.Column(
            "customer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("pack_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "product_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("code_key", sa.String(length=64), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("code <> ''", name=op.f("ck_own_code_said")),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name=op.f("fk_own_code_customer_id")
        ),
        sa.ForeignKeyConstraint(
            ["pack_id", "product_id"],
            ["pack.id", "pack.product_id"],
            name=op.f("fk_own_code_pack_id_product_id"),
        ),
        sa.PrimaryKeyConstraint("customer_id", "pack_id", name=op.f("pk_own_code")),
        sa.UniqueConstraint(
            "customer_id", "code_key", name=op.f("uq_own_code_customer_id_code_key")
        ),
    )
    with op.batch_alter_table("own_code", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_own_code_pack_id_product_id"), ["pack_id", "product_id"], unique=False
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")
    with op.batch_alter_table("own_code", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_own_code_pack_id_product_id"))

    op.drop_table("own_code")
