"""Words that products are found by, the seller's synonyms; search texts get categories, tags and codes without signs."""

import re
from collections import defaultdict

import sqlalchemy as sa
from alembic import op

from procurement.kernel.text import fold

revision = "20261130_search_words"
down_revision = "20261130_skin_feel_and_scent"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")  # rather fail than queue everybody behind us
    op.create_table(
        "search_word",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("word", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_word")),
        sa.UniqueConstraint("word", name=op.f("uq_search_word_word")),
    )
    op.create_table(
        "synonym",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_synonym")),
    )
    op.create_table(
        "synonym_phrase",
        sa.Column(
            "synonym_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("phrase", sa.String(length=200), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["synonym_id"], ["synonym.id"], name=op.f("fk_synonym_phrase_synonym_id")
        ),
        sa.PrimaryKeyConstraint("synonym_id", "position", name=op.f("pk_synonym_phrase")),
        sa.UniqueConstraint("synonym_id", "key", name=op.f("uq_synonym_phrase_synonym_id_key")),
    )
    with op.batch_alter_table("synonym_phrase", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_synonym_phrase_key"), ["key"], unique=False)
    _widen_search_texts(op.get_bind())


def _widen_search_texts(connection: sa.Connection) -> None:
    """As catalogue/rules/wanted.py and catalogue/operations/search_words.py write them from now on."""
    tags: defaultdict[int, set[str]] = defaultdict(set)
    for product_id, code in connection.execute(
        sa.text("SELECT p.product_id, t.code FROM product_tag p JOIN tag t ON t.id = p.tag_id")
    ):
        tags[product_id].add(code.replace("-", " "))
    rows = connection.execute(
        sa.text(
            "SELECT p.id, p.sku, p.search_text, c.name FROM product p LEFT JOIN category c ON c.id = p.category_id"
        )
    ).all()
    texts: list[dict[str, object]] = []
    words: set[str] = set()
    for product_id, sku, text, category in rows:
        more = fold(" ".join([category or "", *sorted(tags[product_id]), *_code_forms(sku)]))
        wider = f"{text} {more}".strip()
        texts.append({"key": product_id, "text": wider})
        words.update(word for word in re.split(r"[^a-z]+", wider) if 3 <= len(word) <= 24)
    if texts:
        connection.execute(sa.text("UPDATE product SET search_text = :text WHERE id = :key"), texts)
    if words:
        connection.execute(
            sa.text("INSERT INTO search_word (word) VALUES (:word)"),
            [{"word": word} for word in sorted(words)],
        )


def _code_forms(sku: str) -> list[str]:
    folded = fold(sku)
    forms = (folded, re.sub(r"(?<![0-9])0+(?=[0-9])", "", folded))
    plain = ["".join(mark for mark in form if mark.isalnum()) for form in forms]
    return [form for form in dict.fromkeys(plain) if form != folded]


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET LOCAL lock_timeout = '5s'")
    with op.batch_alter_table("synonym_phrase", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_synonym_phrase_key"))

    op.drop_table("synonym_phrase")
    op.drop_table("synonym")
    op.drop_table("search_word")
