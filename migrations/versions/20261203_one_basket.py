"""One basket: of an account or of a visit from a procurement system, never of both."""

import sqlalchemy as sa
from alembic import op

revision = "20261203_one_basket"
down_revision = "20261202_punchout"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")  # rather fail than queue everybody behind us
    # The key changes, so what is there is carried over by way of a table beside.
    op.execute(
        "CREATE TABLE basket_kept AS"
        " SELECT user_id, CAST(NULL AS bigint) AS visit_id, pack_id, product_id, packs, changed_at FROM basket_line"
        " UNION ALL"
        " SELECT NULL, l.visit_id, l.pack_id, l.product_id, l.packs, v.asked_at"
        " FROM punchout_visit_line l JOIN punchout_visit v ON v.id = l.visit_id"
    )
    op.drop_table("punchout_visit_line")
    op.drop_table("basket_line")
    op.create_table(
        "basket_line",
        sa.Column("id", KEY, nullable=False),
        sa.Column("user_id", KEY, nullable=True),
        sa.Column("visit_id", KEY, nullable=True),
        sa.Column("pack_id", KEY, nullable=False),
        sa.Column("product_id", KEY, nullable=False),
        sa.Column("packs", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(user_id IS NULL) <> (visit_id IS NULL)", name=op.f("ck_basket_line_one_owner")
        ),
        sa.CheckConstraint("packs BETWEEN 1 AND 1000000", name=op.f("ck_basket_line_packs")),
        sa.ForeignKeyConstraint(
            ["pack_id", "product_id"],
            ["pack.id", "pack.product_id"],
            name=op.f("fk_basket_line_pack_id_product_id"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_basket_line_user_id")
        ),
        sa.ForeignKeyConstraint(
            ["visit_id"],
            ["punchout_visit.id"],
            name=op.f("fk_basket_line_visit_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_basket_line")),
        sa.UniqueConstraint("user_id", "pack_id", name=op.f("uq_basket_line_user_id_pack_id")),
        sa.UniqueConstraint("visit_id", "pack_id", name=op.f("uq_basket_line_visit_id_pack_id")),
    )
    with op.batch_alter_table("basket_line", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_basket_line_pack_id_product_id"), ["pack_id", "product_id"], unique=False
        )
    op.execute(
        "INSERT INTO basket_line (user_id, visit_id, pack_id, product_id, packs, changed_at)"
        " SELECT user_id, visit_id, pack_id, product_id, packs, changed_at FROM basket_kept"
    )
    op.drop_table("basket_kept")


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")
    op.create_table(
        "punchout_visit_line",
        sa.Column("visit_id", KEY, nullable=False),
        sa.Column("pack_id", KEY, nullable=False),
        sa.Column("product_id", KEY, nullable=False),
        sa.Column("packs", sa.Integer(), nullable=False),
        sa.CheckConstraint("packs > 0", name=op.f("ck_punchout_visit_line_packs_positive")),
        sa.ForeignKeyConstraint(
            ["pack_id", "product_id"],
            ["pack.id", "pack.product_id"],
            name=op.f("fk_punchout_visit_line_pack_id_product_id"),
        ),
        sa.ForeignKeyConstraint(
            ["visit_id"],
            ["punchout_visit.id"],
            name=op.f("fk_punchout_visit_line_visit_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("visit_id", "pack_id", name=op.f("pk_punchout_visit_line")),
    )
    with op.batch_alter_table("punchout_visit_line", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_punchout_visit_line_pack_id_product_id"),
            ["pack_id", "product_id"],
            unique=False,
        )
    op.execute(
        "INSERT INTO punchout_visit_line (visit_id, pack_id, product_id, packs)"
        " SELECT visit_id, pack_id, product_id, packs FROM basket_line WHERE visit_id IS NOT NULL"
    )
    op.execute(
        "CREATE TABLE basket_kept AS SELECT user_id, pack_id, product_id, packs, changed_at"
        " FROM basket_line WHERE user_id IS NOT NULL"
    )
    op.drop_table("basket_line")
    op.create_table(
        "basket_line",
        sa.Column("user_id", KEY, nullable=False),
        sa.Column("pack_id", KEY, nullable=False),
        sa.Column("product_id", KEY, nullable=False),
        sa.Column("packs", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("packs BETWEEN 1 AND 1000000", name=op.f("ck_basket_line_packs")),
        sa.ForeignKeyConstraint(
            ["pack_id", "product_id"],
            ["pack.id", "pack.product_id"],
            name=op.f("fk_basket_line_pack_id_product_id"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_basket_line_user_id")
        ),
        sa.PrimaryKeyConstraint("user_id", "pack_id", name=op.f("pk_basket_line")),
    )
    op.execute(
        "INSERT INTO basket_line (user_id, pack_id, product_id, packs, changed_at)"
        " SELECT user_id, pack_id, product_id, packs, changed_at FROM basket_kept"
    )
    op.drop_table("basket_kept")
