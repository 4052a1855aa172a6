"""The exports people really have: Shopify's and WooCommerce's."""

from procurement.catalogue.terms import Kind, ProductStatus
from procurement.exchange.layouts import Options, read_file
from procurement.exchange.records import Harvest
from tests.exchange.files import own

SHOPIFY, WOO = own("shopify_products.csv"), own("woocommerce_products.csv")


def harvest(data: bytes, **options: object) -> Harvest:
    return read_file(data, Options(**options)).harvest


def refusals(found: Harvest) -> list[tuple[int, str, str]]:
    return [
        (one.row, one.column, one.reason) for one in sorted(found.refused, key=lambda one: one.row)
    ]


def test_shopify_variants_images_and_faults():
    found = harvest(SHOPIFY)
    assert found.layout == "shopify"
    assert found.read == 8
    assert list(found.products) == ["ALM-250-LAV", "ALM-1000-PLN", "00123"]
    assert refusals(found) == [
        (3, "Variant Inventory Qty", "is below zero"),
        (4, "Variant SKU", "is missing; one can be made from the name"),
        (8, "Variant Price", "NaN is not a number"),
        (9, "Handle", "is missing"),
    ]


def test_shopify_family_options_and_text():
    found = harvest(SHOPIFY)
    family = found.families["almond-massage-oil"].draft
    assert family.name == "Almond Massage Oil"
    assert family.description == "Cold-pressed & light.\nFor back and legs.\nContains nuts."
    product = found.products["ALM-250-LAV"].draft
    assert (product.name, product.kind) == ("Almond Massage Oil, 250 ml, Lavender", Kind.OIL)
    assert product.options == (("Size", "250 ml"), ("Scent", "Lavender"))
    assert product.brand == "Linden Supply"
    roller = found.products["00123"].draft
    assert (roller.name, roller.family, roller.options) == ("Wooden Roller for calves", None, ())
    assert roller.description == "Plain text with 5 < 6 inches"
    assert roller.status is ProductStatus.DISCONTINUED


def test_damaged_barcodes_are_offered_and_not_changed():
    found = harvest(SHOPIFY)
    offers = [warning for warning in found.warnings if "would be valid" in warning]
    assert len(offers) == 1
    assert "Row 2, Variant Barcode" in offers[0]
    assert "4006381333931 would be valid" in offers[0]
    assert {key: at.draft.gtin for key, at in found.packs.items()} == {
        ("ALM-1000-PLN", ""): "00000096385074"
    }
    accepted = harvest(SHOPIFY, accept_barcodes=True)
    assert accepted.packs["ALM-250-LAV", ""].draft.gtin == "04006381333931"


def test_a_lost_zero_is_offered():
    data = SHOPIFY.replace(
        b"71234567890", b"36000291452"
    )  # a UPC whose first zero a spreadsheet dropped
    offers = [
        warning for warning in harvest(data).warnings if "036000291452 would be valid" in warning
    ]
    assert len(offers) == 1


def test_prices_are_exact_and_in_the_company_s_currency():
    found = harvest(SHOPIFY, currency="GBP")
    prices = {key: at.draft.price_e4 for key, at in found.prices.items()}
    assert prices == {
        ("ALM-250-LAV", "", "GBP", 1): 125_000,
        ("ALM-1000-PLN", "", "GBP", 1): 10_399_000,
        ("00123", "", "GBP", 1): 180_000,
    }


def test_stock_goes_where_the_location_is_said():
    assert harvest(SHOPIFY).openings == {}
    found = harvest(SHOPIFY, location="SHOP")
    assert {sku: at.draft.amount for (sku, _), at in found.openings.items()} == {
        "ALM-250-LAV": "24",
        "ALM-1000-PLN": "7",
    }


def test_what_was_assumed_and_left_behind_is_said():
    warnings = " ".join(harvest(SHOPIFY).warnings)
    assert "kind of 1 product;" in warnings
    assert "counted in pieces" in warnings
    assert "Image Src" in warnings
    assert "the apostrophe before 00123 was left out" in warnings
    assert "Variant Inventory Qty was not taken" in warnings


def test_missing_skus_may_come_from_names():
    found = harvest(SHOPIFY, sku_from_name=True)
    (made,) = (sku for sku in found.products if sku.startswith("ALMOND"))
    assert made.startswith("ALMOND-MASSAGE-OIL-500-ML-PLAIN-")
    assert made in harvest(SHOPIFY, sku_from_name=True).products


def test_the_columns_shopify_writes_since_2025():
    data = (
        "Title,URL handle,Description,Vendor,Type,Status,SKU,Barcode,Option1 name,"
        "Option1 value,Price,Inventory quantity\n"
        "Foot Balm,foot-balm,Soft,Linden,Balm,Active,FB-1,96385074,Title,Default Title,7.5,3\n"
    )
    found = harvest(data.encode())
    assert found.layout == "shopify"
    assert found.products["FB-1"].draft.kind is Kind.BALM


def test_woocommerce_parents_variations_and_faults():
    found = harvest(WOO)
    assert found.layout == "woocommerce"
    assert list(found.families) == ["HOT-STONE"]
    assert list(found.products) == ["HOT-STONE-S", "GIFT-50", "TOWEL-1"]
    assert [(row, column) for row, column, _ in refusals(found)] == [
        (4, "Stock"),
        (6, "SKU"),
        (7, "Type"),
        (8, "Parent"),
    ]


def test_woocommerce_names_texts_and_guards():
    found = harvest(WOO, sku_from_name=True)
    small = found.products["HOT-STONE-S"].draft
    assert (small.name, small.options) == ("Hot Stone Set, Small", (("Size", "Small"),))
    assert small.category == "Tools / Stones"
    assert found.families["HOT-STONE"].draft.description == "Warm to 50°C."
    assert found.products["GIFT-50"].draft.name == "=Gift card"
    assert found.products["NECK-PILLOW"].draft.kind is Kind.LINEN
    assert found.products["TOWEL-1"].draft.status is ProductStatus.DISCONTINUED
    assert found.packs["HOT-STONE-S", ""].draft.gtin == "04006381333931"


def test_a_variation_may_stand_above_its_parent():
    header, parent, variation, *_ = WOO.decode().splitlines()
    found = harvest(f"{header}\n{variation}\n{parent}".encode())
    assert list(found.products) == ["HOT-STONE-S"]
    assert found.refused == []
