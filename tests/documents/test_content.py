"""Content survives being stored: what comes back is equal, to the last digit."""

from datetime import date
from decimal import Decimal

import pytest
from pydantic import ValidationError

from procurement.documents.content import (
    Amount,
    Letterhead,
    Price,
    QuoteContent,
    QuoteLine,
    QuoteSection,
    Totals,
    from_json,
    to_json,
)


def a_quote() -> QuoteContent:
    line = QuoteLine(
        number="1",
        name="زيت <b>اللوز</b> 🌿",
        sku="ALM-500",
        packs=Amount(Decimal(2), "cases"),
        price=Price(Decimal("142.8000"), "case", Decimal("11.90"), "bottle"),
        net=Decimal("285.60"),
        tax_code="A",
        picture=b"\x89PNG\x00\xff",
    )
    return QuoteContent(
        letterhead=Letterhead(name="Merrow & Sedge"),
        recipient=("The Linden Rooms",),
        number="Q-2026-0418",
        issued_on=date(2026, 11, 23),
        valid_until=date(2026, 12, 18),
        currency="EUR",
        totals=Totals(Decimal("285.60"), Decimal("65.69"), Decimal("351.29")),
        sections=(QuoteSection(lines=(line,)),),
    )


def test_a_stored_quote_comes_back_equal_with_every_digit_and_byte():
    back = from_json(QuoteContent, to_json(a_quote()))
    assert back == a_quote()
    assert str(back.sections[0].lines[0].price.per_pack) == "142.8000"


def test_the_same_quote_is_always_written_the_same_way():
    assert to_json(a_quote()) == to_json(from_json(QuoteContent, to_json(a_quote())))


def test_amounts_are_stored_as_text_and_never_as_floating_point():
    assert '"net":"285.60"' in to_json(a_quote())


def test_a_damaged_amount_is_refused():
    with pytest.raises(ValidationError):
        from_json(QuoteContent, to_json(a_quote()).replace('"285.60"', '"NaN"'))
