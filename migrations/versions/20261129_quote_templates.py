"""Templates of quotes; what the customer wants of the goods stands on the quote."""

import sqlalchemy as sa
from alembic import op

revision = "20261129_quote_templates"
down_revision = "20261129_sales_orders"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WISHES = ("nut_free", "fragrance_free", "vegan")


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")  # rather fail than queue everybody behind us
    with op.batch_alter_table("quote") as batch:
        for name in WISHES:
            batch.add_column(
                sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false())
            )
        batch.add_column(sa.Column("avoid", sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("quote") as batch:
        for name in (*WISHES, "avoid"):
            batch.alter_column(name, server_default=None)
    op.create_table(
        "quote_template",
        sa.Column("id", KEY, nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("introduction", sa.Text(), nullable=False),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quote_template")),
        sa.UniqueConstraint("name", name=op.f("uq_quote_template_name")),
    )
    op.create_table(
        "quote_template_line",
        sa.Column("template_id", KEY, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("section", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("choice", sa.String(32), nullable=False),
        sa.Column("choice_group", sa.String(64), nullable=False),
        sa.Column("chosen", sa.Boolean(), nullable=False),
        sa.Column("product_id", KEY),
        sa.Column("pack_id", KEY),
        sa.Column("packs", sa.Integer(), nullable=False),
        sa.Column("offers", sa.Text(), nullable=False),
        sa.Column("own_use", sa.Boolean(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('product', 'text', 'sample')", name=op.f("ck_quote_template_line_kind")
        ),
        sa.CheckConstraint(
            "choice IN ('included', 'optional', 'alternative')",
            name=op.f("ck_quote_template_line_choice"),
        ),
        sa.CheckConstraint(
            "(kind = 'text') = (product_id IS NULL) AND (kind = 'text') = (pack_id IS NULL)",
            name=op.f("ck_quote_template_line_of_a_product"),
        ),
        sa.CheckConstraint(
            "packs >= 0 AND (packs > 0 OR kind = 'text')",
            name=op.f("ck_quote_template_line_packs_positive"),
        ),
        sa.ForeignKeyConstraint(
            ["template_id"],
            ["quote_template.id"],
            name=op.f("fk_quote_template_line_template_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["pack_id", "product_id"],
            ["pack.id", "pack.product_id"],
            name=op.f("fk_quote_template_line_pack_id_product_id"),
        ),
        sa.PrimaryKeyConstraint("template_id", "position", name=op.f("pk_quote_template_line")),
    )
    op.create_index(
        op.f("ix_quote_template_line_pack_id_product_id"),
        "quote_template_line",
        ["pack_id", "product_id"],
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("quote_template_line")
    op.drop_table("quote_template")
    with op.batch_alter_table("quote") as batch:
        for name in (*WISHES, "avoid"):
            batch.drop_column(name)
