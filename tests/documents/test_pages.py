"""How a paper falls on pages, whatever its length."""

import re
from decimal import Decimal

import pytest

from procurement.documents.content import Note, QuoteLine, QuoteSection
from procurement.documents.layout import BOTTOM, LEFT, MM, RIGHT, Piece, paginate
from procurement.documents.purchase_order import render_purchase_order
from procurement.documents.quote import render_quote
from tests.documents.papers import a_line, a_picture, a_quote, an_order, ink_of, pages_of

GRAND = "Total to pay"
HEAD = "Discount"


def lines_on(page: str) -> list[int]:
    return [int(number) for number in re.findall(r"\bLine (\d+)\b", page)]


def a_list(count: int, **changes) -> list[QuoteLine]:
    return [a_line(number, f"Line {number}", **changes) for number in range(1, count + 1)]


@pytest.mark.parametrize(("most", "picture"), [(60, None), (25, a_picture())])
def test_totals_stand_on_the_page_of_the_last_line(most, picture):
    for count in range(1, most + 1):
        pages = pages_of(render_quote(a_quote(a_list(count, picture=picture))))
        (totals,) = [page for page in pages if GRAND in page]
        assert count in lines_on(totals), f"{count} lines: the totals stand alone"
        assert sorted(line for page in pages for line in lines_on(page)) == [*range(1, count + 1)]


def test_the_head_of_the_table_stands_above_lines_on_every_page_and_nowhere_else():
    for count in (1, 17, 18, 40, 120):
        for page in pages_of(render_quote(a_quote(a_list(count)))):
            assert page.count(HEAD) == (1 if lines_on(page) else 0)


def test_a_section_head_is_never_the_last_thing_on_a_page():
    for count in range(6, 26):
        sections = tuple(
            QuoteSection(tuple(lines), str(place), f"Section {place}", Decimal("10.00"))
            for place, lines in enumerate((a_list(count), a_list(2)), start=1)
        )
        for page in pages_of(render_quote(a_quote(sections=sections))):
            for place in (1, 2):
                head = page.find(f"\n{place} Section {place}")
                assert head < 0 or "Line" in page[head:], f"{count} lines"


def test_a_subtotal_stays_with_the_last_line_of_its_section():
    for count in range(6, 26):
        sections = (QuoteSection(tuple(a_list(count)), "1", "Oils", Decimal("10.00")),)
        for page in pages_of(render_quote(a_quote(sections=sections))):
            if "Subtotal Oils" in page:
                assert count in lines_on(page)


def test_pages_are_counted():
    pages = pages_of(render_quote(a_quote(a_list(100))))
    for number, page in enumerate(pages, start=1):
        assert f"Page {number} of {len(pages)}" in page
        assert "Q-2026-0418" in page


@pytest.mark.parametrize("count", [0, 1, 500])
def test_a_quote_may_have_any_number_of_lines(count):
    pages = pages_of(render_quote(a_quote(a_list(count))))
    assert sum(len(lines_on(page)) for page in pages) == count
    assert sum(GRAND in page for page in pages) == 1


def test_order_totals_stand_on_the_page_of_the_last_line():
    for count in range(1, 26):
        pages = pages_of(render_purchase_order(an_order(count)))
        (totals,) = [page for page in pages if "Order total" in page]
        assert re.search(rf"Oil number {count}\b", totals)


def test_no_letter_stands_outside_the_margins():
    long = "Lavandula-Angustifolia/Butyrospermum " * 20
    lines = [
        a_line(1, "W" * 400, sku="W" * 90, detail=long),
        a_line(2, long, net=Decimal("123456789012.50")),
        a_line(3, "京" * 300, tax_code="WWWWWWWW"),
        a_line("1234567890.123", "م" * 300),
    ]
    content = a_quote(
        lines,
        recipient=("W" * 300, "ร" * 300),
        contact="W" * 200,
        intro="W" * 2000,
        terms=(Note("W" * 100, "W" * 3000), Note("T", long), Note("T", long)),
        number="Q" * 120,
        tax_word="W" * 60,
    )
    for ink in ink_of(render_quote(content)):
        assert ink.left >= LEFT - 1
        assert ink.right <= RIGHT + 1
        assert ink.bottom >= 5 * MM


def test_a_name_longer_than_a_page_runs_over_to_the_next():
    name = "".join(f"<{number}>" for number in range(4000))
    pages = pages_of(render_quote(a_quote([a_line(name=name)])))
    assert len(pages) > 5
    copied = "".join("".join(pages).split())
    # The foot and head of each page stand between the parts.
    for number in range(0, 4000, 7):
        assert f"<{number}>" in copied or f"{number}" in copied


def test_chains_move_to_the_next_page_as_one():
    room = 842 - 200 - BOTTOM
    pieces = [Piece(room - 50), Piece(30, keep=True), Piece(30)]
    pages = paginate(pieces, 200, 80)
    assert [len(page) for page in pages] == [1, 2]
    assert pages[1][0].top == 80


def test_a_chain_higher_than_a_page_is_broken_rather_than_lost():
    pieces = [Piece(300, keep=True) for _ in range(7)]
    pages = paginate(pieces, 128, 82)
    assert sum(len(page) for page in pages) == 7
    assert all(placed.top + 300 <= 842 - BOTTOM + 1 for page in pages for placed in page)
