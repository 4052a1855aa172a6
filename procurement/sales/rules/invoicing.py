"""What a part of an order comes to: each line rounded once, tax by the order's rule, as the quote was."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from procurement.kernel.money import Rate, TaxRate, UnitPrice, minor_digits, round_half_up
from procurement.kernel.tax_categories import TaxCategory
from procurement.settings.terms import RoundingRule


@dataclass(frozen=True, slots=True)
class Part:
    """So many steps of a line whose packs hold `pack_steps`; a part of a case is priced by its share."""

    price: UnitPrice
    steps: int
    pack_steps: int
    discount: Rate
    tax_code: str
    tax: TaxRate
    category: TaxCategory = TaxCategory.STANDARD


@dataclass(frozen=True, slots=True)
class TaxKey:
    """Lines that are taxed together: rounding is by code and rate, as it was on the quote."""

    code: str
    rate: TaxRate
    category: TaxCategory


@dataclass(frozen=True, slots=True)
class PricedParts:
    """In minor units; `taxes` are (key, net, tax), the highest rate first."""

    at_list: tuple[int, ...]
    nets: tuple[int, ...]
    taxes: tuple[tuple[TaxKey, int, int], ...]
    net: int
    tax: int


def priced_parts(parts: Sequence[Part], currency: str, rule: RoundingRule) -> PricedParts:
    """Whole packs come to what `add_up` says of them."""
    digits = minor_digits(currency)
    exact = [part.price.decimal * part.steps / part.pack_steps for part in parts]
    at_list = [round_half_up(amount.scaleb(digits)) for amount in exact]
    nets = [
        round_half_up((amount - amount * part.discount.fraction).scaleb(digits))
        for amount, part in zip(exact, parts, strict=True)
    ]
    groups: dict[TaxKey, list[int]] = {}
    for part, net in zip(parts, nets, strict=True):
        groups.setdefault(TaxKey(part.tax_code, part.tax, part.category), []).append(net)
    taxes = [
        (key, sum(found), _tax(found, key.rate.fraction, rule)) for key, found in groups.items()
    ]
    taxes.sort(key=lambda row: (-row[0].rate.ppm, row[0].code, row[0].category))
    return PricedParts(
        at_list=tuple(at_list),
        nets=tuple(nets),
        taxes=tuple(taxes),
        net=sum(nets),
        tax=sum(row[2] for row in taxes),
    )


def credited_parts(
    parts: Sequence[Part], before: Sequence[int], currency: str, rule: RoundingRule
) -> PricedParts:
    """What comes back of an invoice whose lines have come back by `before` steps already (a part may have none now).

    Each credit is the rest to what all of them come to, so that a thing sent back in pieces is credited as it was
    invoiced, to the cent.
    """
    so_far = [replace(part, steps=steps) for part, steps in zip(parts, before, strict=True)]
    in_all = [
        replace(part, steps=part.steps + steps) for part, steps in zip(parts, before, strict=True)
    ]
    now, then = (priced_parts(some, currency, rule) for some in (in_all, so_far))
    nets = tuple(one - other for one, other in zip(now.nets, then.nets, strict=True))
    # A list amount below the net would be a discount below nothing, which invoices know no word for.
    at_list = tuple(
        max(one - other, net)
        for one, other, net in zip(now.at_list, then.at_list, nets, strict=True)
    )
    gone = {key: (net, tax) for key, net, tax in then.taxes}
    coming = {TaxKey(part.tax_code, part.tax, part.category) for part in parts if part.steps}
    taxes = tuple(
        (key, net - gone[key][0], tax - gone[key][1])
        for key, net, tax in now.taxes
        if key in coming
    )
    return PricedParts(at_list, nets, taxes, now.net - then.net, now.tax - then.tax)


def _tax(nets: Sequence[int], fraction: Decimal, rule: RoundingRule) -> int:
    if rule is RoundingRule.LINE:
        return sum(round_half_up(net * fraction) for net in nets)
    return round_half_up(sum(nets) * fraction)
