"""CSV as people have it: every encoding, separator and shape."""

import json

import pytest

from procurement.exchange.tabular import ByHand, Limits, UnusableFile, read_table
from tests.exchange.files import shared

SPECTRUM = [
    "comma_in_quotes",
    "empty",
    "empty_crlf",
    "escaped_quotes",
    "json",
    "newlines",
    "newlines_crlf",
    "quotes_and_newlines",
    "simple",
    "simple_crlf",
    "utf8",
]


def as_dicts(data: bytes, **by_hand: object) -> list[dict[str, str]]:
    table = read_table(data, ByHand(**by_hand))
    return [dict(zip(table.header, row.cells, strict=True)) for row in table.rows]


@pytest.mark.parametrize("name", SPECTRUM)
def test_csv_spectrum_comes_out_as_its_authors_say(name: str):
    expected = json.loads(shared(f"awkward-csv/spectrum_{name}.json"))
    data = shared(f"awkward-csv/spectrum_{name}.csv")
    if name.endswith("_crlf"):  # the copies lost their line ends
        data = data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    assert as_dicts(data) == expected


def test_spectrum_location_coordinates_keeps_its_broken_characters():
    # The file holds the replacement character where its authors lost the degree sign; their JSON has another loss.
    (row,) = as_dicts(shared("awkward-csv/spectrum_location_coordinates.csv"))
    assert row["Contact Phone Number"] == "2095257564"
    assert row["Cities"] == "Modesto"


def test_latin_1_with_thousands_and_accents():
    table = read_table(shared("awkward-csv/messytables_spanish_chars_latin1.csv"))
    assert table.detected.encoding in {"cp1252", "latin-1"}
    assert table.detected.decimal_mark == "."
    assert table.header[-1] == "Descripción"
    assert table.rows[0].cells[6] == "229,932.50"
    assert len(table.rows) == 115


def test_utf_16_with_its_mark():
    table = read_table(shared("awkward-csv/messytables_utf-16le.csv"))
    assert table.detected.encoding == "utf-16"
    assert table.header[0] == "Organisation_code"
    assert {len(row.cells) for row in table.rows} == {len(table.header)}


def test_semicolons():
    table = read_table(shared("awkward-csv/messytables_semicolon.csv"))
    assert (table.detected.separator, table.header) == (";", ("date", "temperature", "place"))


def test_two_accents_in_twenty_bytes_are_western():
    assert as_dicts(shared("awkward-csv/tabulator_latin1.csv"))[1] == {"id": "2", "name": "©"}


def test_a_comment_before_the_header_is_passed_over():
    table = read_table(shared("awkward-csv/tabulator_skip-rows-before-headers.csv"))
    assert table.detected.header_row == 2
    assert [(row.number, *row.cells) for row in table.rows] == [
        (3, "1", "english"),
        (4, "2", "中国人"),
    ]


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1251", "артикул;название;цена\n1;Масло лавандовое;12,50\n2;Крем для ног;3,20\n"),
        ("cp1253", "κωδικός;όνομα;τιμή\n1;Λάδι μασάζ λεβάντα;12,50\n"),
        ("cp1252", "Artikelnr;Bezeichnung;Preis €\n1;Fußcreme für müde Füße;12,50\n"),
        (
            "shift_jis",
            "コード,名前,価格\n1,ラベンダーマッサージオイル,1200\n2,フットクリーム,300\n",
        ),
        ("gb18030", "编码,名称,价格\n1,薰衣草按摩油,1200\n2,足部按摩膏,300\n"),
        ("euc_kr", "코드,이름,가격\n1,라벤더 마사지 오일,1200\n"),
        ("utf-16", "code\tnaam\n1\tcrème\n"),
        ("utf-16-le", "code\tname\n1\tlavender\n"),
        ("utf-32", "code\tname\n1\tlavender\n"),
        ("utf-8-sig", "código,nombre\n1,crema\n"),
    ],
)
def test_encodings_of_offices_everywhere(encoding: str, text: str):
    table = read_table(text.encode(encoding))
    separator = table.detected.separator
    assert [table.header, *[row.cells for row in table.rows]] == [
        tuple(line.split(separator)) for line in text.splitlines()
    ]


def test_a_person_may_choose_another_encoding():
    data = "kod;ad\n1;Lavanta masaj şişe\n".encode("cp1254")
    assert as_dicts(data, encoding="cp1254")[0]["ad"] == "Lavanta masaj şişe"


