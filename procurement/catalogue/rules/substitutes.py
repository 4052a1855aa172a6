"""What to offer instead of a product that somebody cannot have: which, in which order, and why."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from procurement.catalogue.rules.wishes import clashes_with, met
from procurement.catalogue.terms import Composition, Kind, SafetyRules, Wishes
from procurement.kernel.money import UnitPrice, minor_digits
from procurement.kernel.quantity import Quantity, Unit

FOR_THE_SKIN = frozenset({Kind.OIL, Kind.LOTION, Kind.CREAM, Kind.GEL, Kind.BALM})
_HUNDRED = {Unit.ML: 100, Unit.G: 100, Unit.PIECE: 1}
_SAID = {Unit.ML: "100 ml", Unit.G: "100 g", Unit.PIECE: "piece"}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A product as substitutes are compared: what it is, what it is for, what it costs, whether it is there."""

    id: int
    sku: str
    name: str
    kind: Kind
    unit: Unit
    category_id: int | None
    areas: frozenset[str]  # names of body areas
    made_of: Composition
    price: UnitPrice | None = None  # of one pack
    size: Quantity | None = None  # that the price is for
    in_stock: bool | None = None  # None: whoever asks may not know

    @property
    def per_hundred(self) -> Decimal | None:
        """What 100 ml, 100 g or one piece costs, unrounded."""
        if self.price is None or self.size is None or not self.size.steps:
            return None
        return self.price.decimal * _HUNDRED[self.unit] * self.unit.steps / self.size.steps


def ranked(
    original: Candidate, others: Iterable[Candidate], wishes: Wishes, rules: SafetyRules
) -> list[Candidate]:
    """Of the same kind and unit, meeting every wish; the nearest in use, then what is there, then the nearest price."""
    fitting = [
        one
        for one in others
        if one.id != original.id
        and (one.kind, one.unit) == (original.kind, original.unit)
        and not clashes_with(wishes, one.made_of, rules, touches_skin=one.kind in FOR_THE_SKIN)
    ]
    return sorted(fitting, key=lambda one: _order(original, one))


def _order(original: Candidate, one: Candidate) -> tuple[bool, int, bool, bool, Decimal, str, str]:
    own, theirs = original.per_hundred, one.per_hundred
    away = abs(own - theirs) if own is not None and theirs is not None else Decimal(0)
    return (
        one.category_id != original.category_id,
        -len(one.areas & original.areas),
        one.in_stock is False,
        theirs is None,
        away,
        one.name,
        one.sku,
    )


def reason(original: Candidate, one: Candidate, wishes: Wishes) -> str:
    """Why it: "nut-free, also for back and calf, €2.10 per 100 ml (this one €2.24), in stock"."""
    shared = sorted(one.areas & original.areas, key=str.casefold)
    own, theirs = _price_said(original), _price_said(one)
    parts = [
        met(wishes),
        f"also for {_joined([area.lower() for area in shared[:3]])}" if shared else "",
        f"{theirs} per {_SAID[one.unit]}{f' (this one {own})' if own else ''}" if theirs else "",
        {True: "in stock", False: "not in stock now", None: ""}[one.in_stock],
    ]
    return ", ".join(filter(None, parts))


def _price_said(one: Candidate) -> str:
    per, price = one.per_hundred, one.price
    if per is None or price is None:
        return ""
    digits = Decimal(1).scaleb(-max(minor_digits(price.currency), 2))
    return f"{price.currency} {per.quantize(digits, ROUND_HALF_UP):,}"


def _joined(words: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))
