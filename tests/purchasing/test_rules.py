"""Purchasing policy: totals, who approves, what a delivery means, which status follows."""

from datetime import date

import pytest

from procurement.kernel.errors import Invalid
from procurement.kernel.money import Money, TaxRate
from procurement.purchasing.errors import OverReceipt, ShortDated, WrongStatus
from procurement.purchasing.rules.accepting import DeliveryRules, Rule
from procurement.purchasing.rules.receiving import (
    DeliveredLine,
    OrderedLine,
    check_delivery,
    date_remark,
)
from procurement.purchasing.rules.status import Progress, require_transition, status_by_lines
from procurement.purchasing.rules.totals import TaxedLine, taxes_of, totals_of
from procurement.purchasing.terms import TRANSITIONS, Condition, Fault, OrderStatus
from procurement.settings.terms import RoundingRule

TODAY = date(2026, 11, 23)


def eur(minor: int) -> Money:
    return Money(minor, "EUR")


@pytest.mark.parametrize(("rule", "tax"), [(RoundingRule.LINE, 3), (RoundingRule.DOCUMENT, 2)])
def test_tax_is_rounded_where_the_company_says(rule, tax):
    # Three lines of 0.03 at 23 %: 0.0069 each, 0.0207 together.
    totals = totals_of([TaxedLine(eur(3), TaxRate(230_000))] * 3, rule, "EUR")
    assert (totals.net, totals.tax, totals.gross) == (eur(9), eur(tax), eur(9 + tax))


def test_each_rate_has_its_own_sum_highest_first():
    lines = [TaxedLine(eur(100), TaxRate(90_000)), TaxedLine(eur(200), TaxRate(230_000))]
    sums = taxes_of(lines, RoundingRule.DOCUMENT)
    assert [(s.rate.percent, s.net.minor, s.tax.minor) for s in sums] == [
        ("23", 200, 46),
        ("9", 100, 9),
    ]


def test_a_document_of_a_currency_without_cents_adds_up():
    totals = totals_of([TaxedLine(Money(155, "JPY"), TaxRate(100_000))], RoundingRule.LINE, "JPY")
    assert (totals.tax.minor, totals.gross.minor) == (16, 171)


def ordered(packs=10, received=0, tolerance=0, *, closed=False, least=0) -> OrderedLine:
    return OrderedLine(1, "Sweet Almond Oil", packs, received, tolerance, closed, least)


def arrived(packs=10, **more) -> DeliveredLine:
    return DeliveredLine(position=1, packs=packs, **more)


PAST, IN_A_WEEK = date(2026, 11, 22), date(2026, 11, 30)
REFUSED, DOUBTFUL = Condition.REFUSED, Condition.DOUBTFUL


@pytest.mark.parametrize(
    ("line", "delivered"),
    [
        pytest.param(ordered(), [arrived(10)], id="exactly"),
        pytest.param(ordered(), [arrived(4)], id="less"),
        pytest.param(ordered(), [arrived(4), arrived(6)], id="split over two lots"),
        pytest.param(ordered(tolerance=1), [arrived(11)], id="over, within the tolerance"),
        pytest.param(ordered(received=7), [arrived(3)], id="the rest"),
        pytest.param(ordered(), [arrived(10), arrived(5, condition=REFUSED)], id="refused ones"),
        pytest.param(ordered(), [arrived(0, close_short=True)], id="nothing, closed short"),
        pytest.param(ordered(), [arrived(1, expires_on=TODAY)], id="good until tonight"),
        pytest.param(ordered(least=7), [arrived(1, expires_on=IN_A_WEEK)], id="just long enough"),
        pytest.param(
            ordered(least=8), [arrived(1, expires_on=IN_A_WEEK, why="urgent")], id="short, why"
        ),
        pytest.param(ordered(), [arrived(0, noted_packs=5)], id="on the note, not in the van"),
        pytest.param(
            ordered(), [arrived(1, expires_on=PAST, condition=DOUBTFUL)], id="past, to quarantine"
        ),
    ],
)
def test_a_delivery_that_can_be_taken(line, delivered):
    check_delivery([line], delivered, on=TODAY)


@pytest.mark.parametrize(
    ("line", "delivered", "refusal", "field"),
    [
        pytest.param(ordered(), [arrived(11)], OverReceipt, "lines.0.packs", id="over"),
        pytest.param(
            ordered(), [arrived(6), arrived(5)], OverReceipt, "lines.1.packs", id="over in two"
        ),
        pytest.param(
            ordered(received=7, tolerance=1), [arrived(5)], OverReceipt, "lines.0.packs", id="rest"
        ),
        pytest.param(
            ordered(closed=True), [arrived(1)], OverReceipt, "lines.0.packs", id="closed before"
        ),
        pytest.param(
            ordered(), [arrived(1, expires_on=PAST)], ShortDated, "lines.0.expires_on", id="past"
        ),
        pytest.param(
            ordered(least=8),
            [arrived(1, expires_on=IN_A_WEEK, why=" ")],
            ShortDated,
            "lines.0.why",
            id="short, without a word",
        ),
        pytest.param(
            ordered(), [arrived(1, fault=Fault.OTHER)], Invalid, "lines.0.fault", id="good, faulty"
        ),
        pytest.param(ordered(), [arrived(-1)], Invalid, "lines.0.packs", id="negative"),
        pytest.param(ordered(), [arrived(0)], Invalid, "lines.0.packs", id="nothing at all"),
        pytest.param(ordered(), [], Invalid, "lines", id="no lines"),
        pytest.param(
            ordered(),
            [DeliveredLine(position=2, packs=1)],
            Invalid,
            "lines.0.position",
            id="no such line",
        ),
    ],
)
def test_a_delivery_that_cannot_names_the_line_and_field(line, delivered, refusal, field):
    with pytest.raises(refusal) as refused:
        check_delivery([line], delivered, on=TODAY)
    assert {error.field for error in refused.value.errors} == {field}


