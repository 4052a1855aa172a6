"""Transfers are asked for, travel and arrive in part; rounds through the rooms; a cause and a reason more."""

import sqlalchemy as sa
from alembic import op

revision = "20261128_transfers_under_way"
down_revision = "20261128_stock_counts"

STATUSES = ("draft", "done", "cancelled")
NEW_STATUSES = ("requested", "draft", "in_transit", "partly_arrived", "done", "cancelled")
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
LINE_RULES = {
    "sent_was_picked": "sent >= 0 AND sent <= quantity",
    "arrived_was_sent": "arrived >= 0 AND explained >= 0 AND arrived + explained <= sent",
}


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")  # rather fail than queue everybody behind us
    op.create_table(
        "top_up_run",
        sa.Column("id", KEY, nullable=False),
        sa.Column("number", sa.String(64), nullable=False),
        sa.Column("site_id", KEY, nullable=False),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("drafted_by", sa.String(200), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_top_up_run_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_top_up_run")),
        sa.UniqueConstraint("number", name=op.f("uq_top_up_run_number")),
    )
    op.create_index(op.f("ix_top_up_run_site_id"), "top_up_run", ["site_id"])
    with op.batch_alter_table("transfer") as batch:
        batch.drop_constraint(op.f("ck_transfer_status"), type_="check")
        batch.add_column(sa.Column("transit_id", KEY))
        batch.add_column(sa.Column("run_id", KEY))
        batch.add_column(sa.Column("note", sa.Text(), nullable=False, server_default=""))
        batch.add_column(sa.Column("sent_at", sa.DateTime(timezone=True)))
        batch.create_foreign_key(op.f("fk_transfer_transit_id"), "location", ["transit_id"], ["id"])
        batch.create_foreign_key(op.f("fk_transfer_run_id"), "top_up_run", ["run_id"], ["id"])
        batch.create_check_constraint(op.f("ck_transfer_status"), one_of("status", *NEW_STATUSES))
        batch.create_check_constraint(
            op.f("ck_transfer_under_way_somewhere"),
            "status NOT IN ('in_transit', 'partly_arrived') OR transit_id IS NOT NULL",
        )
        batch.create_index(op.f("ix_transfer_transit_id"), ["transit_id"])
        batch.create_index(op.f("ix_transfer_run_id"), ["run_id"])
    with op.batch_alter_table("transfer") as batch:
        batch.alter_column("note", server_default=None)
    with op.batch_alter_table("transfer_line") as batch:
        for column in ("sent", "arrived", "explained"):
            batch.add_column(sa.Column(column, sa.BigInteger(), nullable=False, server_default="0"))
    done = "(SELECT id FROM transfer WHERE status = 'done')"
    op.execute(
        f"UPDATE transfer_line SET sent = quantity, arrived = quantity WHERE transfer_id IN {done}"  # noqa: S608 (our own words)
    )
    with op.batch_alter_table("transfer_line") as batch:
        for column in ("sent", "arrived", "explained"):
            batch.alter_column(column, server_default=None)
        for name, rule in LINE_RULES.items():
            batch.create_check_constraint(op.f(f"ck_transfer_line_{name}"), rule)
    op.create_table(
        "transfer_wish",
        sa.Column("transfer_id", KEY, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("product_id", KEY, nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_transfer_wish_quantity_positive")),
        sa.ForeignKeyConstraint(
            ["transfer_id"], ["transfer.id"], name=op.f("fk_transfer_wish_transfer_id")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_transfer_wish_product_id")
        ),
        sa.PrimaryKeyConstraint("transfer_id", "position", name=op.f("pk_transfer_wish")),
    )
    op.create_index(op.f("ix_transfer_wish_product_id"), "transfer_wish", ["product_id"])
    op.create_index(op.f("ix_posting_document"), "posting", ["document"])
    set_words(add=True)


def downgrade() -> None:
    """Transfers under way cannot be told any more: finish them first, or the old rule of statuses refuses."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")
    set_words(add=False)
    op.drop_index(op.f("ix_posting_document"), "posting")
    op.drop_table("transfer_wish")
    with op.batch_alter_table("transfer_line") as batch:
        for name in LINE_RULES:
            batch.drop_constraint(op.f(f"ck_transfer_line_{name}"), type_="check")
        for column in ("sent", "arrived", "explained"):
            batch.drop_column(column)
    with op.batch_alter_table("transfer") as batch:
        batch.drop_index(op.f("ix_transfer_run_id"))
        batch.drop_index(op.f("ix_transfer_transit_id"))
        batch.drop_constraint(op.f("ck_transfer_under_way_somewhere"), type_="check")
        batch.drop_constraint(op.f("ck_transfer_status"), type_="check")
        batch.drop_constraint(op.f("fk_transfer_run_id"), type_="foreignkey")
        batch.drop_constraint(op.f("fk_transfer_transit_id"), type_="foreignkey")
        for column in ("sent_at", "note", "run_id", "transit_id"):
            batch.drop_column(column)
        batch.create_check_constraint(op.f("ck_transfer_status"), one_of("status", *STATUSES))
    op.drop_table("top_up_run")


def set_words(*, add: bool) -> None:
    """The reasons and causes there are, whatever other steps have added to them."""
    for column, word in (("reason", "tag"), ("cause", "worn_out")):
        rule = f"ck_posting_{column}"
        words = words_of(rule)
        words = [*words, word] if add else [one for one in words if one != word]
        with op.batch_alter_table("posting") as batch:
            batch.drop_constraint(op.f(rule), type_="check")
            batch.create_check_constraint(op.f(rule), one_of(column, *words))


def words_of(rule: str) -> list[str]:
    checks = sa.inspect(op.get_bind()).get_check_constraints("posting")
    text = next(str(check["sqltext"]) for check in checks if check["name"] == rule)
    return text.split("'")[1::2]


def one_of(column: str, *values: str) -> str:
    """The CHECK of an enumeration as the models write it."""
    return f"{column} IN ({', '.join(repr(value) for value in values)})"
