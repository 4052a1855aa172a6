"""When suppliers opened their orders, and after how many days without an answer somebody asks."""

import sqlalchemy as sa
from alembic import op

revision = "20261129_order_links_opened"
down_revision = "20261129_mail_files"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")  # rather fail than queue everybody behind us
    with op.batch_alter_table("order_link") as batch:
        batch.add_column(sa.Column("first_opened_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("last_opened_at", sa.DateTime(timezone=True), nullable=True))
        batch.create_check_constraint(
            batch.f("ck_order_link_opened_first_and_last"),
            "(first_opened_at IS NULL) = (last_opened_at IS NULL)",
        )
    with op.batch_alter_table("company") as batch:
        batch.add_column(
            sa.Column("order_answer_days", sa.Integer(), nullable=False, server_default="3")
        )
        batch.create_check_constraint(
            batch.f("ck_company_answer_days"), "order_answer_days BETWEEN 1 AND 60"
        )
    with op.batch_alter_table("company") as batch:
        batch.alter_column("order_answer_days", server_default=None)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")
    with op.batch_alter_table("company") as batch:
        batch.drop_constraint(batch.f("ck_company_answer_days"), type_="check")
        batch.drop_column("order_answer_days")
    with op.batch_alter_table("order_link") as batch:
        batch.drop_constraint(batch.f("ck_order_link_opened_first_and_last"), type_="check")
        batch.drop_column("last_opened_at")
        batch.drop_column("first_opened_at")
