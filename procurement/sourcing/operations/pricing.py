"""The one way prices of supplier items change after they were first written: with a line of history."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from procurement.kernel.actor import Actor
from procurement.kernel.clock import today_in
from procurement.settings.queries import get_company
from procurement.sourcing.models import PriceBreak, PriceChange
from procurement.sourcing.rules.price_files import Steps, written

_CHUNK = 900


def note_changes(
    session: Session,
    changes: Mapping[int, tuple[Steps, Steps]],
    *,
    actor: Actor,
    at: datetime,
    file_id: int | None = None,
) -> None:
    """Write down what items cost before and from today on (in the company's zone); what stays is left out."""
    on = today_in(get_company(session).time_zone, at)
    rows = [
        {
            "item_id": item_id,
            "effective_on": on,
            "recorded_at": at,
            "recorded_by": actor.name,
            "before": written(before),
            "after": written(after),
            "file_id": file_id,
        }
        for item_id, (before, after) in sorted(changes.items())
        if before != after
    ]
    if rows:
        session.execute(insert(PriceChange), rows)


def reprice(
    session: Session,
    changes: Mapping[int, tuple[Steps, Steps]],
    *,
    actor: Actor,
    at: datetime,
    file_id: int,
) -> None:
    """Replace the price breaks of items, and write it down."""
    ids = sorted(changes)
    for start in range(0, len(ids), _CHUNK):
        session.execute(
            delete(PriceBreak)
            .where(PriceBreak.supplier_item_id.in_(ids[start : start + _CHUNK]))
            .execution_options(synchronize_session=False)
        )
    rows = [
        {"supplier_item_id": item_id, "from_packs": packs, "price_e4": price}
        for item_id in ids
        for packs, price in changes[item_id][1]
    ]
    if rows:
        session.execute(insert(PriceBreak), rows)
    note_changes(session, changes, actor=actor, at=at, file_id=file_id)
