"""Every part adds up to its whole, by either rounding rule, in any currency."""

from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.kernel.errors import Invalid
from procurement.kernel.money import Rate, TaxRate, UnitPrice
from procurement.sales.rules.totals import Choice, PricedLine, Step, add_up, additions
from procurement.sales.terms import LineChoice, LineKind
from procurement.settings.terms import RoundingRule

RATES = {"A": TaxRate(230_000), "B": TaxRate(135_000), "C": TaxRate(0), "D": TaxRate(88_750)}
LINE, DOCUMENT = RoundingRule.LINE, RoundingRule.DOCUMENT


def a_line(price: str, packs: int = 1, *, off: str = "0", code: str = "A", currency="EUR", **more):
    return PricedLine(
        price=UnitPrice.parse(price, currency),
        packs=packs,
        discount=Rate.parse(off),
        tax_code=code,
        tax=RATES[code],
        **more,
    )


def in_groups(lines: list[PricedLine], groups: list[str]) -> list[PricedLine]:
    """Alternatives get a group, and the first of each is suggested."""
    seen: set[str] = set()
    made = []
    for line, group in zip(lines, groups, strict=False):
        if line.choice is LineChoice.ALTERNATIVE:
            made.append(replace(line, group=group, chosen=group not in seen))
            seen.add(group)
        else:
            made.append(line)
    return made


