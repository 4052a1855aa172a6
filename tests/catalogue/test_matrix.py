"""A family as a table to order from."""

from procurement.catalogue.rules.matrix import Variant, VariantPack, matrix_of


def a_variant(sku, packs=("bottle",), **options):
    return Variant(
        sku,
        f"Oil {sku}",
        tuple(options.items()),
        tuple(VariantPack(hash((sku, name)), name, len(name)) for name in packs),
    )


def told(matrix):
    rows = {
        row.head: [[(e.variant.sku, e.pack.name) for e in cell] for cell in row.cells]
        for row in matrix.rows
    }
    return matrix.head, matrix.columns, rows


def test_one_option_that_differs_stands_beside_the_packs_smallest_first():
    variants = [
        a_variant("LAV", ("US gallon jug", "bottle"), scent="lavender", glass="amber"),
        a_variant("NER", ("bottle",), scent="neroli", glass="amber"),
    ]
    assert told(matrix_of(variants)) == (
        "Scent",
        ("bottle", "US gallon jug"),
        {
            "lavender": [[("LAV", "bottle")], [("LAV", "US gallon jug")]],
            "neroli": [[("NER", "bottle")], []],
        },
    )


def test_two_options_make_a_table_with_the_sizes_across():
    variants = [
        a_variant("L5", ("bottle", "case"), scent="lavender", size="500 ml"),
        a_variant("L1", scent="lavender", size="100 ml"),
        a_variant("N5", scent="neroli", size="500 ml"),
        a_variant("TIN", scent="neroli"),
    ]
    assert told(matrix_of(variants)) == (
        "Scent",
        ("500 ml", "100 ml", "Other"),
        {
            "lavender": [[("L5", "bottle"), ("L5", "case")], [("L1", "bottle")], []],
            "neroli": [[("N5", "bottle")], [], [("TIN", "bottle")]],
        },
    )


def test_variants_that_say_nothing_stand_by_their_names():
    assert told(matrix_of([a_variant("A"), a_variant("B")]))[2] == {
        "Oil A": [[("A", "bottle")]],
        "Oil B": [[("B", "bottle")]],
    }
