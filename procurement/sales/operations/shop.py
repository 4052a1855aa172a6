"""The shop window is arranged; buyers keep their searches."""

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from procurement.audit.operations import record
from procurement.kernel import text
from procurement.kernel.actor import Actor
from procurement.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from procurement.kernel.permissions import Permission
from procurement.sales.models import PriceList, SavedSearch, Shop
from procurement.sales.terms.shop import SampleRule, SavedSearchRow, VisitorPrices

MOST_SEARCHES = 50
LONGEST_QUERY = 2_000


def arrange_shop(
    session: Session,
    visitor_prices: VisitorPrices,
    retail_list: str | None,
    *,
    may_collect: bool = False,
    samples: SampleRule | None = None,
    actor: Actor,
    at: datetime,
) -> None:
    """What visitors see of prices, and which list says what things cost in a shop; what is given away for nothing.

    Raises Invalid naming the field.
    """
    actor.require(Permission.EDIT_SETTINGS)
    list_id = None
    if retail_list:
        list_id = session.scalar(select(PriceList.id).where(PriceList.code == retail_list))
        if list_id is None:
            raise Invalid(f"There is no price list {retail_list}.", field="retail_list")
    if visitor_prices is VisitorPrices.RETAIL and list_id is None:
        raise Invalid("Choose the list that has the retail prices.", field="retail_list")
    there = session.get(Shop, 1, with_for_update=True)
    if there is None:
        there = Shop(id=1)
        session.add(there)
    there.visitor_prices, there.retail_list_id = visitor_prices, list_id
    there.may_collect = may_collect
    if samples is not None:
        there.samples_most, there.sample_days = samples.most, samples.days
    words = f"visitors see {visitor_prices}, retail list {retail_list or 'none'}"
    record(session, "arrange shop", "shop", words, actor=actor, at=at)


def save_search(
    session: Session, name: str, query: str, *, actor: Actor, at: datetime
) -> SavedSearch:
    """Keep a search under a name of its own. Raises Conflict where the name is taken, Invalid naming the field."""
    owner = _owner(actor)
    said = text.name(name, "name")
    if not said:
        raise Invalid("Give the search a name.", field="name")
    if not query or len(query) > LONGEST_QUERY:
        raise Invalid("There is nothing to keep, or too much.", field="query")
    names = session.scalars(select(SavedSearch.name).where(SavedSearch.user_id == owner)).all()
    if said in names:
        raise Conflict(f"You have a search called {said} already.", field="name")
    if len(names) >= MOST_SEARCHES:
        raise Conflict(f"You keep {MOST_SEARCHES} searches already.", field="name")
    kept = SavedSearch(user_id=owner, name=said, query=query, created_at=at, seen_at=at)
    session.add(kept)
    session.flush()  # its key is in the address of what comes next
    return kept


def open_search(session: Session, search_id: int, *, actor: Actor, at: datetime) -> SavedSearchRow:
    """What it finds has been seen from now on. Raises NotFound where it is not the actor's."""
    row = session.execute(
        update(SavedSearch)
        .where(SavedSearch.id == search_id, SavedSearch.user_id == _owner(actor))
        .values(seen_at=at)
        .returning(SavedSearch.id, SavedSearch.name, SavedSearch.query, SavedSearch.seen_at)
    ).one_or_none()
    if row is None:
        raise NotFound("There is no such search.")
    return SavedSearchRow(*row)


def forget_search(session: Session, search_id: int, *, actor: Actor) -> None:
    """Raises NotFound where it is not the actor's."""
    gone = session.execute(
        delete(SavedSearch)
        .where(SavedSearch.id == search_id, SavedSearch.user_id == _owner(actor))
        .returning(SavedSearch.id)
    ).one_or_none()
    if gone is None:
        raise NotFound("There is no such search.")


def _owner(actor: Actor) -> int:
    actor.require(Permission.BUY)
    if actor.id is None:
        raise Forbidden(f"{actor.name} keeps no searches.")
    return actor.id
