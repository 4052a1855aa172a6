"""The seller's synonyms, and what those shipped say of a word."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from procurement.catalogue.models import Synonym, SynonymPhrase
from procurement.catalogue.rules.synonyms import shipped
from procurement.catalogue.rules.words import key_of
from procurement.kernel.actor import Actor
from procurement.kernel.db import ReadSession
from procurement.kernel.errors import NotFound
from procurement.kernel.paging import Page, PageRequest
from procurement.kernel.permissions import Permission
from procurement.kernel.text import containing, fold


@dataclass(frozen=True, slots=True)
class SynonymRow:
    """Words that mean the same, the first leading."""

    key: int
    phrases: tuple[str, ...]
    changed_at: datetime
    changed_by: str


def synonyms(
    session: ReadSession, paging: PageRequest, *, text: str = "", actor: Actor
) -> Page[SynonymRow]:
    """The newest first; `text` is a word of one of the phrases."""
    actor.require_any(Permission.SEE_CATALOGUE, Permission.SEE_SALES)
    query = select(Synonym).order_by(Synonym.id.desc()).limit(paging.limit + 1)
    if text:
        holding = select(SynonymPhrase.synonym_id).where(
            SynonymPhrase.key.like(containing(key_of(text)), escape="\\")
        )
        query = query.where(Synonym.id.in_(holding))
    if after := paging.key(int):
        query = query.where(Synonym.id < after[0])
    rows = _rows(session, list(session.scalars(query)))
    return paging.page(rows, lambda row: (row.key,))


def synonym(session: ReadSession, key: int, *, actor: Actor) -> SynonymRow:
    actor.require_any(Permission.SEE_CATALOGUE, Permission.SEE_SALES)
    found = session.get(Synonym, key)
    if found is None:
        raise NotFound("These words are not there any more.")
    return _rows(session, [found])[0]


def shipped_synonyms(text: str) -> tuple[str, ...]:
    """What Stillroom knows of a word or phrase without being told, itself first; nothing for an unknown one."""
    typed = fold(text)
    same = shipped().same.get(key_of(text), ()) if typed else ()
    return tuple(dict.fromkeys((typed, *same))) if same else ()


def shipped_version() -> str:
    """The day of the table that came with the program."""
    return shipped().version


def _rows(session: ReadSession, found: list[Synonym]) -> list[SynonymRow]:
    phrases: defaultdict[int, list[str]] = defaultdict(list)
    rows = session.execute(
        select(SynonymPhrase.synonym_id, SynonymPhrase.phrase)
        .where(SynonymPhrase.synonym_id.in_([one.id for one in found]))
        .order_by(SynonymPhrase.synonym_id, SynonymPhrase.position)
    )
    for key, phrase in rows:
        phrases[key].append(phrase)
    return [
        SynonymRow(one.id, tuple(phrases[one.id]), one.changed_at, one.changed_by) for one in found
    ]
