"""What of a scanner's text a quote understands; what people type is none."""

from datetime import date

import pytest

from procurement.sales.rules.scanned import ScannedItem, scanned_item

TODAY = date(2026, 11, 28)
GTIN = "09501101530003"
FULL = f"01{GTIN}1728120010AB-1\x1d3012"


@pytest.mark.parametrize(
    ("text", "item"),
    [
        (FULL, ScannedItem(GTIN, count=12)),
        (f"]C1{FULL}", ScannedItem(GTIN, count=12)),
        (FULL.replace("\x1d", "{GS}"), ScannedItem(GTIN, count=12)),
        (f"\x1d{FULL}", ScannedItem(GTIN, count=12)),
        (f"(01){GTIN}(17)281200(10)AB-1", ScannedItem(GTIN)),
        (f"01{GTIN}10ABC17280301", ScannedItem(GTIN)),  # cut in two ways, the product is the same
        (f"01{GTIN}10ABC3712", ScannedItem(GTIN)),  # perhaps twelve, perhaps a lot's last figures
        (f"https://id.gs1.org/01/{GTIN}/10/AB-1?30=6", ScannedItem(GTIN, count=6)),
        ("https://spa.example/s?p=OIL-ALM&l=L-1", ScannedItem(sku="OIL-ALM")),
        ("https://spa.example/r/STORE", None),
        (GTIN, None),
        (f"01{GTIN[:-1]}5", None),  # its check digit is wrong: it may be a code of somebody's own
        ("0123 massage", None),
        ("almond (organic) 12", None),
        ("", None),
    ],
)
def test_a_code_names_a_product_and_perhaps_a_number(text, item):
    assert scanned_item(text, today=TODAY) == item


@pytest.mark.parametrize("text", [f"(01){GTIN}(17)289900", "(01)1", "https://spa.example/x"])
def test_a_wrong_code_is_said_and_not_guessed(text):
    with pytest.raises(ValueError, match=r"\w"):
        scanned_item(text, today=TODAY)
