"""A quote that nobody was sent: what the settings show while somebody chooses how papers look."""

from datetime import date
from decimal import Decimal

from procurement.documents.content import (
    Amount,
    AnswerBox,
    Cover,
    Letterhead,
    Picture,
    Price,
    QuoteContent,
    QuoteLine,
    QuoteSection,
    TaxLine,
    Totals,
)
from procurement.documents.figures import figures
from procurement.documents.languages import words_for
from procurement.documents.languages.tax_names import taxed_words
from procurement.documents.languages.words import Words

_RECIPIENT = ("The Linden Rooms", "12 Harbour Walk", "Kinsale P17 AB12")
_GOODS = (
    ("Sweet Almond Oil", "ALM-500", "bottle", 24, "11.90"),
    ("Fractionated Coconut Oil", "COC-500", "bottle", 36, "9.90"),
    ("Arnica Recovery Balm", "ARN-200", "jar", 12, "14.50"),
    ("Lavender Calm Lotion", "LAV-250", "pump bottle", 48, "7.80"),
    ("Juniper & Cypress Leg Oil", "LEG-500", "bottle", 12, "17.65"),
    ("Warming Balm", "WRM-250", "tin", 12, "14.10"),
)
_TOOLS = (
    ("Basalt Hot Stones", "BAS-036", "set", 2, "164.00"),
    ("Bamboo Rollers", "BAM-002", "pair", 6, "38.50"),
    ("Gua Sha, bian stone", "GUA-010", "piece", 10, "8.90"),
    ("Table Sheet Set", "SHT-006", "set", 24, "23.00"),
    ("Hand Towel, white", "TWL-024", "piece", 96, "2.25"),
    ("Bolster, full round", "BOL-001", "piece", 6, "51.75"),
)
_TITLES = ("Oils and balms", "Tools and linen")  # a seller's own words, as the goods' names are
_RATE = Decimal(20)


def sample_quote(
    letterhead: Letterhead,
    locale: str,
    on: date,
    *,
    cover: bool = False,
    cover_picture: Picture | None = None,
    currency: str = "EUR",
    country: str = "",  # the seller's, ISO 3166
) -> QuoteContent:
    """In the look and the language given."""
    words = taxed_words(words_for(locale), country)
    sections = tuple(
        _section(words, place, lines) for place, lines in enumerate((_GOODS, _TOOLS), start=1)
    )
    net = sum((section.subtotal or Decimal(0) for section in sections), Decimal(0))
    tax = (net * _RATE / 100).quantize(Decimal("0.01"))
    written = figures(locale, currency)
    return QuoteContent(
        letterhead=letterhead,
        recipient=_RECIPIENT,
        number="Q-0001",
        issued_on=on,
        valid_until=on,
        currency=currency,
        totals=Totals(net, tax, net + tax),
        sections=sections,
        locale=locale,
        title=words.quotation,
        tax_word=words.vat,
        taxes=(TaxLine("A", _RATE, net, tax),),
        rounding=words.rounding_document,
        acceptance=AnswerBox(
            title=words.answer_title,
            text=words.answer_text.format(
                label="Q-0001", total=written.amount(net + tax), tax=words.vat
            ),
            fields=words.answer_fields,
        ),
        cover=cover_of(words, _RECIPIENT[:1], "Q-0001", written.date(on), cover_picture)
        if cover
        else None,
    )


def cover_of(
    words: Words, customer: tuple[str, ...], number: str, day: str, picture: Picture | None
) -> Cover:
    """The page before the letter, as every quote has it."""
    return Cover(
        title=words.quotation,
        lines=(*customer, f"{number} · {day}"),
        label=words.prepared_for,
        picture=picture,
    )


def _section(
    words: Words, place: int, goods: tuple[tuple[str, str, str, int, str], ...]
) -> QuoteSection:
    lines = tuple(
        _line(words, f"{place}.{number}", one) for number, one in enumerate(goods, start=1)
    )
    net = sum((line.net for line in lines), Decimal(0))
    return QuoteSection(lines, str(place), _TITLES[place - 1], net)


def _line(words: Words, number: str, goods: tuple[str, str, str, int, str]) -> QuoteLine:
    name, sku, pack, packs, price = goods
    one, many = words.packs.get(pack, (pack, f"{pack}s"))
    return QuoteLine(
        number=number,
        name=name,
        sku=sku,
        packs=Amount(Decimal(packs), many),
        price=Price(Decimal(price), one),
        net=packs * Decimal(price),
        tax_code="A",
    )
