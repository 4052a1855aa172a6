"""Pages in a customer's language: their figures, dates and words follow one locale (`documents/languages`).

Pages of the house never speak: they keep the company's figures and English words.
"""

from typing import Any

from babel import Locale
from flask import Flask, g, request

from procurement.documents.languages import (
    ANSWERING,
    LANGUAGES,
    answering_for,
    is_spoken,
    words_for,
)
from procurement.documents.languages.answering import Answering
from procurement.sales.rules.speaking import pack_said

ENGLISH = "en"


def speak(locale: str) -> Answering:
    """From here on this request's figures, dates and words are those of a locale."""
    g.locale = Locale.parse(locale.replace("-", "_"))
    g.speaks = locale
    return answering_for(locale)


def language_of(locale: str) -> str:
    """What a page in it says of itself: "de-AT"; "en" where the words are English because nobody speaks the locale."""
    return locale.replace("_", "-") if is_spoken(locale) else ENGLISH


def asked_language() -> str | None:
    """The first language of the reader's browser that is spoken here."""
    asked = (tag.partition("-")[0].lower() for tag in request.accept_languages.values())
    return next((language for language in asked if language in LANGUAGES), None)


def errors_speak() -> None:
    """Before a request to a page behind a link: an error is told in the quote's language, or the reader's."""
    g.asked_language = asked_language()


def error_language() -> str:
    """Of an error page: English, except behind links."""
    return str(g.get("speaks") or g.get("asked_language") or ENGLISH)


def page_word(name: str) -> Any:
    """A word of `Answering` in the language the page speaks."""
    return getattr(ANSWERING[ENGLISH] if "speaks" not in g else answering_for(g.speaks), name)


def page_pack(name: str, number: int) -> str:
    """One word for so many of a pack, in the language the page speaks; on pages of the house its own name."""
    return pack_said(words_for(g.speaks), name, number) if "speaks" in g else name


def install_speaking(app: Flask) -> None:
    app.add_template_global(page_word, "page_word")
    app.add_template_global(page_pack, "page_pack")
