"""How papers look: typed, seen at once, kept for the papers to come."""

import io
from xml.etree import ElementTree as ET

import pypdf
import pytest
from PIL import Image

from procurement.documents.preview import preview_quote
from procurement.documents.quote import render_quote
from procurement.documents.sample import sample_quote
from procurement.settings.queries import get_company, letterhead
from tests.backoffice.admin.test_settings import company
from tests.builders import NOON
from tests.documents.papers import a_letterhead, a_picture, pages_of, text_of
from tests.doors import sign_in

TYPED = {
    "version": "1",
    "brand_colour": "#2f4427",
    "tagline": "Oils",
    "footer": "IBAN",
    "language": "en",
}


def a_file(name: str, size: tuple[int, int] = (900, 300)) -> tuple[io.BytesIO, str]:
    file = io.BytesIO()
    Image.new("RGB", size, "#2f4427").save(file, "PNG")
    file.seek(0)
    return file, name


def test_a_look_is_kept_with_its_pictures_and_they_are_taken_away_again(app, client):
    sign_in(client)
    pictures = {
        "logo": a_file("logo.png"),
        "head": a_file("head.png", (1600, 300)),
        "cover": a_file("c.png"),
    }
    sent = TYPED | pictures | {"head_everywhere": "y", "quote_cover": "y"}
    assert client.post("/settings/papers", data=sent).status_code == 303
    now = company(app)
    assert (now.brand_colour, now.tagline, now.footer) == ("#2F4427", "Oils", "IBAN")
    assert now.head_everywhere
    assert now.quote_cover
    shown = app.test_client().get(f"/pictures/{now.logo_sha256}/400.webp")
    assert Image.open(io.BytesIO(shown.data)).size == (400, 133)
    with app.extensions["uow"].read() as session:
        assert letterhead(session, get_company(session)).head
    assert "data:image" in client.get("/settings/papers").text
    gone = TYPED | {"version": "2", "no_logo": "y", "no_head": "y", "no_cover": "y"}
    assert client.post("/settings/papers", data=gone).status_code == 303
    now = company(app)
    assert (now.logo_id, now.head_id, now.cover_id, now.quote_cover) == (None, None, None, False)


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("brand_colour", "#ffff00", "too pale"),
        ("brand_colour", "green", "six figures"),
        ("version", "7", "while you were typing"),
    ],
)
def test_a_look_that_cannot_be_is_refused(app, client, field, value, said):
    sign_in(client)
    answer = client.post("/settings/papers", data=TYPED | {field: value})
    assert answer.status_code in {409, 422}
    assert said in answer.text
    assert company(app).tagline == ""


def test_a_file_that_is_no_picture_changes_nothing(app, client):
    sign_in(client)
    broken = (io.BytesIO(b"<svg onload=alert(1)>"), "logo.svg")
    answer = client.post("/settings/papers", data=TYPED | {"logo": broken})
    assert answer.status_code == 422
    assert "not a picture we can read" in answer.text
    assert "onload" not in answer.text
    assert company(app).tagline == ""


def test_the_preview_shows_what_is_typed_and_keeps_nothing(app, client):
    sign_in(client)
    typed = TYPED | {"tagline": "<script>alert(1)</script>", "quote_cover": "y", "language": "de"}
    part = client.post("/settings/papers/preview", data=typed)
    assert part.status_code == 200
    assert part.text.count("<svg") >= 2
    assert "Angebot" in part.text
    assert "#2F4427" in part.text.upper()
    assert "<script>" not in part.text
    assert "&lt;script&gt;" in part.text
    whole = client.post("/settings/papers", data=typed | {"do": "preview"})
    assert whole.text.count("<svg") >= 2
    assert company(app).tagline == ""


def test_only_who_may_change_settings_sees_them(app, client):
    assert client.get("/settings/papers").status_code == 303


def test_the_preview_is_drawn_of_the_marks_of_the_paper():
    look = a_letterhead(logo=a_picture())
    content = sample_quote(look, "fr", NOON.date(), cover=True, cover_picture=a_picture())
    drawings = preview_quote(content)
    pages = pages_of(render_quote(content))
    assert len(drawings) == min(3, len(pages))
    for drawing, page in zip(drawings, pages, strict=False):
        words = " ".join("".join(ET.fromstring(drawing).itertext()).split())
        for line in page.splitlines():
            for word in line.split():
                assert word in words


def test_a_cover_stands_before_the_letter_and_is_not_counted():
    content = sample_quote(a_letterhead(), "en_IE", NOON.date(), cover=True)
    pages = pages_of(render_quote(content))
    assert "Prepared for" in pages[0]
    assert "Page" not in pages[0]
    assert "Page 1 of 2" in pages[1]
    reader = pypdf.PdfReader(io.BytesIO(render_quote(content)))
    assert len(reader.pages) == 3


@pytest.mark.parametrize("everywhere", [False, True])
def test_a_drawn_letterhead_takes_the_place_of_name_and_address(everywhere):
    file, _ = a_file("head.png", (1600, 200))
    look = a_letterhead(
        name="Written Name", head=file.getvalue(), head_everywhere=everywhere, footer=""
    )
    pdf = render_quote(sample_quote(look, "en_IE", NOON.date()))
    first = pages_of(pdf)[0]
    assert first.count("Written Name") == 1  # above the address only, as the window wants it
    assert "Total to pay" in text_of(pdf)
