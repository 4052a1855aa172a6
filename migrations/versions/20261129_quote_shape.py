"""Lines of a quote are goods, words or samples; included, optional or alternatives; other quantities on one line."""

import sqlalchemy as sa
from alembic import op

revision = "20261129_quote_shape"
down_revision = "20261129_order_links_opened"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KINDS = ("product", "text", "sample")
CHOICES = ("included", "optional", "alternative")
RULES = {
    "packs_positive": "packs >= 0 AND (packs > 0 OR kind = 'text')",
    "of_a_product": "kind = 'text' OR (product_id IS NOT NULL AND pack_id IS NOT NULL)",
    "words_cost_nothing": "kind <> 'text' OR (product_id IS NULL AND pack_id IS NULL AND packs = 0"
    " AND price_e4 IS NULL AND net_minor = 0 AND choice = 'included')",
    "samples_are_free": "kind <> 'sample' OR (price_e4 = 0 AND net_minor = 0 AND choice = 'included')",
    "group": "(choice = 'alternative') = (choice_group <> '')",
    "chosen_alternative": "NOT chosen OR choice = 'alternative'",
}
ONE_CHOSEN = "uq_quote_line_one_chosen"


def one_of(column: str, *words: str) -> str:
    return f"{column} IN ({', '.join(repr(word) for word in words)})"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")  # rather fail than queue everybody behind us
    with op.batch_alter_table("quote_line") as batch:
        batch.drop_constraint(op.f("ck_quote_line_packs_positive"), type_="check")
        batch.add_column(sa.Column("kind", sa.String(32), nullable=False, server_default="product"))
        batch.add_column(
            sa.Column("choice", sa.String(32), nullable=False, server_default="included")
        )
        batch.add_column(
            sa.Column("choice_group", sa.String(64), nullable=False, server_default="")
        )
        batch.add_column(
            sa.Column("chosen", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch.add_column(
            sa.Column("own_use", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch.add_column(sa.Column("text", sa.Text(), nullable=False, server_default=""))
        batch.alter_column("product_id", existing_type=KEY, nullable=True)
        batch.alter_column("pack_id", existing_type=KEY, nullable=True)
    op.execute("UPDATE quote_line SET choice = 'optional' WHERE optional")
    with op.batch_alter_table("quote_line") as batch:
        for column in ("kind", "choice", "choice_group", "chosen", "own_use", "text"):
            batch.alter_column(column, server_default=None)
        batch.drop_column("optional")
        batch.create_check_constraint(op.f("ck_quote_line_kind"), one_of("kind", *KINDS))
        batch.create_check_constraint(op.f("ck_quote_line_choice"), one_of("choice", *CHOICES))
        for name, rule in RULES.items():
            batch.create_check_constraint(op.f(f"ck_quote_line_{name}"), rule)
        batch.create_index(
            ONE_CHOSEN,
            ["quote_id", "choice_group"],
            unique=True,
            sqlite_where=sa.text("chosen"),
            postgresql_where=sa.text("chosen"),
        )
    op.create_table(
        "quote_line_offer",
        sa.Column("line_id", KEY, nullable=False),
        sa.Column("packs", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("price_e4", sa.BigInteger(), nullable=False),
        sa.Column("discount_bp", sa.Integer(), nullable=False),
        sa.Column("net_minor", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "discount_bp BETWEEN 0 AND 10000", name=op.f("ck_quote_line_offer_discount")
        ),
        sa.CheckConstraint("packs > 0", name=op.f("ck_quote_line_offer_packs_positive")),
        sa.CheckConstraint("price_e4 >= 0", name=op.f("ck_quote_line_offer_price_not_negative")),
        sa.ForeignKeyConstraint(
            ["line_id"],
            ["quote_line.id"],
            name=op.f("fk_quote_line_offer_line_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("line_id", "packs", name=op.f("pk_quote_line_offer")),
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("quote_line_offer")
    with op.batch_alter_table("quote_line") as batch:
        batch.drop_index(ONE_CHOSEN)
        for name in (*RULES, "kind", "choice"):
            batch.drop_constraint(op.f(f"ck_quote_line_{name}"), type_="check")
        batch.add_column(
            sa.Column("optional", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    # What the older shape cannot say: words go, and an alternative that is not suggested was an option.
    op.execute("DELETE FROM quote_line WHERE kind = 'text'")
    op.execute(
        "UPDATE quote_line SET optional = true"
        " WHERE choice = 'optional' OR (choice = 'alternative' AND NOT chosen)"
    )
    with op.batch_alter_table("quote_line") as batch:
        batch.alter_column("optional", server_default=None)
        for column in ("text", "own_use", "chosen", "choice_group", "choice", "kind"):
            batch.drop_column(column)
        batch.alter_column("pack_id", existing_type=KEY, nullable=False)
        batch.alter_column("product_id", existing_type=KEY, nullable=False)
        batch.create_check_constraint(op.f("ck_quote_line_packs_positive"), "packs > 0")
