"""Answers to quotes with their proof; links ended by a person, opened, reminded; why a quote was lost."""

import sqlalchemy as sa
from alembic import op

revision = "20261129_quote_answers"
down_revision = "20261129_cost_centres"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
REASONS = (
    "price",
    "competitor",
    "timing",
    "delivery",
    "not_offered",
    "no_reply",
    "no_business",
    "other",
)
OPENED = "(first_opened_at IS NULL) = (last_opened_at IS NULL) AND opened >= 0"
MOMENTS = ("link_ended_at", "first_opened_at", "last_opened_at", "reminded_at")


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")  # rather fail than queue everybody behind us
    op.create_table(
        "quote_answer",
        sa.Column("id", KEY, nullable=False),
        sa.Column("quote_id", KEY, nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(32)),
        sa.Column("came_from", sa.Text(), nullable=False),
        sa.Column("user_agent", sa.Text(), nullable=False),
        sa.Column("actor_id", KEY),
        sa.Column("choices", sa.Text(), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("net_minor", sa.BigInteger(), nullable=False),
        sa.Column("tax_minor", sa.BigInteger(), nullable=False),
        sa.Column("gross_minor", sa.BigInteger(), nullable=False),
        sa.Column("signature_kind", sa.String(32), nullable=False),
        sa.Column("signature", sa.Text(), nullable=False),
        sa.Column("content_sha256", sa.String(64), nullable=False),
        sa.Column("pdf_sha256", sa.String(64), nullable=False),
        sa.Column("record_sha256", sa.String(64), nullable=False),
        *checks(),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["user_account.id"], name=op.f("fk_quote_answer_actor_id")
        ),
        sa.ForeignKeyConstraint(["quote_id"], ["quote.id"], name=op.f("fk_quote_answer_quote_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quote_answer")),
        sa.UniqueConstraint("quote_id", name=op.f("uq_quote_answer_quote_id")),
    )
    op.create_index(op.f("ix_quote_answer_actor_id"), "quote_answer", ["actor_id"])
    with op.batch_alter_table("company") as batch:
        batch.add_column(
            sa.Column("quote_reminder_days", sa.Integer(), nullable=False, server_default="3")
        )
        batch.create_check_constraint(
            op.f("ck_company_reminder_days"), "quote_reminder_days BETWEEN 0 AND 60"
        )
    with op.batch_alter_table("company") as batch:
        batch.alter_column("quote_reminder_days", server_default=None)
    with op.batch_alter_table("quote") as batch:
        for name in MOMENTS:
            batch.add_column(sa.Column(name, MOMENT))
        batch.add_column(sa.Column("opened", sa.Integer(), nullable=False, server_default="0"))
        batch.add_column(
            sa.Column("remind", sa.Boolean(), nullable=False, server_default=sa.true())
        )
        batch.add_column(sa.Column("loss_reason", sa.String(32)))
        batch.create_check_constraint(op.f("ck_quote_opened_first_and_last"), OPENED)
        batch.create_check_constraint(op.f("ck_quote_loss_reason"), one_of("loss_reason", *REASONS))
    with op.batch_alter_table("quote") as batch:
        batch.alter_column("opened", server_default=None)
        batch.alter_column("remind", server_default=None)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")
    with op.batch_alter_table("quote") as batch:
        batch.drop_constraint(op.f("ck_quote_loss_reason"), type_="check")
        batch.drop_constraint(op.f("ck_quote_opened_first_and_last"), type_="check")
        for name in ("loss_reason", "remind", "opened", *MOMENTS):
            batch.drop_column(name)
    with op.batch_alter_table("company") as batch:
        batch.drop_constraint(op.f("ck_company_reminder_days"), type_="check")
        batch.drop_column("quote_reminder_days")
    op.drop_table("quote_answer")


def checks() -> list[sa.CheckConstraint]:
    rules = {
        "kind": one_of("kind", "accepted", "declined"),
        "channel": one_of("channel", "link", "account", "staff"),
        "reason": one_of("reason", *REASONS),
        "signature_kind": one_of("signature_kind", "typed", "drawn", "told"),
        "totals_agree": "net_minor + tax_minor = gross_minor",
        "reason_of_a_refusal": "(kind = 'declined') OR (reason IS NULL)",
        "drawn_is_kept": "(signature_kind = 'drawn') = (signature <> '')",
    }
    return [
        sa.CheckConstraint(rule, name=op.f(f"ck_quote_answer_{name}"))
        for name, rule in rules.items()
    ]


def one_of(column: str, *values: str) -> str:
    """The CHECK of an enumeration as the models write it."""
    return f"{column} IN ({', '.join(repr(value) for value in values)})"
