"""A quote has a language and a cover of its own; an offered quantity keeps the list price it was told from."""

import sqlalchemy as sa
from alembic import op

revision = "20261130_paper_look"
down_revision = "20261130_orders_placed"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")  # rather fail than queue everybody behind us
    with op.batch_alter_table("quote", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("locale", sa.String(length=16), server_default="", nullable=False)
        )
        batch_op.add_column(sa.Column("cover", sa.Boolean(), nullable=True))

    with op.batch_alter_table("quote_line_offer", schema=None) as batch_op:
        batch_op.add_column(sa.Column("list_price_e4", sa.BigInteger(), nullable=True))

    with op.batch_alter_table("quote_template", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("locale", sa.String(length=16), server_default="", nullable=False)
        )
        batch_op.add_column(sa.Column("cover", sa.Boolean(), nullable=True))


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")
    with op.batch_alter_table("quote_template", schema=None) as batch_op:
        batch_op.drop_column("cover")
        batch_op.drop_column("locale")

    with op.batch_alter_table("quote_line_offer", schema=None) as batch_op:
        batch_op.drop_column("list_price_e4")

    with op.batch_alter_table("quote", schema=None) as batch_op:
        batch_op.drop_column("cover")
        batch_op.drop_column("locale")
