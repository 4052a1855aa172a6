"""How papers look: a drawn letterhead and a cover before quotes."""

import sqlalchemy as sa
from alembic import op

revision = "20261129_paper_looks"
down_revision = "20261129_blanket_changes"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
FLAGS = ("head_everywhere", "quote_cover")


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")  # rather fail than queue everybody behind us
    with op.batch_alter_table("company") as batch:
        for name in ("head_id", "cover_id"):
            batch.add_column(sa.Column(name, KEY, nullable=True))
            batch.create_foreign_key(batch.f(f"fk_company_{name}"), "stored_file", [name], ["id"])
        for name in FLAGS:
            batch.add_column(
                sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false())
            )
    with op.batch_alter_table("company") as batch:
        for name in FLAGS:
            batch.alter_column(name, server_default=None)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")
    with op.batch_alter_table("company") as batch:
        for name in ("cover_id", "head_id"):
            batch.drop_constraint(batch.f(f"fk_company_{name}"), type_="foreignkey")
        for name in (*FLAGS, "cover_id", "head_id"):
            batch.drop_column(name)
