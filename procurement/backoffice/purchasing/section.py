"""What the pages of purchasing share: who may look, the tabs above the lists, and acting on a document."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from werkzeug.wrappers import Response

from procurement.audit.queries import TrailRow
from procurement.kernel.db import ReadSession, Session
from procurement.kernel.errors import (
    Conflict,
    DomainError,
    FieldError,
    Forbidden,
    Invalid,
    NotFound,
)
from procurement.kernel.permissions import Permission
from procurement.purchasing.queries.orders import count_by_status
from procurement.purchasing.terms import ON_THE_WAY, OrderStatus
from procurement.web.doors import Audience, Door
from procurement.web.filters import show_moment
from procurement.web.forms import redirect_with_flash
from procurement.web.identity import current_actor
from procurement.web.transactions import write

Operation = Callable[..., Any]


def door(name: str, import_name: str, prefix: str | None) -> Door:
    """A blueprint for staff who may see purchasing."""
    made = Door(name, import_name, audience=Audience.STAFF, url_prefix=prefix)
    made.before_request(_require_sight)
    return made


def _require_sight() -> None:
    current_actor().require(Permission.SEE_PURCHASING)


@dataclass(frozen=True, slots=True)
class View:
    """A tab: which orders it shows, and what it says when there are none."""

    key: str
    label: str
    statuses: frozenset[OrderStatus] | None
    found: str  # "{} orders wait to be approved"
    found_one: str
    none: str
    counted: bool = True


VIEWS: tuple[View, ...] = (
    View(
        "to-approve",
        "To approve",
        frozenset({OrderStatus.DRAFT}),
        "{} drafts wait to be approved",
        "One draft waits to be approved",
        "No draft waits to be approved",
    ),
    View(
        "to-place",
        "To place",
        frozenset({OrderStatus.APPROVED}),
        "{} approved orders wait to be placed",
        "One approved order waits to be placed",
        "No approved order waits to be placed",
    ),
    View(
        "on-the-way",
        "On the way",
        ON_THE_WAY,
        "{} orders are on the way",
        "One order is on the way",
        "Nothing is on the way",
    ),
    View(
        "received",
        "Received",
        frozenset({OrderStatus.RECEIVED, OrderStatus.CLOSED_SHORT}),
        "Received orders",
        "One received order",
        "Nothing has been received yet",
        counted=False,
    ),
    View("all", "All", None, "All orders", "One order", "There are no orders yet", counted=False),
)
BY_KEY = {view.key: view for view in VIEWS}


def tabs(session: ReadSession, active: str) -> list[dict[str, Any]]:
    """The views of orders with their numbers."""
    counts = count_by_status(session)
    items: list[dict[str, Any]] = []
    for view in VIEWS:
        count = sum(counts.get(status, 0) for status in view.statuses or ())
        items.append(
            {
                "label": view.label,
                "url": url_for("purchase_orders.index", view=view.key),
                "active": active == view.key,
                "count": count if view.counted else None,
            }
        )
    return items


def act(
    url: str,
    said: str,
    operation: Callable[[Session], Any],
    told: Callable[[Any], str] | None = None,
) -> Response:
    """Carry out a one-button operation and go back to the document, with what happened or why it did not.

    `told` makes the sentence of what the operation gave, where `said` does not always hold.
    """
    try:
        with write() as session:
            given = operation(session)
    except (NotFound, Forbidden):
        raise
    except DomainError as error:
        return redirect_with_flash(url, error.message, category="error")
    return redirect_with_flash(url, told(given) if told else said)


def event(row: TrailRow) -> tuple[str, str, str]:
    """A line of a document's history: what, who, when."""
    what = row.action.capitalize()
    return (f"{what}: {row.detail}" if row.detail else what, row.actor_name, show_moment(row.at))


def may_claim() -> bool:
    """Who receives goods or drafts orders speaks to suppliers about deliveries."""
    actor = current_actor()
    return actor.may(Permission.RECEIVE_GOODS) or actor.may(Permission.DRAFT_ORDERS)


def at_rows(
    error: DomainError, told: Sequence[int], names: Mapping[str, str] | None = None
) -> DomainError:
    """The refusal by the rows as they are shown, of which the operation was told only some.

    `names` are the form's own where a field is called otherwise there.
    """

    def shown(path: str) -> str:
        name, _, rest = path.partition(".")
        index, _, field = rest.partition(".")
        if name != "lines" or not index.isdigit() or int(index) >= len(told):
            return path
        return f"lines.{told[int(index)]}.{(names or {}).get(field, field)}"

    if isinstance(error, Invalid):
        return Invalid.of(FieldError(shown(one.field), one.message) for one in error.errors)
    return Conflict(error.message, field=shown(error.field))


def plural(count: int, one: str, many: str) -> str:
    return one if count == 1 else many.format(count)


def joined(parts: Sequence[str]) -> str:
    """A, B and C."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"
