"""Files beside orders, and further files of mails."""

import sqlalchemy as sa
from alembic import op

revision = "20261128_order_attachments"
down_revision = "20261128_blanket_orders"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")  # rather fail than queue everybody behind us
    with op.batch_alter_table("stored_file", schema=None) as batch_op:
        batch_op.alter_column(
            "media_type", existing_type=sa.String(length=64), type_=sa.String(length=200)
        )
    op.create_table(
        "outbox_enclosure",
        sa.Column(
            "message_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_outbox_enclosure_file_id")
        ),
        sa.ForeignKeyConstraint(
            ["message_id"], ["outbox_message.id"], name=op.f("fk_outbox_enclosure_message_id")
        ),
        sa.PrimaryKeyConstraint("message_id", "position", name=op.f("pk_outbox_enclosure")),
    )
    with op.batch_alter_table("outbox_enclosure", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outbox_enclosure_file_id"), ["file_id"], unique=False)

    op.create_table(
        "order_attachment",
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("for_supplier", sa.Boolean(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_order_attachment_file_id")
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["purchase_order.id"], name=op.f("fk_order_attachment_order_id")
        ),
        sa.PrimaryKeyConstraint("order_id", "position", name=op.f("pk_order_attachment")),
        sa.UniqueConstraint(
            "order_id", "file_id", name=op.f("uq_order_attachment_order_id_file_id")
        ),
    )
    with op.batch_alter_table("order_attachment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_order_attachment_file_id"), ["file_id"], unique=False)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")
    # Office documents cannot be told in 64 letters; with some of them left this fails, and nothing is lost.
    with op.batch_alter_table("order_attachment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_order_attachment_file_id"))

    op.drop_table("order_attachment")
    with op.batch_alter_table("outbox_enclosure", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outbox_enclosure_file_id"))

    op.drop_table("outbox_enclosure")
    with op.batch_alter_table("stored_file", schema=None) as batch_op:
        batch_op.alter_column(
            "media_type", existing_type=sa.String(length=200), type_=sa.String(length=64)
        )
