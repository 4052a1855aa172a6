"""Requests for quotation, who was asked, and what they answered."""

import sqlalchemy as sa
from alembic import op

revision = "20261128_requests_for_quotation"
down_revision = "20261128_supplier_invoices"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")  # rather fail than queue everybody behind us
    op.create_table(
        "request_for_quotation",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "sent",
                "answered",
                "awarded",
                "closed",
                "cancelled",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("answer_by", sa.Date(), nullable=False),
        sa.Column(
            "deliver_to_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("drafted_by", sa.String(length=200), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "status IN ('draft', 'cancelled') OR sent_at IS NOT NULL",
            name=op.f("ck_request_for_quotation_sent"),
        ),
        sa.ForeignKeyConstraint(
            ["deliver_to_id"], ["location.id"], name=op.f("fk_request_for_quotation_deliver_to_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_for_quotation")),
        sa.UniqueConstraint("number", name=op.f("uq_request_for_quotation_number")),
    )
    with op.batch_alter_table("request_for_quotation", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_request_for_quotation_status"), ["status"], unique=False
        )

    op.create_table(
        "request_line",
        sa.Column(
            "request_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "product_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("pack_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("pack_steps", sa.BigInteger(), nullable=False),
        sa.Column("packs", sa.Integer(), nullable=False),
        sa.Column("wanted_by", sa.Date(), nullable=True),
        sa.CheckConstraint("packs > 0", name=op.f("ck_request_line_packs_positive")),
        sa.ForeignKeyConstraint(
            ["pack_id", "product_id"],
            ["pack.id", "pack.product_id"],
            name=op.f("fk_request_line_pack_id_product_id"),
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["request_for_quotation.id"], name=op.f("fk_request_line_request_id")
        ),
        sa.PrimaryKeyConstraint("request_id", "position", name=op.f("pk_request_line")),
    )
    op.create_table(
        "request_invitation",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "request_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "supplier_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("link_digest", sa.String(length=64), nullable=True),
        sa.Column("mailed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.Text(), nullable=False),
        sa.Column("answered_from", sa.Text(), nullable=False),
        sa.Column("is_late", sa.Boolean(), nullable=False),
        sa.Column("declined", sa.Boolean(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint(
            "NOT declined OR answered_at IS NOT NULL",
            name=op.f("ck_request_invitation_declined_answered"),
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["purchase_order.id"], name=op.f("fk_request_invitation_order_id")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["request_for_quotation.id"],
            name=op.f("fk_request_invitation_request_id"),
        ),
        sa.ForeignKeyConstraint(
            ["supplier_id"], ["supplier.id"], name=op.f("fk_request_invitation_supplier_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_invitation")),
        sa.UniqueConstraint("link_digest", name=op.f("uq_request_invitation_link_digest")),
        sa.UniqueConstraint("order_id", name=op.f("uq_request_invitation_order_id")),
        sa.UniqueConstraint(
            "request_id", "supplier_id", name=op.f("uq_request_invitation_request_id_supplier_id")
        ),
    )
    with op.batch_alter_table("request_invitation", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_request_invitation_supplier_id"), ["supplier_id"], unique=False
        )

    op.create_table(
        "request_bid",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "invitation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("pack_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("price_e4", sa.BigInteger(), nullable=False),
        sa.Column("moq", sa.Integer(), nullable=False),
        sa.Column("lead_time_days", sa.Integer(), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("awarded", sa.Integer(), nullable=False),
        sa.CheckConstraint("awarded >= 0", name=op.f("ck_request_bid_awarded_not_negative")),
        sa.CheckConstraint(
            "lead_time_days >= 0", name=op.f("ck_request_bid_lead_time_not_negative")
        ),
        sa.CheckConstraint("moq >= 1", name=op.f("ck_request_bid_moq_positive")),
        sa.CheckConstraint("price_e4 >= 0", name=op.f("ck_request_bid_price_not_negative")),
        sa.ForeignKeyConstraint(
            ["invitation_id"], ["request_invitation.id"], name=op.f("fk_request_bid_invitation_id")
        ),
        sa.ForeignKeyConstraint(["pack_id"], ["pack.id"], name=op.f("fk_request_bid_pack_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_bid")),
        sa.UniqueConstraint(
            "invitation_id", "position", name=op.f("uq_request_bid_invitation_id_position")
        ),
    )
    op.create_table(
        "request_bid_break",
        sa.Column("bid_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("from_packs", sa.Integer(), nullable=False),
        sa.Column("price_e4", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("from_packs > 1", name=op.f("ck_request_bid_break_from_more_than_one")),
        sa.CheckConstraint("price_e4 >= 0", name=op.f("ck_request_bid_break_price_not_negative")),
        sa.ForeignKeyConstraint(
            ["bid_id"], ["request_bid.id"], name=op.f("fk_request_bid_break_bid_id")
        ),
        sa.PrimaryKeyConstraint("bid_id", "from_packs", name=op.f("pk_request_bid_break")),
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("request_bid_break")
    op.drop_table("request_bid")
    with op.batch_alter_table("request_invitation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_request_invitation_supplier_id"))

    op.drop_table("request_invitation")
    op.drop_table("request_line")
    with op.batch_alter_table("request_for_quotation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_request_for_quotation_status"))

    op.drop_table("request_for_quotation")
