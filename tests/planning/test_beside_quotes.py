"""Beside a quote's lines: when goods can leave, treatments, safety against wishes, and what to offer instead."""

from datetime import date

import pytest
from sqlalchemy import select

from procurement.catalogue.models import Category, Ingredient, Product, ProductIngredient
from procurement.catalogue.rules.wishes import clashes_with, met
from procurement.catalogue.terms import Composition, SafetyRules, Wishes
from procurement.kernel.actor import SYSTEM
from procurement.planning.queries.beside_quotes import beside_lines
from procurement.sales.operations.price_lists import PriceInput, SavePriceList, create_price_list
from procurement.sales.queries.quotes import quote_page
from tests.builders import NOON, a_product
from tests.queries import assert_queries
from tests.sales.fulfilling import a_stocked_shop, stock
from tests.sales.stories import SELLER, a_draft, a_line, euros

ALMOND = "Prunus Amygdalus Dulcis Oil"


@pytest.mark.parametrize(
    ("wishes", "inci", "said"),
    [
        (Wishes(), [ALMOND], ()),
        (Wishes(nut_free=True), [ALMOND], ("almond (tree nut)",)),
        (Wishes(nut_free=True), ["Vitis Vinifera Seed Oil"], ()),
        (Wishes(nut_free=True), [], ("no list of ingredients",)),
        (Wishes(fragrance_free=True), ["Aqua", "Parfum"], ("fragrance: parfum",)),
        (Wishes(fragrance_free=True), ["Aqua", "Linalool"], ("fragrance: linalool",)),
        (Wishes(vegan=True), ["Cera Alba", "Lactic Acid"], ("not vegan: beeswax",)),
        (Wishes(vegan=True), ["Lanolin Alcohol", "Glycerin"], ("not vegan: lanolin",)),
        (Wishes(avoid="soya, mint"), ["Glycine Soja Oil"], ("contains soya",)),
    ],
)
def test_a_wish_is_checked_against_the_list(wishes, inci, said):
    made_of = Composition(tuple(inci), is_complete=True)
    assert clashes_with(wishes, made_of, SafetyRules(), touches_skin=True) == said


def test_wishes_are_told_as_what_meets_them():
    assert met(Wishes(nut_free=True, vegan=True)) == "nut-free and vegan"


def an_oil(session, sku, category, inci, bottles, *, price=True):
    product = a_product(session, sku, packs={"bottle": "500"})
    product.category_id, product.ingredients_complete = category.id, True
    for place, name in enumerate(inci):
        known = session.scalar(select(Ingredient).where(Ingredient.inci == name))
        ingredient = known or Ingredient(inci=name)
        session.add(ingredient)
        session.flush()
        session.add(
            ProductIngredient(product_id=product.id, ingredient_id=ingredient.id, position=place)
        )
    if bottles:
        stock(session, f"L-{sku}", bottles, date(2027, 9, 1), sku=sku)
    return product


@pytest.fixture
def shop(session):
    """Eight bottles of almond oil, in a category with jojoba (20, no nuts) and argan (20, with walnut)."""
    a_stocked_shop(session)
    category = Category(code="OILS", name="Oils")
    session.add(category)
    session.flush()
    almond = session.scalars(select(Product).where(Product.sku == "ALM-500")).one()
    almond.category_id, almond.dose = category.id, 20_000  # 20 ml
    almond.period_after_opening_months, almond.ingredients_complete = 6, True
    nut = Ingredient(inci=ALMOND)
    session.add(nut)
    session.flush()
    session.add(ProductIngredient(product_id=almond.id, ingredient_id=nut.id, position=0))
    an_oil(session, "JOJ-500", category, ["Simmondsia Chinensis Seed Oil"], 20)
    an_oil(session, "WAL-500", category, ["Juglans Regia Seed Oil"], 20)
    prices = tuple(PriceInput(sku, euros("12")) for sku in ("JOJ-500", "WAL-500"))
    command = SavePriceList(
        code="MORE",
        name="More",
        currency="EUR",
        prices=(*prices, PriceInput("ALM-500", euros("11.90"))),
    )
    create_price_list(session, command, actor=SYSTEM, at=NOON)
    return session


def beside(session, *lines, **more):
    draft = a_draft(session, *lines, price_list="MORE", **more)
    session.flush()
    page = quote_page(session, draft.number, actor=SELLER, at=NOON)
    return beside_lines(session, page, actor=SELLER, at=NOON)


def test_a_line_that_is_there_says_so_with_its_treatments_and_allergens(shop):
    (line,) = beside(shop, a_line(packs=8))
    assert (line.standing.available, line.standing.covers) == ("8 bottles", True)
    assert (line.treatments.per_pack, str(line.treatments.each)) == (25, "0.48")
    assert line.allergens == ("almond (tree nut)",)
    assert line.opened_months == 6
    assert line.substitute is None


def test_a_line_that_is_short_says_how_long_it_takes_and_what_to_offer_instead(shop):
    (line,) = beside(shop, a_line(packs=9))
    assert (line.standing.packs, line.standing.covers, line.standing.due_on) == (8, False, None)
    assert line.substitute.sku in {"JOJ-500", "WAL-500"}
    assert line.substitute.reason == "20 bottles available"


def test_what_clashes_with_a_wish_gets_a_substitute_that_does_not(shop):
    lines = beside(
        shop, a_line(packs=2), a_line("CRR-01", 1, price="9"), wishes=Wishes(nut_free=True)
    )
    assert lines[0].clashes == ("almond (tree nut)",)
    assert (lines[0].substitute.sku, lines[0].substitute.pack) == ("JOJ-500", "bottle")
    assert lines[0].substitute.reason == "nut-free, 20 bottles available"
    assert (lines[1].clashes, lines[1].substitute) == ((), None)


def test_many_lines_ask_as_often_as_one(shop):
    few = a_draft(shop, a_line(packs=900))
    many = a_draft(shop, *(a_line(packs=900 + n) for n in range(60)))
    shop.flush()
    pages = [quote_page(shop, one.number, actor=SELLER, at=NOON) for one in (few, many)]
    with assert_queries(shop.get_bind().engine, 30) as once:
        beside_lines(shop, pages[0], actor=SELLER, at=NOON)
    with assert_queries(shop.get_bind().engine, len(once)):
        beside_lines(shop, pages[1], actor=SELLER, at=NOON)
