"""Allergens are read from the list of ingredients, never guessed."""

from procurement.catalogue.rules.allergens import allergens_in, allergens_said
from procurement.documents.languages import words_for


def test_plants_come_first_and_each_is_named_once():
    inci = ["Aqua", "Linalool", "Prunus Amygdalus Dulcis Oil", "LIMONENE", "Linalool."]
    assert allergens_in(inci) == ("almond (tree nut)", "linalool", "limonene")


def test_a_list_that_names_none_says_so():
    english, german = words_for("en_IE"), words_for("de_AT")
    assert allergens_said(["Caprylic/Capric Triglyceride"], english) == "None named in the list"
    assert allergens_said(["Geraniol"], english) == "Geraniol"
    assert allergens_said(["Sesamum Indicum Seed Oil", "Linalool"], german) == "Sesam, linalool"
