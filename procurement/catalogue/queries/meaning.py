"""What was typed, understood with the seller's synonyms; and as conditions and an order for the database."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, Text, and_, bindparam, case, func, literal, or_, select
from sqlalchemy.orm import aliased

from procurement.catalogue.models import Product, SearchWord, SynonymPhrase
from procurement.catalogue.rules.searching import (
    Group,
    Meaning,
    group_of,
    meaning_of,
    phrases_of,
    telling_apart,
)
from procurement.catalogue.rules.spelling import nearest, pieces_of
from procurement.catalogue.rules.synonyms import shipped
from procurement.catalogue.rules.words import is_mendable
from procurement.kernel.db import ReadSession
from procurement.kernel.text import LEAST_LETTERS, containing
from procurement.kernel.trigrams import Shape, holds, shape_of, words_given, would_hold

EXACT, BEGINS, PHRASE, SOMEWHERE = 0, 1, 2, 3
_RANK = ("rank_code", "rank_begins", "rank_phrase")
_MOST_PIECES = 60
_MOST_MENDED = 4  # words
_LONGER = 2  # letters that a misspelt word may lack or have too many


@dataclass(frozen=True, slots=True)
class Blank:
    """A meaning without its words: what of it changes a statement, so that one is written down for many searches."""

    shape: Shape
    has_code: bool


def understood(session: ReadSession, text: str) -> Meaning:
    """What was typed with all synonyms: one statement."""
    return meaning_of(text, shipped(), _own(session, phrases_of(text)))


def blank_of(meaning: Meaning) -> tuple[Blank, dict[str, str]] | None:
    """A meaning without its words, and the words by which a statement made of it is executed.

    None where the statement itself depends on the words: some are too short for the index, or not all are needed.
    """
    if not meaning.groups or meaning.is_loose or not all(map(_is_indexed, meaning.groups)):
        return None
    groups = [_words(group) for group in meaning.groups]
    blank = Blank(shape_of(groups), has_code=bool(meaning.figures or meaning.code))
    return blank, words_given(groups) | _rank_given(meaning)


def saying(meaning: Meaning | Blank) -> list[ColumnElement[bool]]:
    """Conditions on products: each group held, or as many as are needed."""
    if isinstance(meaning, Blank):
        return [would_hold(Product.id, Product.search_text, meaning.shape)]
    if not meaning.groups:
        return []
    if meaning.is_loose:
        return [_any_of(meaning.groups), held(meaning.groups) >= meaning.least]
    indexed = [group for group in meaning.groups if _is_indexed(group)]
    found = [_as_likes(group) for group in meaning.groups if not _is_indexed(group)]
    if indexed:
        found.append(holds(Product.id, Product.search_text, [_words(group) for group in indexed]))
    return found


def held(groups: Sequence[Group]) -> ColumnElement[int]:
    """How many of the groups a product holds."""
    return sum((case((_as_likes(group), 1), else_=0) for group in groups), start=literal(0))


def first_rank(meaning: Meaning | Blank) -> ColumnElement[int]:
    """The rough order in which the database hands out candidates: codes, then names that begin with what was typed."""
    if isinstance(meaning, Blank):
        has_code = meaning.has_code
        code, begins, phrase = (bindparam(name, type_=Text()) for name in _RANK)
    else:
        if not meaning.groups:
            return literal(EXACT)
        has_code, given = bool(meaning.figures or meaning.code), _rank_given(meaning)
        code, begins, phrase = (literal(given[name], Text()) for name in _RANK)
    text = " " + Product.search_text + " "
    return case(
        (text.like(code, escape="\\") if has_code else literal(False), EXACT),
        (Product.search_text.like(begins, escape="\\"), BEGINS),
        (text.like(phrase, escape="\\"), PHRASE),
        else_=SOMEWHERE,
    )


def _rank_given(meaning: Meaning) -> dict[str, str]:
    code = (
        f"% {meaning.figures.zfill(14)} %" if meaning.figures else containing(f" {meaning.code} ")
    )
    begins = containing(meaning.whole).removeprefix("%")
    return dict(zip(_RANK, (code, begins, containing(f" {meaning.whole} ")), strict=True))


def put_right(
    session: ReadSession, meaning: Meaning, among: Sequence[ColumnElement[bool]]
) -> Meaning | None:
    """What was probably meant, when as typed it finds nothing: seven statements, and one for each word.

    `among` are the conditions a product must meet besides. Words that nothing is like are left as they are.
    """
    absent = _absent(session, meaning.groups, among)
    typed = dict.fromkeys(group.typed for group in absent)
    words = [word for word in typed if is_mendable(word)][:_MOST_MENDED]
    guesses = {word: found for word in words if (found := _guesses(session, word))}
    groups = {
        guess: group_of(guess, shipped(), _own(session, [guess]))
        for found in guesses.values()
        for guess in found
    }
    lost = {group.typed for group in _absent(session, list(groups.values()), among)}
    right = {
        word: guess
        for word, found in guesses.items()
        if (guess := next((one for one in found if one not in lost), None))
    }
    if len(right) < len(guesses):
        # Words that only a synonym holds together: none of them is found by itself.
        said = _said(meaning, {word: found[0] for word, found in guesses.items()} | right)
        together = understood(session, said)
        if not _absent(session, together.groups, among):
            return replace(together, mended=said)
    if not right:
        return None
    said = _said(meaning, right)
    return replace(understood(session, said), mended=said)


def _said(meaning: Meaning, right: Mapping[str, str]) -> str:
    return " ".join(right.get(word, word) for word in meaning.whole.split())


def without_absent(
    session: ReadSession, meaning: Meaning, among: Sequence[ColumnElement[bool]]
) -> Meaning | None:
    """The same without the words that nothing has, when there are both such and others: one statement."""
    absent = _absent(session, meaning.groups, among)
    if not absent or len(absent) == len(meaning.groups):
        return None
    return meaning.without(absent)


def _guesses(session: ReadSession, word: str) -> list[str]:
    pieces = pieces_of(word)[:_MOST_PIECES]
    statement = select(SearchWord.word).where(
        holds(SearchWord.id, SearchWord.word, [[(piece,) for piece in pieces]]),
        func.length(SearchWord.word).between(len(word) - _LONGER, len(word) + _LONGER),
    )
    return nearest(word, {*session.scalars(statement), *shipped().words})


def _absent(
    session: ReadSession, groups: Sequence[Group], among: Sequence[ColumnElement[bool]]
) -> list[Group]:
    """The groups that no product holds."""
    if not groups:
        return []
    questions = [
        select(Product.id).where(_one(group), *among).exists().label(f"held_{number}")
        for number, group in enumerate(groups)
    ]
    row = session.execute(select(*questions)).one()
    return [group for group, there in zip(groups, row, strict=True) if not there]


_NAMED = aliased(SynonymPhrase)
_OWN = (
    select(_NAMED.key, SynonymPhrase.phrase)
    .join(SynonymPhrase, SynonymPhrase.synonym_id == _NAMED.synonym_id)
    .where(_NAMED.key.in_(bindparam("keys", expanding=True)))
    .order_by(_NAMED.key, SynonymPhrase.synonym_id, SynonymPhrase.position)
)


def _own(session: ReadSession, keys: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The seller's synonyms of these phrases, by key."""
    if not keys:
        return {}
    found: defaultdict[str, list[str]] = defaultdict(list)
    for key, phrase in session.execute(_OWN, {"keys": keys}):
        found[key].append(phrase)
    return {key: tuple(phrases) for key, phrases in found.items()}


