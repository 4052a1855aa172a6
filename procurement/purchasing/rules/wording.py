"""How quantities and prices of packs are said on paper: so many packs, and what that is in smaller ones."""

from decimal import Decimal

from procurement.documents.content import Amount, Price
from procurement.kernel.money import UnitPrice, minor_digits
from procurement.kernel.quantity import Pack, Quantity, Unit

# Litres and kilograms from this many steps on.
_LARGE = 1_000_000
_LARGE_WORDS = {Unit.ML: "l", Unit.G: "kg"}


def packs_amount(pack: Pack, packs: int) -> Amount:
    return Amount(Decimal(packs), pack.name)


def base_amount(pack: Pack, container: Pack, packs: int) -> Amount:
    """24 bottles of 500 ml of two cases, else the whole quantity: 20 l."""
    if container.size != pack.size:
        inside = pack.size.steps // container.size.steps
        return Amount(Decimal(packs * inside), f"\N{MULTIPLICATION SIGN} {container.name}")
    value, word = _in_words(pack.of(packs))
    return Amount(value, word)


def price_of(price: UnitPrice, pack: Pack, container: Pack) -> Price:
    """Per pack, and per what it holds: a bottle of a case, a litre of a canister."""
    if container.size != pack.size:
        inside = Decimal(pack.size.steps // container.size.steps)
        return Price(price.decimal, pack.name, _rounded(price, inside), container.name)
    value, word = _in_words(pack.size)
    if value == 1:
        return Price(price.decimal, pack.name)
    return Price(price.decimal, pack.name, _rounded(price, value), word)


def _in_words(quantity: Quantity) -> tuple[Decimal, str]:
    unit = quantity.unit
    if unit in _LARGE_WORDS and quantity.steps >= _LARGE:
        return Decimal(quantity.steps) / _LARGE, _LARGE_WORDS[unit]
    word = {1: "piece"}.get(quantity.steps, "pieces") if unit is Unit.PIECE else str(unit)
    return Decimal(quantity.steps) / unit.steps, word


def _rounded(price: UnitPrice, parts: Decimal) -> Decimal:
    """For reading only: to the currency's digits, or four places where that would leave nothing."""
    each = price.decimal / parts
    digits = minor_digits(price.currency) if each >= 1 else 4
    return each.quantize(Decimal(1).scaleb(-digits))
