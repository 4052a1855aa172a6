"""The seller's own synonyms: beside those shipped, at once on every search."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from procurement.audit.operations import record
from procurement.catalogue.models import Synonym, SynonymPhrase
from procurement.catalogue.operations.search_words import learn_words
from procurement.catalogue.rules.words import key_of
from procurement.kernel import text
from procurement.kernel.actor import Actor
from procurement.kernel.errors import Conflict, Invalid, NotFound
from procurement.kernel.permissions import Permission

MOST_PHRASES = 20
MOST_SYNONYMS = 2_000
_LONGEST = 100


def save_synonym(
    session: Session, phrases: Sequence[str], key: int | None = None, *, actor: Actor, at: datetime
) -> int:
    """These words mean the same from now on; with `key` they take the place of what stands there."""
    actor.require_any(Permission.EDIT_CATALOGUE, Permission.SELL)
    cleaned = _clean(phrases)
    if key is None:
        count = session.scalar(select(func.count()).select_from(Synonym)) or 0
        if count >= MOST_SYNONYMS:
            raise Conflict(f"There are {MOST_SYNONYMS:,} synonyms already. Take some away first.")
        synonym = Synonym(changed_at=at, changed_by=actor.name[:200])
        session.add(synonym)
        session.flush()  # its phrases name it
    else:
        synonym = _for_update(session, key)
        synonym.changed_at, synonym.changed_by = at, actor.name[:200]
        session.execute(delete(SynonymPhrase).where(SynonymPhrase.synonym_id == key))
    session.add_all(
        SynonymPhrase(synonym_id=synonym.id, position=place, phrase=phrase, key=key_of(phrase))
        for place, phrase in enumerate(cleaned)
    )
    learn_words(session, (text.fold(phrase) for phrase in cleaned))
    verb = "add synonym" if key is None else "change synonym"
    record(session, verb, cleaned[0], " = ".join(cleaned[1:]), actor=actor, at=at)
    return synonym.id


def remove_synonym(session: Session, key: int, *, actor: Actor, at: datetime) -> None:
    actor.require_any(Permission.EDIT_CATALOGUE, Permission.SELL)
    synonym = _for_update(session, key)
    phrases = list(
        session.scalars(
            select(SynonymPhrase.phrase)
            .where(SynonymPhrase.synonym_id == key)
            .order_by(SynonymPhrase.position)
        )
    )
    session.execute(delete(SynonymPhrase).where(SynonymPhrase.synonym_id == key))
    session.delete(synonym)
    record(session, "remove synonym", phrases[0], " = ".join(phrases[1:]), actor=actor, at=at)


def _for_update(session: Session, key: int) -> Synonym:
    found = session.scalar(select(Synonym).where(Synonym.id == key).with_for_update())
    if found is None:
        raise NotFound("These words are not there any more.")
    return found


def _clean(phrases: Sequence[str]) -> list[str]:
    """Each once, whatever its plural; at least two."""
    found: dict[str, str] = {}
    for phrase in phrases:
        if not phrase.strip():
            continue
        cleaned = text.name(phrase, "phrases")
        if len(cleaned) > _LONGEST:
            raise Invalid(f"A phrase has at most {_LONGEST} characters.", field="phrases")
        found.setdefault(key_of(cleaned), cleaned)
    if len(found) < 2:
        raise Invalid("Two words at least, that are not the same already.", field="phrases")
    if len(found) > MOST_PHRASES:
        raise Invalid(f"At most {MOST_PHRASES} words mean the same.", field="phrases")
    return list(found.values())