def test_an_encoding_that_does_not_fit_is_refused():
    with pytest.raises(UnusableFile, match="not utf-8"):
        read_table("ad\nyağ\n".encode("cp1254"), ByHand(encoding="utf-8"))
    with pytest.raises(UnusableFile, match="no encoding"):
        read_table(b"a\n1\n", ByHand(encoding="klingon"))


def test_one_column_has_no_separator():
    table = read_table(b"sku\nA-1\nA-2\n")
    assert table.detected.separator is None
    assert [row.cells for row in table.rows] == [("A-1",), ("A-2",)]


def test_commas_in_texts_do_not_beat_the_semicolons_between_cells():
    data = b"sku;name;price\n1;Oil, warm;1,50\n2;Balm, cold;2,50\n3;Soap;3,5\n"
    table = read_table(data)
    assert (table.detected.separator, table.detected.decimal_mark) == (";", ",")


def test_the_spreadsheet_hint_is_honoured_and_is_no_data():
    table = read_table(b"sep=;\r\nsku;name\r\nA;Oil\r\n")
    assert (table.detected.header_row, table.header) == (2, ("sku", "name"))


def test_short_rows_are_filled_and_long_rows_say_so():
    table = read_table(b"a,b,c\n1\n1,2,3,4\n1,2,3,,\n")
    assert [(row.cells, row.surplus) for row in table.rows] == [
        (("1", "", ""), 0),
        (("1", "2", "3"), 1),
        (("1", "2", "3"), 0),
    ]


def test_row_numbers_are_those_of_a_spreadsheet():
    table = read_table(b'sku,text\nA,"two\nlines"\n\nB,x\n')
    assert [row.number for row in table.rows] == [2, 4]


def test_a_quotation_mark_left_open_names_its_row():
    with pytest.raises(UnusableFile, match="row 3 is never closed"):
        read_table(b'sku,text\nA,x\nB,"never closed\nC,y\n')


def test_old_line_ends_and_no_line_end():
    assert as_dicts(b"a,b\r1,2\r3,4") == [{"a": "1", "b": "2"}, {"a": "3", "b": "4"}]


def test_inches_in_the_middle_of_a_text_are_harmless():
    assert as_dicts(b'a,b\n1,5" roller\n')[0]["b"] == '5" roller'


def test_a_repeated_column_is_noted():
    table = read_table(b"sku,name,name\nA,x,y\n")
    assert "name" in table.notes[0]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf \r\n", "empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "neither"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "protected or an old"),
        (b"PK\x03\x04 not a zip", "damaged"),
    ],
)
def test_what_is_no_table_is_refused_with_the_reason(data: bytes, why: str):
    with pytest.raises(UnusableFile, match=why):
        read_table(data)


def test_bounds_on_rows_columns_cells_and_bytes():
    with pytest.raises(UnusableFile, match="too large"):
        read_table(b"a,b\n" + b"1,2\n" * 11, limits=Limits(rows=10))
    read_table(b"a,b\n" + b"1,2\n" * 10, limits=Limits(rows=10))
    with pytest.raises(UnusableFile, match="too large"):
        read_table(b"," * 2000 + b"\n1\n")
    with pytest.raises(UnusableFile, match="too large"):
        read_table((b"," * 900 + b"\n") * 2000)
    with pytest.raises(UnusableFile, match="larger than"):
        read_table(b"a\n" * 11_000_000)


def test_a_header_row_or_separator_chosen_by_hand():
    table = read_table(b"x|y\n1|2,5\na|b\n3|4\n", ByHand(header_row=3, separator="|"))
    assert (table.header, table.rows[0].cells) == (("a", "b"), ("3", "4"))
    with pytest.raises(UnusableFile, match="no such row"):
        read_table(b"a,b\n1,2\n", ByHand(header_row=9))
    with pytest.raises(UnusableFile, match="separator"):
        read_table(b"a,b\n1,2\n", ByHand(separator="x"))


@pytest.mark.parametrize(
    ("cells", "mark"),
    [
        (["12,50", "3,20"], ","),
        (["12.50", "1,234.50"], "."),
        (["1.234,50"], ","),
        (["1 234,50"], ","),
        (["1234"], "."),
        (["12,5", "12.5", "13.5"], "."),
    ],
)
def test_the_decimal_mark_follows_numbers_that_read_one_way_only(cells: list[str], mark: str):
    data = "sku\tprice\n" + "".join(f"A{i}\t{cell}\n" for i, cell in enumerate(cells))
    assert read_table(data.encode()).detected.decimal_mark == mark
