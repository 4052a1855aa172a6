"""Supplier invoices, their terms, and how much of each order line is invoiced."""

import sqlalchemy as sa
from alembic import op

revision = "20261128_supplier_invoices"
down_revision = "20261128_purchase_plans"

COUNTERS = ("invoiced", "payable", "unreceived")
RULES = {
    "credited_too_much": "invoiced >= 0 AND payable >= 0",
    "over_invoice": "unreceived >= 0 AND payable <= received + unreceived",
}


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")  # rather fail than queue everybody behind us
    op.create_table(
        "invoice_rules",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("payment_days", sa.Integer(), nullable=False),
        sa.Column("tolerance_bp", sa.Integer(), nullable=False),
        sa.Column("tolerance_minor", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_invoice_rules_one_row")),
        sa.CheckConstraint(
            "payment_days BETWEEN 0 AND 365", name=op.f("ck_invoice_rules_payment_days")
        ),
        sa.CheckConstraint(
            "tolerance_bp BETWEEN 0 AND 10000", name=op.f("ck_invoice_rules_tolerance_bp")
        ),
        sa.CheckConstraint(
            "tolerance_minor >= 0", name=op.f("ck_invoice_rules_tolerance_not_negative")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice_rules")),
    )
    op.create_table(
        "supplier_invoice",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column(
            "supplier_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("supplier_number", sa.String(length=64), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "invoice",
                "credit_note",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "credits_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "status",
            sa.Enum(
                "recorded",
                "matched",
                "disputed",
                "approved",
                "credited",
                "cancelled",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("invoiced_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("freight_minor", sa.BigInteger(), nullable=False),
        sa.Column("other_minor", sa.BigInteger(), nullable=False),
        sa.Column("other_words", sa.Text(), nullable=False),
        sa.Column("net_minor", sa.BigInteger(), nullable=False),
        sa.Column("tax_minor", sa.BigInteger(), nullable=False),
        sa.Column("gross_minor", sa.BigInteger(), nullable=False),
        sa.Column("misprint_minor", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("paper_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(length=200), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.String(length=200), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("idempotency_key", sa.String(length=200), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'credit_note') = (credits_id IS NOT NULL)",
            name=op.f("ck_supplier_invoice_credits_one"),
        ),
        sa.CheckConstraint(
            "due_on >= invoiced_on", name=op.f("ck_supplier_invoice_due_after_invoiced")
        ),
        sa.CheckConstraint(
            "freight_minor >= 0 AND other_minor >= 0",
            name=op.f("ck_supplier_invoice_charges_not_negative"),
        ),
        sa.CheckConstraint(
            "net_minor + tax_minor = gross_minor", name=op.f("ck_supplier_invoice_totals_agree")
        ),
        sa.ForeignKeyConstraint(
            ["credits_id"], ["supplier_invoice.id"], name=op.f("fk_supplier_invoice_credits_id")
        ),
        sa.ForeignKeyConstraint(
            ["paper_id"], ["stored_file.id"], name=op.f("fk_supplier_invoice_paper_id")
        ),
        sa.ForeignKeyConstraint(
            ["supplier_id"], ["supplier.id"], name=op.f("fk_supplier_invoice_supplier_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supplier_invoice")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_supplier_invoice_idempotency_key")),
        sa.UniqueConstraint("number", name=op.f("uq_supplier_invoice_number")),
    )
    with op.batch_alter_table("supplier_invoice", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_supplier_invoice_credits_id"), ["credits_id"], unique=False
        )
        batch_op.create_index("ix_supplier_invoice_due_on", ["due_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_supplier_invoice_status"), ["status"], unique=False)
        batch_op.create_index(
            "uq_supplier_invoice_supplier_number",
            ["supplier_id", "supplier_number"],
            unique=True,
            sqlite_where=sa.text("status <> 'cancelled'"),
            postgresql_where=sa.text("status <> 'cancelled'"),
        )

    op.create_table(
        "supplier_invoice_terms",
        sa.Column(
            "supplier_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("payment_days", sa.Integer(), nullable=False),
        sa.Column("tolerance_bp", sa.Integer(), nullable=False),
        sa.Column("tolerance_minor", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "payment_days BETWEEN 0 AND 365", name=op.f("ck_supplier_invoice_terms_payment_days")
        ),
        sa.CheckConstraint(
            "tolerance_bp BETWEEN 0 AND 10000", name=op.f("ck_supplier_invoice_terms_tolerance_bp")
        ),
        sa.CheckConstraint(
            "tolerance_minor >= 0", name=op.f("ck_supplier_invoice_terms_tolerance_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["supplier_id"], ["supplier.id"], name=op.f("fk_supplier_invoice_terms_supplier_id")
        ),
        sa.PrimaryKeyConstraint("supplier_id", name=op.f("pk_supplier_invoice_terms")),
    )
    op.create_table(
        "supplier_invoice_difference",
        sa.Column(
            "invoice_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "quantity",
                "price",
                "tax",
                "freight",
                "charges",
                "total",
                "duplicate",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("is_within", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["invoice_id"],
            ["supplier_invoice.id"],
            name=op.f("fk_supplier_invoice_difference_invoice_id"),
        ),
        sa.PrimaryKeyConstraint(
            "invoice_id", "ordinal", name=op.f("pk_supplier_invoice_difference")
        ),
    )
    op.create_table(
        "supplier_invoice_line",
        sa.Column(
            "invoice_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "order_line_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "about",
            sa.Enum(
                "goods", "price", name="about", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("packs", sa.Integer(), nullable=False),
        sa.Column("price_e4", sa.BigInteger(), nullable=False),
        sa.Column("tax_bp", sa.Integer(), nullable=False),
        sa.Column("net_minor", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("packs > 0", name=op.f("ck_supplier_invoice_line_packs_positive")),
        sa.CheckConstraint(
            "price_e4 >= 0", name=op.f("ck_supplier_invoice_line_price_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["invoice_id"],
            ["supplier_invoice.id"],
            name=op.f("fk_supplier_invoice_line_invoice_id"),
        ),
        sa.ForeignKeyConstraint(
            ["order_line_id"],
            ["purchase_order_line.id"],
            name=op.f("fk_supplier_invoice_line_order_line_id"),
        ),
        sa.PrimaryKeyConstraint("invoice_id", "position", name=op.f("pk_supplier_invoice_line")),
    )
    with op.batch_alter_table("supplier_invoice_line", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_supplier_invoice_line_order_line_id"), ["order_line_id"], unique=False
        )

    with op.batch_alter_table("purchase_order_line") as batch:
        for column in COUNTERS:
            batch.add_column(sa.Column(column, sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("purchase_order_line") as batch:
        for column in COUNTERS:
            batch.alter_column(column, server_default=None)
        for name, rule in RULES.items():
            batch.create_check_constraint(op.f(f"ck_purchase_order_line_{name}"), rule)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")
    with op.batch_alter_table("purchase_order_line") as batch:
        for name in RULES:
            batch.drop_constraint(op.f(f"ck_purchase_order_line_{name}"), type_="check")
        for column in reversed(COUNTERS):
            batch.drop_column(column)
    with op.batch_alter_table("supplier_invoice_line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_supplier_invoice_line_order_line_id"))

    op.drop_table("supplier_invoice_line")
    op.drop_table("supplier_invoice_difference")
    op.drop_table("supplier_invoice_terms")
    with op.batch_alter_table("supplier_invoice", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_supplier_invoice_supplier_number",
            sqlite_where=sa.text("status <> 'cancelled'"),
            postgresql_where=sa.text("status <> 'cancelled'"),
        )
        batch_op.drop_index(batch_op.f("ix_supplier_invoice_status"))
        batch_op.drop_index("ix_supplier_invoice_due_on")
        batch_op.drop_index(batch_op.f("ix_supplier_invoice_credits_id"))

    op.drop_table("supplier_invoice")
    op.drop_table("invoice_rules")
