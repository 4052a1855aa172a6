"""Where electronic documents reach a supplier and the company itself."""

import sqlalchemy as sa
from alembic import op

revision = "20261128_peppol_addresses"
down_revision = "20261128_requests_for_quotation"

TABLES = ("company", "supplier")


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")  # rather fail than queue everybody behind us
    for table in TABLES:
        with op.batch_alter_table(table) as batch:
            batch.add_column(sa.Column("peppol_id", sa.Text(), nullable=False, server_default=""))
        with op.batch_alter_table(table) as batch:
            batch.alter_column("peppol_id", server_default=None)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")
    for table in TABLES:
        with op.batch_alter_table(table) as batch:
            batch.drop_column("peppol_id")
