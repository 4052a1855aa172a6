"""How strict the seller is with the table of allergens: one row, as cautious as the application is by itself."""

import sqlalchemy as sa
from alembic import op

revision = "20261130_safety_policy"
down_revision = "20261130_search_words"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")  # rather fail than queue everybody behind us
    op.create_table(
        "safety_policy",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("is_strict", sa.Boolean(), nullable=False),
        sa.Column("counts_unchecked", sa.Boolean(), nullable=False),
        sa.Column("derived_with", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_safety_policy_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_safety_policy")),
    )
    op.execute(
        "INSERT INTO safety_policy (id, is_strict, counts_unchecked, derived_with, version)"
        " VALUES (1, false, true, '', 1)"
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("safety_policy")
