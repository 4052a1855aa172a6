"""The catalogue and the price list on paper: their languages, their index, thousands of products in little memory."""

import io
import string
import subprocess
import sys
from dataclasses import fields, replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pypdf
import pytest

from procurement.documents.catalogue import render_catalogue, render_price_list
from procurement.documents.catalogue_content import Block, CatalogueContent, PackLine, Shelf
from procurement.documents.languages import LANGUAGES
from procurement.documents.languages.taking_away import TAKING_AWAY
from tests.documents.papers import a_letterhead, plain, text_of

NAMES = ("Sweet Almond Oil", "שמן שקדים מתוק", "زيت اللوز", "甜杏仁油", "Öl <b>&</b> Ärnica " * 6)
PROGRAM = """
import time
from pathlib import Path
from tests.documents.test_catalogues import a_catalogue
from procurement.documents.catalogue import render_catalogue, render_price_list
names = [f"Sweet Almond Oil {n}" for n in range(10_000)]
listed, whole = a_catalogue(names), a_catalogue(names[:2_000])
begun = time.process_time()
render_price_list(listed)
render_catalogue(whole)
status = Path("/proc/self/status").read_text()
print(time.process_time() - begun, status.partition("VmHWM:")[2].split()[0])
"""


def a_catalogue(names, locale="en_IE", currency="EUR"):
    blocks = tuple(
        Block(
            name,
            (
                PackLine(f"A-{n}", f"{n:014}", "500 ml", "Bottle, 500 ml", Decimal("11.90")),
                PackLine(
                    f"A-{n}", "", "500 ml", "Case", Decimal("142.80"), ((6, Decimal("135.60")),)
                ),
            ),
            ingredients=("Prunus Amygdalus Dulcis Oil", f"Tocopherol {n % 50}"),
            allergens="Almond.",
        )
        for n, name in enumerate(names)
    )
    half = len(blocks) // 2
    shelves = (Shelf("Oils", blocks[:half]), Shelf("Others", blocks[half:]))
    return CatalogueContent(
        letterhead=a_letterhead(),
        issued_on=date(2026, 11, 28),
        locale=locale,
        currency=currency,
        shelves=shelves,
        recipient=("The Linden Rooms",),
        customer="LINDEN",
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_both_papers_speak_every_language_and_print_every_script(language):
    words, english = TAKING_AWAY[language], TAKING_AWAY["en"]
    for one in fields(words):
        there = {name for _, name, _, _ in string.Formatter().parse(getattr(words, one.name))}
        assert there == {
            name for _, name, _, _ in string.Formatter().parse(getattr(english, one.name))
        }
    content = a_catalogue(NAMES, locale=language)
    for render, title in (
        (render_catalogue, words.catalogue),
        (render_price_list, words.price_list),
    ):
        pdf = render(content)
        assert pdf == render(content)
        found = plain(text_of(pdf))
        assert plain(title) in found
        assert "甜杏仁油" in found
        assert "<b>&</b>" in found


def test_the_index_leads_to_the_page_it_names():
    pdf = render_catalogue(a_catalogue([f"Oil {n}" for n in range(40)]))
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    *_, index, ingredients = reader.outline
    assert [index["/Title"], ingredients["/Title"]] == ["Index", "Ingredients and where they are"]
    page = reader.pages[reader.get_destination_page_number(index)]
    link = page["/Annots"][0].get_object()  # of the first line: Oil 0
    there = [one.indirect_reference for one in reader.pages]
    target = there.index(list.__getitem__(link["/Dest"], 0))  # the reference, not the page
    assert "Oil 0" in reader.pages[target].extract_text()
    assert f"Page {target + 1} of" in reader.pages[target].extract_text()


def test_a_sample_is_free_and_costs_no_figure():
    content = a_catalogue(["Oil"], locale="de_DE")
    sample = Block("Probe", (PackLine("A-S", "", "4 g", "Dose, 4 g", Decimal(0)),))
    content = replace(content, shelves=(Shelf("Proben", (sample,)),))
    for render in (render_catalogue, render_price_list):
        told = text_of(render(content))
        assert "kostenlos" in told
        assert "0,00" not in told


def test_without_prices_a_paper_says_so():
    content = a_catalogue(["Oil"], currency="")
    for render in (render_catalogue, render_price_list):
        assert "11.90" not in text_of(render(content))
        assert "on request" in text_of(render(content))


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="tells no peak of memory")
def test_the_largest_papers_take_less_than_thirty_seconds_and_three_hundred_megabytes():
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    seconds, kilobytes = (float(part) for part in run.stdout.split())
    assert seconds < 30, run.stdout
    assert kilobytes < 300 * 1024, run.stdout
