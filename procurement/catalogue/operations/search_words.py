"""The words that products are found by, kept apart, so that one spelt wrongly is put right without reading them all."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from procurement.catalogue.models import SearchWord
from procurement.catalogue.queries.known import chunks
from procurement.catalogue.rules.words import spelt_words


def learn_words(session: Session, texts: Iterable[str]) -> None:
    """Remember the words of these search texts. None is ever forgotten: one that finds nothing is not proposed."""
    words = {word for text in texts for word in spelt_words(text)}
    known: set[str] = set()
    for chunk in chunks(sorted(words)):
        known.update(session.scalars(select(SearchWord.word).where(SearchWord.word.in_(chunk))))
    # In order, or two who learn the same words wait for each other.
    new = [{"word": word} for word in sorted(words - known)]
    if new:
        insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
        session.connection().execute(insert(SearchWord).on_conflict_do_nothing(), new)
