"""Supplier calendars."""

import sqlalchemy as sa
from alembic import op

revision = "20261128_supplier_calendars"
down_revision = "20261128_measured_needs"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")  # rather fail than queue everybody behind us
    op.create_table(
        "supplier_calendar",
        sa.Column(
            "supplier_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("order_days", sa.String(length=7), nullable=False),
        sa.Column("cut_off_minute", sa.Integer(), nullable=True),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("subdivision", sa.String(length=32), nullable=False),
        sa.CheckConstraint("order_days <> ''", name=op.f("ck_supplier_calendar_some_order_day")),
        sa.CheckConstraint(
            "cut_off_minute BETWEEN 0 AND 1439", name=op.f("ck_supplier_calendar_cut_off_in_a_day")
        ),
        sa.ForeignKeyConstraint(
            ["supplier_id"], ["supplier.id"], name=op.f("fk_supplier_calendar_supplier_id")
        ),
        sa.PrimaryKeyConstraint("supplier_id", name=op.f("pk_supplier_calendar")),
    )
    op.create_table(
        "supplier_closed_days",
        sa.Column(
            "supplier_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("why", sa.String(length=200), nullable=False),
        sa.CheckConstraint(
            "last_on >= first_on", name=op.f("ck_supplier_closed_days_ends_after_it_begins")
        ),
        sa.ForeignKeyConstraint(
            ["supplier_id"],
            ["supplier_calendar.supplier_id"],
            name=op.f("fk_supplier_closed_days_supplier_id"),
        ),
        sa.PrimaryKeyConstraint("supplier_id", "first_on", name=op.f("pk_supplier_closed_days")),
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")
    op.drop_table("supplier_closed_days")
    op.drop_table("supplier_calendar")
