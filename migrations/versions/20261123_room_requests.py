"""What a room asks for, and pictures of what was written off."""

import sqlalchemy as sa
from alembic import op

revision = "20261123_room_requests"
down_revision = "20261123_opened_containers"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")  # rather fail than queue everybody behind us
    op.create_table(
        "top_up_request",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "location_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "product_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.String(length=200), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "settled_at >= asked_at", name=op.f("ck_top_up_request_settled_after_asked")
        ),
        sa.ForeignKeyConstraint(
            ["location_id"], ["location.id"], name=op.f("fk_top_up_request_location_id")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_top_up_request_product_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_top_up_request")),
    )
    with op.batch_alter_table("top_up_request", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_top_up_request_location_id"), ["location_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_top_up_request_product_id"), ["product_id"], unique=False
        )
        batch_op.create_index(
            "uq_top_up_request_open",
            ["location_id", "product_id"],
            unique=True,
            sqlite_where=sa.text("settled_at IS NULL"),
            postgresql_where=sa.text("settled_at IS NULL"),
        )

    op.create_table(
        "posting_photo",
        sa.Column(
            "posting_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("file_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_posting_photo_file_id")
        ),
        sa.ForeignKeyConstraint(
            ["posting_id"], ["posting.id"], name=op.f("fk_posting_photo_posting_id")
        ),
        sa.PrimaryKeyConstraint("posting_id", "file_id", name=op.f("pk_posting_photo")),
    )
    with op.batch_alter_table("posting_photo", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_posting_photo_file_id"), ["file_id"], unique=False)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")
    with op.batch_alter_table("posting_photo", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_posting_photo_file_id"))

    op.drop_table("posting_photo")
    with op.batch_alter_table("top_up_request", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_top_up_request_open",
            sqlite_where=sa.text("settled_at IS NULL"),
            postgresql_where=sa.text("settled_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_top_up_request_product_id"))
        batch_op.drop_index(batch_op.f("ix_top_up_request_location_id"))

    op.drop_table("top_up_request")
