"""What suppliers ask of an order, how their price breaks count, and which shelf life they promise."""

import sqlalchemy as sa
from alembic import op

revision = "20261128_supplier_terms"
down_revision = "20261128_tools_and_linen"

SUPPLIER_RULES = {
    "standing": "standing IN ('preferred', 'normal', 'blocked')",
    "minimum_not_negative": "minimum_minor >= 0",
    "freight_not_negative": "freight_minor >= 0",
    "free_from_positive": "free_from_minor IS NULL OR free_from_minor > 0",
}
ITEM_RULES = {
    "scheme": "scheme IN ('all_units', 'incremental')",
    "guaranteed_days_positive": "guaranteed_days IS NULL OR guaranteed_days > 0",
}


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")  # rather fail than queue everybody behind us
    with op.batch_alter_table("supplier") as batch:
        batch.add_column(
            sa.Column("standing", sa.String(32), nullable=False, server_default="normal")
        )
        batch.add_column(
            sa.Column("minimum_minor", sa.BigInteger(), nullable=False, server_default="0")
        )
        batch.add_column(
            sa.Column("freight_minor", sa.BigInteger(), nullable=False, server_default="0")
        )
        batch.add_column(sa.Column("free_from_minor", sa.BigInteger()))
    with op.batch_alter_table("supplier") as batch:
        for column in ("standing", "minimum_minor", "freight_minor"):
            batch.alter_column(column, server_default=None)
        for name, rule in SUPPLIER_RULES.items():
            batch.create_check_constraint(op.f(f"ck_supplier_{name}"), rule)
    with op.batch_alter_table("supplier_item") as batch:
        batch.add_column(
            sa.Column("scheme", sa.String(32), nullable=False, server_default="all_units")
        )
        batch.add_column(sa.Column("guaranteed_days", sa.Integer()))
        batch.add_column(
            sa.Column("blocked", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    with op.batch_alter_table("supplier_item") as batch:
        for column in ("scheme", "blocked"):
            batch.alter_column(column, server_default=None)
        for name, rule in ITEM_RULES.items():
            batch.create_check_constraint(op.f(f"ck_supplier_item_{name}"), rule)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")
    with op.batch_alter_table("supplier_item") as batch:
        for name in ITEM_RULES:
            batch.drop_constraint(op.f(f"ck_supplier_item_{name}"), type_="check")
        for column in ("blocked", "guaranteed_days", "scheme"):
            batch.drop_column(column)
    with op.batch_alter_table("supplier") as batch:
        for name in SUPPLIER_RULES:
            batch.drop_constraint(op.f(f"ck_supplier_{name}"), type_="check")
        for column in ("free_from_minor", "freight_minor", "minimum_minor", "standing"):
            batch.drop_column(column)