def test_who_may_not_take_short_goods_is_told_at_the_date():
    short = arrived(1, expires_on=IN_A_WEEK, why="urgent")
    with pytest.raises(ShortDated) as refused:
        check_delivery([ordered(least=8)], [short], on=TODAY, may_take_short=False)
    assert refused.value.field == "lines.0.expires_on"


@pytest.mark.parametrize(
    ("expires_on", "least", "remark"),
    [
        (None, 234, ""),
        (date(2027, 11, 23), 234, ""),
        (date(2027, 3, 1), 234, "Short-dated: 98 days left"),
        (date(2026, 12, 23), 30, ""),
        (date(2026, 12, 22), 30, "Short-dated: 29 days left"),
        (PAST, 0, "Past its date since 22 Nov 2026"),
    ],
)
def test_goods_with_little_life_left_are_named(expires_on, least, remark):
    assert date_remark(expires_on, TODAY, least) == remark


SUPPLIER, OIL = 1, 7
EVERY, OURS, PRODUCT, VERY = (None, None), (SUPPLIER, None), (None, OIL), (SUPPLIER, OIL)


@pytest.mark.parametrize(
    ("rules", "promised", "shelf_life", "least"),
    [
        ({}, None, 700, 234),
        ({}, None, None, 30),
        ({}, 365, 700, 365),
        ({EVERY: Rule(least_life_bp=5000)}, None, 700, 350),
        ({EVERY: Rule(least_life_bp=5000)}, None, None, 30),
        ({EVERY: Rule(least_life_bp=5000), OURS: Rule(least_days=90)}, None, 700, 90),
        ({OURS: Rule(least_days=90), PRODUCT: Rule(least_days=10)}, None, 700, 10),
        ({PRODUCT: Rule(least_days=10)}, 365, 700, 365),
        ({VERY: Rule(least_days=0)}, 365, 700, 0),
        ({VERY: Rule(over_bp=500)}, 365, 700, 365),
        ({VERY: Rule(over_bp=500), EVERY: Rule(least_days=9)}, None, 700, 9),
    ],
)
def test_the_narrowest_rule_says_how_long_goods_keep(rules, promised, shelf_life, least):
    assert DeliveryRules(rules, SUPPLIER).least_days(OIL, shelf_life, promised) == least


@pytest.mark.parametrize(
    ("rules", "packs", "more"),
    [
        ({}, 100, 0),
        ({EVERY: Rule(over_bp=1000)}, 19, 1),
        ({EVERY: Rule(over_bp=1000), VERY: Rule(over_bp=0)}, 19, 0),
        ({OURS: Rule(over_bp=250), PRODUCT: Rule(least_days=9)}, 100, 2),
        ({(2, None): Rule(over_bp=10_000)}, 100, 0),
    ],
)
def test_the_narrowest_rule_says_how_much_may_come_on_top(rules, packs, more):
    assert DeliveryRules(rules, SUPPLIER).tolerance(OIL, packs) == more


def test_claims_are_made_within_the_suppliers_days():
    rules = {EVERY: Rule(claim_days=10), OURS: Rule(claim_days=5)}
    assert DeliveryRules(rules, SUPPLIER).claim_days == 5
    assert DeliveryRules(rules, 2).claim_days == 10
    assert DeliveryRules({}, 2).claim_days == 14


def line(packs, received, *, closed=False) -> Progress:
    return Progress(packs, received, closed)


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        ([line(10, 0)], OrderStatus.PLACED),
        ([line(10, 4)], OrderStatus.PARTIALLY_RECEIVED),
        ([line(10, 10), line(2, 0)], OrderStatus.PARTIALLY_RECEIVED),
        ([line(10, 10)], OrderStatus.RECEIVED),
        ([line(10, 11)], OrderStatus.RECEIVED),
        ([line(10, 4, closed=True)], OrderStatus.CLOSED_SHORT),
        ([line(10, 0, closed=True)], OrderStatus.CLOSED_SHORT),
        ([line(10, 10, closed=True)], OrderStatus.RECEIVED),
    ],
)
def test_the_lines_say_how_far_the_order_is(lines, status):
    assert status_by_lines(lines) is status


@pytest.mark.parametrize("before", OrderStatus)
@pytest.mark.parametrize("after", OrderStatus)
def test_only_what_the_table_says_may_follow(before, after):
    if after in TRANSITIONS[before]:
        require_transition("PO-1", before, after)
    else:
        with pytest.raises(WrongStatus):
            require_transition("PO-1", before, after)
