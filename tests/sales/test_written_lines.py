"""Lines as people write them: every way to read one, and none where the number is in doubt."""

import io
from datetime import date

import pytest
import xlsxwriter

from procurement.exchange.order_lists import file_lines, pasted_lines
from procurement.kernel.errors import Invalid
from procurement.sales.rules.written import MOST_WRITTEN, Way, read_line

TODAY = date(2026, 11, 28)


def a_workbook(*rows):
    kept = io.BytesIO()
    with xlsxwriter.Workbook(kept) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
    return kept.getvalue()


@pytest.mark.parametrize(
    ("written", "way"),
    [
        ("ALM-500", Way("ALM-500")),
        ("ALM-500 12", Way("ALM-500", 12)),
        ("12 ALM-500", Way("ALM-500", 12)),
        ("ALM-500,12", Way("ALM-500", 12)),
        ("ALM-500,100", Way("ALM-500", 100)),
        ("12, ALM-500", Way("ALM-500", 12)),
        ("ALM-500;12", Way("ALM-500", 12)),
        ("12\tALM-500\t", Way("ALM-500", 12)),
        ("2x ALM-500", Way("ALM-500", 2)),
        ("2 \N{MULTIPLICATION SIGN} ALM-500", Way("ALM-500", 2)),
        ("ALM-500 x2", Way("ALM-500", 2)),
        ("Sweet almond oil, 500 ml, 12", Way("Sweet almond oil, 500 ml", 12)),
        ("9501101530003 12", Way("9501101530003", 12)),
        ("ALM-500\tSweet almond oil\t12\t11.90", Way("ALM-500", 12)),
        ("(01)09501101530003(30)12", Way("(01)09501101530003(30)12")),
        ("12\u00a0ALM-500", Way("ALM-500", 12)),
    ],
)
def test_a_line_is_read_as_it_is_meant(written, way):
    assert way in read_line(written, today=TODAY).ways


@pytest.mark.parametrize(
    "written",
    ["ALM-500 1,000", "ALM-500 1.000", "ALM-500;2.5", "1'000 ALM-500", "ALM-500\t-3", "ALM-500 +2"],
)
def test_a_number_with_marks_is_asked_about_not_guessed(written):
    line = read_line(written, today=TODAY)
    assert all(way.packs is None for way in line.ways)
    assert "no whole number" in line.problem


def test_what_a_spreadsheet_has_shortened_is_said():
    assert "shortened" in read_line("4,00638E+12", today=TODAY).problem


@pytest.mark.parametrize(
    "header",
    [
        "SKU\tQuantity",
        "Artikelnummer;Menge",
        "Référence;Quantité",
        "Código,Cantidad",
        "Codice;Quantità",
        "Artikelnummer\tAantal",
        "EAN;Qty",
    ],
)
def test_names_of_columns_in_six_languages_say_which_is_which(header):
    mark = next(mark for mark in "\t;," if mark in header)
    rows = [mark.join(("1001", "12")), mark.join(("1002", "")), mark.join(("1003", "0"))]
    lines = pasted_lines("\n".join([header, *rows]), today=TODAY)
    assert [line.ways for line in lines] == [(Way("1001", 12),)]


def test_files_are_read_with_and_without_names_of_columns():
    named = b"Name;Menge;Gebinde;SKU\r\nOil;3;Karton;ALM-500\r\nNot wanted;;;CRR-01\r\n"
    assert [line.ways for line in file_lines(named, today=TODAY)] == [
        (Way("ALM-500", 3, "Karton"),)
    ]
    bare = b"ALM-500,3\nCRR-01,x\nCRR-02,4\n"
    assert [line.text for line in file_lines(bare, today=TODAY)] == [
        "ALM-500; 3",
        "CRR-01; x",
        "CRR-02; 4",
    ]
    lines = file_lines(a_workbook(["SKU", "Qty"], ["ALM-500", 12.0], ["CRR-01", 2.5]), today=TODAY)
    assert lines[0].ways == (Way("ALM-500", 12),)
    assert "no whole number" in lines[1].problem


def test_a_list_has_an_end():
    with pytest.raises(Invalid, match="2,000"):
        pasted_lines("\n".join(f"P-{n} 1" for n in range(MOST_WRITTEN + 1)), today=TODAY)
