"""What was handed on to be invoiced, in batches; each shipment and each return in at most one."""

import sqlalchemy as sa
from alembic import op

revision = "20261129_invoice_exports"
down_revision = "20261129_quote_approvals"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")  # rather fail than queue everybody behind us
    op.create_table(
        "invoice_export",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=200), nullable=False),
        sa.Column("csv", sa.Text(), nullable=False),
        sa.Column("idempotency_key", sa.String(length=200), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice_export")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_invoice_export_idempotency_key")),
        sa.UniqueConstraint("number", name=op.f("uq_invoice_export_number")),
    )
    op.create_table(
        "invoice_export_item",
        sa.Column(
            "export_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "shipment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("return_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("customer_name", sa.String(length=200), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("net_minor", sa.BigInteger(), nullable=False),
        sa.Column("tax_minor", sa.BigInteger(), nullable=False),
        sa.Column("gross_minor", sa.BigInteger(), nullable=False),
        sa.Column("ubl", sa.Text(), nullable=True),
        sa.Column("why", sa.String(length=200), nullable=False),
        sa.CheckConstraint(
            "(shipment_id IS NULL) <> (return_id IS NULL)",
            name=op.f("ck_invoice_export_item_of_one_thing"),
        ),
        sa.CheckConstraint(
            "net_minor + tax_minor = gross_minor", name=op.f("ck_invoice_export_item_totals_agree")
        ),
        sa.ForeignKeyConstraint(
            ["export_id"], ["invoice_export.id"], name=op.f("fk_invoice_export_item_export_id")
        ),
        sa.ForeignKeyConstraint(
            ["return_id"], ["customer_return.id"], name=op.f("fk_invoice_export_item_return_id")
        ),
        sa.ForeignKeyConstraint(
            ["shipment_id"], ["shipment.id"], name=op.f("fk_invoice_export_item_shipment_id")
        ),
        sa.PrimaryKeyConstraint("export_id", "position", name=op.f("pk_invoice_export_item")),
        sa.UniqueConstraint("return_id", name=op.f("uq_invoice_export_item_return_id")),
        sa.UniqueConstraint("shipment_id", name=op.f("uq_invoice_export_item_shipment_id")),
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("invoice_export_item")
    op.drop_table("invoice_export")
