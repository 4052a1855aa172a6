"""Workbooks: what the cells mean, and what is refused before it hurts."""

import io
import random
import time
import tracemalloc
import zipfile

import pytest

from procurement.exchange.tabular import ByHand, Limits, NumberText, UnusableFile, read_table
from tests.exchange.files import shared, workbook_of


def cell(reference: str, value: object) -> str:
    return f'<c r="{reference}"><v>{value}</v></c>'


def text_cell(reference: str, value: str) -> str:
    return f'<c r="{reference}" t="inlineStr"><is><t>{value}</t></is></c>'


HEADER = f'<row r="1">{text_cell("A1", "sku")}{text_cell("B1", "gtin")}</row>'


def refused_quickly(data: bytes) -> str:
    """The reason, after checking that saying no took under two seconds and 100 MB."""
    began = time.process_time()
    with pytest.raises(UnusableFile):
        read_table(data)
    assert time.process_time() - began < 2
    tracemalloc.start()
    try:
        with pytest.raises(UnusableFile) as caught:
            read_table(data)
        assert tracemalloc.get_traced_memory()[1] < 100_000_000
    finally:
        tracemalloc.stop()
    return caught.value.message


def test_binary_noise_is_cut_to_what_a_spreadsheet_shows():
    table = read_table(shared("awkward-xlsx/tabulator_adjust_floating_point_error.xlsx"))
    assert [row.cells[1:] for row in table.rows[:3]] == [
        ("60.565", "242.26", "242.26"),
        ("68.665", "274.66", "274.66"),
        ("72.965", "291.86", "291.86"),
    ]
    assert table.rows[3].cells[2] == "968"
    assert isinstance(table.rows[3].cells[2], NumberText)


def test_dates_and_formats():
    table = read_table(shared("awkward-xlsx/tabulator_preserve-formatting.xlsx"))
    cells = dict(zip(table.header, table.rows[0].cells, strict=True))
    assert cells["0.00"] == "1000.5577"
    assert cells["m/d/yy"] == "2040-05-20"


def test_the_first_filled_sheet_is_taken_and_another_may_be_chosen():
    data = shared("awkward-xlsx/tabulator_sheet2.xlsx")
    table = read_table(data)
    assert (table.detected.sheet, table.detected.sheets) == ("Sheet2", ("Sheet1", "Sheet2"))
    assert [row.cells for row in table.rows] == [("1", "english"), ("2", "中国人")]
    with pytest.raises(UnusableFile, match="no sheet called"):
        read_table(data, ByHand(sheet="Sheet3"))


def test_merged_cells_are_read():
    assert read_table(shared("awkward-xlsx/tabulator_merged-cells.xlsx")).header == ("data",)


def test_whole_numbers_stay_whole_and_rows_keep_their_numbers():
    rows = f'<row r="5">{text_cell("A5", "A-1")}{cell("B5", "12345678901.0")}</row>'
    table = read_table(workbook_of(f"<sheetData>{HEADER}{rows}</sheetData>"))
    (row,) = table.rows
    assert (row.number, row.cells) == (5, ("A-1", "12345678901"))


def test_rows_above_the_first_filled_one_count():
    header = HEADER.replace('"1"', '"3"').replace("A1", "A3").replace("B1", "B3")
    row = f'<row r="4">{text_cell("A4", "A-1")}</row>'
    table = read_table(workbook_of(f"<sheetData>{header}{row}</sheetData>"))
    assert (table.detected.header_row, table.rows[0].number) == (3, 4)


def test_a_bomb_of_zeros():
    bomb = b"<worksheet><sheetData>" + b" " * 300_000_000
    assert "unpacks" in refused_quickly(workbook_of(bomb))


def test_a_bomb_of_cells():
    row = "<row>" + "<c><v>1</v></c>" * 1000 + "</row>"
    assert "too large" in refused_quickly(workbook_of(f"<sheetData>{row * 2000}</sheetData>"))


@pytest.mark.parametrize(
    "far",
    [
        '<c r="XFD1048576"><v>1</v></c>',
        "<c r = 'XFD1048576'><v>1</v></c>",
        '<c a=">" r="XFD1048576"><v>1</v></c>',
    ],
)
def test_one_cell_at_the_far_corner_is_a_rectangle_of_seventeen_billion(far: str):
    sheet = f'<sheetData>{HEADER}<row r="1048576">{far}</row></sheetData>'
    assert "too large" in refused_quickly(workbook_of(sheet))


def test_a_sheet_under_another_part_s_name_is_counted_too():
    sheet = f'<sheetData>{HEADER}<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    hidden = {"xl/worksheets/sharedStrings.xml": f"<worksheet>{sheet}</worksheet>".encode()}
    assert "too large" in refused_quickly(
        workbook_of(f"<sheetData>{HEADER}</sheetData>", extra=hidden)
    )


def test_cells_without_references_are_placed_by_counting():
    row = "<row r='100000'>" + "<c><v>1</v></c>" * 500 + "</row>"
    assert "too large" in refused_quickly(workbook_of(f"<sheetData>{HEADER}{row}</sheetData>"))


def test_a_declared_dimension_means_nothing():
    sheet = f'<dimension ref="A1:XFD1048576"/><sheetData>{HEADER}<row r="2">{text_cell("A2", "x")}</row></sheetData>'
    assert len(read_table(workbook_of(sheet)).rows) == 1


def test_columns_formatted_to_the_bottom_are_not_cells():
    styled = "".join(f'<row r="{n}"><c r="A{n}" s="1"/></row>' for n in range(3, 5000))
    sheet = f'<sheetData>{HEADER}<row r="2">{text_cell("A2", "x")}</row>{styled}</sheetData>'
    assert len(read_table(workbook_of(sheet), limits=Limits(rows=10)).rows) == 1


def test_a_long_text_shared_by_many_cells():
    strings = f"<si><t>{'x' * 30_000}</t></si>"
    shared_cells = '<c t="s"><v>0</v></c>' * 100
    sheet = f"<sheetData>{f'<row>{shared_cells}</row>' * 500}</sheetData>"
    assert "repeats" in refused_quickly(workbook_of(sheet, strings))


def test_long_texts_used_once_each_are_fine():
    noise = random.Random(4)
    strings = "".join(f"<si><t>{n} {noise.randbytes(2_500).hex()}</t></si>" for n in range(2_000))
    rows = "".join(
        f'<row r="{n + 2}"><c r="A{n + 2}" t="s"><v>{n}</v></c>'
        + "".join(cell(f"{letter}{n + 2}", 1) for letter in "BCDEFGHIJK")
        + "</row>"
        for n in range(2_000)
    )
    table = read_table(workbook_of(f"<sheetData>{HEADER}{rows}</sheetData>", strings))
    assert table.rows[1999].cells[0].startswith("1999 ")


def test_sixteen_bit_xml_cannot_hide_cells():
    sheet = '<?xml version="1.0" encoding="UTF-16"?><worksheet><sheetData/></worksheet>'.encode(
        "utf-16"
    )
    assert "not one that a spreadsheet writes" in refused_quickly(workbook_of(sheet))


def test_a_false_size_in_the_archive_does_not_help():
    data = bytearray(workbook_of(b"<worksheet><sheetData>" + b" " * 30_000_000))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        real = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    data = data.replace(real.to_bytes(4, "little"), (100).to_bytes(4, "little"))
    assert "unpacks" in refused_quickly(bytes(data))


def test_an_archive_that_is_no_workbook():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("readme.txt", "hello")
    assert "no .xlsx workbook" in refused_quickly(out.getvalue())
