"""What a customer may choose, as the paper shows it: options, one of several, other quantities, samples, words."""

import hashlib
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from procurement.documents.content import (
    Amount,
    Ladder,
    Price,
    PriceStep,
    QuoteContent,
    QuoteLine,
    QuoteSection,
    to_json,
)
from procurement.documents.languages import LANGUAGES, words_for
from procurement.documents.quote import render_quote
from tests.documents.papers import a_line, a_quote, pages_of, plain, text_of

NOTHING = Decimal(0)
OFFERED = Ladder(
    "case of 12",
    "bottle",
    (
        PriceStep("2 cases", Decimal("142.80"), Decimal("11.90")),
        PriceStep("6 cases", Decimal("135.60"), Decimal("11.30")),
    ),
    standing=0,
    ordered="2 cases",
    more=Decimal(4),
    saves=Decimal("7.20"),
    exact=True,
)


def a_shaped_quote(language: str = "en", **changes) -> QuoteContent:
    words = words_for(language)
    said = QuoteLine(
        "",
        "The cases go back with the driver.",
        "",
        Amount(NOTHING, ""),
        Price(NOTHING, ""),
        NOTHING,
        "",
        kind="text",
    )
    lines = (
        a_line("1.1", ladder=OFFERED, text="Pressed this autumn."),
        a_line("1.2", "Coconut Oil"),
        said,
        a_line("1.3", "Lavender Calm Lotion", kind="sample", net=NOTHING, discount=None),
    )
    values = {
        "sections": (QuoteSection(lines, "1", "Oils", Decimal("542.64")),),
        "options": (
            a_line("O.1", "Hot-towel Cabinet", net=Decimal("248.00")),
            a_line("A.1", "Jojoba Oil", net=Decimal("402.10"), instead_of="1.2"),
            a_line("A.2", "Grapeseed Oil", net=Decimal("310.00"), instead_of="1.2"),
        ),
        "locale": language,
        "title": words.quotation,
    }
    return a_quote(**{**values, **changes})


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_line_is_told_in_every_language(language):
    words = words_for(language)
    copied = plain(text_of(render_quote(a_shaped_quote(language))))
    told = (words.optional, words.one_of, words.one_of_hint, words.counted_here, words.sample)
    told += (words.free, words.instead_of.format(number="1.2"), words.ladder_title)
    told += ("The cases go back with the driver.", "Pressed this autumn.")
    told += (words.ladder_more.format(packs=4),)
    for text in told:
        assert plain(text) in copied, text


def test_an_option_is_added_and_an_alternative_is_not():
    copied = " ".join(text_of(render_quote(a_shaped_quote("en_IE"))).split())
    assert "+ 248.00" in copied
    assert "402.10" in copied
    assert "+ 402.10" not in copied
    assert "from 6 cases" not in copied  # an exact quantity, no threshold


def test_those_one_chooses_from_stand_on_one_page():
    many = [a_line(f"1.{place}", f"Oil {place}") for place in range(1, 40)]
    for count in range(12, 20):
        section = QuoteSection(tuple(many[:count]), "1", "Oils", Decimal(1))
        content = a_shaped_quote("en_IE", sections=(section,))
        pages = pages_of(render_quote(content))
        (page,) = [text for text in pages if "Jojoba Oil" in text]
        assert "Grapeseed Oil" in page
        assert "counted" in page


def test_two_processes_draw_the_same_bytes():
    content = a_shaped_quote("zh")
    drawn = hashlib.sha256(render_quote(content)).hexdigest()
    program = (
        "import sys, hashlib\n"
        "from procurement.documents.content import QuoteContent, from_json\n"
        "from procurement.documents.quote import render_quote\n"
        "content = from_json(QuoteContent, sys.stdin.buffer.read().decode())\n"
        "print(hashlib.sha256(render_quote(content)).hexdigest())\n"
    )
    for seed in ("1", "2"):
        other = subprocess.run(
            [sys.executable, "-c", program],
            input=to_json(content).encode(),
            capture_output=True,
            check=True,
            cwd=Path(__file__).parents[2],
            env={"PYTHONHASHSEED": seed, "TZ": "Asia/Tokyo"},
        )
        assert other.stdout.decode().strip() == drawn
