"""A mail carries any number of files, in their order; some suppliers want orders as UBL too."""

import sqlalchemy as sa
from alembic import op

revision = "20261129_mail_files"
down_revision = "20261128_claims_and_returns"

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")  # rather fail than queue everybody behind us
    _files("outbox_file")
    op.execute(
        "INSERT INTO outbox_file (message_id, position, file_id, name) "
        "SELECT m.id, 1, f.id, f.file_name "
        "FROM outbox_message m JOIN stored_file f ON f.id = m.attachment_id"
    )
    op.execute(
        "INSERT INTO outbox_file (message_id, position, file_id, name) "
        "SELECT message_id, position + 2, file_id, name FROM outbox_enclosure"
    )
    op.drop_table("outbox_enclosure")
    with op.batch_alter_table("outbox_message") as batch:
        batch.drop_constraint(batch.f("fk_outbox_message_attachment_id"), type_="foreignkey")
        batch.drop_column("attachment_id")
    with op.batch_alter_table("supplier") as batch:
        batch.add_column(
            sa.Column("wants_ubl", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    with op.batch_alter_table("supplier") as batch:
        batch.alter_column("wants_ubl", server_default=None)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")
    with op.batch_alter_table("supplier") as batch:
        batch.drop_column("wants_ubl")
    with op.batch_alter_table("outbox_message") as batch:
        batch.add_column(sa.Column("attachment_id", KEY, nullable=True))
        batch.create_foreign_key(
            batch.f("fk_outbox_message_attachment_id"), "stored_file", ["attachment_id"], ["id"]
        )
    op.execute(
        "UPDATE outbox_message SET attachment_id = (SELECT file_id FROM outbox_file "
        "WHERE message_id = outbox_message.id AND position = 1)"
    )
    _files("outbox_enclosure")
    op.execute(
        "INSERT INTO outbox_enclosure (message_id, position, file_id, name) "
        "SELECT message_id, position - 2, file_id, name FROM outbox_file WHERE position > 1"
    )
    op.drop_table("outbox_file")


def _files(table: str) -> None:
    op.create_table(
        table,
        sa.Column("message_id", KEY, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("file_id", KEY, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f(f"fk_{table}_file_id")),
        sa.ForeignKeyConstraint(
            ["message_id"], ["outbox_message.id"], name=op.f(f"fk_{table}_message_id")
        ),
        sa.PrimaryKeyConstraint("message_id", "position", name=op.f(f"pk_{table}")),
    )
    op.create_index(op.f(f"ix_{table}_file_id"), table, ["file_id"])
