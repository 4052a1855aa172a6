"""Finding products: by any word of theirs, by their codes, and by words typed wrongly."""

import time

import pytest

from procurement.catalogue.operations.products import change_product, create_product
from procurement.catalogue.queries.facets import facets
from procurement.catalogue.queries.narrowing import ProductFilter
from procurement.catalogue.queries.search import CANDIDATES, products, search
from procurement.catalogue.rules.ranking import Candidate, ranked
from procurement.catalogue.rules.searching import meaning_of, telling_apart
from procurement.catalogue.rules.spelling import nearest
from procurement.catalogue.rules.synonyms import shipped
from procurement.catalogue.rules.words import key_of, words_of
from procurement.catalogue.terms import Kind, PackDraft, ProductDraft, ProductStatus
from procurement.kernel.paging import PageRequest, all_rows
from tests.builders import NOON
from tests.queries import assert_queries

SHELF = [
    ProductDraft(
        "ALM-500",
        name="Sweet Almond Oil 500 ml",
        kind=Kind.OIL,
        brand="Fennel & Rowe",
        ingredients=("Prunus Amygdalus Dulcis Oil",),
        body_areas=("Back", "Leg and thigh"),
        techniques=("Kneading",),
        category="Oils",
    ),
    ProductDraft(
        "CRÈ-50",
        name="Crème de calendula",
        kind=Kind.CREAM,
        body_areas=("Foot",),
        category="Creams",
    ),
    ProductDraft(
        "CALF-1",
        name="Calf Release Roller",
        kind=Kind.TOOL,
        body_areas=("Calf",),
        techniques=("Calf release", "Kneading"),
    ),
    ProductDraft("OLD-1", name="Almond Balm", kind=Kind.BALM, status=ProductStatus.DISCONTINUED),
]
PACKS = {"ALM-500": [PackDraft("ALM-500", "BTL", "Bottle 500 ml", 500_000, "4006381333931")]}


@pytest.fixture
def shelf(session, actor):
    for draft in SHELF:
        create_product(session, draft, PACKS.get(draft.sku, ()), actor=actor, at=NOON)
    return session


def found(session, text="", **narrowed):
    page = search(session, ProductFilter(text, **narrowed), PageRequest()).page
    return [row.sku for row in page.items]


@pytest.mark.parametrize(
    ("typed", "sku"),
    [
        ("sweet almond", "ALM-500"),
        ("almond sweet", "ALM-500"),
        ("ALMOND   Oil", "ALM-500"),
        ("alm-500", "ALM-500"),
        ("mygdal", "ALM-500"),
        ("rowe", "ALM-500"),
        ("creme", "CRÈ-50"),
        ("crè-50", "CRÈ-50"),
        ("CRÈME DE", "CRÈ-50"),
        ("4006381333931", "ALM-500"),
        ("04006381333931", "ALM-500"),
        ("ro ca", "CALF-1"),
        ("roller calf re", "CALF-1"),
    ],
)
def test_a_product_is_found_by_any_word_of_its_name_codes_and_ingredients(shelf, typed, sku):
    assert found(shelf, typed)[0] == sku


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("almnod", "almond"),
        ("Mandlöl", "mandelol"),
        ("laf", None),
        ("rollre", "roller"),
        ("calendla", "calendula"),
        ("calenndula", "calendula"),
        ("sweet almnod", "sweet almond"),
        ("zzzzzz", None),
        ("alm-599", None),
    ],
)
def test_a_word_typed_wrongly_finds_what_was_meant_and_says_so(shelf, typed, meant):
    answer = search(shelf, ProductFilter(typed), PageRequest())
    assert answer.meant == (meant or "")
    assert bool(answer.page.items) is bool(meant)
    assert not answer.is_loose


def test_words_that_nothing_has_are_left_out_and_most_words_are_enough(shelf):
    answer = search(shelf, ProductFilter("sweet almond zzzzzz"), PageRequest())
    assert [row.sku for row in answer.page.items] == ["ALM-500", "OLD-1"]
    assert answer.left_out == ("zzzzzz",)
    assert not answer.is_loose
    answer = search(shelf, ProductFilter("almond calendula roller balm"), PageRequest())
    assert [row.sku for row in answer.page.items] == ["OLD-1"]
    assert answer.is_loose


def test_a_cursor_older_than_the_catalogue_finds_an_empty_page_of_what_there_is(shelf):
    whole = search(shelf, ProductFilter("almond"), PageRequest())
    for place in (len(whole.page.items), CANDIDATES + 5):
        answer = search(shelf, ProductFilter("almond"), PageRequest(2, (place,)))
        assert (answer.page.items, answer.page.next) == ((), None)
        assert (answer.total, answer.meant, answer.left_out) == (whole.total, "", ())


@pytest.mark.parametrize("typed", ["%", "_", "\\", '"', '" OR "', "a*", "NEAR(", "'", "😀", "精油"])
def test_signs_that_mean_something_to_a_database_mean_nothing_here(shelf, typed):
    assert len(found(shelf, typed)) < 4
    answer = search(shelf, ProductFilter(f"almond qqq{typed}qqq"), PageRequest())
    assert answer.left_out or answer.is_loose


