"""Price rules: one order, the first that fits decides, floors hold, every step is told."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from procurement.kernel.money import Rate, UnitPrice
from procurement.kernel.validity import Validity
from procurement.sales.rules.price_rules import Asked, CostBasis, PriceRule, RuleKind, in_order
from procurement.sales.rules.pricing import ListedPrices, PriceQuestion, Step, explain_price

TODAY = date(2026, 11, 24)
LAST, SUPPLIER = CostBasis.LAST_PURCHASE, CostBasis.SUPPLIER_PRICE


def euros(amount: str) -> UnitPrice:
    return UnitPrice.parse(amount, "EUR")


def a_rule(key: int = 1, percent: str = "10", **more) -> PriceRule:
    kind = more.pop("kind", RuleKind.DISCOUNT)
    rate = Rate.parse(percent, most=1000)
    return PriceRule(id=key, name=f"Rule {key}", kind=kind, percent=rate, **more)


def plus(key: int = 1, percent: str = "40", **more) -> PriceRule:
    return a_rule(key, percent, kind=RuleKind.COST_PLUS, **more)


STANDARD = ListedPrices(
    "Standard", Validity(), (Step(1, euros("12.00")), Step(6, euros("11.00"))), is_default=True
)
OWN = ListedPrices("Linden", Validity(), (Step(1, euros("9.99")),), is_own=True)
WHO = Asked(customer_id=7, group_id=3, product_id=5, family_id=2, brand="Corrib")
COSTS = {LAST: Decimal("7.1234"), SUPPLIER: Decimal("6.50")}


def ask(*rules: PriceRule, packs: int = 1, lists=(STANDARD,), costs=COSTS, asked=WHO, **more):
    question = PriceQuestion(
        currency="EUR", lists=lists, packs=packs, on=TODAY, asked=asked, rules=rules, costs=costs
    )
    return explain_price(replace(question, **more))


@pytest.mark.parametrize(
    ("rules", "packs", "expected"),
    [
        ((), 1, "12.00"),
        ((a_rule(),), 1, "10.80"),
        ((a_rule(),), 6, "9.90"),  # off the price of the quantity
        ((a_rule(from_packs=4),), 3, "12.00"),
        ((a_rule(from_packs=4),), 4, "10.80"),
        ((a_rule(1, "10"), a_rule(2, "20")), 1, "10.80"),  # never added up; the older first
        ((a_rule(1, "10"), a_rule(2, "20", priority=50)), 1, "9.60"),
        ((a_rule(1, "10"), a_rule(2, "5", product_id=5)), 1, "11.40"),  # first, not best
        ((a_rule(1, "30", group_id=3), a_rule(2, "5", customer_id=7)), 1, "11.40"),
        ((a_rule(1, "30", brand="corrib"), a_rule(2, "5", family_id=2)), 1, "11.40"),
        ((a_rule(1, "5"), a_rule(2, "10", from_packs=3)), 3, "10.80"),
        ((a_rule(customer_id=8),), 1, "12.00"),
        ((a_rule(product_id=6),), 1, "12.00"),
        ((a_rule(brand="Other"),), 1, "12.00"),
        ((a_rule(validity=Validity(None, date(2026, 11, 23))),), 1, "12.00"),
        ((a_rule(validity=Validity(TODAY, TODAY)),), 1, "10.80"),
        ((plus(),), 1, "9.97"),  # 7.1234 x 1.4 = 9.97276
        ((plus(basis=SUPPLIER),), 1, "9.10"),
        ((plus(basis=CostBasis.AVERAGE_PURCHASE),), 1, "12.00"),  # no such cost: passed over
        ((a_rule(1, "50", least_margin=Rate(2000)),), 1, "8.91"),  # 7.1234 / 0.8 = 8.90425, up
        ((a_rule(1, "1", least_margin=Rate(9000)),), 1, "12.00"),  # never above the list
        ((plus(1, "0", least_margin=Rate(5000)),), 1, "14.25"),
        ((a_rule(1, "50", least_margin=Rate(2000), basis=CostBasis.AVERAGE_PURCHASE),), 1, "12.00"),
        ((a_rule(1, "100"),), 1, "0.00"),
    ],
)
def test_the_first_rule_that_fits_decides(rules, packs, expected):
    assert ask(*rules, packs=packs).found.price.amount == expected


def test_an_agreed_price_yields_only_to_a_rule_that_names_the_customer():
    lists = (OWN, STANDARD)
    assert ask(a_rule(group_id=3), plus(2), lists=lists).found.price.amount == "9.99"
    assert ask(a_rule(customer_id=7), lists=lists).found.price.amount == "8.99"


def test_without_a_list_a_discount_is_off_nothing_and_cost_plus_still_speaks():
    nothing = ask(a_rule(), lists=())
    assert nothing.found is None
    assert "no list price" in nothing.why[-1].words
    assert ask(a_rule(), plus(2), lists=()).found.price.amount == "9.97"


def test_every_step_is_told_and_costs_are_for_staff():
    answer = ask(plus(1, "40", least_margin=Rate(4000)), packs=6)
    assert [(row.kind, row.price.amount, row.staff_only) for row in answer.why] == [
        ("list", "12.00", False),
        ("break", "11.00", False),
        ("cost", "7.1234", True),
        ("rule", "9.9728", True),
        ("rounding", "9.97", True),
        ("floor", "11.88", True),
    ]
    assert answer.found.reason == "Rule 1 (Standard, from 6 packs)"


def test_the_ladder_has_a_step_wherever_a_list_or_a_rule_begins():
    found = ask(a_rule(1, "10", from_packs=3), a_rule(2, "20", from_packs=12), packs=4).found
    ladder = [(step.from_packs, step.price.amount) for step in found.steps]
    assert ladder == [(1, "12.00"), (3, "10.80"), (6, "9.90"), (12, "8.80")]
    assert found.standing == 1
    assert (found.next_break.from_packs, found.next_break.more) == (6, 2)


@pytest.mark.parametrize(
    ("currency", "listed", "percent", "expected"),
    [
        ("JPY", "1015", "10", "914"),  # 913.5
        ("KWD", "1.0005", "10", "0.9005"),  # a list as fine as that keeps its fineness
        ("KWD", "1.005", "10", "0.905"),  # 0.9045
        ("EUR", "0.01", "60", "0.0040"),  # nothing would be left
    ],
)
def test_prices_are_rounded_to_what_the_currency_has(currency, listed, percent, expected):
    price = UnitPrice.parse(listed, currency)
    lists = (ListedPrices("L", Validity(), (Step(1, price),)),)
    found = ask(a_rule(1, percent), lists=lists, currency=currency, costs={}).found
    assert found.price.decimal == UnitPrice(round(Decimal(expected) * 10_000), currency).decimal


def test_the_order_is_priority_then_whom_then_what_then_quantity():
    rules = [
        a_rule(1),
        a_rule(2, from_packs=5),
        a_rule(3, brand="Corrib"),
        a_rule(4, family_id=2),
        a_rule(5, product_id=5),
        a_rule(6, group_id=3),
        a_rule(7, customer_id=7),
        a_rule(8, priority=1),
    ]
    assert [rule.id for rule in in_order(rules, WHO, TODAY)] == [8, 7, 6, 5, 4, 3, 2, 1]
