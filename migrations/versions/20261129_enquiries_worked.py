"""Enquiries are given to people, answered in a thread, given up for a reason; hoped-for prices; what both sides wrote."""

import sqlalchemy as sa
from alembic import op

revision = "20261129_enquiries_worked"
down_revision = "20261129_paper_looks"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
STATUSES = ("new", "answered", "quoted", "closed")
NEW_STATUSES = ("new", "answered", "quoted", "lost")
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
LOST_FOR_A_REASON = (
    "(status = 'lost') = (lost_reason IS NOT NULL) AND (status = 'lost') = (lost_at IS NOT NULL)"
)
UNANSWERED = "writer = 'customer' AND answered_at IS NULL"
WAITING = "waiting_since IS NOT NULL"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")  # rather fail than queue everybody behind us
    create_thread()
    with op.batch_alter_table("company") as batch:
        batch.add_column(
            sa.Column("answer_hours", sa.Integer(), nullable=False, server_default="24")
        )
        batch.create_check_constraint(
            op.f("ck_company_answer_hours"), "answer_hours BETWEEN 1 AND 720"
        )
    with op.batch_alter_table("company") as batch:
        batch.alter_column("answer_hours", server_default=None)
    with op.batch_alter_table("enquiry") as batch:
        batch.drop_constraint(op.f("ck_enquiry_status"), type_="check")
        for name in ("consent", "lost_note"):
            batch.add_column(sa.Column(name, sa.Text(), nullable=False, server_default=""))
        batch.add_column(sa.Column("digest", sa.String(64), nullable=False, server_default=""))
        for name in ("waiting_since", "lost_at"):
            batch.add_column(sa.Column(name, MOMENT))
        batch.add_column(sa.Column("assigned_to_id", KEY))
        batch.add_column(sa.Column("lost_reason", sa.String(32)))
        batch.add_column(sa.Column("link_token", sa.String(64)))
    op.execute("UPDATE enquiry SET waiting_since = received_at WHERE status = 'new'")
    op.execute(
        "UPDATE enquiry SET status = 'lost', lost_reason = 'other',"
        " lost_at = COALESCE(answered_at, received_at) WHERE status = 'closed'"
    )
    with op.batch_alter_table("enquiry") as batch:
        for name in ("consent", "lost_note", "digest"):
            batch.alter_column(name, server_default=None)
        batch.create_check_constraint(op.f("ck_enquiry_status"), one_of("status", *NEW_STATUSES))
        batch.create_check_constraint(
            op.f("ck_enquiry_lost_reason"), one_of("lost_reason", *REASONS)
        )
        batch.create_check_constraint(op.f("ck_enquiry_lost_for_a_reason"), LOST_FOR_A_REASON)
        batch.create_check_constraint(
            op.f("ck_enquiry_lost_waits_no_more"), "status <> 'lost' OR waiting_since IS NULL"
        )
        batch.create_unique_constraint(op.f("uq_enquiry_link_token"), ["link_token"])
        batch.create_foreign_key(
            op.f("fk_enquiry_assigned_to_id"), "user_account", ["assigned_to_id"], ["id"]
        )
        batch.create_index(op.f("ix_enquiry_assigned_to_id"), ["assigned_to_id"])
        batch.create_index(op.f("ix_enquiry_digest"), ["digest"])
        batch.create_index(
            "ix_enquiry_waiting",
            ["waiting_since"],
            sqlite_where=sa.text(WAITING),
            postgresql_where=sa.text(WAITING),
        )
    with op.batch_alter_table("enquiry_line") as batch:
        batch.add_column(sa.Column("target_e4", sa.BigInteger()))
        batch.add_column(sa.Column("target_currency", sa.String(3)))
        batch.create_check_constraint(op.f("ck_enquiry_line_target_not_negative"), "target_e4 >= 0")
        batch.create_check_constraint(
            op.f("ck_enquiry_line_target_has_a_currency"),
            "(target_e4 IS NULL) = (target_currency IS NULL)",
        )
    keep_answers()


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")
    with op.batch_alter_table("enquiry_line") as batch:
        for rule in ("target_has_a_currency", "target_not_negative"):
            batch.drop_constraint(op.f(f"ck_enquiry_line_{rule}"), type_="check")
        batch.drop_column("target_currency")
        batch.drop_column("target_e4")
    with op.batch_alter_table("enquiry") as batch:
        for rule in ("status", "lost_reason", "lost_for_a_reason", "lost_waits_no_more"):
            batch.drop_constraint(op.f(f"ck_enquiry_{rule}"), type_="check")
        batch.drop_constraint(op.f("fk_enquiry_assigned_to_id"), type_="foreignkey")
        batch.drop_constraint(op.f("uq_enquiry_link_token"), type_="unique")
        for index in ("waiting", "digest", "assigned_to_id"):
            batch.drop_index(f"ix_enquiry_{index}")
    op.execute("UPDATE enquiry SET status = 'closed' WHERE status = 'lost'")
    with op.batch_alter_table("enquiry") as batch:
        for name in (
            "digest",
            "link_token",
            "lost_note",
            "lost_reason",
            "lost_at",
            "assigned_to_id",
            "waiting_since",
            "consent",
        ):
            batch.drop_column(name)
        batch.create_check_constraint(op.f("ck_enquiry_status"), one_of("status", *STATUSES))
    with op.batch_alter_table("company") as batch:
        batch.drop_constraint(op.f("ck_company_answer_hours"), type_="check")
        batch.drop_column("answer_hours")
    op.drop_table("thread_message")


