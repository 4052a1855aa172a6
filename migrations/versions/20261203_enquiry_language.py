"""In which language an enquiry was written, as far as that is known."""

import sqlalchemy as sa
from alembic import op

revision = "20261203_enquiry_language"
down_revision = "20261203_punchout_frames"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")  # rather fail than queue everybody behind us
    with op.batch_alter_table("enquiry") as batch:
        batch.add_column(
            sa.Column("language", sa.String(length=2), nullable=False, server_default="")
        )
    with op.batch_alter_table("enquiry") as batch:
        batch.alter_column("language", server_default=None)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")
    with op.batch_alter_table("enquiry") as batch:
        batch.drop_column("language")
