"""Tax rates in millionths instead of basis points: 8.875 % has a place more than there was."""

import sqlalchemy as sa
from alembic import op

revision = "20261130_tax_places"
down_revision = "20261130_paper_look"

OF_A_LINE = {
    "tax": "tax_{unit} BETWEEN 0 AND {whole}",
    "tax_by_category": "(tax_category = 'S') = (tax_{unit} > 0)",
}
# Table, column without its unit, the rules that name it.
COLUMNS: tuple[tuple[str, str, dict[str, str]], ...] = (
    (
        "tax",
        "rate",
        {
            "rate": "rate_{unit} BETWEEN 0 AND {whole}",
            "rate_by_category": "(category = 'S') = (rate_{unit} > 0)",
        },
    ),
    ("quote_line", "tax", OF_A_LINE),
    ("sales_order_line", "tax", OF_A_LINE),
    ("purchase_order", "freight_tax", {}),
    ("purchase_order_line", "tax", {}),
    ("order_change", "tax", {}),
    ("order_template_line", "tax", {}),
    ("supplier_invoice_line", "tax", {}),
)


def upgrade() -> None:
    convert("bp", "ppm", 1_000_000, "{column} * 100")


def downgrade() -> None:
    # What two places cannot say is rounded half up, as percentages were before; nothing becomes untaxed by it.
    convert(
        "ppm",
        "bp",
        10_000,
        "CASE WHEN {column} BETWEEN 1 AND 99 THEN 1 ELSE ({column} + 50) / 100 END",
    )


def convert(before: str, after: str, whole: int, reckoned: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")  # rather fail than queue everybody behind us
    for table, name, rules in COLUMNS:
        column = f"{name}_{after}"
        with op.batch_alter_table(table) as batch:
            for rule in rules:
                batch.drop_constraint(op.f(f"ck_{table}_{rule}"), type_="check")
            batch.alter_column(
                f"{name}_{before}", new_column_name=column, existing_type=sa.Integer()
            )
        said = reckoned.format(column=column)
        op.execute(f"UPDATE {table} SET {column} = {said}")  # noqa: S608 (names of this file)
        if rules:
            with op.batch_alter_table(table) as batch:
                for rule, text in rules.items():
                    batch.create_check_constraint(
                        op.f(f"ck_{table}_{rule}"), text.format(unit=after, whole=whole)
                    )
