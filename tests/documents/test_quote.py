"""The quote on paper: what it says, and the file around it."""

import hashlib
import io
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal

import pypdf
import pytest
import zxingcpp

from procurement.documents.content import (
    Note,
    QuoteContent,
    QuoteSection,
    Safety,
    SafetyRow,
    from_json,
    to_json,
)
from procurement.documents.quote import render_quote
from tests.documents.papers import (
    LINK,
    a_ladder,
    a_letterhead,
    a_line,
    a_picture,
    a_quote,
    pages_of,
    picture_of,
    text_of,
)


def a_full_quote() -> QuoteContent:
    lines = (a_line("1.1", "Sweet Almond Oil", ladder=a_ladder(), picture=a_picture()),)
    return a_quote(
        sections=(QuoteSection(lines, "1", "Oils", Decimal("271.32")),),
        options=(a_line("O.1", "Hot-towel Cabinet", net=Decimal("248.00")),),
        letterhead=a_letterhead(logo=a_picture("#5B2A4B")),
        revision=2,
        replaces=1,
        contact="Tomás Reilly",
        rounding="VAT is rounded once per rate.",
        safety=Safety(
            "What is in it",
            "For your therapists.",
            (
                SafetyRow(
                    "1.1", "Sweet Almond Oil", "500 ml", "Prunus Oil", "Almond", "", 12, "2 y"
                ),
            ),
            Note("You asked for nut-free rooms", "Use Coconut Oil (1.2)."),
        ),
    )


def test_a_quote_says_everything_its_content_says():
    copied = " ".join(text_of(render_quote(a_full_quote())).split())
    for told in (
        "Q-2026-0418",
        "2, replaces revision 1",
        "Mon 23 Nov 2026",
        "Fri 18 Dec 2026",
        "The Linden Rooms",
        "Sweet Almond Oil",
        "142.80",
        "11.90",
        "/ bottle",
        "271.32",
        "Subtotal Oils",
        "not included in the totals",
        "+ 248.00",
        "4 more to save",
        "VAT is rounded once per rate.",
        "2,484.82",
        "508.42",
        "2,993.24",
        "30 days from invoice.",
        "Yes, please go ahead",
        "Prunus Oil",
        "12M",
        "You asked for nut-free rooms",
    ):
        assert told in copied, told


def test_the_grand_total_is_named_once():
    assert text_of(render_quote(a_quote(acceptance=None))).count("2,993.24") == 1


def test_the_same_content_gives_the_same_bytes_whatever_was_drawn_between():
    content = a_full_quote()
    first = render_quote(content)
    render_quote(a_quote([a_line(name="京都 สปา שלום")]))
    again = render_quote(from_json(QuoteContent, to_json(content)))
    assert hashlib.sha256(again).digest() == hashlib.sha256(first).digest()


def test_papers_drawn_at_the_same_time_do_not_disturb_each_other():
    contents = [
        a_quote([a_line(name=name)] * 12, number=f"Q-{place}")
        for place, name in enumerate(("Château", "京都さくら", "שלום", "शांति", "Łódź 🌿", "ไทย"))
    ]
    alone = [render_quote(content) for content in contents]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(render_quote, contents * 5)) == alone * 5


def test_other_content_gives_other_bytes():
    assert render_quote(a_quote()) != render_quote(a_quote(number="Q-2026-0419"))


def test_the_file_names_its_title_its_language_and_the_day_of_the_quote():
    reader = pypdf.PdfReader(io.BytesIO(render_quote(a_quote(locale="de_DE"))))
    assert reader.metadata is not None
    assert reader.metadata.title == "Quotation Q-2026-0418"
    assert reader.metadata.author == "Merrow & Sedge"
    assert str(reader.metadata.creation_date_raw) == "D:20261123000000+00'00'"
    assert reader.root_object["/Lang"] == "de-DE"
    assert reader.root_object["/ViewerPreferences"]["/DisplayDocTitle"]


