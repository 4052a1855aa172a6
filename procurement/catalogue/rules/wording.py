"""How packs, quantities and prices are said on a paper and a page: each pack beside its base quantity."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from procurement.kernel.money import UnitPrice, minor_digits
from procurement.kernel.quantity import Unit, plain

_SAMPLES = ("sample", "tester", "probe", "muster", "échantillon", "muestra", "campione", "小样")
_LARGE = {Unit.ML: "l", Unit.G: "kg"}
_SMALL = {"l": "ml", "kg": "g"}
_TAIL = re.compile(r"\s+(?:of\s+|[x\u00d7]\s*)?\d.*$|\s*[(,].*$", re.IGNORECASE)

_THOUSAND, _THOUSANDTH = Decimal(1000), Decimal("0.001")
_UNCOUNTED = {"each"}


@dataclass(frozen=True, slots=True)
class PackSize:
    """A pack as wording needs it."""

    name: str
    steps: int


@dataclass(frozen=True, slots=True)
class BaseMeasure:
    """What a pack is made of: so many of `word` in one pack (12 bottles; 3.785 l; 0.5 l)."""

    per_pack: Decimal
    word: str  # for one: "bottle", "l", "piece"
    plural: str


def pack_word(name: str) -> str:
    """One word or name for a pack: "Case of 12" is a case, "Bottle 500 ml" a bottle, "US gallon jug" stays as it is."""
    word = _TAIL.sub("", name).strip() or name
    first, _, rest = word.partition(" ")
    # A word all in capitals (US, UK) is a name; else it is written small inside a sentence.
    small = first if len(first) > 1 and first.isupper() else first.lower()
    return f"{small} {rest}".strip()


def size_words(steps: int, unit: Unit) -> str:
    """A size as a label says it, in litres and kilograms from one up: 500 ml, 3.785 l."""
    amount, word = Decimal(steps) / unit.steps, str(unit)
    if unit in _LARGE and amount >= _THOUSAND:
        amount, word = amount / _THOUSAND, _LARGE[unit]
    return f"{plain(amount.quantize(_THOUSANDTH, ROUND_HALF_UP))} {word}"


def plural(word: str) -> str:
    """The English plural of a pack's word, good enough for packs: boxes, pouches, trays, bottles."""
    if (
        word in _UNCOUNTED
        or not word
        or not word.isascii()
        or not word[-1].isalpha()
        or word.endswith("s")
    ):
        return word if not word.endswith("ss") else word + "es"
    if word.endswith(("x", "ch", "sh", "z")):
        return word + "es"
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return word[:-1] + "ies"
    return word + "s"


def counted(number: int, name: str) -> str:
    """So many of a pack: "1 case", "2 cases"."""
    word = pack_word(name)
    return f"{number:,} {word if number == 1 else plural(word)}"


def base_of(pack: PackSize, unit: Unit, others: Sequence[PackSize]) -> BaseMeasure | None:
    """What one pack holds: whole smaller packs, else pieces, litres or kilograms; None when that says nothing new."""
    if unit is Unit.PIECE:
        return BaseMeasure(Decimal(pack.steps), "piece", "pieces") if pack.steps > 1 else None
    smaller = [
        p
        for p in others
        if p.steps < pack.steps and pack.steps % p.steps == 0 and not _is_sample(p.name)
    ]
    if smaller:
        inner = max(smaller, key=lambda p: p.steps)
        word = pack_word(inner.name)
        return BaseMeasure(Decimal(pack.steps // inner.steps), word, plural(word))
    large = _LARGE[unit]
    return BaseMeasure(Decimal(pack.steps) / unit.steps / 1000, large, large)


def _is_sample(pack_name: str) -> bool:
    """Nobody counts a bottle in samples, though it would hold a whole number of them."""
    return any(word in pack_name.casefold() for word in _SAMPLES)


def base_quantity(base: BaseMeasure, packs: int) -> tuple[Decimal, str]:
    """The whole quantity in what packs are made of: 24 bottles; 1.2 kg; 750 ml."""
    total = base.per_pack * packs
    if base.word in _SMALL and total < 1:
        return _tidy(total * 1000), _SMALL[base.word]
    return _tidy(total), base.word if total == 1 else base.plural


def price_per_unit(price: UnitPrice, base: BaseMeasure) -> Decimal:
    """One pack's price divided by what it holds, to the currency's places."""
    exponent = Decimal(1).scaleb(-minor_digits(price.currency))
    return (price.decimal / base.per_pack).quantize(exponent, rounding=ROUND_HALF_UP)


def _tidy(number: Decimal) -> Decimal:
    """At most three places, no trailing zeros: 3.785, 12."""
    return Decimal(plain(number.quantize(Decimal("0.001"), rounding=ROUND_HALF_UP)))
