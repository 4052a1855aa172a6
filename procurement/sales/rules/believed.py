"""Prices that a customer's own system believes in, beside ours."""

from collections.abc import Sequence
from dataclasses import dataclass

from procurement.kernel.errors import Invalid
from procurement.kernel.money import UnitPrice


@dataclass(frozen=True, slots=True)
class Beside:
    """Two prices of one pack; `index` is the line's place in all that is wanted, from 0."""

    index: int
    product: str
    ours: UnitPrice
    believed: UnitPrice | None


def differences(lines: Sequence[Beside]) -> str:
    """Which of them differ, a line each, for our people. Invalid in another currency."""
    told = []
    for one in lines:
        if one.believed is None:
            continue
        if one.believed.currency != one.ours.currency:
            said = f"This order is in {one.ours.currency}."
            raise Invalid(said, field=f"lines.{one.index}.unit_price")
        if one.believed != one.ours:
            told.append(
                f"Line {one.index + 1}, {one.product}: they wrote {one.believed.amount}, "
                f"our price is {one.ours.amount}."
            )
    return "\n".join(told)[:10_000]
