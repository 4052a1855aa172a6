"""Exports that no spreadsheet runs, and that come back as they were."""

import io
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from procurement.exchange.export import csv_cell, to_csv, to_xlsx
from procurement.exchange.tabular import ByHand, read_table

LIVE = [
    "=1+1",
    "+49 30 1234",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "\uff1d1+1",
    "\uff0b1",
    "\uff0d1+1",
    "\uff20x",
    "'=already quoted",
    '=HYPERLINK("http://x.example","y")',
]
# What a cell may hold: everything but the characters that XML itself cannot say.
TEXTS = st.text(
    st.characters(
        exclude_categories=["Cs", "Cc"],
        include_characters="\n\t",
        exclude_characters="\ufffe\uffff\ufeff",
    )
    | st.sampled_from("=+-@'\t\n\uff1d;,|\""),
    max_size=40,
)


@pytest.mark.parametrize("text", LIVE)
def test_live_texts_are_guarded_in_csv_and_come_back(text: str):
    assert csv_cell(text)[0] == "'"
    table = read_table(to_csv(["name", "b"], [[text, "x"]]), ByHand(header_row=1, separator=","))
    assert table.rows[0].cells[0] == text


@pytest.mark.parametrize("text", LIVE)
def test_workbooks_hold_texts_and_no_formulas(text: str):
    data = to_xlsx("List", ["name"], [[text]])
    cell = openpyxl.load_workbook(io.BytesIO(data)).active["A2"]
    assert (cell.data_type, cell.quotePrefix) == ("s", True)
    assert read_table(data, ByHand(header_row=1)).rows[0].cells[0].replace(
        "\r", "\n"
    ) == text.replace("\r", "\n")


def test_negative_numbers_stay_numbers():
    assert csv_cell(Decimal("-12.50")) == "-12.5"
    assert csv_cell(-3) == "-3"
    assert csv_cell("-3.5") == "-3.5"
    cells = openpyxl.load_workbook(
        io.BytesIO(to_xlsx("n", ["a", "b"], [[-3, Decimal("-0.0692")]]))
    ).active
    assert [cells["A2"].value, cells["B2"].value] == [-3, -0.0692]


def test_values_of_every_type():
    row = [
        "text",
        5,
        Decimal("0.0692"),
        date(2026, 11, 22),
        datetime(2026, 11, 22, 9, 30, tzinfo=UTC),
        None,
    ]
    header = ["a", "b", "c", "d", "e", "f"]
    assert to_csv(header, [row]).decode("utf-8-sig").splitlines()[1] == (
        "text,5,0.0692,2026-11-22,2026-11-22T09:30:00Z,"
    )
    assert read_table(to_xlsx("x", header, [row])).rows[0].cells == (
        "text", "5", "0.0692", "2026-11-22", "2026-11-22T09:30:00", "",
    )  # fmt: skip


def test_numbers_beyond_fifteen_digits_are_kept_as_text():
    table = read_table(to_xlsx("x", ["a"], [[12345678901234567890]]))
    assert table.rows[0].cells == ("12345678901234567890",)


def test_the_same_list_gives_the_same_bytes():
    assert to_xlsx("a/b:c", ["x"], [["1"]]) == to_xlsx("a/b:c", ["x"], [["1"]])


def test_a_text_too_long_for_a_cell_is_cut_visibly():
    (cell,) = read_table(to_xlsx("x", ["a"], [["y" * 40_000]])).rows[0].cells
    assert (len(cell), cell[-1]) == (32_767, "…")


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=6))
def test_csv_comes_back_as_it_went_out(rows: list[tuple[str, str]]):
    table = read_table(
        to_csv(["first", "last"], rows), ByHand(header_row=1, separator=",", encoding="utf-8-sig")
    )
    filled = [row for row in rows if any(cell and not cell.isspace() for cell in row)]
    assert [row.cells for row in table.rows] == filled


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=6))
def test_xlsx_comes_back_as_it_went_out(rows: list[tuple[str, str]]):
    table = read_table(to_xlsx("x", ["first", "last"], rows), ByHand(header_row=1))
    filled = [row for row in rows if any(cell and not cell.isspace() for cell in row)]
    assert [row.cells for row in table.rows] == filled
