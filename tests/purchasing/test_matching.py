"""The three-way match as a table: what is invoiced beside what was ordered and received, and how it is said."""

import pytest

from procurement.kernel.errors import Invalid
from procurement.kernel.money import Money, Rate, TaxRate, UnitPrice
from procurement.purchasing.rules.invoices import PrintedTotals, summed
from procurement.purchasing.rules.matching import (
    MatchCharges,
    MatchLine,
    differences_of,
    looks_like,
    status_of,
)
from procurement.purchasing.rules.totals import TaxedLine
from procurement.purchasing.terms.invoices import (
    InvoiceStatus,
    InvoiceTolerance,
)
from procurement.settings.terms import RoundingRule

TOLERANCE = InvoiceTolerance(Rate(200), Money(1_000, "EUR"))  # 2 %, and at most 10.00
NONE = Money(0, "EUR")
MATCHED, RECORDED = InvoiceStatus.MATCHED, InvoiceStatus.RECORDED


def eur(amount: str) -> Money:
    return Money.parse(amount, "EUR")


def a_line(**changes) -> MatchLine:
    """Ten packs at 79.50 ordered, received and invoiced."""
    values = {"position": 1, "name": "Oil", "received": 10, "before": 0, "packs": 10}
    values |= {"agreed": "79.50", "price": "79.50", "tax": "23", "credited": "0"} | changes
    prices = {name: UnitPrice.parse(values[name], "EUR") for name in ("agreed", "price")}
    values |= prices | {"agreed_tax": TaxRate(230_000), "tax": TaxRate.parse(values["tax"])}
    return MatchLine(**values | {"credited": eur(values["credited"])})


def charges(**changes) -> MatchCharges:
    values = {"freight": NONE, "agreed_freight": NONE, "other": NONE, "misprint": NONE}
    return MatchCharges(**values | changes)


@pytest.mark.parametrize(
    ("line", "words", "amount", "status"),
    [
        ({}, None, None, MATCHED),
        ({"packs": 4}, None, None, MATCHED),
        ({"packs": 4, "before": 6}, None, None, MATCHED),
        ({"received": 0}, "Oil: 10 invoiced, nothing received", "795.00", RECORDED),
        ({"received": 9}, "Oil: 10 invoiced, 9 received: 1 too many", "79.50", RECORDED),
        (
            {"packs": 4, "before": 8},
            "Oil: 12 invoiced, 8 of them on earlier invoices, 10 received: 2 too many",
            "159.00",
            RECORDED,
        ),
        (
            {"packs": 2, "before": 11},
            "Oil: 13 invoiced, 11 of them on earlier invoices, 10 received: 2 too many",
            "159.00",
            RECORDED,
        ),
        # 200 packs at 1.00: one too many is half a percent
        (
            {"packs": 200, "received": 199, "price": "1", "agreed": "1"},
            "Oil: 200 invoiced, 199 received: 1 too many",
            "1.00",
            MATCHED,
        ),
        ({"price": "80.50"}, "Oil: 80.50 a pack instead of 79.50", "10.00", MATCHED),
        ({"price": "80.51"}, "Oil: 80.51 a pack instead of 79.50", "10.10", RECORDED),
        ({"price": "79.5001"}, None, None, MATCHED),  # not a cent
        ({"price": "70"}, "Oil: 70.00 a pack instead of 79.50", "-95.00", MATCHED),
        ({"price": "85", "credited": "55"}, None, None, MATCHED),
        ({"price": "85", "credited": "50"}, "Oil: 85.00 a pack instead of 79.50", "5.00", MATCHED),
        ({"tax": "9"}, "Oil: taxed at 9 % instead of 23 %", "-111.30", RECORDED),
    ],
)
def test_a_line_is_matched_with_order_and_receipt(line, words, amount, status):
    found = differences_of([a_line(**line)], charges(), TOLERANCE)
    assert [(one.words, one.amount.amount) for one in found] == ([(words, amount)] if words else [])
    assert status_of(found) is status


@pytest.mark.parametrize(
    ("asked", "words", "status"),
    [
        ({"freight": eur("12"), "agreed_freight": eur("12")}, None, MATCHED),
        ({"agreed_freight": eur("12")}, None, MATCHED),
        ({"freight": eur("9.90")}, "Freight of 9.90 instead of 0.00", MATCHED),
        ({"freight": eur("18.40")}, "Freight of 18.40 instead of 0.00", RECORDED),
        (
            {"other": eur("25"), "other_words": "pallets"},
            "Charges of 25.00 (pallets) that were not agreed",
            RECORDED,
        ),
        (
            {"misprint": eur("-0.02")},
            "The paper's total is 0.02 less than it adds up to",
            RECORDED,
        ),
        ({"twins": ("SI-1",)}, "Looks like SI-1, which is recorded already", RECORDED),
    ],
)
def test_what_is_asked_beside_the_goods(asked, words, status):
    found = differences_of([a_line()], charges(**asked), TOLERANCE)
    assert [one.words for one in found] == ([words] if words else [])
    assert status_of(found) is status


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("INV-0042", "inv 42", True),
        ("42", "0042", True),
        ("INV-42", "INV-43", False),
        ("2026/1", "2026/10", False),
        ("A1", "B1", False),
    ],
)
def test_numbers_that_are_nearly_the_same(one, other, alike):
    assert looks_like(one, other) is alike


LINES = [TaxedLine(eur("10.03"), TaxRate(230_000)), TaxedLine(eur("10.03"), TaxRate(230_000))]


@pytest.mark.parametrize(
    ("printed", "misprinted", "expected"),
    [
        (None, False, ("25.06", "5.76", "30.82", "0.00")),
        (("25.06", "5.76", "30.82"), False, ("25.06", "5.76", "30.82", "0.00")),
        (("25.06", "5.77", "30.83"), False, ("25.06", "5.77", "30.83", "0.00")),  # their rounding
        ((None, None, "30.82"), False, ("25.06", "5.76", "30.82", "0.00")),
        (("25.07", None, None), False, ("net", "The lines and charges come to 25.06, 0.01")),
        (("25.06", "5.80", None), False, ("tax", "come to 5.76")),
        ((None, None, "30.80"), False, ("gross", "come to 30.82, 0.02 more than this")),
        ((None, None, "30.80"), True, ("25.04", "5.76", "30.80", "-0.02")),
    ],
)
def test_the_sums_of_the_paper_agree_to_the_cent(printed, misprinted, expected):
    said = PrintedTotals(*(eur(one) if one else None for one in printed)) if printed else None
    rule = RoundingRule.DOCUMENT
    if len(expected) == 2:
        with pytest.raises(Invalid, match=expected[1]) as refusal:
            summed(LINES, eur("5"), rule=rule, printed=said, misprinted=misprinted)
        assert refusal.value.field == expected[0]
        return
    found = summed(LINES, eur("5"), rule=rule, printed=said, misprinted=misprinted)
    sums = (found.totals.net, found.totals.tax, found.totals.gross, found.misprint)
    assert tuple(one.amount for one in sums) == expected
