"""Delivery notes as files, laid against an order: found by line, code, SKU; what differs and what is unknown."""

import pytest
from sqlalchemy import select

from procurement.catalogue.models import Pack
from procurement.exchange.delivery_notes import prefill, read_delivery_note
from procurement.exchange.tabular import UnusableFile
from procurement.purchasing.queries.orders import order_page
from tests.purchasing.builders import CASES, COVERS, a_placed_order, a_spa_that_orders

UBL = """<?xml version="1.0"?>
<DespatchAdvice xmlns="urn:oasis:names:specification:ubl:schema:xsd:DespatchAdvice-2"
 xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
 xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
<cbc:ID>DA-7</cbc:ID><cac:OrderReference><cbc:ID>{order}</cbc:ID></cac:OrderReference>
<cac:DespatchLine><cbc:ID>1</cbc:ID><cbc:DeliveredQuantity unitCode="{unit}">{quantity}</cbc:DeliveredQuantity>
<cac:OrderLineReference><cbc:LineID>1</cbc:LineID></cac:OrderLineReference>
<cac:Item><cbc:Name>Oil</cbc:Name>{lots}</cac:Item></cac:DespatchLine></DespatchAdvice>"""
LOT = (
    "<cac:ItemInstance><cac:LotIdentification><cbc:LotNumberID>{}</cbc:LotNumberID>"
    "<cbc:ExpiryDate>2031-11-30</cbc:ExpiryDate></cac:LotIdentification></cac:ItemInstance>"
)


@pytest.fixture
def order(session):
    a_spa_that_orders(session)
    return order_page(session, a_placed_order(session, CASES, COVERS).number)


def laid(session, order, text: str):
    return prefill(session, read_delivery_note(text.encode()), order)


def told(found):
    return [(one.position, one.packs, one.supplier_lot, one.noted_packs) for one in found.lines]


def test_a_table_is_found_by_code_line_and_sku(session, order):
    found = laid(
        session,
        order,
        "Code;Line;SKU;Qty;Batch;Use by;Price\n"
        "ALM-500;;;6;A;2031-11-30;79,50\n;1;;4;B;2031-12-31;\n;;COV-020;8,0;;;\n"
        "X-9;;;1;;;\n;;COV-020;0,5;;;\n",
    )
    assert told(found) == [(1, 6, "A", 6), (1, 4, "B", 4), (2, 8, None, 8)]
    assert found.lines[0].noted_price == "79.50"
    assert found.differences == ()
    assert found.unknown == (
        "Row 5, X-9: not on PO-2026-0001",
        "Row 6, COV-020: no whole packs of " + order.lines[1].pack_value.name,
    )


@pytest.mark.parametrize(
    ("unit", "quantity", "lots", "lines", "differs"),
    [
        ("XCS", "10", ["A"], [(1, 10, "A", 10)], ["not on the note"]),
        ("LTR", "60", ["A"], [(1, 10, "A", 10)], ["not on the note"]),
        ("XCS", "9", [], [(1, 9, None, 9)], ["on the note, 10 outstanding", "not on"]),
        ("XCS", "10", ["A", "B"], [(1, 0, "A", 10), (1, 0, "B", None)], ["2 lots", "not on"]),
        ("KGM", "10", [], [], ["not on the note", "not on the note"]),
    ],
)
def test_a_despatch_advice_fills_the_form(session, order, unit, quantity, lots, lines, differs):
    text = UBL.format(
        order=order.number, unit=unit, quantity=quantity, lots="".join(map(LOT.format, lots))
    )
    found = laid(session, order, text)
    assert told(found) == lines
    assert len(found.differences) == len(differs)
    assert all(part in said for part, said in zip(differs, found.differences, strict=True))
    assert bool(found.unknown) == (not lines)


@pytest.mark.parametrize(
    ("gtin", "quantity", "lines"),
    [
        ("4006381333931", "24", [(1, 2, None, 2)]),  # of a bottle: twelve are a case
        ("04006381333931", "12", [(1, 1, None, 1)]),
        ("14006381333938", "3", [(1, 3, None, 3)]),  # of the case
        ("4006381333931", "5", []),
        ("4006381333932", "12", []),
        ("4006381333931x", "12", []),
    ],
)
def test_goods_are_found_by_their_barcode_and_counted_in_its_pack(
    session, order, gtin, quantity, lines
):
    codes = {"bottle": "04006381333931", "case": "14006381333938"}
    for pack in session.scalars(select(Pack).where(Pack.code.in_(codes))):
        pack.gtin = codes[pack.code]
    session.flush()
    found = laid(session, order, f"gtin,qty\n{gtin},{quantity}\n")
    assert told(found) == lines
    assert bool(found.unknown) == (not lines)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "empty"),
        ("name,price\nOil,3\n", "needs a column quantity"),
        ("sku,qty\nALM-500,many\n", "Row 2: 'many' is no quantity"),
        ("sku,qty\nALM-500,-1\n", "is no quantity"),
        ("sku,qty,expiry\nALM-500,1,soon\n", "Row 2: 'soon' is no day"),
        ("<Order/>", "despatch advice"),
    ],
)
def test_what_is_no_delivery_note_says_why(text, said):
    with pytest.raises(UnusableFile, match=said):
        read_delivery_note(text.encode())
