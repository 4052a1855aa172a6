"""Batches of quotes, printed by the worker."""

import sqlalchemy as sa
from alembic import op

revision = "20261129_quote_batches"
down_revision = "20261129_customer_papers"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")  # rather fail than queue everybody behind us
    op.create_table(
        "quote_batch",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "running",
                "done",
                "cancelled",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("issues", sa.Boolean(), nullable=False),
        sa.Column("mails", sa.Boolean(), nullable=False),
        sa.Column("public_url", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=200), nullable=False),
        sa.Column(
            "made_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(status = 'running') = (finished_at IS NULL)",
            name=op.f("ck_quote_batch_finished_when_over"),
        ),
        sa.CheckConstraint("issues OR NOT mails", name=op.f("ck_quote_batch_mails_what_is_issued")),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["user_account.id"], name=op.f("fk_quote_batch_made_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quote_batch")),
        sa.UniqueConstraint("number", name=op.f("uq_quote_batch_number")),
    )
    with op.batch_alter_table("quote_batch", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_quote_batch_status"), ["status"], unique=False)

    op.create_table(
        "quote_batch_line",
        sa.Column("batch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("quote_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("paper_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("fault", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "paper_id IS NULL OR fault = ''", name=op.f("ck_quote_batch_line_paper_or_fault")
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["quote_batch.id"],
            name=op.f("fk_quote_batch_line_batch_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["paper_id"], ["stored_file.id"], name=op.f("fk_quote_batch_line_paper_id")
        ),
        sa.ForeignKeyConstraint(
            ["quote_id"], ["quote.id"], name=op.f("fk_quote_batch_line_quote_id")
        ),
        sa.PrimaryKeyConstraint("batch_id", "position", name=op.f("pk_quote_batch_line")),
    )
    with op.batch_alter_table("quote_batch_line", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_quote_batch_line_batch_id_paper_id"),
            ["batch_id", "paper_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_quote_batch_line_quote_id"), ["quote_id"], unique=False
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")
    with op.batch_alter_table("quote_batch_line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_quote_batch_line_quote_id"))
        batch_op.drop_index(batch_op.f("ix_quote_batch_line_batch_id_paper_id"))

    op.drop_table("quote_batch_line")
    with op.batch_alter_table("quote_batch", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_quote_batch_status"))

    op.drop_table("quote_batch")
