"""Buyers keep lists of what they order, alone or shared with their colleagues."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from procurement.accounts.models import User
from procurement.catalogue.models import Pack
from procurement.kernel import text
from procurement.kernel.actor import Actor
from procurement.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from procurement.kernel.permissions import Permission
from procurement.sales.models import SavedList, SavedListLine
from procurement.sales.operations.lines import MOST_PACKS
from procurement.sales.queries.saved_lists import no_such_list, seen_by

MOST_LISTS = 50
MOST_LINES = 500


@dataclass(frozen=True, slots=True)
class ListLineInput:
    """So many of a pack (by key), with a note of the buyer's own."""

    pack_id: int
    packs: int
    note: str = ""


def create_list(
    session: Session,
    name: str,
    lines: Sequence[ListLineInput],
    *,
    shared: bool = False,
    actor: Actor,
    at: datetime,
) -> SavedList:
    """Raises Conflict where the name is taken or there are too many, Invalid naming the field."""
    owner, customer = _owner(session, actor)
    kept = SavedList(
        ref=secrets.token_hex(8),
        user_id=owner,
        customer_id=customer,
        name=_free_name(session, owner, name),
        shared=shared,
        created_at=at,
        changed_at=at,
    )
    kept.lines = _lines(session, lines)
    session.add(kept)
    return kept


def change_list(
    session: Session,
    ref: str,
    name: str,
    lines: Sequence[ListLineInput],
    *,
    shared: bool,
    actor: Actor,
    at: datetime,
) -> SavedList:
    """The whole list from now on: name, lines in this order, shared or not. Raises NotFound, Conflict, Invalid."""
    kept = _own(session, ref, actor)
    kept.name = _free_name(session, kept.user_id, name, but=kept.id)
    kept.shared, kept.changed_at = shared, at
    kept.lines.clear()
    session.flush()  # the same pack may come again
    kept.lines.extend(_lines(session, lines))
    return kept


def add_to_list(
    session: Session, ref: str, packs: Mapping[int, int], *, actor: Actor, at: datetime
) -> SavedList:
    """So many more of each pack (by key); what is not on it yet comes last. Raises NotFound, Invalid."""
    kept = _own(session, ref, actor)
    there = {line.pack_id: line for line in kept.lines}
    merged = [ListLineInput(line.pack_id, line.packs, line.note) for line in kept.lines]
    for pack_id, number in packs.items():
        if pack_id not in there:
            merged.append(ListLineInput(pack_id, number))
            continue
        at_place = [one.pack_id for one in merged].index(pack_id)
        was = merged[at_place]
        merged[at_place] = ListLineInput(pack_id, was.packs + number, was.note)
    return change_list(session, ref, kept.name, merged, shared=kept.shared, actor=actor, at=at)


def copy_list(session: Session, ref: str, *, actor: Actor, at: datetime) -> SavedList:
    """One of their own with the same lines, also of a colleague's shared list. Raises NotFound, Conflict."""
    source = session.scalars(
        select(SavedList)
        .where(SavedList.ref == ref, seen_by(actor))
        .options(selectinload(SavedList.lines))
    ).one_or_none()
    if source is None:
        raise no_such_list()
    owner, _ = _owner(session, actor)
    taken = _names(session, owner)
    names = [source.name, *(f"{source.name[:180]} ({number})" for number in range(2, 60))]
    name = next(name for name in names if name not in taken)
    lines = [ListLineInput(line.pack_id, line.packs, line.note) for line in source.lines]
    return create_list(session, name, lines, actor=actor, at=at)


def delete_list(session: Session, ref: str, *, actor: Actor) -> None:
    """Raises NotFound where it is not the actor's own."""
    session.delete(_own(session, ref, actor))


def _owner(session: Session, actor: Actor) -> tuple[int, int]:
    """The person, locked: of two who name a list at once the second one sees the first."""
    actor.require(Permission.BUY)
    if actor.id is None or actor.customer_id is None:
        raise Forbidden(f"{actor.name} keeps no lists.")
    session.execute(select(User.id).where(User.id == actor.id).with_for_update())
    return actor.id, actor.customer_id


def _own(session: Session, ref: str, actor: Actor) -> SavedList:
    """Locked with its lines."""
    owner, _ = _owner(session, actor)
    kept = session.scalars(
        select(SavedList)
        .where(SavedList.ref == ref, SavedList.user_id == owner)
        .options(selectinload(SavedList.lines))
        .execution_options(populate_existing=True)
        .with_for_update()
    ).one_or_none()
    if kept is None:
        raise no_such_list()
    return kept


def _names(session: Session, owner: int, but: int | None = None) -> set[str]:
    rows = session.execute(select(SavedList.id, SavedList.name).where(SavedList.user_id == owner))
    return {name for key, name in rows if key != but}


def _free_name(session: Session, owner: int, name: str, but: int | None = None) -> str:
    said = text.name(name, "name")
    if not said:
        raise Invalid("Give the list a name.", field="name")
    names = _names(session, owner, but)
    if said in names:
        raise Conflict(f"You have a list called {said} already.", field="name")
    if but is None and len(names) >= MOST_LISTS:
        raise Conflict(f"You keep {MOST_LISTS} lists already.", field="name")
    return said


def _lines(session: Session, lines: Sequence[ListLineInput]) -> list[SavedListLine]:
    """The lines with their products, numbered. Raises Invalid, NotFound."""
    if len(lines) > MOST_LINES:
        raise Invalid(f"A list holds at most {MOST_LINES} lines.", field="lines")
    for at, line in enumerate(lines):
        if not 1 <= line.packs <= MOST_PACKS:
            raise Invalid(f"From 1 to {MOST_PACKS:,} packs, please.", field=f"lines.{at}.packs")
    keys = [line.pack_id for line in lines]
    if len(set(keys)) != len(keys):
        raise Invalid("A pack stands on a list once.", field="lines")
    rows = session.execute(select(Pack.id, Pack.product_id).where(Pack.id.in_(keys)))
    products = {key: product for key, product in rows}  # noqa: C416 (a Row is not a pair to the type checker)
    if any(key not in products for key in keys):
        raise NotFound("There is no such pack.")
    return [
        SavedListLine(
            pack_id=line.pack_id,
            product_id=products[line.pack_id],
            packs=line.packs,
            note=text.optional_line(line.note, f"lines.{at}.note"),
            position=at + 1,
        )
        for at, line in enumerate(lines)
    ]