def create_thread() -> None:
    op.create_table(
        "thread_message",
        sa.Column("id", KEY, nullable=False),
        sa.Column("enquiry_id", KEY),
        sa.Column("quote_id", KEY),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("writer", sa.String(32), nullable=False),
        sa.Column("author", sa.String(200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("came_from", sa.Text(), nullable=False),
        sa.Column("outbox_id", KEY),
        sa.Column("answered_at", MOMENT),
        sa.CheckConstraint(
            one_of("writer", "customer", "us"), name=op.f("ck_thread_message_writer")
        ),
        sa.CheckConstraint(
            "(enquiry_id IS NULL) <> (quote_id IS NULL)", name=op.f("ck_thread_message_one_thread")
        ),
        sa.ForeignKeyConstraint(
            ["enquiry_id"], ["enquiry.id"], name=op.f("fk_thread_message_enquiry_id")
        ),
        sa.ForeignKeyConstraint(
            ["quote_id"], ["quote.id"], name=op.f("fk_thread_message_quote_id")
        ),
        sa.ForeignKeyConstraint(
            ["outbox_id"], ["outbox_message.id"], name=op.f("fk_thread_message_outbox_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_thread_message")),
    )
    for column in ("enquiry_id", "quote_id", "outbox_id"):
        op.create_index(op.f(f"ix_thread_message_{column}"), "thread_message", [column])
    op.create_index(
        "ix_thread_message_unanswered",
        "thread_message",
        ["at"],
        sqlite_where=sa.text(UNANSWERED),
        postgresql_where=sa.text(UNANSWERED),
    )


def keep_answers() -> None:
    """What was answered so far stood in the outbox only."""
    op.execute(
        "INSERT INTO thread_message (enquiry_id, at, writer, author, body, came_from, outbox_id)"
        " SELECT enquiry.id, sent.created_at, 'us', company.name, sent.body, '', sent.id"
        " FROM enquiry JOIN outbox_message AS sent"
        " ON sent.reference = enquiry.number AND sent.recipient = enquiry.email"
        " CROSS JOIN company WHERE enquiry.email <> company.email ORDER BY sent.id"
    )


def one_of(column: str, *values: str) -> str:
    """The CHECK of an enumeration as the models write it."""
    return f"{column} IN ({', '.join(repr(value) for value in values)})"