def test_sections_can_be_reached_from_the_outline():
    reader = pypdf.PdfReader(io.BytesIO(render_quote(a_full_quote())))
    titles = [entry.title for entry in reader.outline]
    assert titles == [
        "Quotation",
        "1 Oils",
        "Optional",
        "A better price for a few more",
        "What is in it",
    ]


def test_every_typeface_is_in_the_file():
    names = ("Château", "شاي", "京都", "שלום", "शांति", "ไทย", "🌿", "\u1820")
    pdf = render_quote(a_quote([a_line(number, name) for number, name in enumerate(names)]))
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    fonts = {}
    for page in reader.pages:
        for name, font in page["/Resources"]["/Font"].items():
            fonts[name] = font.get_object()
    assert len(fonts) >= 8
    for font in fonts.values():
        assert "/FontFile2" in font["/FontDescriptor"], font["/BaseFont"]
        assert "/ToUnicode" in font
    assert b"Helvetica" not in pdf


def test_the_private_link_is_read_from_the_paper_and_can_be_clicked():
    pdf = render_quote(a_quote())
    codes = [code.text for code in zxingcpp.read_barcodes(picture_of(pdf, scale=3))]
    assert codes == [LINK]
    (page,) = pypdf.PdfReader(io.BytesIO(pdf)).pages
    assert [note.get_object()["/A"]["/URI"] for note in page["/Annots"]] == [LINK]


def test_a_link_that_is_no_web_address_cannot_be_clicked():
    content = a_quote()
    assert content.acceptance is not None
    box = type(content.acceptance)("Yes", "", "javascript:alert(1)")
    (page,) = pypdf.PdfReader(io.BytesIO(render_quote(a_quote(acceptance=box)))).pages
    assert "/Annots" not in page


def test_a_draft_says_so_across_every_page():
    pages = pages_of(render_quote(a_quote([a_line()] * 40, watermark="DRAFT")))
    assert len(pages) > 1
    assert all("DRAFT" in page.replace("\r\n", "").replace("\n", "") for page in pages)


def test_the_safety_page_begins_a_page():
    pages = pages_of(render_quote(a_full_quote()))
    (safety,) = [page for page in pages if "What is in it" in page]
    assert "Total to pay" not in safety


def test_prices_finer_than_a_cent_keep_their_digits():
    price = a_line().price
    fine = type(price)(Decimal("0.0125"), "piece", None, "")
    assert "0.0125" in text_of(render_quote(a_quote([a_line(price=fine)])))


def test_a_short_colour_and_a_hyphened_locale_are_understood():
    content = a_quote(letterhead=a_letterhead(colour="#525"), locale="de-DE")
    assert "2.993,24" in text_of(render_quote(content))


@pytest.mark.parametrize(
    ("locale", "currency", "told"),
    [
        ("de_DE", "EUR", "2.993,24"),
        ("fr_FR", "EUR", "2 993,24"),
        ("de_CH", "CHF", "2\u2019993.24"),
        ("en_IN", "INR", "2,993.24"),
        ("ar_EG", "EGP", "2,993.24"),
    ],
)
def test_amounts_are_written_as_the_locale_writes_them(locale, currency, told):
    copied = text_of(render_quote(a_quote(locale=locale, currency=currency)))
    assert told in copied.replace("\u00a0", " ").replace("٬", ",")


def test_a_pale_brand_colour_is_darkened_until_it_can_be_read():
    pale = render_quote(a_quote(letterhead=a_letterhead(colour="#FFEE99")))
    picture = picture_of(pale).convert("L")
    # The large title stands in the brand's colour: some of its ink must be clearly dark.
    title = picture.crop((140, 480, 520, 540))
    darkest, _ = title.getextrema()
    assert darkest < 150


def test_dates_follow_the_language_of_the_reader():
    content = a_quote(locale="de_DE", issued_on=date(2026, 3, 2))
    assert "Mo., 2. März 2026" in text_of(render_quote(content))