def _any_of(groups: Iterable[Group]) -> ColumnElement[bool]:
    groups = list(groups)
    if all(_is_indexed(group) for group in groups):
        ways = [way for group in groups for way in _words(group)]
        return holds(Product.id, Product.search_text, [ways])
    return or_(*(_as_likes(group) for group in groups))


def _one(group: Group) -> ColumnElement[bool]:
    if _is_indexed(group):
        return holds(Product.id, Product.search_text, [_words(group)])
    return _as_likes(group)


def _is_indexed(group: Group) -> bool:
    return all(len(word) >= LEAST_LETTERS for way in group.ways for word in way.words)


def _words(group: Group) -> tuple[tuple[str, ...], ...]:
    return telling_apart(tuple(way.words for way in group.ways))


def _as_likes(group: Group) -> ColumnElement[bool]:
    return or_(*(and_(*(_holds_word(word) for word in way.words)) for way in group.ways))


def _holds_word(word: str) -> ColumnElement[bool]:
    """A short word of letters begins or ends one of the text's; anything else stands anywhere."""
    if len(word) >= LEAST_LETTERS or not word.isascii():
        return Product.search_text.like(containing(word), escape="\\")
    text = " " + Product.search_text + " "
    return or_(
        text.like(containing(f" {word}"), escape="\\"),
        text.like(containing(f"{word} "), escape="\\"),
    )