def test_the_code_typed_whole_comes_first_then_names_that_begin_so(shelf, actor):
    for sku, name in (("X-1", "Oil of almond"), ("ALMOND", "Zest")):
        create_product(shelf, ProductDraft(sku, name=name, kind=Kind.OIL), actor=actor, at=NOON)
    assert found(shelf, "almond") == ["ALMOND", "OLD-1", "X-1", "ALM-500"]
    assert found(shelf, "mandorle") == ["OLD-1", "X-1", "ALM-500", "ALMOND"]


def test_a_renamed_product_is_found_by_its_new_name_only(shelf, actor):
    change_product(shelf, ProductDraft("CALF-1", name="Leg Baton"), actor=actor, at=NOON)
    assert found(shelf, "baton") == ["CALF-1"]
    assert found(shelf, "roller") == []


def test_pages_follow_each_other_without_gap_or_repeat(shelf, actor):
    for n in range(7):
        draft = ProductDraft(f"S-{n}", name="Same name", kind=Kind.GEL)
        create_product(shelf, draft, actor=actor, at=NOON)
    for text in ("", "same", "e"):
        wanted = ProductFilter(text)
        rows = all_rows(lambda paging, w=wanted: products(shelf, w, PageRequest(2, paging.after)))
        whole = products(shelf, wanted, PageRequest(200)).items
        assert [row.sku for row in rows] == [row.sku for row in whole]


def test_a_search_asks_a_fixed_number_of_questions(shelf, engine, actor):
    for n in range(30):
        draft = ProductDraft(f"S-{n}", name=f"Same name {n}", kind=Kind.GEL)
        create_product(shelf, draft, actor=actor, at=NOON)
    for text, most in (("", 5), ("same", 6), ("smae", 12)):
        with assert_queries(engine, most):
            wanted = ProductFilter(text)
            search(shelf, wanted, PageRequest())
            facets(shelf, wanted)


def test_words_are_mended_only_when_something_is_near():
    known = ["sweet", "almond", "oil", "calf", "roller"]
    assert nearest("almnod", known) == ["almond"]
    assert nearest("swet", [*known, "set"]) == ["sweet", "set"]
    assert nearest("rollerr", known) == ["roller"]
    assert nearest("oli", known) == ["oil"]
    assert nearest("laf", known) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("aceites de almendra dulce", "Aceite de almendras dulces"),
        ("Huile d\u2019amande", "huiles d'amandes"),
        ("batteries", "battery"),
        ("Kerzen", "Kerze"),
        ("mandorla", "mandorle"),
        ("sweet-almond", "sweet almond"),
    ],
)
def test_plurals_and_small_words_make_no_difference(one, other):
    assert key_of(one) == key_of(other)


def test_what_was_typed_is_taken_apart():
    assert words_of("Crème-50 (250ml), “oil”") == ["creme-50", "250", "ml", "oil"]
    assert words_of("%") == ["%"]
    typed = {
        "huile d'amande douce": ["huile amande douce"],
        "Fußcreme": ["fusscreme", "fusscreme"],
        "4 006381 33393-1": ["4006381333931"],
        "the": ["the"],
    }
    for text, groups in typed.items():
        assert [group.typed for group in meaning_of(text, shipped()).groups] == groups


def test_a_hundred_thousand_letters_are_answered_like_two_hundred(shelf):
    for text in ("almond " * 10_000, "a" * 50_000, "a-b'c." * 10_000):
        begin = time.process_time()
        search(shelf, ProductFilter(text), PageRequest())
        assert time.process_time() - begin < 0.3


def test_whole_words_of_the_name_rank_before_pieces_and_labels():
    names = [
        ("A", "Almondine Spread", "almondine spread a"),
        ("B", "Hand Balm", "hand balm b prunus amygdalus dulcis oil almond"),
        ("C", "Almond Oil", "almond oil c"),
        ("D", "Almond Oil, refined, in a large tin", "almond oil, refined, in a large tin d"),
    ]
    candidates = [Candidate(n, sku, name, text) for n, (sku, name, text) in enumerate(names)]
    meaning = meaning_of("almonds", shipped())
    assert [one.sku for one in ranked(meaning, candidates)] == ["C", "D", "A", "B"]


@pytest.mark.parametrize(
    ("ways", "kept"),
    [
        ("almond, almonds", "almond"),
        ("almonds, almond, mandel", "almond, mandel"),
        ("prunus dulcis, dulcis", "dulcis"),
        ("sweetalmond, sweet almond", "sweet almond"),
        ("sweet almond, almond mandel", "sweet almond, almond mandel"),
        ("oil, oil", "oil"),
    ],
)
def test_a_way_that_finds_nothing_of_its_own_is_not_looked_for(ways, kept):
    taken_apart = tuple(tuple(way.split()) for way in ways.split(", "))
    assert ", ".join(map(" ".join, telling_apart(taken_apart))) == kept
