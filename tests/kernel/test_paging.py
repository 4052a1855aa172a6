"""A cursor that somebody has changed is refused before it reaches the database."""

import pytest

from procurement.kernel.errors import Invalid
from procurement.kernel.paging import PageRequest, encode_cursor


@pytest.mark.parametrize(
    "values", [("a",), ("a", "b"), (1, 1), ("a", 1, 2), ("a\0", 1), ("a", 1 << 63)]
)
def test_a_key_of_another_shape_is_refused(values):
    with pytest.raises(Invalid, match="cursor"):
        PageRequest.parse(None, encode_cursor(values)).key(str, int)


def test_a_key_of_the_right_shape_comes_back():
    assert PageRequest.parse(None, encode_cursor(("ä", 7))).key(str, int) == ("ä", 7)


def test_the_first_page_has_no_key():
    assert PageRequest.parse(None, None).key(str, int) is None
