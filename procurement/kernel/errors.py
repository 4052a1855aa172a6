"""The families of refusal. Doors map a family to their own language once; the domain knows no status code.

A constraint of the database that refuses a row becomes one of these errors too: contexts register a sentence for the
constraint's name with `register_constraint`, and `refusal_of` finds it on SQLite and on PostgreSQL.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Index, MetaData, UniqueConstraint
from sqlalchemy.exc import IntegrityError


@dataclass(frozen=True, slots=True)
class FieldError:
    """One bad value: `field` is a dotted path into the command ("lines.0.packs"), `message` a sentence."""

    field: str
    message: str


class DomainError(Exception):
    """A refusal that the person who asked can understand; nothing was changed."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field

    @property
    def errors(self) -> tuple[FieldError, ...]:
        return (FieldError(self.field, self.message),) if self.field else ()


class NotFound(DomainError):
    """Absent, or somebody else's: the same answer for both."""


class Conflict(DomainError):
    """The state of things forbids it: insufficient stock, a duplicate code, a stale version."""


class Forbidden(DomainError):
    """Known, but not permitted."""


class Invalid(DomainError):
    """One or more bad values."""

    def __init__(self, message: str, *, field: str = "", errors: Iterable[FieldError] = ()) -> None:
        super().__init__(message, field=field)
        self._errors = tuple(errors)

    @property
    def errors(self) -> tuple[FieldError, ...]:
        return self._errors or super().errors

    @classmethod
    def of(cls, errors: Iterable[FieldError]) -> "Invalid":
        found = tuple(errors)
        return cls("; ".join(error.message for error in found), errors=found)


class Unavailable(DomainError):
    """Busy or out of reach for now; trying again later is right."""


Refusal = Callable[[], DomainError]
_refusals: dict[str, Refusal] = {}


def register_constraint(name: str, refusal: Refusal) -> None:
    """Say what a constraint's refusal means to a person. `name` as in the database, convention applied."""
    _refusals[name] = refusal


def refusal_of(error: IntegrityError, metadata: MetaData) -> DomainError | None:
    """Find the registered sentence of the constraint that refused; None when it is not one we expect."""
    name = _constraint_name(error, metadata)
    refusal = _refusals.get(name) if name else None
    return refusal() if refusal else None


def _constraint_name(error: IntegrityError, metadata: MetaData) -> str | None:
    diagnostics: Any = getattr(error.orig, "diag", None)
    if diagnostics is not None and diagnostics.constraint_name:
        return str(diagnostics.constraint_name)
    text = str(error.orig).splitlines()[0]
    if match := re.match(r"CHECK constraint failed: (\w+)", text):
        return match[1]
    if match := re.match(r"UNIQUE constraint failed: (.+)", text):
        return _unique_name(match[1], metadata)
    # A trigger's message: the guards raise their own name and nothing else.
    return text if re.fullmatch(r"guard_\w+", text) else None


def _unique_name(columns: str, metadata: MetaData) -> str | None:
    """SQLite names the columns, not the constraint; both are in the metadata."""
    if match := re.fullmatch(r"index '(\w+)'", columns):
        return match[1]
    wanted = [column.strip() for column in columns.split(",")]
    table = metadata.tables.get(wanted[0].split(".")[0])
    if table is None:
        return None
    names = [column.split(".")[1] for column in wanted]
    uniques: list[UniqueConstraint | Index] = [
        c for c in table.constraints if isinstance(c, UniqueConstraint)
    ]
    uniques += [index for index in table.indexes if index.unique]
    for unique in uniques:
        if [column.name for column in unique.columns] == names:
            return str(unique.name)
    return f"pk_{table.name}"