@st.composite
def documents(draw):
    currency = draw(st.sampled_from(["EUR", "JPY", "KWD"]))
    lines = draw(
        st.lists(
            st.builds(
                lambda e4, packs, off, code, section, kind, choice, step: PricedLine(
                    price=UnitPrice(e4, currency),
                    packs=packs,
                    discount=Rate(off),
                    tax_code=code,
                    tax=RATES[code],
                    section=section,
                    kind=kind,
                    choice=LineChoice.INCLUDED if kind is not LineKind.PRODUCT else choice,
                    offers=(Step(packs + step, UnitPrice(e4 // 2, currency), Rate(off)),),
                ),
                st.integers(0, 50_000_000),
                st.integers(1, 5_000),
                st.integers(0, 10_000),
                st.sampled_from(sorted(RATES)),
                st.sampled_from(["", "Oils", "Tools"]),
                st.sampled_from([LineKind.PRODUCT] * 4 + list(LineKind)),
                st.sampled_from([LineChoice.INCLUDED] * 3 + list(LineChoice)),
                st.integers(1, 40),
            ),
            max_size=30,
        )
    )
    groups = draw(st.lists(st.sampled_from("AB"), min_size=30, max_size=30))
    return in_groups(lines, groups), currency, draw(st.sampled_from(list(RoundingRule)))


@given(documents())
def test_lines_sections_and_tax_rows_add_up_to_the_totals(document):
    lines, currency, rule = document
    totals = add_up(lines, currency, rule)
    counted = [amounts for amounts in totals.lines if amounts.counted]
    assert sum(amounts.net for amounts in counted) == totals.net
    assert sum(amounts.tax for amounts in counted) == totals.tax
    assert sum(subtotal.net for subtotal in totals.subtotals) == totals.net
    assert sum(row.net for row in totals.taxes) == totals.net
    assert sum(row.tax for row in totals.taxes) == totals.tax
    assert totals.net + totals.tax == totals.gross
    assert totals.at_list - totals.discounts == totals.net


@given(documents())
def test_a_lines_share_of_tax_is_never_a_whole_minor_unit_off(document):
    lines, currency, rule = document
    totals = add_up(lines, currency, rule)
    for line, amounts in zip(lines, totals.lines, strict=True):
        exact = amounts.net * line.tax.fraction
        # By document the rate's rounding (half a unit at most) comes on top of the splitting.
        assert abs(amounts.tax - exact) < Decimal("1.5")


@given(documents())
def test_a_rates_tax_is_the_half_up_rounding_the_rule_says(document):
    lines, currency, rule = document
    totals = add_up(lines, currency, rule)
    for row in totals.taxes:
        nets = [
            amounts.net
            for line, amounts in zip(lines, totals.lines, strict=True)
            if line.tax_code == row.code and line.is_suggested
        ]
        bases = nets if rule is LINE else [sum(nets)]
        rounded = [
            (net * row.rate.fraction).quantize(Decimal(1), rounding=ROUND_HALF_UP) for net in bases
        ]
        assert row.tax == sum(rounded)


@given(documents())
def test_lines_outside_the_total_change_none_of_it(document):
    lines, currency, rule = document
    with_options = add_up(lines, currency, rule)
    without = add_up([line for line in lines if line.is_suggested], currency, rule)
    assert (with_options.net, with_options.tax) == (without.net, without.tax)
    assert with_options.taxes == without.taxes


@given(documents())
def test_what_a_choice_adds_is_what_the_totals_become(document):
    lines, currency, rule = document
    before = add_up(lines, currency, rule)
    for added in additions(lines, rule):
        after = add_up(lines, currency, rule, [Choice(added.position, added.packs)])
        assert (after.net - before.net, after.tax - before.tax) == (added.net, added.tax)
        assert sum(one.net for one in after.lines if one.counted) == after.net


def test_an_alternative_takes_the_place_of_the_suggested_one():
    lines = [
        a_line("10", choice=LineChoice.ALTERNATIVE, group="A", chosen=True),
        a_line("15", choice=LineChoice.ALTERNATIVE, group="A"),
        a_line("5", choice=LineChoice.OPTIONAL),
    ]
    assert add_up(lines, "EUR", LINE).net == 1000
    assert add_up(lines, "EUR", LINE, [Choice(2), Choice(3)]).net == 2000


WORDS = PricedLine(UnitPrice(0, "EUR"), 0, Rate(0), "", TaxRate(0), kind=LineKind.TEXT)


@pytest.mark.parametrize(
    ("choices", "message"),
    [
        ([Choice(1), Choice(2)], "choose one"),
        ([Choice(3)], "not a line"),
        ([Choice(9)], "not a line"),
        ([Choice(1, 7)], "not offered"),
        ([Choice(1), Choice(1)], "twice"),
    ],
)
def test_a_choice_that_was_not_offered_is_refused(choices, message):
    lines = [
        a_line("10", choice=LineChoice.ALTERNATIVE, group="A", chosen=True),
        a_line("15", choice=LineChoice.ALTERNATIVE, group="A"),
        WORDS,
    ]
    with pytest.raises(Invalid, match=message):
        add_up(lines, "EUR", LINE, choices)


def test_a_sample_is_given_and_counts_nothing():
    sample = a_line("10", 3, kind=LineKind.SAMPLE)
    totals = add_up([sample, a_line("1", section="Oils")], "EUR", DOCUMENT)
    assert (totals.net, totals.at_list) == (100, 100)
    assert [one.section for one in totals.subtotals] == ["", "Oils"]


def test_the_two_rules_differ_by_a_cent_where_they_should():
    lines = [a_line("0.11") for _ in range(3)]
    assert add_up(lines, "EUR", LINE).tax == 9  # 3 x 0.0253 -> 3 x 3
    assert add_up(lines, "EUR", DOCUMENT).tax == 8  # 0.0759 -> 8


def test_a_half_cent_goes_up_and_never_through_a_float():
    assert add_up([a_line("1.005")], "EUR", LINE).net == 101
    assert add_up([a_line("2.675")], "EUR", LINE).net == 268


def test_a_price_per_pack_is_not_cut_before_it_is_multiplied():
    assert add_up([a_line("2.0833", 480)], "EUR", LINE).net == 99998


@pytest.mark.parametrize(
    ("currency", "price", "net"),
    [("JPY", "1280.5", 1281), ("EUR", "1.5", 150), ("KWD", "1.5", 1500)],
)
def test_a_currency_keeps_its_own_digits(currency, price, net):
    assert add_up([a_line(price, currency=currency)], currency, LINE).net == net


def test_nothing_adds_up_to_nothing():
    totals = add_up([], "EUR", DOCUMENT)
    assert (totals.net, totals.tax, totals.gross, totals.taxes) == (0, 0, 0, ())


def test_a_free_line_bears_no_tax_by_document():
    totals = add_up([a_line("5", off="100"), a_line("10")], "EUR", DOCUMENT)
    assert [amounts.tax for amounts in totals.lines] == [0, 230]


def test_more_than_can_be_kept_is_refused():
    with pytest.raises(Invalid, match="more than can be kept"):
        add_up([a_line("100000000", 1_000_000)], "EUR", LINE)
