"""Opened containers, causes of write-offs, people and laundries as places."""

import sqlalchemy as sa
from alembic import op

revision = "20261123_opened_containers"
down_revision = "20261122_first"

KINDS = ("storeroom", "treatment_room", "quarantine", "in_transit")
NEW_KINDS = ("person", "laundry")
VIRTUAL = ("supplier", "customer", "consumed", "adjustment", "conversion", "opening")
REASONS = ("opening", "receipt", "transfer", "consumption", "write_off", "adjustment")
NEW_REASONS = ("open", "decant", "count")
CAUSES = ("past_date", "damaged", "spoilt", "lost", "leftover", "recalled", "other")
OPEN = sa.text("parent_id IS NOT NULL AND finished_at IS NULL")


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")  # rather fail than queue everybody behind us
    set_kinds((*KINDS, *NEW_KINDS))
    with op.batch_alter_table("posting") as batch:
        batch.drop_constraint(op.f("ck_posting_reason"), type_="check")
        batch.add_column(sa.Column("cause", sa.String(32), nullable=True))
        batch.create_check_constraint(
            op.f("ck_posting_reason"), one_of("reason", *REASONS, *NEW_REASONS, "reversal")
        )
        batch.create_check_constraint(op.f("ck_posting_cause"), one_of("cause", *CAUSES))
        batch.create_check_constraint(
            op.f("ck_posting_cause_of_write_off"), "cause IS NULL OR reason = 'write_off'"
        )
    with op.batch_alter_table("lot") as batch:
        batch.drop_constraint(op.f("fk_lot_parent_id"), type_="foreignkey")
        batch.add_column(sa.Column("decanted_at", sa.DateTime(timezone=True)))
        batch.add_column(sa.Column("finished_at", sa.DateTime(timezone=True)))
        batch.add_column(sa.Column("filled", sa.BigInteger()))
        batch.add_column(
            sa.Column("made_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"))
        )
        batch.add_column(sa.Column("names_allergens", sa.Boolean()))
        batch.create_foreign_key(
            op.f("fk_lot_parent_id_product_id"),
            "lot",
            ["parent_id", "product_id"],
            ["id", "product_id"],
        )
        batch.create_foreign_key(op.f("fk_lot_made_by_id"), "posting", ["made_by_id"], ["id"])
        batch.create_check_constraint(
            op.f("ck_lot_container_has_parent"),
            "(parent_id IS NOT NULL) = (opened_at IS NOT NULL)",
        )
        batch.create_check_constraint(
            op.f("ck_lot_container_was_filled"), "(parent_id IS NOT NULL) = (filled IS NOT NULL)"
        )
        batch.create_check_constraint(op.f("ck_lot_filled_with_something"), "filled > 0")
        batch.create_check_constraint(op.f("ck_lot_decanted_when_open"), "decanted_at >= opened_at")
        batch.create_check_constraint(op.f("ck_lot_finished_when_open"), "finished_at >= opened_at")
        batch.create_index(op.f("ix_lot_made_by_id"), ["made_by_id"])
        batch.create_index(op.f("ix_lot_parent_id_product_id"), ["parent_id", "product_id"])
        batch.create_index(
            "ix_lot_open_container", ["product_id"], sqlite_where=OPEN, postgresql_where=OPEN
        )
    with op.batch_alter_table("product") as batch:
        batch.add_column(sa.Column("dose", sa.BigInteger()))
        batch.add_column(sa.Column("pump_stroke", sa.BigInteger()))
        batch.add_column(sa.Column("density", sa.Integer()))
        for column in ("dose", "pump_stroke", "density"):
            batch.create_check_constraint(op.f(f"ck_product_{column}_positive"), f"{column} > 0")
    with op.batch_alter_table("pack") as batch:
        batch.add_column(sa.Column("tare", sa.BigInteger()))
        batch.create_check_constraint(op.f("ck_pack_tare_positive"), "tare > 0")


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")
    with op.batch_alter_table("pack") as batch:
        batch.drop_constraint(op.f("ck_pack_tare_positive"), type_="check")
        batch.drop_column("tare")
    with op.batch_alter_table("product") as batch:
        for column in ("dose", "pump_stroke", "density"):
            batch.drop_constraint(op.f(f"ck_product_{column}_positive"), type_="check")
            batch.drop_column(column)
    with op.batch_alter_table("lot") as batch:
        for rule in (
            "container_has_parent",
            "container_was_filled",
            "filled_with_something",
            "decanted_when_open",
            "finished_when_open",
        ):
            batch.drop_constraint(op.f(f"ck_lot_{rule}"), type_="check")
        batch.drop_index("ix_lot_open_container")
        batch.drop_index(op.f("ix_lot_parent_id_product_id"))
        batch.drop_index(op.f("ix_lot_made_by_id"))
        batch.drop_constraint(op.f("fk_lot_made_by_id"), type_="foreignkey")
        batch.drop_constraint(op.f("fk_lot_parent_id_product_id"), type_="foreignkey")
        batch.create_foreign_key(op.f("fk_lot_parent_id"), "lot", ["parent_id"], ["id"])
        for column in ("names_allergens", "made_by_id", "filled", "finished_at", "decanted_at"):
            batch.drop_column(column)
    with op.batch_alter_table("posting") as batch:
        for rule in ("reason", "cause", "cause_of_write_off"):
            batch.drop_constraint(op.f(f"ck_posting_{rule}"), type_="check")
        batch.drop_column("cause")
        batch.create_check_constraint(
            op.f("ck_posting_reason"), one_of("reason", *REASONS, "reversal")
        )
    set_kinds(KINDS)


def set_kinds(physical: tuple[str, ...]) -> None:
    """The kinds of places there are; those given are physical."""
    names = ("ck_location_kind", "ck_location_physical_by_kind")
    with op.batch_alter_table("location") as batch:
        for name in names:
            batch.drop_constraint(op.f(name), type_="check")
        batch.create_check_constraint(op.f(names[0]), one_of("kind", *physical, *VIRTUAL))
        batch.create_check_constraint(
            op.f(names[1]), f"is_physical = ({one_of('kind', *sorted(physical))})"
        )


def one_of(column: str, *values: str) -> str:
    """The CHECK of an enumeration as the models write it."""
    return f"{column} IN ({', '.join(repr(value) for value in values)})"
