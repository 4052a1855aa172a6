"""Orders are approved by rules; the company's limit becomes the first of them."""

import sqlalchemy as sa
from alembic import op

revision = "20261128_order_approvals"
down_revision = "20261128_supplier_terms"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")  # rather fail than queue everybody behind us
    op.create_table(
        "approval_rule",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("above_minor", sa.BigInteger(), nullable=False),
        sa.Column("approvals", sa.Integer(), nullable=False),
        sa.Column("site_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint("above_minor >= 0", name=op.f("ck_approval_rule_above_not_negative")),
        sa.CheckConstraint("approvals BETWEEN 1 AND 2", name=op.f("ck_approval_rule_approvals")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("fk_approval_rule_site_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval_rule")),
    )
    with op.batch_alter_table("approval_rule", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_approval_rule_site_id"), ["site_id"], unique=False)

    op.create_table(
        "approval_rule_approver",
        sa.Column("rule_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "administrator",
                "spa_manager",
                "stock_keeper",
                "therapist",
                "sales",
                "purchaser",
                "wholesale_buyer",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint(
            "(role IS NULL) <> (user_id IS NULL)",
            name=op.f("ck_approval_rule_approver_role_or_person"),
        ),
        sa.ForeignKeyConstraint(
            ["rule_id"], ["approval_rule.id"], name=op.f("fk_approval_rule_approver_rule_id")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_approval_rule_approver_user_id")
        ),
        sa.PrimaryKeyConstraint("rule_id", "position", name=op.f("pk_approval_rule_approver")),
    )
    with op.batch_alter_table("approval_rule_approver", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_approval_rule_approver_user_id"), ["user_id"], unique=False
        )

    op.create_table(
        "order_approval",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("order_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id"], ["purchase_order.id"], name=op.f("fk_order_approval_order_id")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_order_approval_user_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_approval")),
        sa.UniqueConstraint("order_id", "user_id", name=op.f("uq_order_approval_order_id_user_id")),
    )
    with op.batch_alter_table("order_approval", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_order_approval_user_id"), ["user_id"], unique=False)

    # Above the limit somebody else approved; that is a rule of one approval by all who may.
    op.execute(
        "INSERT INTO approval_rule (above_minor, approvals) "
        "SELECT approval_limit_minor, 1 FROM company WHERE approval_limit_minor >= 0"
    )
    with op.batch_alter_table("company", schema=None) as batch_op:
        batch_op.drop_column("approval_limit_minor")

    with op.batch_alter_table("purchase_order", schema=None) as batch_op:
        batch_op.add_column(sa.Column("returned_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("returned_by", sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column("returned_why", sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("purchase_order", schema=None) as batch_op:
        batch_op.alter_column("returned_why", server_default=None)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")
    with op.batch_alter_table("purchase_order", schema=None) as batch_op:
        batch_op.drop_column("returned_why")
        batch_op.drop_column("returned_by")
        batch_op.drop_column("returned_at")

    with op.batch_alter_table("company", schema=None) as batch_op:
        batch_op.add_column(sa.Column("approval_limit_minor", sa.BigInteger(), nullable=True))
    op.execute(
        "UPDATE company SET approval_limit_minor = "
        "(SELECT MIN(above_minor) FROM approval_rule WHERE site_id IS NULL)"
    )

    with op.batch_alter_table("order_approval", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_order_approval_user_id"))

    op.drop_table("order_approval")
    with op.batch_alter_table("approval_rule_approver", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_approval_rule_approver_user_id"))

    op.drop_table("approval_rule_approver")
    with op.batch_alter_table("approval_rule", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_approval_rule_site_id"))

    op.drop_table("approval_rule")
