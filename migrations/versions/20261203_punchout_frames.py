"""A procurement system may show the shop in a frame of its own page, where that was agreed on."""

import sqlalchemy as sa
from alembic import op

revision = "20261203_punchout_frames"
down_revision = "20261203_one_basket"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")  # rather fail than queue everybody behind us
    with op.batch_alter_table("punchout_connection", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("framed", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    with op.batch_alter_table("punchout_connection", schema=None) as batch_op:
        batch_op.alter_column("framed", server_default=None)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")
    with op.batch_alter_table("punchout_connection", schema=None) as batch_op:
        batch_op.drop_column("framed")
