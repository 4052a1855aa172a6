"""Tools with a number of their own and their cleaning, and how much linen goes round."""

import sqlalchemy as sa
from alembic import op

revision = "20261128_tools_and_linen"
down_revision = "20261128_recalls"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")  # rather fail than queue everybody behind us
    op.create_table(
        "tool",
        sa.Column("lot_id", KEY, nullable=False, autoincrement=False),
        sa.Column("number", sa.String(64), nullable=False),
        sa.Column("from_lot_id", KEY, nullable=False),
        sa.Column("serial", sa.String(64)),
        sa.Column("warranty_until", sa.Date()),
        sa.Column("clean_every_days", sa.Integer()),
        sa.Column("tagged_at", MOMENT, nullable=False),
        sa.CheckConstraint("clean_every_days > 0", name=op.f("ck_tool_cleaned_after_days")),
        sa.CheckConstraint("from_lot_id <> lot_id", name=op.f("ck_tool_came_from_a_lot")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_tool_lot_id")),
        sa.ForeignKeyConstraint(["from_lot_id"], ["lot.id"], name=op.f("fk_tool_from_lot_id")),
        sa.PrimaryKeyConstraint("lot_id", name=op.f("pk_tool")),
        sa.UniqueConstraint("number", name=op.f("uq_tool_number")),
    )
    op.create_index(op.f("ix_tool_from_lot_id"), "tool", ["from_lot_id"])
    op.create_table(
        "tool_cleaning",
        sa.Column("id", KEY, nullable=False),
        sa.Column("lot_id", KEY, nullable=False),
        sa.Column("cleaned_at", MOMENT, nullable=False),
        sa.Column("cleaned_by", sa.String(200), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["lot_id"], ["tool.lot_id"], name=op.f("fk_tool_cleaning_lot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tool_cleaning")),
    )
    op.create_index(op.f("ix_tool_cleaning_lot_id"), "tool_cleaning", ["lot_id"])
    op.create_table(
        "linen_rule",
        sa.Column("site_id", KEY, nullable=False),
        sa.Column("product_id", KEY, nullable=False),
        sa.Column("turns_a_day", sa.Integer(), nullable=False),
        sa.Column("pieces_a_turn", sa.Integer(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.CheckConstraint("turns_a_day > 0", name=op.f("ck_linen_rule_turns_positive")),
        sa.CheckConstraint("pieces_a_turn > 0", name=op.f("ck_linen_rule_pieces_positive")),
        sa.CheckConstraint("days > 0", name=op.f("ck_linen_rule_days_positive")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_linen_rule_site_id")),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_linen_rule_product_id")
        ),
        sa.PrimaryKeyConstraint("site_id", "product_id", name=op.f("pk_linen_rule")),
    )
    op.create_index(op.f("ix_linen_rule_product_id"), "linen_rule", ["product_id"])


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("linen_rule")
    op.drop_table("tool_cleaning")
    op.drop_table("tool")
