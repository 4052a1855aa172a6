"""Placed orders are changed by revisions, and keep what their currency was worth."""

import sqlalchemy as sa
from alembic import op

revision = "20261128_order_revisions"
down_revision = "20261128_order_approvals"

ORDER_RULES = {
    "rate_says_into_what": "(rate_e8 IS NULL) = (home_currency IS NULL)",
    "rate_positive": "rate_e8 > 0",
    "revised_when_placed": "revision = 0 OR placed_at IS NOT NULL",
}


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")  # rather fail than queue everybody behind us
    op.create_table(
        "order_revision",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "proposed",
                "sent",
                "refused",
                "withdrawn",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposed_by", sa.String(length=200), nullable=False),
        sa.Column(
            "proposed_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.String(length=200), nullable=True),
        sa.Column("refused_why", sa.Text(), nullable=False),
        sa.Column("gross_before_minor", sa.BigInteger(), nullable=False),
        sa.Column("gross_after_minor", sa.BigInteger(), nullable=False),
        sa.Column("pdf_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint(
            "(status = 'sent') = (number IS NOT NULL)",
            name=op.f("ck_order_revision_numbered_when_sent"),
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["purchase_order.id"], name=op.f("fk_order_revision_order_id")
        ),
        sa.ForeignKeyConstraint(
            ["pdf_id"], ["stored_file.id"], name=op.f("fk_order_revision_pdf_id")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["user_account.id"], name=op.f("fk_order_revision_proposed_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_revision")),
        sa.UniqueConstraint("order_id", "number", name=op.f("uq_order_revision_order_id_number")),
    )
    with op.batch_alter_table("order_revision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_order_revision_pdf_id"), ["pdf_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_order_revision_proposed_by_id"), ["proposed_by_id"], unique=False
        )
        batch_op.create_index(
            "uq_order_revision_proposed",
            ["order_id"],
            unique=True,
            sqlite_where=sa.text("status = 'proposed'"),
            postgresql_where=sa.text("status = 'proposed'"),
        )

    op.create_table(
        "order_change",
        sa.Column(
            "revision_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "changed",
                "added",
                "closed",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "product_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("pack_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("packs_before", sa.Integer(), nullable=False),
        sa.Column("packs_after", sa.Integer(), nullable=False),
        sa.Column("price_before_e4", sa.BigInteger(), nullable=False),
        sa.Column("price_after_e4", sa.BigInteger(), nullable=False),
        sa.Column("wanted_before", sa.Date(), nullable=True),
        sa.Column("wanted_after", sa.Date(), nullable=True),
        sa.Column("tax_bp", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "packs_before >= 0 AND packs_after >= 0",
            name=op.f("ck_order_change_packs_not_negative"),
        ),
        sa.CheckConstraint(
            "price_before_e4 >= 0 AND price_after_e4 >= 0",
            name=op.f("ck_order_change_price_not_negative"),
        ),
        sa.ForeignKeyConstraint(
            ["pack_id", "product_id"],
            ["pack.id", "pack.product_id"],
            name=op.f("fk_order_change_pack_id_product_id"),
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["order_revision.id"], name=op.f("fk_order_change_revision_id")
        ),
        sa.PrimaryKeyConstraint("revision_id", "ordinal", name=op.f("pk_order_change")),
    )
    with op.batch_alter_table("order_change", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_order_change_pack_id_product_id"),
            ["pack_id", "product_id"],
            unique=False,
        )

    with op.batch_alter_table("purchase_order", schema=None) as batch_op:
        batch_op.add_column(sa.Column("revision", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("rate_e8", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("home_currency", sa.String(length=3), nullable=True))
        for name, rule in ORDER_RULES.items():
            batch_op.create_check_constraint(op.f(f"ck_purchase_order_{name}"), rule)

    with op.batch_alter_table("purchase_order_line", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("dropped", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.create_check_constraint(
            op.f("ck_purchase_order_line_dropped_is_nothing"),
            "NOT dropped OR (closed AND received = 0 AND net_minor = 0)",
        )
    for table, column in (("purchase_order", "revision"), ("purchase_order_line", "dropped")):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.alter_column(column, server_default=None)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")
    with op.batch_alter_table("purchase_order_line", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_purchase_order_line_dropped_is_nothing"), type_="check")
        batch_op.drop_column("dropped")

    with op.batch_alter_table("purchase_order", schema=None) as batch_op:
        for name in ORDER_RULES:
            batch_op.drop_constraint(op.f(f"ck_purchase_order_{name}"), type_="check")
        batch_op.drop_column("home_currency")
        batch_op.drop_column("rate_e8")
        batch_op.drop_column("revision")

    with op.batch_alter_table("order_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_order_change_pack_id_product_id"))

    op.drop_table("order_change")
    with op.batch_alter_table("order_revision", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_order_revision_proposed",
            sqlite_where=sa.text("status = 'proposed'"),
            postgresql_where=sa.text("status = 'proposed'"),
        )
        batch_op.drop_index(batch_op.f("ix_order_revision_proposed_by_id"))
        batch_op.drop_index(batch_op.f("ix_order_revision_pdf_id"))

    op.drop_table("order_revision")
