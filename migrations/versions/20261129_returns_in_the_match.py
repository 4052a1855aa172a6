"""Returns to suppliers count in the match of invoices: by which order line goods came, and what of it went back."""

import sqlalchemy as sa
from alembic import op

revision = "20261129_returns_in_the_match"
down_revision = "20261129_enquiries_worked"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")  # rather fail than queue everybody behind us
    with op.batch_alter_table("supplier_return") as batch:
        batch.add_column(sa.Column("credit_note_id", KEY, nullable=True))
        batch.create_foreign_key(
            batch.f("fk_supplier_return_credit_note_id"),
            "supplier_invoice",
            ["credit_note_id"],
            ["id"],
        )
        batch.create_index(batch.f("ix_supplier_return_credit_note_id"), ["credit_note_id"])
    with op.batch_alter_table("supplier_return_line") as batch:
        batch.add_column(sa.Column("order_line_id", KEY, nullable=True))
        batch.create_foreign_key(
            batch.f("fk_supplier_return_line_order_line_id"),
            "purchase_order_line",
            ["order_line_id"],
            ["id"],
        )
        batch.create_index(batch.f("ix_supplier_return_line_order_line_id"), ["order_line_id"])
    with op.batch_alter_table("purchase_order_line") as batch:
        batch.add_column(
            sa.Column("returned_steps", sa.BigInteger(), nullable=False, server_default="0")
        )
    _count_returns()
    with op.batch_alter_table("purchase_order_line") as batch:
        batch.alter_column("returned_steps", server_default=None)
        batch.create_check_constraint(
            batch.f("ck_purchase_order_line_over_return"),
            "returned_steps >= 0 AND returned_steps <= received * pack_steps",
        )


def _count_returns() -> None:
    """A lot of one delivery came by that line; what went back is counted where the line has room for it."""
    op.execute(
        "UPDATE supplier_return_line SET order_line_id = ("
        "SELECT min(l.order_line_id) FROM goods_receipt_line l "
        "JOIN goods_receipt r ON r.id = l.receipt_id "
        "JOIN purchase_order o ON o.id = r.order_id "
        "JOIN supplier_return s ON s.id = supplier_return_line.return_id "
        "WHERE l.lot_id = supplier_return_line.lot_id AND r.reversed_at IS NULL "
        "AND o.supplier_id = s.supplier_id)"
    )
    op.execute(
        "UPDATE purchase_order_line SET returned_steps = ("
        "SELECT coalesce(sum(l.quantity), 0) FROM supplier_return_line l "
        "JOIN supplier_return s ON s.id = l.return_id "
        "WHERE l.order_line_id = purchase_order_line.id AND s.reversed_at IS NULL)"
    )
    op.execute(
        "UPDATE purchase_order_line SET returned_steps = received * pack_steps "
        "WHERE returned_steps > received * pack_steps"
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")
    with op.batch_alter_table("purchase_order_line") as batch:
        batch.drop_constraint(batch.f("ck_purchase_order_line_over_return"), type_="check")
        batch.drop_column("returned_steps")
    with op.batch_alter_table("supplier_return_line") as batch:
        batch.drop_index(batch.f("ix_supplier_return_line_order_line_id"))
        batch.drop_constraint(batch.f("fk_supplier_return_line_order_line_id"), type_="foreignkey")
        batch.drop_column("order_line_id")
    with op.batch_alter_table("supplier_return") as batch:
        batch.drop_index(batch.f("ix_supplier_return_credit_note_id"))
        batch.drop_constraint(batch.f("fk_supplier_return_credit_note_id"), type_="foreignkey")
        batch.drop_column("credit_note_id")
