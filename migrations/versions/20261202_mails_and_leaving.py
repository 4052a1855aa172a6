"""What buyers are told by mail, and accounts that wait to be erased."""

import sqlalchemy as sa
from alembic import op

revision = "20261202_mails_and_leaving"
down_revision = "20261202_order_terms"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")  # rather fail than queue everybody behind us
    op.create_table(
        "mail_choices",
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("declined", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_mail_choices_user_id")
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_mail_choices")),
        sa.UniqueConstraint("token", name=op.f("uq_mail_choices_token")),
    )
    op.create_table(
        "leaving",
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.String(length=200), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("due_at >= asked_at", name=op.f("ck_leaving_due_later")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_leaving_user_id")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_leaving")),
    )
    with op.batch_alter_table("outbox_message", schema=None) as batch_op:
        batch_op.add_column(sa.Column("choices", sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("outbox_message", schema=None) as batch_op:
        batch_op.alter_column("choices", server_default=None)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")
    with op.batch_alter_table("outbox_message", schema=None) as batch_op:
        batch_op.drop_column("choices")
    op.drop_table("leaving")
    op.drop_table("mail_choices")
