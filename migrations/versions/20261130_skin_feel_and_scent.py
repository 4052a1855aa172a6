"""Products say how they feel on the skin and what they smell of."""

import sqlalchemy as sa
from alembic import op

revision = "20261130_skin_feel_and_scent"
down_revision = "20261130_passkeys"

OLD = ("body_area", "technique")
NEW = ("skin_feel", "scent")


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")  # rather fail than queue everybody behind us
    _set_dimensions(*OLD, *NEW)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")
    tag, product_tag = (
        sa.table("tag", sa.column("id"), sa.column("dimension")),
        sa.table("product_tag", sa.column("tag_id")),
    )
    gone = tag.c.dimension.in_(NEW)
    op.execute(
        sa.delete(product_tag).where(product_tag.c.tag_id.in_(sa.select(tag.c.id).where(gone)))
    )
    op.execute(sa.delete(tag).where(gone))
    _set_dimensions(*OLD)


def _set_dimensions(*dimensions: str) -> None:
    listed = ", ".join(repr(dimension) for dimension in dimensions)
    with op.batch_alter_table("tag") as batch:
        batch.drop_constraint(op.f("ck_tag_dimension"), type_="check")
        batch.create_check_constraint(op.f("ck_tag_dimension"), f"dimension IN ({listed})")
