"""A name prints and is read back as it was typed, whatever its script."""

import unicodedata

import pytest

from procurement.documents import fonts
from procurement.documents.quote import render_quote
from procurement.documents.text import fit
from tests.documents.papers import a_line, a_quote, plain, text_of

NAMES = {
    "Latin": "Château Œuvre, Łódź Ørsted",
    "Greek": "Αρμονία Σπα Θεσσαλονίκης",
    "Cyrillic": "Салон «Тёплый камень» Її",
    "Vietnamese": "Trị Liệu Hương Sả Nguyễn",
    "Arabic": "سبا الياسمين للعناية",
    "Arabic with joined letters": "لا لأ الإبداع",
    "Hebrew": "מרפאת שלום",
    "Arabic with its vowels": "مُنَاقَشَةُ سُبُلِ",
    "Hebrew with its vowels": "בְּרֵאשִׁית בָּרָא",
    "Both directions with vowels": "הָיְתָהtestالتّحول",  # noqa: RUF001 - as people write it
    "Hindi": "शांति स्पा श्री 500 मि.ली.",
    "Thai": "ร้านนวดน้ำมันที่นี่ 500 มล.",
    "Chinese, simplified": "上海静心按摩馆 500 毫升",
    "Chinese, traditional": "臺北靜心按摩館 500 毫升",
    "Japanese": "京都さくら治療院プロ 500 ml",
    "Korean": "서울 힐링 마사지 500 ml",
    "Emoji": "Lily 🌿 Oil 💧 24 × 500 🛁 K7",  # noqa: RUF001 - as people write it
    "Emoji sequences": "👩‍👩‍👧‍👦 🇮🇪 1️⃣ 👍🏽",
    "Tamil": "தமிழ் எண்ணெய்",
    "Georgian": "თბილისი სპა",
    "Armenian": "Երևան",
    "Ethiopic": "ሰላም",
    "Decomposed accents": unicodedata.normalize("NFD", "Château Nguyễn"),
}


@pytest.fixture(scope="module")
def copied() -> str:
    lines = [a_line(number, name) for number, name in enumerate(NAMES.values(), start=1)]
    return plain(text_of(render_quote(a_quote(lines))))


@pytest.mark.parametrize("script", NAMES)
def test_a_name_is_read_back_as_it_was_typed(script, copied):
    assert plain(NAMES[script]) in copied


@pytest.mark.parametrize("name", ["سبا الياسمين 500 مل (2)", "מרפאת שלום 500 מ״ל (2)"])
def test_figures_and_brackets_keep_their_order_in_a_name_from_right_to_left(name):
    pdf = render_quote(a_quote(recipient=(name,)))
    assert plain(name) in plain(text_of(pdf))


def test_a_name_of_both_directions_keeps_each_word():
    copied = text_of(render_quote(a_quote([a_line(name="Spa النور Zürich")])))
    assert "Spa النور Zürich" in unicodedata.normalize("NFKC", copied)


def test_a_character_that_no_typeface_has_is_shown_as_its_code_and_copied_as_itself():
    (line,) = fit("Oil \u1820", "Regular", 9, 200)
    assert [run.shown for run in line.runs or ()] == ["Oil ", "[U+1820]"]
    assert "Oil \u1820" in text_of(render_quote(a_quote([a_line(name="Oil \u1820")])))


def test_a_direction_control_cannot_turn_a_price_round():
    pdf = render_quote(a_quote([a_line(name="Oil \u202e00.1 / case")]))
    assert "Oil 00.1 / case" in text_of(pdf)


def test_latin_papers_open_no_other_typeface():
    before = fonts.shaper_of.cache_info().currsize
    render_quote(a_quote([a_line(name="Château · Łódź Ørsted €")]))
    assert fonts.shaper_of.cache_info().currsize == before


def test_marks_above_and_below_the_line_do_not_break_it_in_two():
    copied = text_of(render_quote(a_quote(recipient=("مُنَاقَشَةُ سُبُلِ",))))
    (line,) = (line for line in copied.splitlines() if "سب" in plain(line))
    assert plain(line) == plain("مُنَاقَشَةُ سُبُلِ")
    assert [unicodedata.category(char) for char in line].count("Mn") == 8
