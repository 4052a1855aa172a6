"""Customers: where electronic invoices reach them, and when somebody asked whether their VAT number is in force."""

import sqlalchemy as sa
from alembic import op

revision = "20261130_customer_peppol"
down_revision = "20261130_tax_places"

RULES = {
    "vat_checked_by_somebody": "(vat_checked_on IS NULL) = (vat_checked_by IS NULL)",
    "vat_checked_number": "vat_checked_on IS NULL OR vat_id <> ''",
}


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")  # rather fail than queue everybody behind us
    with op.batch_alter_table("customer") as batch:
        batch.add_column(sa.Column("vat_checked_on", sa.Date(), nullable=True))
        batch.add_column(sa.Column("vat_checked_by", sa.String(length=200), nullable=True))
        batch.add_column(sa.Column("peppol_id", sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("customer") as batch:
        batch.alter_column("peppol_id", server_default=None)
        for name, rule in RULES.items():
            batch.create_check_constraint(op.f(f"ck_customer_{name}"), rule)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")
    with op.batch_alter_table("customer") as batch:
        for name in RULES:
            batch.drop_constraint(op.f(f"ck_customer_{name}"), type_="check")
        batch.drop_column("peppol_id")
        batch.drop_column("vat_checked_by")
        batch.drop_column("vat_checked_on")
