"""Allergens are read from the list of ingredients by the table that comes with the application, never guessed."""

import pytest

from procurement.catalogue.rules.allergen_table import allergen_table
from procurement.catalogue.rules.allergens import (
    allergens_in,
    allergens_said,
    findings,
    rules_of,
    traits_of,
)
from procurement.catalogue.terms import AllergenGroup, Composition, SafetyRules, Trait
from procurement.documents.languages import words_for

STANDARD, STRICT = SafetyRules(), SafetyRules(is_strict=True)
NUT, SCENT = Trait.NUT_FREE, Trait.FRAGRANCE_FREE


def made_of(*inci, may=(), complete=True):
    return Composition(inci, tuple(may), complete)


def test_plants_come_first_and_each_is_named_once():
    listed = made_of("Aqua", "Linalool", "Prunus Amygdalus Dulcis Oil", "LIMONENE", "Linalool.")
    assert allergens_in(listed, STANDARD) == ("almond (tree nut)", "linalool", "limonene")


def test_a_list_that_names_none_says_so():
    english, german = words_for("en_IE"), words_for("de_AT")
    none = made_of("Caprylic/Capric Triglyceride")
    assert allergens_said(none, STANDARD, english) == "None named in the list"
    assert allergens_said(made_of("Geraniol"), STANDARD, english) == "Geraniol"
    seeds = made_of("Sesamum Indicum Seed Oil", "Linalool")
    assert allergens_said(seeds, STANDARD, german) == "Sesam, linalool"


@pytest.mark.parametrize(
    ("name", "allergens"),
    [
        ("PRUNUS AMYGDALUS DULCIS (SWEET ALMOND) OIL", ["almond (tree nut)"]),
        ("Sweet Almond Oil PEG-8 Esters", ["almond (tree nut)"]),
        ("Hydrolyzed Wheat Protein", ["wheat"]),
        ("Macadamia Ternifolia Seed Oil", ["macadamia (tree nut)"]),
        ("Arachis Hypogaea Oil", ["peanut"]),
        ("Parfum (Fragrance)", ["perfume"]),
        ("Parfum/Fragrance", ["perfume"]),
        ("d-Limonene", ["Limonene"]),
        ("Lavandula Angustifolia (Lavender) Oil", ["Lavandula Oil/Extract"]),
        ("Eucalyptus Globulus Leaf/Twig Oil", ["Eucalyptus Globulus Oil"]),
        ("Menthol", ["Menthol", "menthol"]),
        ("Lactic Acid", []),
        ("Myristica Fragrans (Nutmeg) Butter", []),
        ("Myristica Fragrans (Nutmeg) Oil", ["essential oil"]),
        ("Lavandula Angustifolia (Lavender) Flower Oil", ["essential oil"]),
        ("Lavandula Angustifolia Flower Water", []),
        ("Rosa Canina Seed Oil", []),
        ("Citrus Sinensis Seed Oil", []),
        ("Cashew Nut Oil", ["cashew (tree nut)"]),
        ("Nut Oil", ["tree nuts"]),
        ("Groundnut Oil", ["peanut"]),
        ("Erdnu\u00dföl", ["peanut"]),
        ("Sodium Sweet Almondate", ["almond (tree nut)"]),
        ("Mandelic Acid", []),
        ("Potassium Peanutate", ["peanut"]),
        ("Sodium Macadamiaseedate", ["macadamia (tree nut)"]),
        ("Al\u00admond\u200b Oil", ["almond (tree nut)"]),
        ("Nu\u0308sse", ["tree nuts"]),
        ("\u03b1-Isomethyl Ionone", ["Alpha-Isomethyl Ionone"]),
        ("Goat Milk", ["milk"]),
        ("Milk Thistle Extract", []),
        ("Cocos Nucifera Oil", ["coconut"]),
    ],
)
def test_a_name_meets_its_rows(name, allergens):
    assert [rule.allergen for rule in rules_of(name)] == allergens


def test_a_finding_names_its_ingredient_and_where_that_is_written():
    (found,) = findings(made_of("Linalool"), STANDARD)
    assert (found.ingredient, found.group) == ("Linalool", AllergenGroup.FRAGRANCE)
    assert found.citation.startswith("Table of 2026-11-28, Annex III, entry 84, Regulation (EC)")
    assert (found.rule.leave_on, found.rule.rinse_off) == ("0.001", "0.01")
    (shea,) = findings(made_of("Butyrospermum Parkii Butter"), STRICT)
    assert shea.citation.endswith("(not checked)")


@pytest.mark.parametrize(
    ("composition", "rules", "traits"),
    [
        (made_of("Vitis Vinifera Seed Oil"), STANDARD, {NUT, SCENT}),
        (made_of("Vitis Vinifera Seed Oil", complete=False), STANDARD, set()),
        (made_of(), STANDARD, set()),
        (made_of("Prunus Amygdalus Dulcis Oil"), STANDARD, {SCENT}),
        (made_of("Aqua", "Parfum"), STANDARD, {NUT}),
        (made_of("Aqua", may=["Nuts"]), STANDARD, {SCENT}),
        (made_of("Prunus Armeniaca Kernel Oil"), STANDARD, {NUT, SCENT}),
        (made_of("Prunus Armeniaca Kernel Oil"), STRICT, {SCENT}),
        (made_of("Prunus Armeniaca Kernel Oil"), SafetyRules(True, False), {NUT, SCENT}),
        (made_of("Rosmarinus Officinalis Leaf Oil"), STANDARD, {NUT}),
        (made_of("Rosmarinus Officinalis Leaf Oil"), SafetyRules(False, False), {NUT, SCENT}),
    ],
)
def test_only_a_complete_list_is_free_of_anything(composition, rules, traits):
    assert traits_of(composition, rules) == traits


def test_the_table_is_in_shape():
    """Names meet their own row, CAS numbers add up, thresholds are those of the law, what was checked has an entry."""
    table = allergen_table()
    assert len(table.rules) >= 130
    for rule in table.rules:
        assert rule.allergen
        assert rule.is_oil or all(rule in rules_of(name) for name in rule.names), rule
        assert rule.is_plant or not any(name.endswith("*") for name in rule.names), rule
        assert all(_is_cas(number) for number in rule.cas), rule
        assert (rule.leave_on, rule.rinse_off) in {("0.001", "0.01"), ("", "")}
        assert not rule.is_akin or not rule.checked
        assert rule.entry or not rule.checked, rule
    annex = {rule.entry for rule in table.rules if rule.entry.startswith("Annex III")}
    assert {
        f"Annex III, entry {number}" for number in (45, 46, 67, 88, 324, *range(327, 372))
    } <= annex


def _is_cas(number):
    """The last figure checks the others: weights 1, 2, 3 from the right (CAS Registry)."""
    *figures, check = (int(figure) for figure in number.replace("-", ""))
    return sum(place * figure for place, figure in enumerate(reversed(figures), 1)) % 10 == check
