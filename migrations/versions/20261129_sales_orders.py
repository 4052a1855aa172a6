"""Sales orders, what is promised to them, shipments and what customers send back; two reasons more."""

import sqlalchemy as sa
from alembic import op

revision = "20261129_sales_orders"
down_revision = "20261129_order_freight"

REASONS = "ck_posting_reason"
NEW = ("shipment", "customer_return")


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")  # rather fail than queue everybody behind us
    set_reasons([*reasons(), *NEW])
    op.create_table(
        "sales_order",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "confirmed",
                "partially_shipped",
                "shipped",
                "closed_short",
                "cancelled",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "customer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("quote_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column(
            "rounding_rule",
            sa.Enum(
                "line",
                "document",
                name="rounding_rule",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("site_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("deliver_to", sa.Text(), nullable=False),
        sa.Column("wanted_on", sa.Date(), nullable=True),
        sa.Column("customer_ref", sa.String(length=200), nullable=False),
        sa.Column("note_to_customer", sa.Text(), nullable=False),
        sa.Column("note_to_us", sa.Text(), nullable=False),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("drafted_by", sa.String(length=200), nullable=False),
        sa.Column(
            "drafted_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by", sa.String(length=200), nullable=True),
        sa.Column("pdf_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("net_minor", sa.BigInteger(), nullable=False),
        sa.Column("tax_minor", sa.BigInteger(), nullable=False),
        sa.Column("gross_minor", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "status IN ('draft', 'cancelled') OR confirmed_at IS NOT NULL",
            name=op.f("ck_sales_order_confirmed_when"),
        ),
        sa.CheckConstraint(
            "net_minor + tax_minor = gross_minor", name=op.f("ck_sales_order_totals_agree")
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name=op.f("fk_sales_order_customer_id")
        ),
        sa.ForeignKeyConstraint(
            ["drafted_by_id"], ["user_account.id"], name=op.f("fk_sales_order_drafted_by_id")
        ),
        sa.ForeignKeyConstraint(["pdf_id"], ["stored_file.id"], name=op.f("fk_sales_order_pdf_id")),
        sa.ForeignKeyConstraint(["quote_id"], ["quote.id"], name=op.f("fk_sales_order_quote_id")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_sales_order_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sales_order")),
        sa.UniqueConstraint("number", name=op.f("uq_sales_order_number")),
    )
    with op.batch_alter_table("sales_order", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_sales_order_customer_id"), ["customer_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_sales_order_quote_id"), ["quote_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_sales_order_site_id"), ["site_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_sales_order_status"), ["status"], unique=False)

    op.create_table(
        "sales_order_line",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "quote_line_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "product_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("pack_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("pack_steps", sa.BigInteger(), nullable=False),
        sa.Column("is_goods", sa.Boolean(), nullable=False),
        sa.Column("packs", sa.Integer(), nullable=False),
        sa.Column("price_e4", sa.BigInteger(), nullable=False),
        sa.Column("discount_bp", sa.Integer(), nullable=False),
        sa.Column("tax_code", sa.String(length=64), nullable=False),
        sa.Column("tax_bp", sa.Integer(), nullable=False),
        sa.Column("net_minor", sa.BigInteger(), nullable=False),
        sa.Column("shipped", sa.Integer(), nullable=False),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "discount_bp BETWEEN 0 AND 10000", name=op.f("ck_sales_order_line_discount")
        ),
        sa.CheckConstraint("pack_steps > 0", name=op.f("ck_sales_order_line_size_positive")),
        sa.CheckConstraint("packs > 0", name=op.f("ck_sales_order_line_packs_positive")),
        sa.CheckConstraint("price_e4 >= 0", name=op.f("ck_sales_order_line_price_not_negative")),
        sa.CheckConstraint(
            "shipped >= 0 AND shipped <= packs", name=op.f("ck_sales_order_line_over_shipment")
        ),
        sa.CheckConstraint("tax_bp BETWEEN 0 AND 10000", name=op.f("ck_sales_order_line_tax")),
        sa.ForeignKeyConstraint(
            ["order_id"], ["sales_order.id"], name=op.f("fk_sales_order_line_order_id")
        ),
        sa.ForeignKeyConstraint(
            ["pack_id", "product_id"],
            ["pack.id", "pack.product_id"],
            name=op.f("fk_sales_order_line_pack_id_product_id"),
        ),
        sa.ForeignKeyConstraint(
            ["quote_line_id"], ["quote_line.id"], name=op.f("fk_sales_order_line_quote_line_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sales_order_line")),
        sa.UniqueConstraint(
            "order_id", "position", name=op.f("uq_sales_order_line_order_id_position")
        ),
    )
    with op.batch_alter_table("sales_order_line", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_sales_order_line_product_id"), ["product_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_sales_order_line_quote_line_id"), ["quote_line_id"], unique=False
        )

    op.create_table(
        "shipment",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("shipped_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("shipped_by", sa.String(length=200), nullable=False),
        sa.Column("carrier", sa.String(length=200), nullable=False),
        sa.Column("tracking", sa.String(length=200), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column(
            "posting_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("pdf_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("reversed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reversed_by", sa.String(length=200), nullable=True),
        sa.Column("reversed_why", sa.Text(), nullable=False),
        sa.Column("idempotency_key", sa.String(length=200), nullable=True),
        sa.CheckConstraint(
            "(reversed_at IS NULL) = (reversed_by IS NULL)",
            name=op.f("ck_shipment_reversed_by_somebody"),
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["sales_order.id"], name=op.f("fk_shipment_order_id")
        ),
        sa.ForeignKeyConstraint(["pdf_id"], ["stored_file.id"], name=op.f("fk_shipment_pdf_id")),
        sa.ForeignKeyConstraint(
            ["posting_id"], ["posting.id"], name=op.f("fk_shipment_posting_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shipment")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_shipment_idempotency_key")),
        sa.UniqueConstraint("number", name=op.f("uq_shipment_number")),
        sa.UniqueConstraint("posting_id", name=op.f("uq_shipment_posting_id")),
    )
    with op.batch_alter_table("shipment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_shipment_order_id"), ["order_id"], unique=False)

    op.create_table(
        "customer_return",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column(
            "shipment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "reason",
            sa.Enum(
                "damaged",
                "wrong_goods",
                "too_many",
                "not_wanted",
                "quality",
                "recalled",
                "other",
                name="return_reason",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("into_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_by", sa.String(length=200), nullable=False),
        sa.Column(
            "posting_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("reversed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reversed_by", sa.String(length=200), nullable=True),
        sa.Column("reversed_why", sa.Text(), nullable=False),
        sa.Column("idempotency_key", sa.String(length=200), nullable=True),
        sa.CheckConstraint(
            "(reversed_at IS NULL) = (reversed_by IS NULL)",
            name=op.f("ck_customer_return_reversed_by_somebody"),
        ),
        sa.ForeignKeyConstraint(
            ["into_id"], ["location.id"], name=op.f("fk_customer_return_into_id")
        ),
        sa.ForeignKeyConstraint(
            ["posting_id"], ["posting.id"], name=op.f("fk_customer_return_posting_id")
        ),
        sa.ForeignKeyConstraint(
            ["shipment_id"], ["shipment.id"], name=op.f("fk_customer_return_shipment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_return")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_customer_return_idempotency_key")),
        sa.UniqueConstraint("number", name=op.f("uq_customer_return_number")),
        sa.UniqueConstraint("posting_id", name=op.f("uq_customer_return_posting_id")),
    )
    with op.batch_alter_table("customer_return", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_customer_return_into_id"), ["into_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_customer_return_shipment_id"), ["shipment_id"], unique=False
        )

    op.create_table(
        "shipment_line",
        sa.Column(
            "shipment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "order_line_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "product_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("returned", sa.BigInteger(), nullable=False),
        sa.Column("lot_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("from_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "movement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.CheckConstraint(
            "(lot_id IS NULL) = (movement_id IS NULL) AND (lot_id IS NULL) = (from_id IS NULL)",
            name=op.f("ck_shipment_line_goods_move"),
        ),
        sa.CheckConstraint(
            "lot_id IS NOT NULL OR returned = 0", name=op.f("ck_shipment_line_services_stay")
        ),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_shipment_line_quantity_positive")),
        sa.CheckConstraint(
            "returned >= 0 AND returned <= quantity", name=op.f("ck_shipment_line_over_return")
        ),
        sa.ForeignKeyConstraint(
            ["from_id"], ["location.id"], name=op.f("fk_shipment_line_from_id")
        ),
        sa.ForeignKeyConstraint(
            ["lot_id", "product_id"],
            ["lot.id", "lot.product_id"],
            name=op.f("fk_shipment_line_lot_id_product_id"),
        ),
        sa.ForeignKeyConstraint(
            ["movement_id"], ["movement.id"], name=op.f("fk_shipment_line_movement_id")
        ),
        sa.ForeignKeyConstraint(
            ["order_line_id"], ["sales_order_line.id"], name=op.f("fk_shipment_line_order_line_id")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_shipment_line_product_id")
        ),
        sa.ForeignKeyConstraint(
            ["shipment_id"], ["shipment.id"], name=op.f("fk_shipment_line_shipment_id")
        ),
        sa.PrimaryKeyConstraint("shipment_id", "position", name=op.f("pk_shipment_line")),
        sa.UniqueConstraint("movement_id", name=op.f("uq_shipment_line_movement_id")),
    )
    with op.batch_alter_table("shipment_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_shipment_line_from_id"), ["from_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_shipment_line_lot_id"), ["lot_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_shipment_line_order_line_id"), ["order_line_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_shipment_line_product_id"), ["product_id"], unique=False
        )

    op.create_table(
        "customer_return_line",
        sa.Column(
            "return_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "shipment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("shipment_position", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_customer_return_line_quantity_positive")),
        sa.ForeignKeyConstraint(
            ["return_id"], ["customer_return.id"], name=op.f("fk_customer_return_line_return_id")
        ),
        sa.ForeignKeyConstraint(
            ["shipment_id", "shipment_position"],
            ["shipment_line.shipment_id", "shipment_line.position"],
            name=op.f("fk_customer_return_line_shipment_id_shipment_position"),
        ),
        sa.PrimaryKeyConstraint("return_id", "position", name=op.f("pk_customer_return_line")),
    )
    with op.batch_alter_table("customer_return_line", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_customer_return_line_shipment_id_shipment_position"),
            ["shipment_id", "shipment_position"],
            unique=False,
        )

    op.create_table(
        "sales_reservation",
        sa.Column(
            "reservation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("line_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["line_id"], ["sales_order_line.id"], name=op.f("fk_sales_reservation_line_id")
        ),
        sa.ForeignKeyConstraint(
            ["reservation_id"], ["reservation.id"], name=op.f("fk_sales_reservation_reservation_id")
        ),
        sa.PrimaryKeyConstraint("reservation_id", name=op.f("pk_sales_reservation")),
    )
    with op.batch_alter_table("sales_reservation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sales_reservation_line_id"), ["line_id"], unique=False)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")
    op.execute(
        "UPDATE posting SET reason = 'transfer' WHERE reason IN ('shipment', 'customer_return')"
    )
    set_reasons([reason for reason in reasons() if reason not in NEW])
    with op.batch_alter_table("sales_reservation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sales_reservation_line_id"))

    op.drop_table("sales_reservation")
    with op.batch_alter_table("customer_return_line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_customer_return_line_shipment_id_shipment_position"))

    op.drop_table("customer_return_line")
    with op.batch_alter_table("shipment_line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_shipment_line_product_id"))
        batch_op.drop_index(batch_op.f("ix_shipment_line_order_line_id"))
        batch_op.drop_index(batch_op.f("ix_shipment_line_lot_id"))
        batch_op.drop_index(batch_op.f("ix_shipment_line_from_id"))

    op.drop_table("shipment_line")
    with op.batch_alter_table("customer_return", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_customer_return_shipment_id"))
        batch_op.drop_index(batch_op.f("ix_customer_return_into_id"))

    op.drop_table("customer_return")
    with op.batch_alter_table("shipment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_shipment_order_id"))

    op.drop_table("shipment")
    with op.batch_alter_table("sales_order_line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sales_order_line_quote_line_id"))
        batch_op.drop_index(batch_op.f("ix_sales_order_line_product_id"))

    op.drop_table("sales_order_line")
    with op.batch_alter_table("sales_order", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sales_order_status"))
        batch_op.drop_index(batch_op.f("ix_sales_order_site_id"))
        batch_op.drop_index(batch_op.f("ix_sales_order_quote_id"))
        batch_op.drop_index(batch_op.f("ix_sales_order_customer_id"))

    op.drop_table("sales_order")


def reasons() -> list[str]:
    """Those there are, whatever other steps have added."""
    checks = sa.inspect(op.get_bind()).get_check_constraints("posting")
    text = next(str(check["sqltext"]) for check in checks if check["name"] == REASONS)
    return text.split("'")[1::2]


def set_reasons(words: list[str]) -> None:
    with op.batch_alter_table("posting") as batch:
        batch.drop_constraint(op.f(REASONS), type_="check")
        rule = f"reason IN ({', '.join(repr(word) for word in words)})"
        batch.create_check_constraint(op.f(REASONS), rule)
