"""Customer groups with their price lists; rules on top of the lists: discounts and cost-plus."""

import sqlalchemy as sa
from alembic import op

revision = "20261129_price_rules"
down_revision = "20261129_returns_in_the_match"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")  # rather fail than queue everybody behind us
    op.create_table(
        "customer_group",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_group")),
        sa.UniqueConstraint("code", name=op.f("uq_customer_group_code")),
    )
    op.create_table(
        "price_rule",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "discount",
                "cost_plus",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("percent_bp", sa.Integer(), nullable=False),
        sa.Column(
            "basis",
            sa.Enum(
                "last_purchase",
                "average_purchase",
                "supplier_price",
                name="basis",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column(
            "customer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("group_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "product_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("family_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("brand", sa.String(length=200), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("from_packs", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("least_margin_bp", sa.Integer(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind <> 'discount' OR percent_bp BETWEEN 1 AND 10000",
            name=op.f("ck_price_rule_discount"),
        ),
        sa.CheckConstraint(
            "customer_id IS NULL OR group_id IS NULL", name=op.f("ck_price_rule_customer_or_group")
        ),
        sa.CheckConstraint("from_packs >= 1", name=op.f("ck_price_rule_from_packs_positive")),
        sa.CheckConstraint(
            "least_margin_bp BETWEEN 0 AND 9900", name=op.f("ck_price_rule_least_margin")
        ),
        sa.CheckConstraint("percent_bp BETWEEN 0 AND 100000", name=op.f("ck_price_rule_percent")),
        sa.CheckConstraint("priority BETWEEN 1 AND 999", name=op.f("ck_price_rule_priority")),
        sa.CheckConstraint("valid_from <= valid_until", name=op.f("ck_price_rule_validity")),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name=op.f("fk_price_rule_customer_id")
        ),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name=op.f("fk_price_rule_family_id")),
        sa.ForeignKeyConstraint(
            ["group_id"], ["customer_group.id"], name=op.f("fk_price_rule_group_id")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_price_rule_product_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_price_rule")),
    )
    with op.batch_alter_table("price_rule", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_price_rule_customer_id"), ["customer_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_price_rule_family_id"), ["family_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_price_rule_group_id"), ["group_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_price_rule_product_id"), ["product_id"], unique=False)

    with op.batch_alter_table("customer", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "group_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
            )
        )
        batch_op.create_index(batch_op.f("ix_customer_group_id"), ["group_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_customer_group_id"), "customer_group", ["group_id"], ["id"]
        )

    with op.batch_alter_table("price_list", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "group_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
            )
        )
        batch_op.create_index(batch_op.f("ix_price_list_group_id"), ["group_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_price_list_group_id"), "customer_group", ["group_id"], ["id"]
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")
    with op.batch_alter_table("price_list", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_price_list_group_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_price_list_group_id"))
        batch_op.drop_column("group_id")

    with op.batch_alter_table("customer", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_customer_group_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_customer_group_id"))
        batch_op.drop_column("group_id")

    with op.batch_alter_table("price_rule", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_price_rule_product_id"))
        batch_op.drop_index(batch_op.f("ix_price_rule_group_id"))
        batch_op.drop_index(batch_op.f("ix_price_rule_family_id"))
        batch_op.drop_index(batch_op.f("ix_price_rule_customer_id"))

    op.drop_table("price_rule")
    op.drop_table("customer_group")
