"""The seller's own words for things: at once on every search, on screen beside those shipped."""

import pytest

from procurement.catalogue.queries.narrowing import ProductFilter
from procurement.catalogue.queries.search import search
from procurement.kernel.paging import PageRequest
from procurement.kernel.permissions import Role
from tests.builders import a_product
from tests.doors import sign_in


@pytest.fixture
def work(app):
    unit_of_work = app.extensions["uow"]
    with unit_of_work.write() as session:
        product = a_product(session, "GS-1", name="Gua Sha")
        product.search_text = "gua sha gs-1"
    return unit_of_work


def found(work, text):
    with work.read() as session:
        return [one.sku for one in search(session, ProductFilter(text), PageRequest()).page.items]


@pytest.mark.parametrize("role", [Role.SALES, Role.SPA_MANAGER])
def test_a_word_is_added_found_changed_and_taken_away(client, work, role):
    sign_in(client, role)
    form = client.get("/synonyms/new?word=scraping+stone")
    assert "scraping stone" in form.text
    assert found(work, "scraping stones") == []
    sent = client.post("/synonyms/new", data={"phrases": "scraping stone, Gua Sha\nSchabstein"})
    assert sent.status_code == 303
    assert found(work, "scraping stones") == found(work, "Schabsteine") == ["GS-1"]
    assert found(work, "scarping stone") == ["GS-1"]
    page = client.get("/synonyms/?q=schabstein").text
    assert "scraping stone = Gua Sha = Schabstein" in page
    key = next(part for part in page.split('href="/synonyms/')[1:] if part[0].isdigit()).split('"')[
        0
    ]
    client.post(f"/synonyms/{key}", data={"phrases": "scraper, GS-1"})
    assert found(work, "scraping stone") == []
    assert found(work, "scraper") == ["GS-1"]
    client.post(f"/synonyms/{key}/remove")
    assert found(work, "scraper") == []
    assert client.get(f"/synonyms/{key}").status_code == 404


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Words that mean the same"),
        ("gua sha", "Two words"),
        ("towel, towels", "Two words"),
        (", ".join(f"word{n}x" for n in range(30)), "At most 20"),
        ("a" * 150 + ", b", "at most 100"),
    ],
)
def test_words_that_say_nothing_are_refused_at_their_field(client, work, typed, said):
    sign_in(client, Role.SALES)
    answer = client.post("/synonyms/new", data={"phrases": typed})
    assert answer.status_code == 422
    assert said in answer.text


def test_what_is_known_already_is_told(client, work):
    sign_in(client, Role.THERAPIST)
    page = client.get("/synonyms/?q=Mandel").text
    assert "Known already" in page
    assert "prunus amygdalus dulcis" in page
    assert "New synonym" not in page
    assert client.get("/synonyms/new").status_code == 403
    assert client.get("/synonyms/?format=csv").status_code == 200


def test_staff_are_proposed_products_and_people_while_they_type(client, work):
    sign_in(client, Role.SALES)
    proposed = client.get("/search/suggest?q=gua").text
    assert 'role="option"' in proposed
    assert "Gua Sha" in proposed
    assert client.get("/search/suggest?q=g").text.strip() == ""
    assert "Nothing found" in client.get("/search/suggest?q=zzzzzz").text
