"""Which language a customer's papers are in, and how a pack is called in it."""

from babel import Locale, UnknownLocaleError

from procurement.catalogue.rules.wording import pack_word, plural
from procurement.documents.languages import is_spoken
from procurement.documents.languages.words import Words


def paper_locale(wanted: str, own: str) -> str:
    """The customer's language and country; the company's own where that says more, or where theirs is not spoken."""
    wanted = wanted.replace("-", "_")
    language = wanted.partition("_")[0]
    if not is_spoken(language):
        return own
    if wanted == language and own.partition("_")[0] == language:
        return own
    try:
        Locale.parse(wanted)
    except (UnknownLocaleError, ValueError):
        return own if own.partition("_")[0] == language else language
    return wanted


def label_said(number: str, revision: int, words: Words) -> str:
    """A quote's number, and its revision from the second on."""
    if revision == 1:
        return number
    return f"{number}, {words.revision.format(revision=revision)}"


def pack_said(words: Words, name: str, number: int) -> str:
    """One word for so many of a pack: 1 case, 2 cases, 2 Kartons. What nobody has translated stays as it is."""
    word = pack_word(name)
    if known := words.packs.get(word):
        return known[number != 1]
    if words.language != "en":
        return name[: len(word)]  # as typed: a German crate keeps its capital
    return word if number == 1 else plural(word)
