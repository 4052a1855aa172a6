"""The languages of papers for customers and of the pages behind their links, and which of them a customer gets."""

from procurement.documents.languages import chinese, english, french, german, italian, spanish
from procurement.documents.languages.answering import Answering
from procurement.documents.languages.words import Words

_ALL = (english, german, french, spanish, italian, chinese)
LANGUAGES: dict[str, Words] = {one.WORDS.language: one.WORDS for one in _ALL}
ANSWERING: dict[str, Answering] = {one.WORDS.language: one.ANSWERING for one in _ALL}


def words_for(locale: str) -> Words:
    """The words of "de_CH" or "de-AT"; English where a language is not spoken here."""
    return LANGUAGES.get(_language(locale), english.WORDS)


def answering_for(locale: str) -> Answering:
    """What the pages behind a private link say in it."""
    return ANSWERING.get(_language(locale), english.ANSWERING)


def is_spoken(locale: str) -> bool:
    """Whether a paper can be written in this locale's language."""
    return _language(locale) in LANGUAGES


def _language(locale: str) -> str:
    return locale.replace("-", "_").partition("_")[0].lower()
