"""Quantities as whole numbers of a unit's smallest step, and packs of them.

Base units are ml, g and piece; a step is 1 microlitre, 1 milligram, 1 piece. Litres and kilograms are read and turned
into base units at the edge. Ounces and gallons are packs, never units.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from procurement.kernel.db import MAX_STEPS

# ASCII digits only, no exponent, no sign of infinity: what a person types on a keypad.
_AMOUNT = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,9})?", re.ASCII)


class Unit(StrEnum):
    ML = "ml"
    G = "g"
    PIECE = "piece"

    @property
    def steps(self) -> int:
        """Steps in one unit."""
        return 1 if self is Unit.PIECE else 1000


# Units people may write: base unit and how many of it.
_WRITTEN: dict[str, tuple[Unit, int]] = {
    "ml": (Unit.ML, 1),
    "l": (Unit.ML, 1000),
    "g": (Unit.G, 1),
    "kg": (Unit.G, 1000),
    "piece": (Unit.PIECE, 1),
}


def parse_decimal(text: object, what: str = "amount") -> Decimal:
    """Read a plain decimal number written as text; everything else is a ValueError with a sentence."""
    if not isinstance(text, str) or not _AMOUNT.fullmatch(text):
        raise ValueError(
            f"The {what} must be a plain decimal number such as 12.5, written as text."
        )
    return Decimal(text)


@dataclass(frozen=True, slots=True, order=True)
class Quantity:
    """So many steps of a unit. Arithmetic across units raises."""

    steps: int
    unit: Unit

    @classmethod
    def parse(cls, amount: object, unit: object) -> "Quantity":
        """Read "12.5", "ml". Finer than a step, out of bounds or no number: ValueError with a sentence."""
        if not isinstance(unit, str) or unit not in _WRITTEN:
            raise ValueError(f"The unit must be one of {', '.join(_WRITTEN)}.")
        base, times = _WRITTEN[unit]
        exact = parse_decimal(amount) * times * base.steps
        if exact != exact.to_integral_value():
            raise ValueError(
                f"That is finer than {base} can hold (the smallest step is 1/{base.steps})."
            )
        if abs(exact) > MAX_STEPS:
            raise ValueError("That quantity is too large.")
        return cls(int(exact), base)

    @property
    def decimal(self) -> Decimal:
        """In the base unit."""
        return Decimal(self.steps) / self.unit.steps

    @property
    def amount(self) -> str:
        """The plain decimal text in the base unit, without trailing zeros: "12.5"."""
        return plain(self.decimal)

    def __str__(self) -> str:
        return f"{self.amount} {self.unit}"

    def __add__(self, other: "Quantity") -> "Quantity":
        return Quantity(self.steps + self._same(other).steps, self.unit)

    def __sub__(self, other: "Quantity") -> "Quantity":
        return Quantity(self.steps - self._same(other).steps, self.unit)

    def __mul__(self, times: int) -> "Quantity":
        return Quantity(self.steps * times, self.unit)

    def _same(self, other: "Quantity") -> "Quantity":
        if other.unit is not self.unit:
            raise ValueError(f"{self.unit} and {other.unit} do not add up.")
        return other


@dataclass(frozen=True, slots=True)
class Pack:
    """A named quantity one buys or sells: gallon jug = 3,785,412 microlitres, case = 12 pieces."""

    name: str
    size: Quantity

    def of(self, packs: int) -> Quantity:
        return self.size * packs


def plain(number: Decimal) -> str:
    """A decimal without exponent and without trailing zeros."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
