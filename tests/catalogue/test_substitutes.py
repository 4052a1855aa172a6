"""What to offer instead: only what meets the wish, nearest in use first, with the reason."""

from dataclasses import replace

import pytest

from procurement.catalogue.rules.product_safety import ListState, product_safety
from procurement.catalogue.rules.substitutes import Candidate, ranked, reason
from procurement.catalogue.rules.wishes import clashes_with, wishes_of
from procurement.catalogue.terms import Composition, Kind, SafetyRules, Wishes
from procurement.kernel.money import UnitPrice
from procurement.kernel.quantity import Quantity, Unit

ALMOND, GRAPE = "Prunus Amygdalus Dulcis Oil", "Vitis Vinifera Seed Oil"


def an_oil(key, name, *inci, areas=("Back", "Calf"), price=None, shelf=1, **more):
    return Candidate(
        id=key,
        sku=name.upper(),
        name=name,
        kind=more.pop("kind", Kind.OIL),
        unit=Unit.ML,
        category_id=shelf,
        areas=frozenset(areas),
        made_of=Composition(inci, (), more.pop("complete", True)),
        price=UnitPrice.parse(price, "EUR") if price else None,
        size=Quantity.parse("500", "ml"),
        **more,
    )


OWN = an_oil(1, "Almond", ALMOND, price="11.20")


def test_the_nearest_in_use_comes_first_then_what_is_there_then_the_price():
    others = [
        an_oil(2, "Other shelf", GRAPE, shelf=2),
        an_oil(3, "Dear", GRAPE, price="20.00", in_stock=True),
        an_oil(4, "Gone", GRAPE, price="11.30", in_stock=False),
        an_oil(5, "Near", GRAPE, price="11.00", in_stock=True),
        an_oil(6, "Foot only", GRAPE, areas=("Foot",), price="11.20", in_stock=True),
        an_oil(7, "Walnut", "Juglans Regia Seed Oil"),
        an_oil(8, "Secretive", GRAPE, complete=False),
        an_oil(9, "Cream", GRAPE, kind=Kind.CREAM),
    ]
    found = ranked(OWN, [OWN, *others], Wishes(nut_free=True), SafetyRules())
    assert [one.name for one in found] == ["Near", "Dear", "Gone", "Foot only", "Other shelf"]
    assert reason(OWN, found[0], Wishes(nut_free=True)) == (
        "nut-free, also for back and calf, EUR 2.20 per 100 ml (this one EUR 2.24), in stock"
    )
    silent = replace(found[0], price=None, in_stock=None, areas=frozenset())
    assert reason(OWN, silent, wishes_of("almond, soya")) == "without almond, soya"


def test_nothing_is_without_what_nobody_knows():
    wishes = Wishes(avoid="almmonds", unheard=("almmonds",))
    assert ranked(OWN, [an_oil(2, "Grape", GRAPE)], wishes, SafetyRules()) == []


def test_words_become_wishes():
    assert wishes_of("Nuts,  perfume") == Wishes(nut_free=True, fragrance_free=True)
    assert wishes_of("animal, shea  butter,") == Wishes(vegan=True, avoid="shea butter")
    assert not wishes_of(" , ").any


@pytest.mark.parametrize(
    ("without", "inci"),
    [
        ("almonds", ALMOND),
        ("Sweet Almond", ALMOND),
        ("Mandeln", ALMOND),
        ("nothing but soya and almond", ALMOND),
        ("peanuts", "Arachis Hypogaea Oil"),
        ("tree nuts", "Juglans Regia Seed Oil"),
        ("Nüsse", "Arachis Hypogaea Oil"),
        ("coconut", "Cocos Nucifera Oil"),
        ("shea", "Butyrospermum Parkii Butter"),
        ("apricots", "Prunus Armeniaca Kernel Oil"),
        ("lavender", "Lavandula Angustifolia Oil"),
        ("gluten", "Triticum Vulgare Germ Oil"),
        ("dairy", "Lac"),
        ("eggs", "Ovum"),
        ("honey", "Mel"),
        ("beeswax", "Cera Alba"),
        ("perfumes", "Linalool"),
        ("scent", "Parfum"),
        ("animal", "Acetylated Lanolin Alcohol"),
        ("animal", "Sodium Tallowate"),
        ("animal", "Goat Milk"),
        ("phenoxyethanol", "Phenoxyethanol"),
    ],
)
def test_a_word_means_what_labels_call_it(without, inci):
    """Who cannot have almonds must not be offered Prunus Amygdalus, however the seller treats kin."""
    wishes = wishes_of(without)
    assert clashes_with(wishes, Composition((inci,), (), True), SafetyRules(), touches_skin=True)
    free = Composition((GRAPE, "Caprylic/Capric Triglyceride", "Synthetic Beeswax"), (), True)
    if without != "beeswax":
        assert clashes_with(wishes, free, SafetyRules(), touches_skin=True) == ()


def test_a_page_says_what_is_in_it_and_only_of_a_complete_list_what_is_not():
    made_of = Composition((ALMOND, "Parfum", "Linalool", "Menthol"), ("Sesame",), True)
    safety = product_safety(made_of, SafetyRules())
    assert safety.contains == ("almond (tree nut)", "linalool", "menthol")
    assert safety.traces == ("sesame",)
    assert [one.allergen for one in (*safety.scents, *safety.actives)] == ["perfume", "menthol"]
    assert safety.free_of == ("peanut", "soya", "wheat", "milk", "egg")
    assert safety.avoidable == ("almond", "sesame", "nuts", "fragrance")

    partial = product_safety(replace(made_of, is_complete=False), SafetyRules())
    assert (partial.state, partial.free_of) == (ListState.PARTIAL, ())
    none = product_safety(Composition(), SafetyRules())
    assert (none.state, none.told, none.avoidable) == (ListState.NONE, (), ())
    kin = product_safety(Composition(("Cocos Nucifera Oil",), (), True), SafetyRules())
    assert ([one.allergen for one in kin.akin], kin.contains) == (["coconut"], ())
