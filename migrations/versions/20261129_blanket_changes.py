"""Revisions of blanket orders: what was agreed is changed with why, when and by whom."""

import sqlalchemy as sa
from alembic import op

revision = "20261129_blanket_changes"
down_revision = "20261129_count_starters"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")  # rather fail than queue everybody behind us
    op.create_table(
        "blanket_revision",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "blanket_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("changed", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.String(length=200), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_blanket_revision_number_positive")),
        sa.ForeignKeyConstraint(
            ["blanket_id"], ["blanket_order.id"], name=op.f("fk_blanket_revision_blanket_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_blanket_revision")),
        sa.UniqueConstraint(
            "blanket_id", "number", name=op.f("uq_blanket_revision_blanket_id_number")
        ),
    )
    with op.batch_alter_table("blanket_order", schema=None) as batch_op:
        batch_op.add_column(sa.Column("revision", sa.Integer(), server_default="0", nullable=False))


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")
    with op.batch_alter_table("blanket_order", schema=None) as batch_op:
        batch_op.drop_column("revision")

    op.drop_table("blanket_revision")
