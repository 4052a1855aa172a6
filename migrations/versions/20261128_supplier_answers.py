"""What suppliers answer to orders, their private links, and the day that was promised first."""

import sqlalchemy as sa
from alembic import op

revision = "20261128_supplier_answers"
down_revision = "20261128_order_data"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")  # rather fail than queue everybody behind us
    op.create_table(
        "order_confirmation",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column(
            "answer",
            sa.Enum(
                "acknowledged",
                "accepted",
                "changed",
                "refused",
                name="answer",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "answered_by",
            sa.Enum(
                "clerk",
                "link",
                "order_response",
                name="answered_by",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("said_by", sa.String(length=200), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("supplier_order", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column(
            "recorded_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("noted_by", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(noted_at IS NULL) = (noted_by = '')",
            name=op.f("ck_order_confirmation_noted_by_somebody"),
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["purchase_order.id"], name=op.f("fk_order_confirmation_order_id")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"],
            ["user_account.id"],
            name=op.f("fk_order_confirmation_recorded_by_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_confirmation")),
    )
    with op.batch_alter_table("order_confirmation", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_order_confirmation_answer_noted_at"),
            ["answer", "noted_at"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_order_confirmation_order_id"), ["order_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_order_confirmation_recorded_by_id"), ["recorded_by_id"], unique=False
        )

    op.create_table(
        "order_link",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["order_id"], ["purchase_order.id"], name=op.f("fk_order_link_order_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_link")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_order_link_token_sha256")),
    )
    with op.batch_alter_table("order_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_order_link_order_id"), ["order_id"], unique=False)

    op.create_table(
        "order_confirmation_line",
        sa.Column(
            "confirmation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "answer",
            sa.Enum(
                "acknowledged",
                "accepted",
                "changed",
                "refused",
                name="answer",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("packs_asked", sa.Integer(), nullable=False),
        sa.Column("packs", sa.Integer(), nullable=False),
        sa.Column("asked_for", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(answer = 'refused') = (packs = 0)",
            name=op.f("ck_order_confirmation_line_refused_is_nothing"),
        ),
        sa.CheckConstraint(
            "packs >= 0 AND packs_asked > 0",
            name=op.f("ck_order_confirmation_line_packs_not_negative"),
        ),
        sa.ForeignKeyConstraint(
            ["confirmation_id"],
            ["order_confirmation.id"],
            name=op.f("fk_order_confirmation_line_confirmation_id"),
        ),
        sa.PrimaryKeyConstraint(
            "confirmation_id", "position", name=op.f("pk_order_confirmation_line")
        ),
    )
    with op.batch_alter_table("purchase_order", schema=None) as batch_op:
        batch_op.add_column(sa.Column("promised_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("answer", sa.String(32), nullable=True))
        batch_op.create_check_constraint(
            op.f("ck_purchase_order_answer"),
            "answer IN ('acknowledged', 'accepted', 'changed', 'refused')",
        )

    with op.batch_alter_table("purchase_order_line", schema=None) as batch_op:
        batch_op.add_column(sa.Column("confirmed_packs", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("confirmed_on", sa.Date(), nullable=True))
        batch_op.create_check_constraint(
            op.f("ck_purchase_order_line_confirmed_not_negative"), "confirmed_packs >= 0"
        )
    op.execute("UPDATE purchase_order SET promised_on = due_on")


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")
    with op.batch_alter_table("purchase_order_line", schema=None) as batch_op:
        batch_op.drop_constraint(
            op.f("ck_purchase_order_line_confirmed_not_negative"), type_="check"
        )
        batch_op.drop_column("confirmed_on")
        batch_op.drop_column("confirmed_packs")

    with op.batch_alter_table("purchase_order", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_purchase_order_answer"), type_="check")
        batch_op.drop_column("answer")
        batch_op.drop_column("promised_on")

    op.drop_table("order_confirmation_line")
    with op.batch_alter_table("order_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_order_link_order_id"))

    op.drop_table("order_link")
    with op.batch_alter_table("order_confirmation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_order_confirmation_recorded_by_id"))
        batch_op.drop_index(batch_op.f("ix_order_confirmation_order_id"))
        batch_op.drop_index(batch_op.f("ix_order_confirmation_answer_noted_at"))

    op.drop_table("order_confirmation")
