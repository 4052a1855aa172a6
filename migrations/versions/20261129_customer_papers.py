"""Customers: addresses in parts, terms, limits, further tax numbers, certificates; why a line has its tax."""

import sqlalchemy as sa
from alembic import op
from babel import Locale

revision = "20261129_customer_papers"
down_revision = "20261129_quote_answers"

RULES = {
    "payment_days": "payment_days BETWEEN 0 AND 365",
    "discount_days": "discount_days BETWEEN 0 AND 365",
    "discount": "discount_bp BETWEEN 1 AND 10000",
    "discount_has_both": "(discount_days IS NULL) = (discount_bp IS NULL)",
    "credit_limit": "credit_limit_minor >= 0",
}
DEFAULTS = {
    "address": ("street", "postal_code", "city", "region", "country"),
    "customer": ("delivery_place",),
    "quote_line": ("tax_reason",),
}


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")  # rather fail than queue everybody behind us
    op.create_table(
        "customer_tax_number",
        sa.Column(
            "customer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name=op.f("fk_customer_tax_number_customer_id")
        ),
        sa.PrimaryKeyConstraint("customer_id", "position", name=op.f("pk_customer_tax_number")),
        sa.UniqueConstraint(
            "customer_id", "number", name=op.f("uq_customer_tax_number_customer_id_number")
        ),
    )
    op.create_table(
        "exemption_certificate",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "customer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "kind",
            sa.Enum(
                "resale",
                "exempt",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("jurisdiction", sa.String(length=6), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("file_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(length=200), nullable=False),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("verified_by", sa.String(length=200), nullable=True),
        sa.CheckConstraint(
            "(verified_at IS NULL) = (verified_by IS NULL)",
            name=op.f("ck_exemption_certificate_verified"),
        ),
        sa.CheckConstraint(
            "valid_from <= valid_until", name=op.f("ck_exemption_certificate_validity")
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name=op.f("fk_exemption_certificate_customer_id")
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_exemption_certificate_file_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exemption_certificate")),
        sa.UniqueConstraint(
            "customer_id",
            "kind",
            "number",
            "jurisdiction",
            name=op.f("uq_exemption_certificate_customer_id_kind_number_jurisdiction"),
        ),
    )
    with op.batch_alter_table("exemption_certificate", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_exemption_certificate_file_id"), ["file_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_exemption_certificate_valid_until"), ["valid_until"], unique=False
        )

    with op.batch_alter_table("address", schema=None) as batch_op:
        batch_op.add_column(sa.Column("street", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(
            sa.Column("postal_code", sa.String(length=20), nullable=False, server_default="")
        )
        batch_op.add_column(
            sa.Column("city", sa.String(length=200), nullable=False, server_default="")
        )
        batch_op.add_column(
            sa.Column("region", sa.String(length=200), nullable=False, server_default="")
        )
        batch_op.add_column(
            sa.Column("country", sa.String(length=2), nullable=False, server_default="")
        )

    with op.batch_alter_table("customer", schema=None) as batch_op:
        batch_op.add_column(sa.Column("payment_days", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("discount_days", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("discount_bp", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("credit_limit_minor", sa.BigInteger(), nullable=True))
        batch_op.add_column(
            sa.Column(
                "delivery_term",
                sa.Enum(
                    "EXW",
                    "FCA",
                    "CPT",
                    "CIP",
                    "DAP",
                    "DPU",
                    "DDP",
                    "FAS",
                    "FOB",
                    "CFR",
                    "CIF",
                    name="delivery_term",
                    native_enum=False,
                    create_constraint=True,
                    length=32,
                ),
                nullable=True,
            )
        )
        batch_op.add_column(
            sa.Column("delivery_place", sa.String(length=200), nullable=False, server_default="")
        )
        for name, rule in RULES.items():
            batch_op.create_check_constraint(op.f(f"ck_customer_{name}"), rule)

    with op.batch_alter_table("quote_line", schema=None) as batch_op:
        batch_op.add_column(sa.Column("tax_reason", sa.Text(), nullable=False, server_default=""))

    for table, columns in DEFAULTS.items():
        with op.batch_alter_table(table, schema=None) as batch_op:
            for column in columns:
                batch_op.alter_column(column, server_default=None)
    _find_countries()


def _find_countries() -> None:
    """The letter stays as it was; its last line, where it is a country's name, becomes the country."""
    codes = {
        str(name).casefold(): code
        for code, name in Locale("en").territories.items()
        if len(code) == 2 and code.isalpha() and code != "ZZ"
    }
    bind = op.get_bind()
    for key, lines in bind.execute(sa.text("SELECT id, lines FROM address")).all():
        *street, last = lines.splitlines() or [""]
        if street and (code := codes.get(last.strip().casefold())):
            bind.execute(
                sa.text("UPDATE address SET street = :street, country = :code WHERE id = :key"),
                {"street": "\n".join(street), "code": code, "key": key},
            )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")
    with op.batch_alter_table("quote_line", schema=None) as batch_op:
        batch_op.drop_column("tax_reason")

    with op.batch_alter_table("customer", schema=None) as batch_op:
        for name in (*RULES, "delivery_term"):
            batch_op.drop_constraint(op.f(f"ck_customer_{name}"), type_="check")
        batch_op.drop_column("delivery_place")
        batch_op.drop_column("delivery_term")
        batch_op.drop_column("credit_limit_minor")
        batch_op.drop_column("discount_bp")
        batch_op.drop_column("discount_days")
        batch_op.drop_column("payment_days")

    with op.batch_alter_table("address", schema=None) as batch_op:
        batch_op.drop_column("country")
        batch_op.drop_column("region")
        batch_op.drop_column("city")
        batch_op.drop_column("postal_code")
        batch_op.drop_column("street")

    with op.batch_alter_table("exemption_certificate", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_exemption_certificate_valid_until"))
        batch_op.drop_index(batch_op.f("ix_exemption_certificate_file_id"))

    op.drop_table("exemption_certificate")
    op.drop_table("customer_tax_number")
