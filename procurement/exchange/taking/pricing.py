"""Prices of a file onto price lists, which are named by their currency where the file names none."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session

from procurement.catalogue.operations.saving import Saved
from procurement.exchange.records import PriceDraft
from procurement.kernel.actor import Actor
from procurement.kernel.permissions import Permission
from procurement.sales.models import Price, PriceList
from procurement.sales.operations.price_lists import SavePriceList, create_price_list

_CHUNK = 5_000
Key = tuple[int, int, int]  # list, pack, from packs


@dataclass(slots=True)
class PriceChanges:
    created: int = 0
    updated: int = 0
    touched: set[str] = field(default_factory=set)


def price_list_currencies(session: Session, codes: set[str]) -> dict[str, str]:
    """The currencies of the lists that exist."""
    rows = session.execute(
        select(PriceList.code, PriceList.currency).where(PriceList.code.in_(codes))
    )
    return dict(rows.all())


def save_prices(
    session: Session, drafts: Sequence[PriceDraft], saved: Saved, *, actor: Actor, at: datetime
) -> PriceChanges:
    """Write what differs; lists that are missing are made."""
    actor.require(Permission.EDIT_PRICES)
    lists = _lists(session, drafts, actor=actor, at=at)
    wanted: dict[Key, PriceDraft] = {}
    for draft in drafts:
        pack = draft.pack or saved.sales_packs[draft.sku]
        wanted[lists[draft.price_list], saved.pack_ids[draft.sku, pack], draft.from_packs] = draft
    there = _there(session, [pack_id for _, pack_id, _ in wanted], set(lists.values()))
    new: list[dict[str, Any]] = []
    changed: list[dict[str, Any]] = []
    changes = PriceChanges()
    for (list_id, pack_id, from_packs), draft in wanted.items():
        known = there.get((list_id, pack_id, from_packs))
        if known == draft.price_e4:
            continue
        changes.touched.add(draft.sku)
        if known is None:
            new.append(
                {
                    "price_list_id": list_id,
                    "pack_id": pack_id,
                    "from_packs": from_packs,
                    "product_id": saved.product_ids[draft.sku],
                    "price_e4": draft.price_e4,
                }
            )
        else:
            changed.append(
                {
                    "a_list": list_id,
                    "a_pack": pack_id,
                    "a_from": from_packs,
                    "price": draft.price_e4,
                }
            )
    _write(session, new, changed)
    changes.created, changes.updated = len(new), len(changed)
    return changes


def _write(session: Session, new: list[dict[str, Any]], changed: list[dict[str, Any]]) -> None:
    if new:
        session.connection().execute(insert(Price), new)
    if changed:
        session.connection().execute(
            update(Price)
            .where(
                Price.price_list_id == bindparam("a_list"),
                Price.pack_id == bindparam("a_pack"),
                Price.from_packs == bindparam("a_from"),
            )
            .values(price_e4=bindparam("price")),
            changed,
        )


def _lists(
    session: Session, drafts: Sequence[PriceDraft], *, actor: Actor, at: datetime
) -> dict[str, int]:
    wanted = {draft.price_list: draft.currency for draft in drafts}
    rows = session.execute(select(PriceList.code, PriceList.id).where(PriceList.code.in_(wanted)))
    ids = dict(rows.all())
    for code in sorted(wanted.keys() - ids.keys()):
        name = f"Prices in {code}" if code == wanted[code] else code
        head = SavePriceList(code=code, currency=wanted[code], name=name)
        ids[code] = create_price_list(session, head, actor=actor, at=at).id
    return ids


def _there(session: Session, pack_ids: list[int], list_ids: set[int]) -> dict[Key, int]:
    found: dict[Key, int] = {}
    for chunk in _chunks(sorted(set(pack_ids))):
        rows = session.execute(
            select(Price.price_list_id, Price.pack_id, Price.from_packs, Price.price_e4).where(
                Price.pack_id.in_(chunk), Price.price_list_id.in_(list_ids)
            )
        )
        found |= {(a, b, c): price for a, b, c, price in rows}
    return found


def _chunks(keys: list[int]) -> Iterator[list[int]]:
    rest = iter(keys)
    while chunk := list(islice(rest, _CHUNK)):
        yield chunk
