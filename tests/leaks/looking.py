"""What an answer says, whatever it is made of, and whether it says what its reader must not know."""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from flask.sessions import SecureCookieSessionInterface
from flask.testing import FlaskClient
from sqlalchemy import ColumnElement, Table, false, or_, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from procurement.kernel.db import Base
from tests.documents.papers import text_of

# What differs from one answer to the next: nonces, digests, the keys of forms.
_RANDOM = re.compile(
    r"""(?:nonce-|nonce=")[\w-]+ | (?<![\w-])(?=[\w-]*[a-zA-Z])(?=[\w-]*\d|[\w-]*[a-z][\w-]*[A-Z])[\w-]{20,}""",
    re.VERBOSE,
)
_BETWEEN_DIGITS = re.compile(r"(?<=\d)[.,'\s](?=\d)")
_LEAST = 1_000_000  # smaller amounts are too common to know them again
_STAFFS = ("cost", "margin", "worth")  # how columns begin that nobody but the seller sees


@dataclass(frozen=True)
class Marks:
    """What tells somebody's own: words (looked for in any case) and amounts as bare digits."""

    words: frozenset[str]
    figures: frozenset[str]

    def found_in(self, told: str, *, asked: str = "") -> list[str]:
        """Those that are there. What was asked for by name may be said back."""
        told = told.replace(asked, "") if asked else told
        low = told.lower()
        bare = _BETWEEN_DIGITS.sub("", _RANDOM.sub(" ", told))
        return [word for word in sorted(self.words) if word in low] + [
            figure for figure in sorted(self.figures) if figure in bare
        ]

    def __or__(self, other: "Marks") -> "Marks":
        return Marks(self.words | other.words, self.figures | other.figures)


def belongings(session: Session, customer: int) -> Marks:
    """Numbers, links and amounts of every row that leads to the customer, in whichever table."""
    words, figures = set(), set()
    for table, row in _rows_of(session, customer):
        for column in table.columns:
            value = row[column.key]
            if value is None or column.name.startswith(_STAFFS):
                continue
            if column.name.endswith(("_minor", "_e4")) and int(value) >= _LEAST:
                figures.add(str(int(value) // (100 if column.name.endswith("_e4") else 1)))
            elif column.name in {"number", "email", "link_token", "token", "ref"}:
                words.add(str(value).lower())
    return Marks(frozenset(words), frozenset(figures))


def _rows_of(session: Session, customer: int) -> Iterator[tuple[Table, dict[str, object]]]:
    """The customer's row, the rows that refer to it, the rows that refer to those, and so on."""
    known: dict[str, set[object]] = {"customer": {customer}}
    tables = list(Base.metadata.tables.values())
    grows = True
    while grows:
        grows = False
        for table in tables:
            if "id" not in table.c or table.name == "customer":
                continue
            keys = set(session.scalars(select(table.c.id).where(_refers(table, known))))
            grows = grows or len(keys) > len(known.get(table.name, ()))
            known[table.name] = keys
    for table in tables:
        is_one = table.c.id == customer if table.name == "customer" else _refers(table, known)
        for row in session.execute(select(table).where(is_one)).mappings():
            yield table, {column.key: row[column] for column in table.columns}


def _refers(table: Table, known: Mapping[str, set[object]]) -> ColumnElement[bool]:
    """Whether a row names one of the rows known by now."""
    links = [
        link.parent.in_(known[link.column.table.name])
        for link in table.foreign_keys
        if link.column.name == "id" and known.get(link.column.table.name)
    ]
    return or_(false(), *links)


def told_by(client: FlaskClient, answer: TestResponse) -> str:
    """Head, body and cookie of an answer, as text."""
    head = "\n".join(f"{name}: {value}" for name, value in answer.headers if name != "Set-Cookie")
    return "\n".join((f"{answer.status_code}", head, _kept_by(client, answer), body_of(answer)))


def body_of(answer: TestResponse) -> str:
    kind = answer.mimetype
    if kind == "application/pdf":
        return text_of(answer.data)
    if kind.startswith("image/"):
        return ""
    if answer.data.startswith(b"PK\x03\x04"):
        return "\n".join(_unpacked(answer.data))
    return answer.data.decode("utf-8")


def _unpacked(archive: bytes) -> Iterable[str]:
    with zipfile.ZipFile(io.BytesIO(archive)) as packed:
        for name in sorted(packed.namelist()):
            content = packed.read(name)
            yield name
            yield (
                text_of(content)
                if content.startswith(b"%PDF")
                else content.decode("utf-8", "replace")
            )


def _kept_by(client: FlaskClient, answer: TestResponse) -> str:
    """What the answer leaves with the browser: the cookie is signed, not sealed."""
    app = client.application
    seal = SecureCookieSessionInterface().get_signing_serializer(app)
    kept = [
        line.partition("=")[2].partition(";")[0] for line in answer.headers.getlist("Set-Cookie")
    ]
    return "\n".join(repr(seal.loads(one)) for one in kept if one.count(".") >= 2) if seal else ""


def alike(told: str) -> str:
    """The same without what chance put in."""
    return _RANDOM.sub("~", told)
