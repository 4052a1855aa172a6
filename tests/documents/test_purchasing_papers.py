"""The purchase order and the goods receipt on paper."""

from datetime import date
from decimal import Decimal

import pytest

from procurement.documents.content import (
    Amount,
    GoodsReceiptContent,
    GoodsReceiptLine,
    PurchaseOrderContent,
    from_json,
    to_json,
)
from procurement.documents.figures import figures
from procurement.documents.goods_receipt import render_goods_receipt
from procurement.documents.purchase_order import render_purchase_order
from tests.documents.papers import a_letterhead, an_order, pages_of, text_of


def a_receipt(count: int = 2, **changes) -> GoodsReceiptContent:
    lines = tuple(
        GoodsReceiptLine(
            number=str(number),
            name=f"Oil number {number}",
            sku=f"ALM-{number}",
            ordered=Amount(Decimal(4), "canisters"),
            received=Amount(Decimal(3), "canisters"),
            base=Amount(Decimal(15), "litres"),
            lot=f"L26-{number}",
            location="Storeroom, shelf B2",
            expires_on=date(2028, 5, 31) if number == 1 else None,
        )
        for number in range(1, count + 1)
    )
    values = {
        "letterhead": a_letterhead(name="The Linden Rooms"),
        "supplier": ("Corrib Botanicals Ltd",),
        "number": "GR-2026-0110",
        "received_on": date(2026, 12, 7),
        "order_number": "PO-2026-0093",
        "delivery_note": "LS 88120",
        "lines": lines,
    }
    return GoodsReceiptContent(**{**values, **changes})


def test_an_order_says_everything_its_content_says():
    copied = " ".join(text_of(render_purchase_order(an_order())).split())
    for told in (
        "PO-2026-0093",
        "Corrib Botanicals Ltd",
        "Aoife Ní Dhomhnaill, 23 Nov 2026",
        "Goods door",
        "Your item 20-1 · ours ALM-1",
        "canisters",
        "61.50",
        "12.30",
        "Mon, 7 Dec",
        "Fri, 11 Dec",
        "VAT 23.0 %",
        "1,644.39",
        "Lot and use-by date",
        "Please confirm by Thursday",
    ):
        assert told in copied, told


def test_an_order_is_drawn_the_same_twice():
    content = an_order(30)
    again = from_json(PurchaseOrderContent, to_json(content))
    assert render_purchase_order(again) == render_purchase_order(content)


def test_requests_of_any_length_are_printed_whole():
    requests = tuple(f"Wish {number} " + "please " * 60 for number in range(30))
    copied = text_of(render_purchase_order(an_order(requests=requests)))
    for number in range(30):
        assert f"Wish {number} " in copied


def test_a_receipt_says_what_came_and_where_it_was_put():
    copied = " ".join(text_of(render_goods_receipt(a_receipt())).split())
    for told in (
        "GR-2026-0110",
        "PO-2026-0093",
        "LS 88120",
        "L26-1",
        "use by 31 May 2028",
        "no date",
        "Storeroom, shelf B2",
        "Checked by",
    ):
        assert told in copied, told


def test_the_box_to_sign_stays_with_the_last_line_of_a_receipt():
    for count in range(1, 26):
        pages = pages_of(render_goods_receipt(a_receipt(count)))
        (signed,) = [page for page in pages if "Checked by" in page]
        assert f"L26-{count}" in signed


def test_a_receipt_is_drawn_the_same_twice():
    content = a_receipt(notes="One carton was wet.")
    again = from_json(GoodsReceiptContent, to_json(content))
    assert render_goods_receipt(again) == render_goods_receipt(content)


@pytest.mark.parametrize(("rate", "printed"), [("23", "23.0"), ("8.88", "8.88"), ("5.5", "5.5")])
def test_a_tax_rate_is_printed_with_all_its_places(rate, printed):
    """A rate has two places at most (basis points): 8.875 % is kept, taken and printed as 8.88 %."""
    assert figures("en_IE").percent(Decimal(rate)) == printed
