"""Typed text is trimmed, bounded and printable, or refused by its field."""

import pytest

from procurement.kernel import text
from procurement.kernel.errors import Invalid


def test_a_code_is_trimmed_and_kept():
    assert text.code("  ALM-500 ", "code") == "ALM-500"


def test_a_line_has_nothing_that_would_end_the_subject_of_a_mail():
    assert text.name("Spa\u2028Linden\u2029", "name") == "Spa Linden"


def test_prose_keeps_its_lines_with_one_kind_of_break():
    assert text.prose("one\r\ntwo\rthree", "note") == "one\ntwo\nthree"


@pytest.mark.parametrize(
    "value", ["", "   ", "a\nb", "a\x00b", "a\x1bb", "\ud800", "\ufffe", "x" * 65]
)
def test_what_is_no_code_is_refused_at_its_field(value):
    with pytest.raises(Invalid) as refusal:
        text.code(value, "lines.0.code")
    assert refusal.value.errors[0].field == "lines.0.code"


def test_an_optional_line_may_be_empty():
    assert text.optional_line(" ", "phone") == ""


def test_prose_beyond_its_bound_is_refused():
    with pytest.raises(Invalid, match="10,000"):
        text.prose("x" * 10_001, "note")


def test_folding_makes_accents_case_and_unkeepable_characters_disappear():
    assert text.fold("Áine  O'Brien\x00\n\ud800 \uff21 ẞ") == "aine o'brien a ss"


def test_a_pattern_for_containing_takes_wildcards_literally():
    assert text.containing("5%_\\") == "%5\\%\\_\\\\%"
