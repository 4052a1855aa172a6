"""Suppliers' price files as they come: other words, other decimals, rows that are none."""

import pytest

from procurement.exchange.export import to_xlsx
from procurement.exchange.price_files import ColumnsUnknown, read_price_list
from procurement.exchange.tabular import UnusableFile

GERMAN = """Preisliste 2027;;;
;;;
Artikelnummer;Bezeichnung;ab Menge;Preis
VB1840;Arnika-Lotion;1;1.036,50
VB1840;Arnika-Lotion;5;34,5
;Balsame;;
VB1980;Balsam;1;
VB1981;Balsam;1;auf Anfrage
VB1982;Balsam;0;9,90
"""


def test_a_german_list_is_understood_and_bad_rows_are_named():
    found = read_price_list(GERMAN.encode("cp1252"), currency="EUR")
    assert [(row.row, row.code, row.from_packs, row.price_e4) for row in found.rows] == [
        (4, "VB1840", 1, 10_365_000),
        (5, "VB1840", 5, 345_000),
    ]
    assert [(one.row, one.column) for one in found.refused] == [
        (7, "Preis"),
        (8, "Preis"),
        (9, "ab Menge"),
    ]
    assert found.read_as == (
        "their code from Artikelnummer, name from Bezeichnung, from so many packs from ab Menge,"
        " price of a pack from Preis"
    )


def test_a_workbook_with_barcodes_and_currencies():
    header = ("EAN", "Description", "Currency", "Trade price")
    rows = [("5012345678900", "Oil", "GBP", 12.5), ("5012345678900", "Oil", "EUR", 12)]
    found = read_price_list(to_xlsx("P", header, rows), currency="GBP")
    assert [(row.gtin, row.price_e4) for row in found.rows] == [("05012345678900", 125_000)]
    assert "is not GBP" in found.refused[0].reason


def test_columns_can_be_said():
    data = b"Was,Wieviel\nA-1,3.20\n"
    with pytest.raises(ColumnsUnknown) as refusal:
        read_price_list(data, currency="EUR")
    assert refusal.value.header == ("Was", "Wieviel")
    mapping = {"Was": "code", "Wieviel": "unit_price"}
    (row,) = read_price_list(data, currency="EUR", mapping=mapping).rows
    assert (row.code, row.price_e4) == ("A-1", 32_000)


@pytest.mark.parametrize("data", [b"", b"\x00\x01\x02", b"%PDF-1.7\n" + bytes(99)])
def test_what_is_no_table_is_refused(data):
    with pytest.raises(UnusableFile):
        read_price_list(data, currency="EUR")
