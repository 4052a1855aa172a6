"""What a catalogue and a price list to take along begin with."""

from decimal import Decimal
from typing import NamedTuple

from procurement.documents.catalogue_content import CatalogueContent
from procurement.documents.figures import Figures, figures
from procurement.documents.furniture import Paper
from procurement.documents.languages import words_for
from procurement.documents.languages.taking_away import taking_away_words
from procurement.documents.typesetting import Styles, Typesetter, styles_for


class Beginning(NamedTuple):
    """The paper under its title, and how its words and figures are set."""

    paper: Paper
    setter: Typesetter
    styles: Styles
    written: Figures


def begun(content: CatalogueContent, title: str) -> Beginning:
    written = figures(content.locale, content.currency)
    paper = Paper(
        letterhead=content.letterhead,
        title=f"{title} · {content.letterhead.name}",
        running=f"{title} · {written.date(content.issued_on)}",
        issued_on=content.issued_on,
        locale=content.locale,
        watermark="",
    )
    setter = Typesetter(content.locale)
    return Beginning(paper, setter, styles_for(content.letterhead.colour), written)


def price_said(price: Decimal | None, locale: str, written: Figures) -> str:
    """On request where there is none; a sample, which costs nothing, is free."""
    if price is None:
        return taking_away_words(locale).on_request
    return written.money(price) if price else words_for(locale).free
