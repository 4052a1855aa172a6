"""Deliveries are held to rules: how much may come, how long it must keep; what the note says, what is wrong, pictures."""

import sqlalchemy as sa
from alembic import op

revision = "20261128_deliveries_checked"
down_revision = "20261128_supplier_answers"

RULES = {
    "fault": "fault IN ('damaged', 'short_dated', 'wrong_goods', 'missing', 'other')",
    "good_has_no_fault": "fault IS NULL OR condition <> 'good'",
    "noted_not_negative": "(noted_packs IS NULL OR noted_packs >= 0)"
    " AND (noted_price_e4 IS NULL OR noted_price_e4 >= 0)",
}


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")  # rather fail than queue everybody behind us
    op.create_table(
        "delivery_rule",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("scope", sa.String(length=64), nullable=False),
        sa.Column(
            "supplier_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "product_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("over_bp", sa.Integer(), nullable=True),
        sa.Column("least_days", sa.Integer(), nullable=True),
        sa.Column("least_life_bp", sa.Integer(), nullable=True),
        sa.Column("claim_days", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "claim_days IS NULL OR claim_days BETWEEN 1 AND 3650",
            name=op.f("ck_delivery_rule_claim_days"),
        ),
        sa.CheckConstraint(
            "claim_days IS NULL OR product_id IS NULL",
            name=op.f("ck_delivery_rule_claims_by_supplier"),
        ),
        sa.CheckConstraint(
            "least_days IS NULL OR least_days BETWEEN 0 AND 36500",
            name=op.f("ck_delivery_rule_least_days"),
        ),
        sa.CheckConstraint(
            "least_life_bp IS NULL OR least_life_bp BETWEEN 0 AND 10000",
            name=op.f("ck_delivery_rule_least_life"),
        ),
        sa.CheckConstraint(
            "over_bp IS NOT NULL OR least_days IS NOT NULL OR least_life_bp IS NOT NULL OR claim_days IS NOT NULL",
            name=op.f("ck_delivery_rule_says_something"),
        ),
        sa.CheckConstraint(
            "over_bp IS NULL OR over_bp BETWEEN 0 AND 10000", name=op.f("ck_delivery_rule_over")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_delivery_rule_product_id")
        ),
        sa.ForeignKeyConstraint(
            ["supplier_id"], ["supplier.id"], name=op.f("fk_delivery_rule_supplier_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_rule")),
        sa.UniqueConstraint("scope", name=op.f("uq_delivery_rule_scope")),
    )
    with op.batch_alter_table("delivery_rule", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_delivery_rule_product_id"), ["product_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_delivery_rule_supplier_id"), ["supplier_id"], unique=False
        )

    op.create_table(
        "goods_receipt_photo",
        sa.Column(
            "receipt_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_goods_receipt_photo_file_id")
        ),
        sa.ForeignKeyConstraint(
            ["receipt_id", "position"],
            ["goods_receipt_line.receipt_id", "goods_receipt_line.position"],
            name=op.f("fk_goods_receipt_photo_receipt_id_position"),
        ),
        sa.PrimaryKeyConstraint(
            "receipt_id", "position", "file_id", name=op.f("pk_goods_receipt_photo")
        ),
    )
    with op.batch_alter_table("goods_receipt_line", schema=None) as batch_op:
        batch_op.add_column(sa.Column("fault", sa.String(32)))
        batch_op.add_column(sa.Column("why", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("noted_packs", sa.Integer()))
        batch_op.add_column(sa.Column("noted_price_e4", sa.BigInteger()))
        batch_op.add_column(sa.Column("least_days", sa.Integer()))
    with op.batch_alter_table("goods_receipt_line", schema=None) as batch_op:
        batch_op.alter_column("why", server_default=None)
        for name, rule in RULES.items():
            batch_op.create_check_constraint(op.f(f"ck_goods_receipt_line_{name}"), rule)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")
    with op.batch_alter_table("goods_receipt_line", schema=None) as batch_op:
        for name in RULES:
            batch_op.drop_constraint(op.f(f"ck_goods_receipt_line_{name}"), type_="check")
        batch_op.drop_column("least_days")
        batch_op.drop_column("noted_price_e4")
        batch_op.drop_column("noted_packs")
        batch_op.drop_column("why")
        batch_op.drop_column("fault")

    op.drop_table("goods_receipt_photo")
    with op.batch_alter_table("delivery_rule", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_delivery_rule_supplier_id"))
        batch_op.drop_index(batch_op.f("ix_delivery_rule_product_id"))

    op.drop_table("delivery_rule")
