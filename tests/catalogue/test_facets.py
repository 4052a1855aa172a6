"""Facets: what a list may be narrowed by, and how many products each choice would show."""

import pytest

from procurement.catalogue.operations.products import create_product
from procurement.catalogue.queries.facets import facets
from procurement.catalogue.queries.narrowing import Facet, ProductFilter
from procurement.catalogue.queries.search import search
from procurement.catalogue.terms import Kind, PackDraft, ProductDraft, ProductStatus
from procurement.kernel.paging import PageRequest
from procurement.kernel.quantity import Unit
from tests.builders import NOON
from tests.queries import assert_queries

SHELF = [
    ProductDraft(
        "ALM-500",
        name="Sweet Almond Oil",
        kind=Kind.OIL,
        unit=Unit.ML,
        brand="Rowe",
        body_areas=("Back", "Leg and thigh"),
        techniques=("Kneading",),
        skin_feels=("Silky",),
        scents=("Unscented",),
    ),
    ProductDraft(
        "LAV-500",
        name="Lavender Oil",
        kind=Kind.OIL,
        unit=Unit.ML,
        brand="Rowe",
        body_areas=("Back",),
        skin_feels=("Silky",),
        scents=("Lavender",),
    ),
    ProductDraft(
        "CAL-50",
        name="Calendula Cream",
        kind=Kind.CREAM,
        unit=Unit.G,
        brand="Fern",
        body_areas=("Foot",),
        skin_feels=("Rich",),
    ),
    ProductDraft("CALF-1", name="Calf Roller", kind=Kind.TOOL, techniques=("Kneading",)),
    ProductDraft("OLD-1", name="Old Balm", kind=Kind.BALM, status=ProductStatus.DISCONTINUED),
]
PACKS = {
    "ALM-500": [PackDraft("ALM-500", "B", "Bottle", 500_000)],
    "LAV-500": [PackDraft("LAV-500", "J", "Jug", 3_785_412)],
    "CAL-50": [PackDraft("CAL-50", "T", "Tin", 50_000)],
}


@pytest.fixture
def shelf(session, actor):
    for draft in SHELF:
        create_product(session, draft, PACKS.get(draft.sku, ()), actor=actor, at=NOON)
    return session


def offered(session, facet, **narrowed):
    wanted = ProductFilter(status=ProductStatus.ACTIVE, **narrowed)
    return [(o.value, o.name, o.count, o.chosen) for o in facets(session, wanted).of(facet)]


def found(session, **narrowed):
    wanted = ProductFilter(status=ProductStatus.ACTIVE, **narrowed)
    return {row.sku for row in search(session, wanted, PageRequest()).page.items}


def test_every_facet_counts_what_it_would_show(shelf):
    assert [(v, n) for v, _, n, _ in offered(shelf, Facet.KIND)] == [
        ("oil", 2),
        ("cream", 1),
        ("tool", 1),
    ]
    assert [(name, n) for _, name, n, _ in offered(shelf, Facet.AREA)] == [
        ("Back", 2),
        ("Foot", 1),
        ("Leg and thigh", 1),
    ]
    assert offered(shelf, Facet.SKIN_FEEL) == [
        ("rich", "Rich", 1, False),
        ("silky", "Silky", 2, False),
    ]
    assert [(v, n) for v, _, n, _ in offered(shelf, Facet.BRAND)] == [("Fern", 1), ("Rowe", 2)]
    assert offered(shelf, Facet.SIZE) == [
        ("500000-ml", "500 ml", 1, False),
        ("3785412-ml", "3.785 l", 1, False),
        ("50000-g", "50 g", 1, False),
    ]


def test_values_of_one_facet_widen_and_facets_narrow_each_other(shelf):
    areas = frozenset({"back", "foot"})
    assert found(shelf, areas=areas) == {"ALM-500", "LAV-500", "CAL-50"}
    assert found(shelf, areas=areas, scents=frozenset({"lavender"})) == {"LAV-500"}
    # A facet is counted without its own choice, so that one sees what else there is.
    assert [(v, n, c) for v, _, n, c in offered(shelf, Facet.AREA, areas=frozenset({"foot"}))] == [
        ("back", 2, False),
        ("foot", 1, True),
        ("leg-and-thigh", 1, False),
    ]
    assert [(v, n) for v, _, n, _ in offered(shelf, Facet.KIND, areas=frozenset({"foot"}))] == [
        ("cream", 1)
    ]
    assert found(shelf, sizes=frozenset({"50000-g", "500000-ml"})) == {"ALM-500", "CAL-50"}
    assert found(shelf, brands=frozenset({"Fern"})) == {"CAL-50"}


@pytest.mark.parametrize(
    ("facet", "field", "value", "option"),
    [
        (Facet.KIND, "kinds", Kind.GEL, ("gel", "gel", 0, True)),
        (Facet.AREA, "areas", "leg-and-thigh", ("leg-and-thigh", "Leg and thigh", 0, True)),
        (Facet.BRAND, "brands", "Nobody", ("Nobody", "Nobody", 0, True)),
        (Facet.SIZE, "sizes", "1000-ml", ("1000-ml", "1 ml", 0, True)),
    ],
)
def test_a_choice_that_shows_nothing_can_be_taken_away(shelf, facet, field, value, option):
    assert option in offered(
        shelf, facet, techniques=frozenset({"no"}), **{field: frozenset({value})}
    )


@pytest.mark.parametrize(
    "value", ["\x00", "\ud800", "9" * 30 + "-ml", "5-stones", "-", "²-ml", "%"]
)
def test_what_no_product_could_have_finds_nothing(shelf, value):
    for field in ("areas", "brands", "sizes", "scents"):
        assert found(shelf, **{field: frozenset({value})}) == set()
        offered(shelf, Facet.AREA, **{field: frozenset({value})})


def test_facets_are_one_statement_and_one_more_for_names_of_tags_that_show_nothing(shelf, engine):
    for wanted, most in (
        (ProductFilter(), 1),
        (ProductFilter(kinds=frozenset({Kind.OIL}), areas=frozenset({"back"})), 1),
        (ProductFilter("oil", scents=frozenset({"lavender"}), areas=frozenset({"foot"})), 2),
    ):
        with assert_queries(engine, most):
            facets(shelf, wanted)
