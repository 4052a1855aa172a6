"""A one-button operation on a document of sales: done, and back to its page with what happened or why it did not."""

from collections.abc import Callable, Sequence
from typing import Any

from werkzeug.wrappers import Response

from procurement.kernel.db import Session
from procurement.kernel.errors import (
    Conflict,
    DomainError,
    FieldError,
    Forbidden,
    Invalid,
    NotFound,
)
from procurement.web.forms import redirect_with_flash
from procurement.web.transactions import write


def act(
    url: str,
    operation: Callable[[Session], Any],
    told: Callable[[Any], str],
    onward: Callable[[Any], str] | None = None,
) -> Response:
    """`told` makes the sentence and `onward` the next page of what the operation gave; a refusal goes back to `url`."""
    try:
        with write() as session:
            given = operation(session)
            said, to = told(given), onward(given) if onward else url
    except (NotFound, Forbidden):
        raise
    except DomainError as error:
        return redirect_with_flash(url, error.message, category="error")
    return redirect_with_flash(to, said)


def at_rows(error: DomainError, told: Sequence[int]) -> DomainError:
    """The refusal by the rows as they are shown, of which the operation was told only some."""

    def shown(path: str) -> str:
        name, _, rest = path.partition(".")
        index, _, field = rest.partition(".")
        if name != "lines" or not index.isdigit() or int(index) >= len(told):
            return path
        return f"lines.{told[int(index)]}.{_FIELDS.get(field, field)}"

    if isinstance(error, Invalid):
        return Invalid.of(FieldError(shown(one.field), one.message) for one in error.errors)
    return Conflict(error.message, field=shown(error.field))


_FIELDS = {"lot": "packs", "from": "packs"}  # what the ledger says of a lot stands at its line
