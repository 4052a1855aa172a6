"""Lines keep how they are taxed and what an untaxed one rests on; taxes say what kind they are."""

import re

import sqlalchemy as sa
from alembic import op

revision = "20261130_tax_treatment"
down_revision = "20261130_safety_policy"

CATEGORIES = "'S', 'Z', 'E', 'AE', 'K', 'G', 'O'"
NEW = {
    "tax": ("category", ("reason",)),
    "quote_line": ("tax_category", ("tax_detail",)),
    "sales_order_line": ("tax_category", ("tax_detail", "tax_reason")),
}
RULES = {
    "tax": {
        "tax_category": f"category IN ({CATEGORIES})",
        "rate_by_category": "(category = 'S') = (rate_bp > 0)",
        "exemption_has_reason": "category <> 'E' OR reason <> ''",
    },
    "quote_line": {
        "tax_category": f"tax_category IN ({CATEGORIES})",
        "tax_by_category": "(tax_category = 'S') = (tax_bp > 0)",
    },
    "sales_order_line": {
        "tax_category": f"tax_category IN ({CATEGORIES})",
        "tax_by_category": "(tax_category = 'S') = (tax_bp > 0)",
    },
}
# What `tax_of` said until now, and the code of it.
SAID = (
    (re.compile(r"Intra-Community supply, VAT number (\w+)"), "K"),
    (re.compile(r"Reverse charge, VAT number (\w+)"), "AE"),
    (re.compile(r"Exempt by certificate (.+)"), "E"),
    (re.compile(r"For resale, certificate (.+)"), "E"),
)
UNION = [
    "AT",
    "BE",
    "BG",
    "CY",
    "CZ",
    "DE",
    "DK",
    "EE",
    "ES",
    "FI",
    "FR",
    "GR",
    "HR",
    "HU",
    "IE",
    "IT",
    "LT",
    "LU",
    "LV",
    "MT",
    "NL",
    "PL",
    "PT",
    "RO",
    "SE",
    "SI",
    "SK",
]


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")  # rather fail than queue everybody behind us
    for table, (category, texts) in NEW.items():
        with op.batch_alter_table(table) as batch:
            batch.add_column(sa.Column(category, sa.String(32), nullable=False, server_default="S"))
            for column in texts:
                batch.add_column(sa.Column(column, sa.Text(), nullable=False, server_default=""))
    op.execute("UPDATE tax SET category = 'Z' WHERE rate_bp = 0")
    op.execute("UPDATE quote_line SET tax_category = 'Z' WHERE tax_bp = 0")
    op.execute("UPDATE quote_line SET tax_category = 'O' WHERE kind = 'text'")
    op.execute("UPDATE sales_order_line SET tax_category = 'Z' WHERE tax_bp = 0")
    explain_quotes()
    explain_orders()
    for table, (category, texts) in NEW.items():
        with op.batch_alter_table(table) as batch:
            for column in (category, *texts):
                batch.alter_column(column, server_default=None)
            for name, rule in RULES[table].items():
                batch.create_check_constraint(op.f(f"ck_{table}_{name}"), rule)


def explain_quotes() -> None:
    """By the words that were kept with the line."""
    bind = op.get_bind()
    reasons = bind.execute(
        sa.text(
            "SELECT DISTINCT tax_reason FROM quote_line WHERE tax_bp = 0 AND tax_reason <> ''"
            " AND kind <> 'text'"
        )
    )
    for (reason,) in reasons.all():
        for pattern, category in SAID:
            if found := pattern.match(reason):
                bind.execute(
                    sa.text(
                        "UPDATE quote_line SET tax_category = :category, tax_detail = :detail"
                        " WHERE tax_bp = 0 AND tax_reason = :reason"
                    ),
                    {"category": category, "detail": found.group(1), "reason": reason},
                )


def explain_orders() -> None:
    """From the quote's line; without one by the customer, as the rule says it of them now."""
    op.execute(
        "UPDATE sales_order_line SET (tax_category, tax_detail, tax_reason) ="
        " (SELECT q.tax_category, q.tax_detail, q.tax_reason FROM quote_line q"
        " WHERE q.id = sales_order_line.quote_line_id)"
        " WHERE EXISTS (SELECT 1 FROM quote_line q WHERE q.id = sales_order_line.quote_line_id"
        " AND (q.tax_bp = 0) = (sales_order_line.tax_bp = 0))"
    )
    bind = op.get_bind()
    seller = country(bind.scalar(sa.text("SELECT vat_id FROM company WHERE id = 1")) or "")
    if seller not in UNION:
        return
    rows = bind.execute(
        sa.text(
            "SELECT l.id, l.is_goods, c.vat_id, (SELECT a.country FROM address a"
            " WHERE a.customer_id = c.id AND a.country <> ''"
            " ORDER BY CASE WHEN a.kind = 'delivery' THEN 0 ELSE 1 END, a.position LIMIT 1)"
            " FROM sales_order_line l JOIN sales_order o ON o.id = l.order_id"
            " JOIN customer c ON c.id = o.customer_id"
            " WHERE l.tax_bp = 0 AND l.quote_line_id IS NULL"
        )
    )
    for line_id, is_goods, vat_id, there in rows.all():
        number = country(vat_id)
        if not there or there == seller:
            continue
        if there in UNION and number in UNION and number != seller:
            category, detail = ("K" if is_goods else "AE"), vat_id
        elif there not in {*UNION, "MC"} and is_goods:
            category, detail = "G", there
        else:
            continue
        bind.execute(
            sa.text(
                "UPDATE sales_order_line SET tax_category = :category, tax_detail = :detail"
                " WHERE id = :id"
            ),
            {"category": category, "detail": detail, "id": line_id},
        )


def country(number: str) -> str:
    return "GR" if number[:2].upper() == "EL" else number[:2].upper()


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")
    for table, (category, texts) in NEW.items():
        with op.batch_alter_table(table) as batch:
            for name in RULES[table]:
                batch.drop_constraint(op.f(f"ck_{table}_{name}"), type_="check")
            for column in (*texts, category):
                batch.drop_column(column)
