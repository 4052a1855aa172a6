"""Orders that come again: templates, and the rhythms in which they are drafted."""

import sqlalchemy as sa
from alembic import op

revision = "20261128_order_templates"
down_revision = "20261128_budgets"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")  # rather fail than queue everybody behind us
    op.create_table(
        "order_template",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column(
            "supplier_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "deliver_to_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("note_to_supplier", sa.Text(), nullable=False),
        sa.Column("note_to_us", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=200), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["deliver_to_id"], ["location.id"], name=op.f("fk_order_template_deliver_to_id")
        ),
        sa.ForeignKeyConstraint(
            ["supplier_id"], ["supplier.id"], name=op.f("fk_order_template_supplier_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_template")),
        sa.UniqueConstraint("number", name=op.f("uq_order_template_number")),
    )
    with op.batch_alter_table("order_template", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_order_template_deliver_to_id"), ["deliver_to_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_order_template_supplier_id"), ["supplier_id"], unique=False
        )

    op.create_table(
        "order_template_line",
        sa.Column(
            "template_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "product_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("pack_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("packs", sa.Integer(), nullable=False),
        sa.Column("price_e4", sa.BigInteger(), nullable=False),
        sa.Column("tax_bp", sa.Integer(), nullable=False),
        sa.CheckConstraint("packs > 0", name=op.f("ck_order_template_line_packs_positive")),
        sa.CheckConstraint("price_e4 >= 0", name=op.f("ck_order_template_line_price_not_negative")),
        sa.ForeignKeyConstraint(
            ["pack_id", "product_id"],
            ["pack.id", "pack.product_id"],
            name=op.f("fk_order_template_line_pack_id_product_id"),
        ),
        sa.ForeignKeyConstraint(
            ["template_id"], ["order_template.id"], name=op.f("fk_order_template_line_template_id")
        ),
        sa.PrimaryKeyConstraint("template_id", "position", name=op.f("pk_order_template_line")),
    )
    with op.batch_alter_table("order_template_line", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_order_template_line_pack_id_product_id"),
            ["pack_id", "product_id"],
            unique=False,
        )

    op.create_table(
        "standing_order",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column(
            "template_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("every", sa.Integer(), nullable=False),
        sa.Column(
            "unit",
            sa.Enum(
                "weeks", "months", name="unit", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("begun_by", sa.String(length=200), nullable=False),
        sa.Column(
            "begun_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.CheckConstraint("every BETWEEN 1 AND 52", name=op.f("ck_standing_order_every")),
        sa.CheckConstraint(
            "until IS NULL OR next_on IS NULL OR next_on <= until",
            name=op.f("ck_standing_order_until"),
        ),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_standing_order_weekday")),
        sa.ForeignKeyConstraint(
            ["begun_by_id"], ["user_account.id"], name=op.f("fk_standing_order_begun_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["template_id"], ["order_template.id"], name=op.f("fk_standing_order_template_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standing_order")),
        sa.UniqueConstraint("number", name=op.f("uq_standing_order_number")),
    )
    with op.batch_alter_table("standing_order", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_standing_order_begun_by_id"), ["begun_by_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_standing_order_next_on"), ["next_on"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_standing_order_template_id"), ["template_id"], unique=False
        )

    with op.batch_alter_table("purchase_order", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "standing_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
            )
        )
        batch_op.add_column(sa.Column("standing_for", sa.Date(), nullable=True))
        batch_op.create_unique_constraint(
            batch_op.f("uq_purchase_order_standing_id_standing_for"),
            ["standing_id", "standing_for"],
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_purchase_order_standing_id"), "standing_order", ["standing_id"], ["id"]
        )
        batch_op.create_check_constraint(
            op.f("ck_purchase_order_standing_says_for_when"),
            "(standing_id IS NULL) = (standing_for IS NULL)",
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")
    with op.batch_alter_table("purchase_order", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_purchase_order_standing_says_for_when"), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_purchase_order_standing_id"), type_="foreignkey")
        batch_op.drop_constraint(
            batch_op.f("uq_purchase_order_standing_id_standing_for"), type_="unique"
        )
        batch_op.drop_column("standing_for")
        batch_op.drop_column("standing_id")

    with op.batch_alter_table("standing_order", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_standing_order_template_id"))
        batch_op.drop_index(batch_op.f("ix_standing_order_next_on"))
        batch_op.drop_index(batch_op.f("ix_standing_order_begun_by_id"))

    op.drop_table("standing_order")
    with op.batch_alter_table("order_template_line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_order_template_line_pack_id_product_id"))

    op.drop_table("order_template_line")
    with op.batch_alter_table("order_template", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_order_template_supplier_id"))
        batch_op.drop_index(batch_op.f("ix_order_template_deliver_to_id"))

    op.drop_table("order_template")
