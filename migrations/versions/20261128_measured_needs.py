"""Measured use, levels that follow it, snoozed needs, and sites that buy for others."""

import sqlalchemy as sa
from alembic import op

revision = "20261128_measured_needs"
down_revision = "20261128_order_revisions"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")  # rather fail than queue everybody behind us
    op.create_table(
        "measuring_rule",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("service_permille", sa.Integer(), nullable=False),
        sa.Column("history_weeks", sa.Integer(), nullable=False),
        sa.Column("review_days", sa.Integer(), nullable=False),
        sa.Column("top_up_days", sa.Integer(), nullable=False),
        sa.Column("measured_on", sa.Date(), nullable=True),
        sa.CheckConstraint("history_weeks BETWEEN 4 AND 104", name=op.f("ck_measuring_rule_weeks")),
        sa.CheckConstraint("id = 1", name=op.f("ck_measuring_rule_one_row")),
        sa.CheckConstraint("review_days BETWEEN 0 AND 90", name=op.f("ck_measuring_rule_review")),
        sa.CheckConstraint(
            "service_permille IN (900, 950, 980, 990, 995)", name=op.f("ck_measuring_rule_service")
        ),
        sa.CheckConstraint("top_up_days BETWEEN 1 AND 90", name=op.f("ck_measuring_rule_top_up")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measuring_rule")),
    )
    op.create_table(
        "demand_factor",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "season",
                "growth",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("month", sa.Integer(), nullable=True),
        sa.Column("permille", sa.Integer(), nullable=False),
        sa.Column(
            "product_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("family_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("site_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "(kind = 'season') = (month IS NOT NULL)",
            name=op.f("ck_demand_factor_season_has_month"),
        ),
        sa.CheckConstraint(
            "permille BETWEEN -900 AND 10000 AND (kind = 'growth' OR permille > 0)",
            name=op.f("ck_demand_factor_permille"),
        ),
        sa.CheckConstraint("month BETWEEN 1 AND 12", name=op.f("ck_demand_factor_month")),
        sa.CheckConstraint(
            "product_id IS NULL OR family_id IS NULL",
            name=op.f("ck_demand_factor_product_or_family"),
        ),
        sa.CheckConstraint(
            "valid_until >= valid_from", name=op.f("ck_demand_factor_until_after_from")
        ),
        sa.ForeignKeyConstraint(
            ["family_id"], ["family.id"], name=op.f("fk_demand_factor_family_id")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_demand_factor_product_id")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_demand_factor_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_demand_factor")),
    )
    with op.batch_alter_table("demand_factor", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_demand_factor_family_id"), ["family_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_demand_factor_product_id"), ["product_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_demand_factor_site_id"), ["site_id"], unique=False)

    op.create_table(
        "measured_use",
        sa.Column(
            "location_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "product_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "method",
            sa.Enum(
                "mean",
                "sba",
                "tsb",
                "none",
                name="method",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("weeks", sa.Integer(), nullable=False),
        sa.Column("per_week", sa.BigInteger(), nullable=False),
        sa.Column("deviation", sa.BigInteger(), nullable=False),
        sa.Column("used_per_week", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("deviation >= 0", name=op.f("ck_measured_use_deviation")),
        sa.CheckConstraint(
            "used_per_week >= 0 AND used_per_week <= per_week",
            name=op.f("ck_measured_use_used_of_it"),
        ),
        sa.CheckConstraint("weeks > 0", name=op.f("ck_measured_use_weeks")),
        sa.ForeignKeyConstraint(
            ["location_id"], ["location.id"], name=op.f("fk_measured_use_location_id")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_measured_use_product_id")
        ),
        sa.PrimaryKeyConstraint("location_id", "product_id", name=op.f("pk_measured_use")),
    )
    with op.batch_alter_table("measured_use", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_measured_use_product_id"), ["product_id"], unique=False
        )

    op.create_table(
        "need_snooze",
        sa.Column(
            "location_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "product_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("comes_back_below", sa.BigInteger(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("snoozed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("snoozed_by", sa.String(length=200), nullable=False),
        sa.CheckConstraint("comes_back_below >= 0", name=op.f("ck_need_snooze_level_not_negative")),
        sa.ForeignKeyConstraint(
            ["location_id"], ["location.id"], name=op.f("fk_need_snooze_location_id")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_need_snooze_product_id")
        ),
        sa.PrimaryKeyConstraint("location_id", "product_id", name=op.f("pk_need_snooze")),
    )
    with op.batch_alter_table("need_snooze", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_need_snooze_product_id"), ["product_id"], unique=False)

    op.create_table(
        "measured_level",
        sa.Column(
            "location_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "product_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("service_permille", sa.Integer(), nullable=True),
        sa.Column("cover_days", sa.Integer(), nullable=False),
        sa.CheckConstraint("cover_days BETWEEN 1 AND 365", name=op.f("ck_measured_level_cover")),
        sa.CheckConstraint(
            "service_permille IN (900, 950, 980, 990, 995)", name=op.f("ck_measured_level_service")
        ),
        sa.ForeignKeyConstraint(
            ["location_id", "product_id"],
            ["stocking_rule.location_id", "stocking_rule.product_id"],
            name=op.f("fk_measured_level_location_id_product_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("location_id", "product_id", name=op.f("pk_measured_level")),
    )
    with op.batch_alter_table("measured_level", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_measured_level_product_id"), ["product_id"], unique=False
        )

    with op.batch_alter_table("site", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "buying_site_id",
                sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
                nullable=True,
            )
        )
        batch_op.create_index(
            batch_op.f("ix_site_buying_site_id"), ["buying_site_id"], unique=False
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_site_buying_site_id"), "site", ["buying_site_id"], ["id"]
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_site_buys_for_another"), "buying_site_id <> id"
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")
    with op.batch_alter_table("site", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_site_buys_for_another"), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_site_buying_site_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_site_buying_site_id"))
        batch_op.drop_column("buying_site_id")

    with op.batch_alter_table("measured_level", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_measured_level_product_id"))

    op.drop_table("measured_level")
    with op.batch_alter_table("need_snooze", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_need_snooze_product_id"))

    op.drop_table("need_snooze")
    with op.batch_alter_table("measured_use", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_measured_use_product_id"))

    op.drop_table("measured_use")
    with op.batch_alter_table("demand_factor", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_demand_factor_site_id"))
        batch_op.drop_index(batch_op.f("ix_demand_factor_product_id"))
        batch_op.drop_index(batch_op.f("ix_demand_factor_family_id"))

    op.drop_table("demand_factor")
    op.drop_table("measuring_rule")
