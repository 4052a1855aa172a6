"""What a part of an order comes to: each line rounded once, tax by the order's rule, as the quote was."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from procurement.kernel.money import Rate, UnitPrice, minor_digits, round_half_up
from procurement.settings.terms import RoundingRule


@dataclass(frozen=True, slots=True)
class Part:
    """So many steps of a line whose packs hold `pack_steps`; a part of a case is priced by its share."""

    price: UnitPrice
    steps: int
    pack_steps: int
    discount: Rate
    tax_code: str
    tax: Rate


@dataclass(frozen=True, slots=True)
class PricedParts:
    """In minor units; `taxes` are (code, rate, net, tax), the highest rate first."""

    at_list: tuple[int, ...]
    nets: tuple[int, ...]
    taxes: tuple[tuple[str, Rate, int, int], ...]
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
    groups: dict[tuple[str, Rate], list[int]] = {}
    for part, net in zip(parts, nets, strict=True):
        groups.setdefault((part.tax_code, part.tax), []).append(net)
    taxes = [
        (code, rate, sum(found), _tax(found, rate.fraction, rule))
        for (code, rate), found in groups.items()
    ]
    taxes.sort(key=lambda row: (-row[1].basis_points, row[0]))
    return PricedParts(
        at_list=tuple(at_list),
        nets=tuple(nets),
        taxes=tuple(taxes),
        net=sum(nets),
        tax=sum(row[3] for row in taxes),
    )


def _tax(nets: Sequence[int], fraction: Decimal, rule: RoundingRule) -> int:
    if rule is RoundingRule.LINE:
        return sum(round_half_up(net * fraction) for net in nets)
    return round_half_up(sum(nets) * fraction)
