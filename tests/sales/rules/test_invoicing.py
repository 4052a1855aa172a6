"""What comes back in pieces is credited as it was invoiced, to the cent."""

import random
from dataclasses import replace

import pytest

from procurement.kernel.money import Rate, TaxRate, UnitPrice
from procurement.sales.rules.invoicing import Part, credited_parts, priced_parts
from procurement.settings.terms import RoundingRule

PACK = 1_000


def invoiced(chance: random.Random) -> list[Part]:
    return [
        Part(
            UnitPrice(chance.randrange(1, 200_000), "EUR"),
            chance.randrange(1, 20) * PACK,
            PACK,
            Rate(chance.choice([0, 1, 750, 3_333])),
            code,
            TaxRate(ppm),
        )
        for code, ppm in chance.choices([("S", 230_000), ("R", 135_000), ("Z", 0)], k=4)
    ]


@pytest.mark.parametrize("rule", RoundingRule)
@pytest.mark.parametrize("seed", range(40))
def test_credits_of_all_pieces_come_to_the_invoice(rule, seed):
    chance = random.Random(seed)
    sold = invoiced(chance)
    before = [0] * len(sold)
    nets, net, tax, rows = [0] * len(sold), 0, 0, 0
    while any(part.steps > gone for part, gone in zip(sold, before, strict=True)):
        piece = [
            replace(part, steps=min(part.steps - gone, chance.randrange(3 * PACK)))
            for part, gone in zip(sold, before, strict=True)
        ]
        found = credited_parts(piece, before, "EUR", rule)
        assert found.net == sum(found.nets) == sum(row[1] for row in found.taxes)
        assert found.tax == sum(row[2] for row in found.taxes)
        assert all(
            0 <= one <= listed for one, listed in zip(found.nets, found.at_list, strict=True)
        )
        nets = [all_before + one for all_before, one in zip(nets, found.nets, strict=True)]
        net, tax, rows = net + found.net, tax + found.tax, rows + 1
        before = [gone + part.steps for gone, part in zip(before, piece, strict=True)]
    invoice = priced_parts(sold, "EUR", rule)
    assert (tuple(nets), net, tax) == (invoice.nets, invoice.net, invoice.tax)
