"""The basket: what a buyer has put aside, kept across their devices; or somebody on a visit, until it goes back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from procurement.catalogue.models import Pack
from procurement.kernel.actor import Actor
from procurement.kernel.errors import Forbidden, Invalid
from procurement.kernel.permissions import Permission
from procurement.sales.models import BasketLine
from procurement.sales.operations.lines import MOST_PACKS
from procurement.sales.operations.visits import require_open
from procurement.sales.queries.baskets import is_basket_of

MOST_LINES = 500


@dataclass(frozen=True, slots=True)
class _Owner:
    """The column that says whose a line is, and what stands there."""

    column: str
    key: int


def set_basket(session: Session, packs: Mapping[int, int], *, actor: Actor, at: datetime) -> None:
    """So many of each pack (by key) from now on, the rest as it is; none takes the line away."""
    owner = _owner(session, actor, at)
    if any(not 0 <= number <= MOST_PACKS for number in packs.values()):
        raise Invalid(f"From 1 to {MOST_PACKS:,} packs, please.", field="packs")
    gone = [pack_id for pack_id, number in packs.items() if number == 0]
    session.execute(delete(BasketLine).where(is_basket_of(actor), BasketLine.pack_id.in_(gone)))
    wanted = {pack_id: number for pack_id, number in packs.items() if number > 0}
    _put(session, owner, wanted, at, beside=False)


def add_to_basket(
    session: Session, packs: Mapping[int, int], *, actor: Actor, at: datetime
) -> None:
    """So many more of each pack (by key), beside what is there. Raises Invalid where that is too much."""
    owner = _owner(session, actor, at)
    if any(not 1 <= number <= MOST_PACKS for number in packs.values()):
        raise Invalid(f"From 1 to {MOST_PACKS:,} packs, please.", field="packs")
    there = session.execute(
        select(BasketLine.pack_id, BasketLine.packs)
        .where(is_basket_of(actor), BasketLine.pack_id.in_(packs))
        .with_for_update()
    )
    if any(packs[pack_id] + number > MOST_PACKS for pack_id, number in there):
        raise Invalid(f"A basket holds at most {MOST_PACKS:,} of a pack.", field="packs")
    _put(session, owner, packs, at, beside=True)


def _put(
    session: Session, owner: _Owner, wanted: Mapping[int, int], at: datetime, *, beside: bool
) -> None:
    products = session.execute(select(Pack.id, Pack.product_id).where(Pack.id.in_(wanted)))
    rows = [
        {
            owner.column: owner.key,
            "pack_id": pack_id,
            "product_id": product_id,
            "packs": wanted[pack_id],
            "changed_at": at,
        }
        for pack_id, product_id in products
    ]
    if not rows:
        return
    insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
    adding = insert(BasketLine)
    packs = BasketLine.packs + adding.excluded.packs if beside else adding.excluded.packs
    session.execute(
        adding.on_conflict_do_update(
            index_elements=[owner.column, "pack_id"], set_={"packs": packs, "changed_at": at}
        ),
        rows,
    )
    lines = session.scalar(
        select(func.count())
        .select_from(BasketLine)
        .where(BasketLine.__table__.c[owner.column] == owner.key)
    )
    if (lines or 0) > MOST_LINES:
        raise Invalid(f"A basket holds at most {MOST_LINES} products.", field="packs")


def empty_basket(session: Session, *, actor: Actor, at: datetime) -> None:
    _owner(session, actor, at)
    session.execute(delete(BasketLine).where(is_basket_of(actor)))


def _owner(session: Session, actor: Actor, at: datetime) -> _Owner:
    """Whose basket it is. Raises Conflict for a visit that is over, or that only looks; it is locked."""
    actor.require(Permission.BUY)
    if actor.visit is not None:
        require_open(session, actor.visit, at)
        return _Owner("visit_id", actor.visit)
    if actor.id is None:
        raise Forbidden(f"{actor.name} has no basket.")
    return _Owner("user_id", actor.id)
