"""What is printed on labels, taken apart: stars, brackets, slashes, per cent, traces, headings, line breaks."""

import pytest

from procurement.catalogue.rules.label_text import read_label

ALMOND, SUN = "Prunus Amygdalus Dulcis Oil", "Helianthus Annuus Seed Oil"


@pytest.mark.parametrize(
    ("text", "names", "may", "footnotes"),
    [
        (
            "Aqua, Prunus Amygdalus Dulcis (Sweet Almond) Oil*, Parfum, Limonene, CI 77891,"
            " [+/- CI 77491, CI77492]; *organic",
            ("Aqua", ALMOND, "Parfum", "Limonene", "CI 77891"),
            ("CI 77491", "CI 77492"),
            ("* organic",),
        ),
        (
            "INGREDIENTS: AQUA/WATER/EAU, CAPRYLIC/CAPRIC TRIGLYCERIDE, GLYCERIN**, PEG-40 HYDROGENATED CASTOR OIL,"
            " PARFUM (FRAGRANCE), 1,2-HEXANEDIOL, ALCOHOL DENAT., TITANIUM DIOXIDE [NANO]. **of vegetable origin.",
            (
                "Aqua",
                "Caprylic/Capric Triglyceride",
                "Glycerin",
                "PEG-40 Hydrogenated Castor Oil",
                "Parfum",
                "1,2-Hexanediol",
                "Alcohol Denat.",
                "Titanium Dioxide [nano]",
            ),
            (),
            ("** of vegetable origin",),
        ),
        (
            f"{SUN}¹, Lavandula Angustifolia Oil¹, Linalool², Limonene².\n¹ from certified organic farming\n"
            "² natural constituent of essential oils",
            (SUN, "Lavandula Angustifolia Oil", "Linalool", "Limonene"),
            (),
            ("¹ from certified organic farming", "² natural constituent of essential oils"),
        ),
        (
            "Helianthus Annuus (Sunflower) Seed\nOil, Prunus Armeniaca (Apricot)\nKernel Oil, Tocopherol."
            " May contain traces of nuts.",
            (SUN, "Prunus Armeniaca Kernel Oil", "Tocopherol"),
            ("Nuts",),
            (),
        ),
        (
            "Aloe Barbadensis Leaf Juice (98%)\nGlycerin\nXanthan Gum",
            ("Aloe Barbadensis Leaf Juice", "Glycerin", "Xanthan Gum"),
            (),
            (),
        ),
        (
            "Aqua, Vegetable Oil (Peanut), Parfum (contains nuts), Simmondsia Chinensis (Jojoba) Seed Oil",
            (
                "Aqua",
                "Vegetable Oil (Peanut)",
                "Parfum (contains nuts)",
                "Simmondsia Chinensis Seed Oil",
            ),
            (),
            (),
        ),
        (
            f"Aqua, {SUN}*, {ALMOND}*. * contains walnut oil",
            ("Aqua", SUN, ALMOND, "Contains Walnut Oil"),
            (),
            ("* contains walnut oil",),
        ),
        (
            f"Aqua, {ALMOND}*. * pressed from organic almonds",
            ("Aqua", ALMOND),
            (),
            ("* pressed from organic almonds",),
        ),
        (
            "Aqua. Kann Spuren von Erdnüssen, Mandeln und Soja enthalten",
            ("Aqua",),
            ("Erdnüssen", "Mandeln", "Soja"),
            (),
        ),
        (
            "Inhaltsstoffe: Aqua • Cera Alba/Beeswax • Kann Spuren von Erdnuss und Sesam enthalten",
            ("Aqua", "Cera Alba"),
            ("Erdnuss", "Sesam"),
            (),
        ),
        (
            "Fragrance, Ceteareth-20 (and) Cetearyl Alcohol; +/- CI 77491/Iron Oxides",
            ("Parfum", "Ceteareth-20", "Cetearyl Alcohol"),
            ("CI 77491",),
            (),
        ),
        (
            "Ingrédients : Aqua, Parfum. Peut contenir : CI 77891.",
            ("Aqua", "Parfum"),
            ("CI 77891",),
            (),
        ),
        (
            "Ingredients (INCI): Paraffinum Liquidum | Parfum | Linalool",
            ("Paraffinum Liquidum", "Parfum", "Linalool"),
            (),
            (),
        ),
        (
            "*Simmondsia Chinensis Seed Oil, *Tocopherol. * = organic",
            ("Simmondsia Chinensis Seed Oil", "Tocopherol"),
            (),
            ("* organic",),
        ),
        ("Magic Essence No. 5, Water (Aqua), Aqua", ("Magic Essence No. 5", "Aqua"), (), ()),
        (
            "Glyceryl Stearate (SE), C12-15 Alkyl Benzoate",
            ("Glyceryl Stearate SE", "C12-15 Alkyl Benzoate"),
            (),
            (),
        ),
        ("(((, ]][, ,,; \n *", (), (), ()),
        ("Mica (5 %) [+/- CI 77891, CI 77491].", ("Mica",), ("CI 77891", "CI 77491"), ()),
        ("", (), (), ()),
    ],
)
def test_a_label_is_taken_apart(text, names, may, footnotes):
    label = read_label(text)
    assert (label.names, label.may_names, label.footnotes) == (names, may, footnotes)


def test_shares_and_stars_are_told_and_what_was_typed_is_kept():
    first, second = read_label("Jojoba Oil* (40,5 %), Tocopherol; *bio").ingredients
    assert (first.name, first.typed, first.percent) == (
        "Jojoba Oil",
        "Jojoba Oil* (40,5 %)",
        "40.5",
    )
    assert (first.is_organic, second.is_organic) == (True, False)


def test_a_list_that_was_read_is_read_the_same_again():
    names = (ALMOND, "1,2-Hexanediol", "Alcohol Denat.", "CI 77891", "Titanium Dioxide [nano]")
    assert read_label("\n".join(names)).names == names
    assert read_label(", ".join(names)).names == names


def test_a_long_list_is_read_to_its_end():
    label = read_label(", ".join([*(f"Polymer-{number}" for number in range(400)), "Peanut Oil"]))
    assert label.names[-1] == "Peanut Oil"
