"""The paper of a placed order is kept: those that were mailed are found in the outbox."""

import sqlalchemy as sa
from alembic import op

revision = "20261123_order_papers"
down_revision = "20261123_room_requests"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")  # rather fail than queue everybody behind us
    with op.batch_alter_table("purchase_order") as batch:
        batch.add_column(sa.Column("pdf_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite")))
        batch.create_foreign_key(
            op.f("fk_purchase_order_pdf_id"), "stored_file", ["pdf_id"], ["id"]
        )
        batch.create_check_constraint(
            op.f("ck_purchase_order_paper_when_placed"), "pdf_id IS NULL OR placed_at IS NOT NULL"
        )
    op.execute(
        "UPDATE purchase_order SET pdf_id = (SELECT min(m.attachment_id) FROM outbox_message m"
        " WHERE m.reference = purchase_order.number) WHERE placed_at IS NOT NULL"
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")
    with op.batch_alter_table("purchase_order") as batch:
        batch.drop_constraint(op.f("ck_purchase_order_paper_when_placed"), type_="check")
        batch.drop_constraint(op.f("fk_purchase_order_pdf_id"), type_="foreignkey")
        batch.drop_column("pdf_id")
