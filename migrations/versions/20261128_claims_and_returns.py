"""Claims against suppliers; goods sent back to them, for a reason of its own."""

import sqlalchemy as sa
from alembic import op

revision = "20261128_claims_and_returns"
down_revision = "20261128_order_attachments"

REASONS = "ck_posting_reason"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")  # rather fail than queue everybody behind us
    set_reasons([*reasons(), "return"])
    op.create_table(
        "claim",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column(
            "supplier_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "receipt_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "status",
            sa.Enum(
                "open",
                "sent",
                "agreed",
                "rejected",
                "settled",
                "withdrawn",
                name="claim_status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("asked_minor", sa.BigInteger(), nullable=False),
        sa.Column("deadline", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=200), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column(
            "remedy",
            sa.Enum(
                "credit",
                "replacement",
                "return",
                name="remedy",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("agreed_minor", sa.BigInteger(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("pdf_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("idempotency_key", sa.String(length=200), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(status IN ('agreed', 'settled')) = (remedy IS NOT NULL)",
            name=op.f("ck_claim_agreed_to_something"),
        ),
        sa.CheckConstraint(
            "status IN ('open', 'withdrawn') OR sent_at IS NOT NULL",
            name=op.f("ck_claim_sent_before"),
        ),
        sa.CheckConstraint("agreed_minor >= 0", name=op.f("ck_claim_agreed_not_negative")),
        sa.CheckConstraint("asked_minor >= 0", name=op.f("ck_claim_asked_not_negative")),
        sa.ForeignKeyConstraint(["pdf_id"], ["stored_file.id"], name=op.f("fk_claim_pdf_id")),
        sa.ForeignKeyConstraint(
            ["receipt_id"], ["goods_receipt.id"], name=op.f("fk_claim_receipt_id")
        ),
        sa.ForeignKeyConstraint(
            ["supplier_id"], ["supplier.id"], name=op.f("fk_claim_supplier_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_claim_idempotency_key")),
        sa.UniqueConstraint("number", name=op.f("uq_claim_number")),
    )
    with op.batch_alter_table("claim", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_claim_receipt_id"), ["receipt_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_claim_status"), ["status"], unique=False)
        batch_op.create_index(batch_op.f("ix_claim_supplier_id"), ["supplier_id"], unique=False)

    op.create_table(
        "supplier_return",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column(
            "supplier_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "location_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("claim_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "reason",
            sa.Enum(
                "damaged",
                "short_dated",
                "wrong_goods",
                "expired",
                "recalled",
                "surplus",
                "other",
                name="return_reason",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("credit_minor", sa.BigInteger(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_by", sa.String(length=200), nullable=False),
        sa.Column(
            "posting_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("pdf_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("reversed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reversed_by", sa.String(length=200), nullable=True),
        sa.Column("reversed_why", sa.Text(), nullable=False),
        sa.Column("idempotency_key", sa.String(length=200), nullable=True),
        sa.CheckConstraint(
            "(reversed_at IS NULL) = (reversed_by IS NULL)",
            name=op.f("ck_supplier_return_reversed_by_somebody"),
        ),
        sa.CheckConstraint(
            "credit_minor >= 0", name=op.f("ck_supplier_return_credit_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["claim_id"], ["claim.id"], name=op.f("fk_supplier_return_claim_id")
        ),
        sa.ForeignKeyConstraint(
            ["location_id"], ["location.id"], name=op.f("fk_supplier_return_location_id")
        ),
        sa.ForeignKeyConstraint(
            ["pdf_id"], ["stored_file.id"], name=op.f("fk_supplier_return_pdf_id")
        ),
        sa.ForeignKeyConstraint(
            ["posting_id"], ["posting.id"], name=op.f("fk_supplier_return_posting_id")
        ),
        sa.ForeignKeyConstraint(
            ["supplier_id"], ["supplier.id"], name=op.f("fk_supplier_return_supplier_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supplier_return")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_supplier_return_idempotency_key")),
        sa.UniqueConstraint("number", name=op.f("uq_supplier_return_number")),
        sa.UniqueConstraint("posting_id", name=op.f("uq_supplier_return_posting_id")),
    )
    with op.batch_alter_table("supplier_return", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_supplier_return_claim_id"), ["claim_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_supplier_return_location_id"), ["location_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_supplier_return_supplier_id"), ["supplier_id"], unique=False
        )

    op.create_table(
        "claim_line",
        sa.Column("claim_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "receipt_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("receipt_position", sa.Integer(), nullable=False),
        sa.Column(
            "fault",
            sa.Enum(
                "damaged",
                "short_dated",
                "wrong_goods",
                "missing",
                "other",
                name="claimed_fault",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("packs", sa.Integer(), nullable=False),
        sa.Column("asked_minor", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.CheckConstraint("asked_minor >= 0", name=op.f("ck_claim_line_asked_not_negative")),
        sa.CheckConstraint("packs > 0", name=op.f("ck_claim_line_packs_positive")),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_claim_line_claim_id")),
        sa.ForeignKeyConstraint(
            ["receipt_id", "receipt_position"],
            ["goods_receipt_line.receipt_id", "goods_receipt_line.position"],
            name=op.f("fk_claim_line_receipt_id_receipt_position"),
        ),
        sa.PrimaryKeyConstraint("claim_id", "position", name=op.f("pk_claim_line")),
    )
    with op.batch_alter_table("claim_line", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_claim_line_receipt_id_receipt_position"),
            ["receipt_id", "receipt_position"],
            unique=False,
        )

    op.create_table(
        "supplier_return_line",
        sa.Column(
            "return_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "product_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("lot_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("value_minor", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_supplier_return_line_quantity_positive")),
        sa.ForeignKeyConstraint(
            ["lot_id", "product_id"],
            ["lot.id", "lot.product_id"],
            name=op.f("fk_supplier_return_line_lot_id_product_id"),
        ),
        sa.ForeignKeyConstraint(
            ["return_id"], ["supplier_return.id"], name=op.f("fk_supplier_return_line_return_id")
        ),
        sa.PrimaryKeyConstraint("return_id", "position", name=op.f("pk_supplier_return_line")),
    )
    with op.batch_alter_table("supplier_return_line", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_supplier_return_line_lot_id"), ["lot_id"], unique=False
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute("UPDATE posting SET reason = 'transfer' WHERE reason = 'return'")
    set_reasons([reason for reason in reasons() if reason != "return"])
    with op.batch_alter_table("supplier_return_line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_supplier_return_line_lot_id"))

    op.drop_table("supplier_return_line")
    with op.batch_alter_table("claim_line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_claim_line_receipt_id_receipt_position"))

    op.drop_table("claim_line")
    with op.batch_alter_table("supplier_return", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_supplier_return_supplier_id"))
        batch_op.drop_index(batch_op.f("ix_supplier_return_location_id"))
        batch_op.drop_index(batch_op.f("ix_supplier_return_claim_id"))

    op.drop_table("supplier_return")
    with op.batch_alter_table("claim", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_claim_supplier_id"))
        batch_op.drop_index(batch_op.f("ix_claim_status"))
        batch_op.drop_index(batch_op.f("ix_claim_receipt_id"))

    op.drop_table("claim")


def reasons() -> list[str]:
    """Those there are, whatever other steps have added."""
    checks = sa.inspect(op.get_bind()).get_check_constraints("posting")
    text = next(str(check["sqltext"]) for check in checks if check["name"] == REASONS)
    return text.split("'")[1::2]


def set_reasons(words: list[str]) -> None:
    with op.batch_alter_table("posting") as batch:
        batch.drop_constraint(op.f(REASONS), type_="check")
        rule = f"reason IN ({', '.join(repr(word) for word in words)})"
        batch.create_check_constraint(op.f(REASONS), rule)
