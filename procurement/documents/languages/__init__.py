"""The languages of papers for customers, and which of them a customer gets."""

from procurement.documents.languages import chinese, english, french, german, italian, spanish
from procurement.documents.languages.words import Words

_ALL = (english.WORDS, german.WORDS, french.WORDS, spanish.WORDS, italian.WORDS, chinese.WORDS)
LANGUAGES: dict[str, Words] = {words.language: words for words in _ALL}


def words_for(locale: str) -> Words:
    """The words of "de_CH" or "de-AT"; English where a language is not spoken here."""
    return LANGUAGES.get(_language(locale), english.WORDS)


def is_spoken(locale: str) -> bool:
    """Whether a paper can be written in this locale's language."""
    return _language(locale) in LANGUAGES


def _language(locale: str) -> str:
    return locale.replace("-", "_").partition("_")[0].lower()
